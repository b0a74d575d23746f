"""The job file: what a print shop gets for an order, and the only place where signatures are ever written.

A zip (stored, not deflated: signatures do not compress) of `job.toml`, `signatures.bin` (64 bytes a note, in serial
order) and the design's folder. Everything is streamed: half a million notes are never held as objects. The functions
here are given open binary files; opening and naming them is for the callers at the edges.
"""

import base64
import binascii
import hashlib
import json
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, BinaryIO

from app.core import reference, token
from app.core import serial as serials
from app.core.errors import BadInput, BadJob, shown
from app.core.reference import OrderId
from app.core.span import Span, between
from app.core.token import SIGNATURE_BYTES, Token
from app.core.verifying import PUBLIC_KEY_BYTES, Key

FORMAT = 1
TOML, SIGNATURES, DESIGN = "job.toml", "signatures.bin", "design/"
LARGEST_TOML_BYTES = 1024 * 1024
LARGEST_DESIGN_BYTES = 64 * 1024 * 1024
"""Of all members below `design/` together."""
LARGEST_MEMBERS = 200
_EPOCH = (1980, 1, 1, 0, 0, 0)
_BLOCK_BYTES = 4096 * SIGNATURE_BYTES


@dataclass(frozen=True, slots=True)
class Job:
    """What `job.toml` says.

    `bundle_size` in notes; `created_at` is kept to the second; `expires_on` None when the series has no last day.
    """

    order: OrderId
    span: Span
    design: str
    host: str
    public_key: bytes
    bundle_size: int
    created_at: datetime
    expires_on: date | None = None

    @property
    def programme(self) -> str:
        """The three letters of the programme."""
        return serials.programme_of(self.span.series)

    @property
    def key(self) -> Key:
        """The order's entry in the keyring."""
        return Key(self.span, self.public_key, self.expires_on)


def write(file: BinaryIO, job: Job, signatures: Iterable[bytes], design: Mapping[str, bytes]) -> None:
    """Write the whole job file; `design` maps names below `design/` (`front/design.toml`) to their bytes.

    Raises BadJob: before anything is written, when the design has names or a size that a reader would refuse; leaving
    the file unfinished, when `signatures` are not 64 bytes for each note of the span.
    """
    _check_members([SIGNATURES, *(DESIGN + name for name in design)])
    _check_design_bytes(sum(map(len, design.values())))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        digests = {SIGNATURES: _write_signatures(archive, job.span, signatures)}
        for name, content in sorted(design.items()):
            archive.writestr(_member(DESIGN + name), content)
            digests[DESIGN + name] = hashlib.sha256(content).hexdigest()
        archive.writestr(_member(TOML), to_toml(job, digests))


