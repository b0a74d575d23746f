"""The books: the database as the edges open, make and check it."""

from pathlib import Path

from app.core.errors import BadSettings, HournoteError, Refused
from app.store import schema
from app.store.database import Store, open_store

__all__ = ["Store", "discard", "exist", "migrate_books", "open_books", "prepared", "publish", "unpublished"]


def open_books(url: str) -> Store:
    """Open books that are of this program's revision. Raises BadSettings with the way out when they are not."""
    store = open_store(_existing(url))
    try:
        schema.check(store)
    except HournoteError:
        store.close()
        raise
    return store


def migrate_books(url: str) -> tuple[str | None, str]:
    """Make the books, or bring them to the newest revision; gives the revision before (None: new) and after."""
    store = open_store(prepared(url))
    try:
        return schema.migrate(store)
    finally:
        store.close()


def exist(url: str) -> bool:
    """Whether there are books at this address."""
    path = _sqlite_path(url)
    if path is not None and not path.exists():
        return False
    store = open_store(url)
    try:
        return not schema.is_empty(store)
    finally:
        store.close()


def unpublished(url: str) -> str:
    """Where to make new books so that they appear at `url` only when they are whole: a draft beside an SQLite file."""
    path = _sqlite_path(url)
    if path is None:
        return url
    for old in path.parent.glob(f"{path.name}.part*"):
        old.unlink()
    return f"{url}.part"


def discard(draft: str) -> None:
    """Remove the draft that `unpublished` named, where it is still there."""
    path = _sqlite_path(draft)
    if path is not None:
        for part in path.parent.glob(f"{path.name}*"):
            part.unlink()


def publish(url: str) -> None:
    """Give the draft that was made for `url`, and closed, its name. Raises Refused when there are books by now."""
    path = _sqlite_path(url)
    if path is not None:
        if path.exists():
            raise Refused(f"Somebody else made the books {path} meanwhile: they stay as they are.")
        path.with_name(path.name + ".part").rename(path)
        path.with_name(path.name + ".part-turn").unlink(missing_ok=True)


def _existing(url: str) -> str:
    path = _sqlite_path(url)
    if path is not None and not path.exists():
        raise BadSettings(f"There is no database {path}: run `hournote init` (or `make run`) first.")
    return url


def prepared(url: str) -> str:
    """The same address, with the folder that SQLite wants."""
    path = _sqlite_path(url)
    if path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return url


def _sqlite_path(url: str) -> Path | None:
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") and url != "sqlite:///" else None
