"""Restoring: the books of a backup into an empty database, whole or not at all, and closed to redemption.

The backup does not know of the notes that were spent after it. So the books are restored closed, in the same transaction:
desks send the journals that they kept again before anybody reopens them.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import Connection

from app.core import backup as backups
from app.core import checkpoint as checkpoints
from app.core.backup import Backup
from app.core.checkpoint import PublicKey
from app.core.errors import BadBackup, BadInput, Refused
from app.services import books, closing
from app.services.backing_up import Stages
from app.services.closing import Closed
from app.store import access, dumps, schema, sessions
from app.store.database import open_store

__all__ = ["Restored", "restore_books"]

_SPELT = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """Books as they were at `made_at`, brought from `before` to this program's revision. `lost`: how many facts the
    checkpoint kept outside has and they have not, None where none was given."""

    engine: str
    made_at: datetime
    before: str
    reason: str
    lost: int | None


@dataclass(frozen=True, slots=True)
class _Restoring:
    """What a restored database is closed with."""

    backup: Backup
    actor: str
    now: datetime
    request_id: UUID
    key: PublicKey
    kept: str | None

    def close(self, connection: Connection) -> Closed:
        """Bring the books to this program's revision and close them, in the transaction that restores them. Nobody is signed
        in and no one-time link is good: a session of the backup may have been ended after it, and a link used."""
        schema.upgrade(connection)
        sessions.end_everybodys(connection)
        access.end_every_link(connection, self.now)
        reason = f"The books were restored from the backup of {self.backup.made_at:%Y-%m-%d %H:%M} UTC."
        return closing.close(connection, reason, self.actor, self.now, self.request_id, self.key, self.kept)


def restore_books(
    url: str, *, file: Path, key: PublicKey, actor: str, now: datetime, request_id: UUID, stages: Stages,
    kept: str | None = None,
) -> Restored:  # fmt: skip
    """Restore the backup `file` into the database at `url`; `kept`: the newest checkpoint that anyone outside holds.

    Nothing is left where it fails. Raises BadBackup for a file that is damaged, not ours, of another engine or too new;
    Refused where there are books already; BadInput when `kept` is no checkpoint of this log; FellShort when it is of another
    tree; Unavailable where the server or its programs are missing.
    """
    if kept is not None:
        checkpoints.verify(kept, key)
    backup = _read(file)
    if books.exist(url):
        raise Refused("There are books in this database already: name an empty one in HOURNOTE_DATABASE_URL.")
    store = open_store(books.prepared(url))
    engine = store.engine.dialect.name
    store.close()
    if backup.engine != engine:
        raise BadBackup(
            f"The backup is of {_SPELT[backup.engine]}, and HOURNOTE_DATABASE_URL names {_SPELT[engine]}: "
            f"restore it on {_SPELT[backup.engine]}."
        )
    restoring = _Restoring(backup, actor, now, request_id, key, kept)
    restore = _sqlite if engine == "sqlite" else _postgresql
    closed = restore(url, file, restoring, stages)
    return Restored(engine, backup.made_at, backup.revision, closed.reason, closed.lost)


def _read(file: Path) -> Backup:
    try:
        with file.open("rb") as opened:
            backup = backups.read(opened)
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror}): name the backup.") from error
    if not schema.is_known(backup.revision):
        raise BadBackup(f"The backup is of revision {backup.revision}: use the newer Hournote that made it.")
    return backup


def _sqlite(url: str, file: Path, restoring: _Restoring, stages: Stages) -> Closed:
    """In a draft beside the database, which gets its name when it is whole and closed."""
    draft = books.unpublished(url)
    try:
        raw = Path(draft.removeprefix("sqlite:///"))
        _unpack(file, raw, stages)
        if not dumps.is_sound(raw):
            raise BadBackup("The pages of this backup do not agree with one another: take an earlier one.")
        store = open_store(draft)
        try:
            closed = store.write(restoring.close)
        finally:
            store.close()
        books.publish(url)
        return closed
    finally:
        books.discard(draft)


def _postgresql(url: str, file: Path, restoring: _Restoring, stages: Stages) -> Closed:
    """In one transaction. Unpacked beside the backup, where there is room for books: /tmp may be in memory."""
    with _folder_beside(file) as folder:
        store = open_store(url)
        raw = Path(folder) / backups.MEMBERS["postgresql"]
        _unpack(file, raw, stages)
        stages("restoring")(0, 0)

        def work(connection: Connection) -> Closed:
            schema.refuse_strangers(connection)
            dumps.load(connection, raw)
            return restoring.close(connection)

        try:
            return store.write(work)
        finally:
            store.close()


def _folder_beside(file: Path) -> TemporaryDirectory[str]:
    try:
        return TemporaryDirectory(dir=file.parent, prefix=".hournote-restore-")
    except OSError as error:
        raise BadInput(
            f"The backup cannot be unpacked in {file.parent} ({error.strerror}): copy it to a folder that can be written."
        ) from error


def _unpack(file: Path, raw: Path, stages: Stages) -> None:
    try:
        with file.open("rb") as source, raw.open("xb") as dump:
            raw.chmod(0o600)
            backups.unpack(source, dump, stages("unpacking"))
    except OSError as error:
        raise BadInput(f"The backup cannot be unpacked to {raw.parent} ({error.strerror}): make room there.") from error