class JobFile:
    """An open job file, whose every member has been compared with its digest. A context manager."""

    def __init__(self, file: BinaryIO) -> None:
        """Open and verify. Raises BadJob: damaged, altered, of another format, or not a job file."""
        self._stream: IO[bytes] | None = None
        try:
            self._archive = zipfile.ZipFile(file)
            self.job, digests = from_toml(self._small(TOML).decode("utf-8"))
            self._verify(digests)
        except BadJob:
            raise
        except Exception as error:  # whatever zipfile and its decompressors meet in bytes that are not ours
            raise BadJob("This is no job file, or it is damaged: ask for the file again.") from error

    def __enter__(self) -> "JobFile":
        return self

    def __exit__(self, *exc: object) -> None:
        if self._stream is not None:
            self._stream.close()
        self._archive.close()

    def joined(self, span: Span) -> bytes:
        """The signatures of `span`, joined; asked for in serial order, the file is read through once."""
        self._check_covers(span)
        if self._stream is None:
            self._stream = self._archive.open(SIGNATURES)
        self._stream.seek((span.first - self.job.span.first) * SIGNATURE_BYTES)
        return self._stream.read(len(span) * SIGNATURE_BYTES)

    def signatures(self, span: Span | None = None, *, block: int = 4096) -> Iterator[tuple[Span, bytes]]:
        """The signatures of `span` (the whole job's unless said), joined, with the up to `block` notes they belong to."""
        wanted = span or self.job.span
        self._check_covers(wanted)
        return ((piece, self.joined(piece)) for piece in wanted.bundles(block))

    def tokens(self, span: Span | None = None) -> Iterator[Token]:
        """Each note's token, in serial order."""
        for piece, joined in self.signatures(span):
            for place, serial in enumerate(piece.serials()):
                yield Token(serial, joined[place * SIGNATURE_BYTES : (place + 1) * SIGNATURE_BYTES])

    def texts(self, span: Span | None = None) -> Iterator[str]:
        """Each note's QR text, in serial order."""
        return (token.compose(self.job.host, note.serial, note.signature) for note in self.tokens(span))

    def design(self) -> dict[str, bytes]:
        """The members below `design/`, by their names there."""
        names = [name for name in self._archive.namelist() if name.startswith(DESIGN)]
        return {name.removeprefix(DESIGN): self._archive.read(name) for name in names}

    def toml(self) -> bytes:
        """`job.toml` as it stands in the file."""
        return self._small(TOML)

    def _check_covers(self, span: Span) -> None:
        if not self.job.span.covers(span):
            raise BadJob(f"The job {self.job.order} has no signatures for {span}: it is for {self.job.span}.")

    def _small(self, name: str) -> bytes:
        if name not in self._archive.namelist():
            raise BadJob(f"The job file has no {name}: it is damaged or no job file; ask for it again.")
        if self._archive.getinfo(name).file_size > LARGEST_TOML_BYTES:
            raise BadJob(f"The job file's {name} is too large to be ours: ask for the file again.")
        return self._archive.read(name)

    def _verify(self, digests: Mapping[str, str]) -> None:
        """Names and sizes first, so that nothing is unpacked which cannot be right; then every digest."""
        if sorted(self._archive.namelist()) != sorted([*digests, TOML]):
            raise BadJob(f"The job file's members are not those that {TOML} lists: ask for the file again.")
        _check_members(list(digests))
        sizes = {name: self._archive.getinfo(name).file_size for name in digests}
        expected, found = len(self.job.span) * SIGNATURE_BYTES, sizes.pop(SIGNATURES)
        if found != expected:
            raise BadJob(f"The job file holds {found} bytes of signatures where {self.job.span} needs {expected}.")
        _check_design_bytes(sum(sizes.values()))
        for name, digest in digests.items():
            if self._digest(name) != digest:
                raise BadJob(
                    f"The job file's {name} is not what was made (its SHA-256 differs): ask for the file again."
                )

    def _digest(self, name: str) -> str:
        with self._archive.open(name) as stream:
            return _digest_of(iter(lambda: stream.read(_BLOCK_BYTES), b""))


def to_toml(job: Job, digests: Mapping[str, str]) -> str:
    """`job.toml`, with the SHA-256 of each other member."""
    lines = [
        f"format = {FORMAT}",
        f"order = {_quoted(str(job.order))}",
        f"programme = {_quoted(job.programme)}",
        f"series = {_quoted(job.span.series)}",
        f"first = {_quoted(str(job.span.first_serial))}",
        f"last = {_quoted(str(job.span.last_serial))}",
        f"design = {_quoted(job.design)}",
        f"host = {_quoted(job.host)}",
        f"public_key = {_quoted(base64.b64encode(job.public_key).decode())}",
        f"bundle_size = {job.bundle_size}",
        "expires_on = " + (job.expires_on.isoformat() if job.expires_on else '""'),
        f"created_at = {job.created_at.isoformat(timespec='seconds')}",
        "",
        "[sha256]",
        *(f"{_quoted(name)} = {_quoted(digest)}" for name, digest in sorted(digests.items())),
    ]
    return "\n".join(lines) + "\n"


