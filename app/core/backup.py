"""The backup file: a zip of what the database gave (`books.db` of SQLite, `books.dump` of PostgreSQL) and `backup.toml`,
which says what it is. The functions here are given open binary files; opening and naming them is for the callers.
"""

import hashlib
import json
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from app.core.errors import BadBackup

FORMAT = 1
TOML = "backup.toml"
MEMBERS = {"sqlite": "books.db", "postgresql": "books.dump"}
LARGEST_TOML_BYTES = 64 * 1024
BLOCK_BYTES = 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)

Progress = Callable[[int, int], None]
"""Told how much is done, and of how much (0: nobody knows)."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What `backup.toml` says: the engine, the revision of the schema, when the books stood so (UTC), and their newest
    checkpoint, None while their log was empty."""

    engine: str
    revision: str
    made_at: datetime
    checkpoint: str | None


def write(file: BinaryIO, backup: Backup, dump: BinaryIO, size: int, progress: Progress) -> None:
    """Write the whole backup; `dump` holds the `size` bytes that the database gave."""
    member, digest = MEMBERS[backup.engine], hashlib.sha256()
    packed = zipfile.ZIP_DEFLATED if backup.engine == "sqlite" else zipfile.ZIP_STORED  # pg_dump's is packed already
    with zipfile.ZipFile(file, "w", compresslevel=3) as archive:
        with archive.open(_member(member, packed), "w", force_zip64=True) as stream:
            done = 0
            while block := dump.read(BLOCK_BYTES):
                stream.write(block)
                digest.update(block)
                done += len(block)
                progress(done, size)
        archive.writestr(_member(TOML, zipfile.ZIP_STORED), _to_toml(backup, member, digest.hexdigest()))


def read(file: BinaryIO) -> Backup:
    """What a backup says of itself. Raises BadBackup."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _from_toml(_toml(archive))[0]
    except BadBackup:
        raise
    except Exception as error:  # whatever zipfile meets in bytes that are not ours
        raise _damaged() from error


def unpack(file: BinaryIO, dump: BinaryIO, progress: Progress) -> None:
    """Write what the database gave to `dump`, compared with its digest. Raises BadBackup, having written some of it."""
    try:
        with zipfile.ZipFile(file) as archive:
            backup, digests = _from_toml(_toml(archive))
            member = MEMBERS[backup.engine]
            if sorted(archive.namelist()) != sorted([member, TOML]) or set(digests) != {member}:
                raise _damaged()
            found, size, done = hashlib.sha256(), archive.getinfo(member).file_size, 0
            with archive.open(member) as stream:
                while block := stream.read(BLOCK_BYTES):
                    dump.write(block)
                    found.update(block)
                    done += len(block)
                    progress(done, size)
            if found.hexdigest() != digests[member]:
                raise BadBackup(
                    f"The backup's {member} is not what was made (its SHA-256 differs): take an earlier one."
                )
    except (BadBackup, OSError):
        raise
    except Exception as error:
        raise _damaged() from error


def _to_toml(backup: Backup, member: str, digest: str) -> str:
    lines = [
        f"format = {FORMAT}",
        f"engine = {json.dumps(backup.engine)}",
        f"revision = {json.dumps(backup.revision)}",
        f"made_at = {backup.made_at.isoformat()}",
        *([f"checkpoint = {json.dumps(backup.checkpoint, ensure_ascii=False)}"] if backup.checkpoint else []),
        "",
        "[sha256]",
        f'"{member}" = "{digest}"',
    ]
    return "\n".join(lines) + "\n"


def _toml(archive: zipfile.ZipFile) -> str:
    if TOML not in archive.namelist() or archive.getinfo(TOML).file_size > LARGEST_TOML_BYTES:
        raise _damaged()
    return archive.read(TOML).decode("utf-8")


def _from_toml(text: str) -> tuple[Backup, dict[str, str]]:
    table = tomllib.loads(text)
    if type(table.get("format")) is not int or table["format"] != FORMAT:
        raise BadBackup(
            f"The backup is of format {table.get('format')} and this program reads format {FORMAT}: use the Hournote that made it."
        )
    engine, at, checkpoint = table["engine"], table["made_at"], table.get("checkpoint")
    if engine not in MEMBERS or not isinstance(at, datetime) or at.tzinfo is None:
        raise _damaged()
    backup = Backup(engine, str(table["revision"]), at, None if checkpoint is None else str(checkpoint))
    return backup, {str(name): str(digest) for name, digest in table["sha256"].items()}


def _damaged() -> BadBackup:
    return BadBackup("This is no backup of Hournote, or it is damaged: take an earlier one.")


def _member(name: str, packed: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr, info.compress_type = 0o600 << 16, packed
    return info
