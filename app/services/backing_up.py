"""Backing up: one consistent state of the live books in one file, which is then restored aside and audited.

Beside its name first, so that a backup is whole or not there; one that does not come back as it should keeps a name that
says so.
"""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from app.core import backup as backups
from app.core.audit import Finding
from app.core.backup import Backup, Progress
from app.core.checkpoint import PublicKey
from app.core.errors import BadBackup, BadInput, HournoteError
from app.services import auditing, log_audit
from app.services import log as logs
from app.store import dumps, schema
from app.store.database import Store, open_store

__all__ = ["BackedUp", "Finding", "back_up"]

UNVERIFIED = ".unverified"
_NOT_PERMITTED = "42501"

Stages = Callable[[str], Progress]
"""Told what is begun, and given back whom to tell how far it is."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made: `findings` are those of the copy, `known` those of them that the live books have as well.
    `unchecked` says why it was not checked, None where it was."""

    file: Path
    engine: str
    revision: str
    made_at: datetime
    checkpoint: str | None
    size_bytes: int
    findings: Sequence[Finding] = ()
    known: Sequence[Finding] = ()
    unchecked: str | None = None


def back_up(
    store: Store, *, file: Path, key: PublicKey, now: datetime, stages: Stages, check: bool = True
) -> BackedUp:  # fmt: skip
    """Write a backup of the live books to `file`, for its owner alone, restore it aside, and audit that.

    Where the copy falls short or may not be checked, the file has `.unverified` after its name. Raises BadInput where it
    cannot be written, Unavailable where the database cannot be read, Refused with another key than the log's.
    """
    if check:
        store.read(lambda connection: logs.check_key(connection, key))
    part = file.with_name(f".{file.name}.part")
    try:
        with _beside(file):
            made = _written(store, file, part, now, stages)
            if check:
                made = _checked(store, part, made, key, stages)
            fell_short = made.unchecked is not None or len(made.findings) > len(made.known)
            return _named(part, made, file.with_name(file.name + UNVERIFIED) if check and fell_short else file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _beside(file: Path) -> Iterator[None]:
    """Refuse a name that is taken, and say plainly where nothing can be written."""
    if file.exists():
        raise BadInput(f"There is a file {file} already: name another.")
    try:
        yield
    except OSError as error:
        raise BadInput(f"{file} cannot be written ({error.strerror}): name another place.") from error


def _written(store: Store, file: Path, part: Path, now: datetime, stages: Stages) -> BackedUp:
    engine = store.engine.dialect.name
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".hournote-backup-") as folder:
        raw = Path(folder) / backups.MEMBERS[engine]
        dumped = dumps.dump(store, raw, stages("reading the books"))
        backup = Backup(engine, dumped.revision, now, dumped.checkpoint)
        part.unlink(missing_ok=True)
        with (
            os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target,
            raw.open("rb") as dump,
        ):
            backups.write(target, backup, dump, raw.stat().st_size, stages("packing"))
            target.flush()
            os.fsync(target.fileno())
    return BackedUp(file, engine, dumped.revision, now, dumped.checkpoint, part.stat().st_size)


def _checked(store: Store, part: Path, made: BackedUp, key: PublicKey, stages: Stages) -> BackedUp:
    """The same, with what is found in books restored from it."""
    try:
        with _restored(store, part, stages) as copy:
            schema.check(copy)
            stages("auditing the copy")(0, 0)
            findings = _findings(copy, key, made.made_at)
    except DatabaseError as error:
        if getattr(error.orig, "sqlstate", None) == _NOT_PERMITTED:
            return replace(made, unchecked=_MAY_NOT)
        findings = [Finding("unreadable", f"The copy cannot be read: {error.orig}", ())]
    except HournoteError as error:
        findings = [Finding("unreadable", error.sentence, ())]
    known = {(each.check, each.concerns) for each in (_findings(store, key, made.made_at) if findings else [])}
    return replace(made, findings=findings, known=[each for each in findings if (each.check, each.concerns) in known])


_MAY_NOT = (
    "This account of PostgreSQL may not make a database to check the backup in: give it CREATEDB, check it on another "
    "server with `hournote restore`, or leave the check out with --no-check."
)


def _findings(books: Store, key: PublicKey, at: datetime) -> list[Finding]:
    return [*auditing.audit_books(books, now=at), *log_audit.verify(books, key=key, now=at).findings]


@contextmanager
def _restored(store: Store, part: Path, stages: Stages) -> Iterator[Store]:
    """The books of a backup, in a place of their own for a while."""
    with tempfile.TemporaryDirectory(dir=part.parent, prefix=".hournote-check-") as folder:
        raw = Path(folder) / "copy"
        with part.open("rb") as source, raw.open("wb") as dump:
            backups.unpack(source, dump, stages("unpacking"))
        if store.engine.dialect.name == "sqlite":
            if not dumps.is_sound(raw):
                raise BadBackup("The pages of the copy do not agree with one another.")
            yield from _opened(f"sqlite:///{raw}")
            return
        with _scratch(store) as url:
            for copy in _opened(url):
                stages("restoring the copy")(0, 0)
                copy.write(lambda connection: dumps.load(connection, raw))
                yield copy


def _opened(url: str) -> Iterator[Store]:
    opened = open_store(url)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def _scratch(store: Store) -> Iterator[str]:
    """The address of an empty database on the same server, which is dropped at the end."""
    name = f"hournote_check_{secrets.token_hex(6)}"
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0"))
    try:
        yield store.engine.url.set(database=name).render_as_string(hide_password=False)
    finally:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))


def _named(part: Path, made: BackedUp, file: Path) -> BackedUp:
    """The backup under its name, on the disk itself."""
    part.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return replace(made, file=file)