def from_toml(text: str) -> tuple[Job, dict[str, str]]:
    """Read `job.toml`: the job and the digests of the other members. Raises BadJob."""
    try:
        table = tomllib.loads(text)
        if type(table.get("format")) is not int or table["format"] != FORMAT:
            raise BadJob(f"The job file is of format {table.get('format')}; this program reads format {FORMAT}.")
        job = Job(
            order=reference.parse_order(table["order"]),
            span=between(serials.parse_canonical(table["first"]), serials.parse_canonical(table["last"])),
            design=str(table["design"]),
            host=token.check_host(table["host"]),
            public_key=_public_key(table["public_key"]),
            bundle_size=_positive(table["bundle_size"]),
            expires_on=_date(table.get("expires_on")),
            created_at=_moment(table["created_at"]),
        )
        _check_agreement(job, table)
        return job, {str(name): str(digest) for name, digest in table["sha256"].items()}
    except BadJob:
        raise
    except BadInput as error:
        raise BadJob(f"The job file's {TOML} is altered: {error.sentence}") from error
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise BadJob(f"The job file's {TOML} is incomplete or altered: ask for the file again.") from error


def _check_agreement(job: Job, table: Mapping[str, object]) -> None:
    if table["series"] != job.span.series or table["programme"] != job.programme or job.order.series != job.span.series:
        raise BadJob(f"The job file's {TOML} contradicts itself about its series: ask for the file again.")


def _write_signatures(archive: zipfile.ZipFile, span: Span, signatures: Iterable[bytes]) -> str:
    digest, written = hashlib.sha256(), 0
    with archive.open(_member(SIGNATURES), "w", force_zip64=True) as stream:
        for block in signatures:
            stream.write(block)
            digest.update(block)
            written += len(block)
    if written != len(span) * SIGNATURE_BYTES:
        raise BadJob(f"{written} bytes of signatures were made where {span} needs {len(span) * SIGNATURE_BYTES}.")
    return digest.hexdigest()


def _member(name: str) -> zipfile.ZipInfo:
    """A member with a fixed date, so that the same job gives the same bytes, readable by its owner alone."""
    info = zipfile.ZipInfo(name, _EPOCH)
    info.external_attr = 0o600 << 16
    return info


def _digest_of(blocks: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()


def _check_members(names: Sequence[str]) -> None:
    """The members beside `job.toml`: `signatures.bin`, and not too many below `design/` with plain names."""
    if SIGNATURES not in names or len(names) >= LARGEST_MEMBERS:
        raise BadJob(f"A job file has {SIGNATURES} and at most {LARGEST_MEMBERS} members: this one is not made so.")
    for name in names:
        if name != SIGNATURES and not _is_plain(name):
            raise BadJob(f"The job file has a member {shown(name, 60)} that does not belong there.")


def _is_plain(name: str) -> bool:
    parts = name.split("/")
    below = name.startswith(DESIGN) and not any(part in ("", ".", "..") for part in parts)
    return below and name.isprintable() and "\\" not in name


def _check_design_bytes(size: int) -> None:
    if size > LARGEST_DESIGN_BYTES:
        raise BadJob(f"The design has {size} bytes, and a job file has room for {LARGEST_DESIGN_BYTES}.")


def _quoted(text: str) -> str:
    """A basic string of TOML (1.0.0): that of JSON, but that delete is written out as well."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _public_key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise BadJob("The job file's public key is not base64: ask for the file again.") from error
    if len(key) != PUBLIC_KEY_BYTES:
        raise BadJob(f"The job file's public key has {len(key)} bytes instead of {PUBLIC_KEY_BYTES}.")
    return key


def _positive(value: object) -> int:
    if type(value) is not int or value < 1:
        raise ValueError("not a positive whole number")
    return value


def _date(value: object) -> date | None:
    """A last day; TOML has no null, so a series without one has empty text here."""
    if value in ("", None):
        return None
    if type(value) is not date:
        raise TypeError("not a date")
    return value


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime):
        raise TypeError("not a moment")
    return value
