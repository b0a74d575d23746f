"""The settings, from the environment and all checked at the start."""

import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from app.core import token
from app.core.errors import BadInput, BadSettings

EXAMPLE_HOST = "NOTES.EXAMPLE.ORG"
LOGS = ("json", "plain", "off")
MOST_WORKERS = 64
SHORTEST_SECRET = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the service runs with. `public_url` is where browsers and scanners reach it, without a slash at the end; `log`
    is how a serving process writes its log: json, plain or off."""

    instance: Path
    database_url: str
    note_host: str
    designs: Path
    secret_key: str
    workers: int
    public_url: str
    checkpoint_key: bytes
    log: str = "plain"

    @property
    def saved_designs(self) -> Path:
        """The folder of the designs that people made in the browser."""
        return self.instance / "designs"

    @property
    def design_folders(self) -> tuple[Path, ...]:
        """All folders of designs; no design of the first is ever hidden by one of the second."""
        return self.designs, self.saved_designs

    @property
    def is_example_host(self) -> bool:
        """Whether notes would name a host that nobody owns."""
        return self.note_host == EXAMPLE_HOST


def from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read and check every setting. Raises BadSettings naming the first that cannot be served with."""
    instance = Path(environment.get("HOURNOTE_INSTANCE") or "instance").absolute()
    return Settings(
        instance=instance,
        database_url=environment.get("HOURNOTE_DATABASE_URL") or f"sqlite:///{instance / 'hournote.db'}",
        note_host=_host(environment.get("HOURNOTE_NOTE_HOST") or EXAMPLE_HOST),
        designs=_designs(environment.get("HOURNOTE_DESIGNS")),
        secret_key=_secret(environment.get("HOURNOTE_SECRET_KEY"), instance / "secret_key"),
        workers=_workers(environment.get("HOURNOTE_WORKERS") or "2"),
        public_url=_url(environment.get("HOURNOTE_PUBLIC_URL") or "http://127.0.0.1:8000"),
        checkpoint_key=_seed(environment.get("HOURNOTE_CHECKPOINT_KEY"), instance / "checkpoint_key"),
        log=_log(environment.get("HOURNOTE_LOG") or ("plain" if sys.stderr.isatty() else "json")),
    )


def _host(text: str) -> str:
    try:
        return token.check_host(text)
    except BadInput as error:
        raise BadSettings(f"HOURNOTE_NOTE_HOST: {error.sentence}") from error


def _designs(text: str | None) -> Path:
    folder = Path(text) if text else Path(str(resources.files("designs")))
    if not folder.is_dir():
        raise BadSettings(f"HOURNOTE_DESIGNS names {folder}, which is no folder: name the one that holds the designs.")
    return folder.absolute()


def _workers(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_WORKERS:
        raise BadSettings(f"HOURNOTE_WORKERS is {text!r}: write a whole number from 1 to {MOST_WORKERS}.")
    return int(text)


def _log(text: str) -> str:
    if text not in LOGS:
        raise BadSettings(f"HOURNOTE_LOG is {text!r}: write one of {', '.join(LOGS)}.")
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and parts.hostname and (parts.port or 1) and text.isprintable()
    except ValueError:
        fits = False
    if not fits or "?" in text or "#" in text:
        raise BadSettings(
            f"HOURNOTE_PUBLIC_URL is {text!r}: write the address of the service, like https://notes.example.org."
        )
    return text.rstrip("/")


def _secret(text: str | None, kept: Path) -> str:
    """The given secret, or one made at random and kept in the instance folder for its owner alone."""
    if text is not None:
        if len(text) < SHORTEST_SECRET:
            raise BadSettings(
                f"HOURNOTE_SECRET_KEY is shorter than {SHORTEST_SECRET} characters: use a long random one, or leave it out."
            )
        return text
    try:
        secret = _kept_secret(kept)
    except OSError as error:
        raise BadSettings(
            f"The secret key cannot be kept in {kept} ({error.strerror}): choose another HOURNOTE_INSTANCE."
        ) from error
    if len(secret) < SHORTEST_SECRET:  # cut short while it was written: sessions signed with it could be guessed
        raise BadSettings(f"The secret key in {kept} is not whole: delete that file, and another is made.")
    return secret


def _seed(text: str | None, kept: Path) -> bytes:
    """The 32 bytes of the key that signs the log's checkpoints, in hex where they are given."""
    if text is None:
        return sha256(b"checkpoint:" + _secret(None, kept).encode()).digest()
    if not re.fullmatch("[0-9a-fA-F]{64}", text):
        raise BadSettings("HOURNOTE_CHECKPOINT_KEY is not 64 hexadecimal digits: make one with `openssl rand -hex 32`.")
    return bytes.fromhex(text)


def _kept_secret(kept: Path) -> str:
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        made = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept.read_text("ascii", errors="replace").strip()
    with os.fdopen(made, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return kept.read_text("ascii").strip()
