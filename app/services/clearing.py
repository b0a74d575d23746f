"""Clearing: the file of a job goes when the job is closed, because whoever has it can make notes.

The books are written first; a crash before the file is gone is mended by the press, which looks here whenever it looks
for orders.
"""

import logging
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Connection

from app.core import reference
from app.core.errors import BadInput, BadJob
from app.core.job import JobFile
from app.core.lifecycle import State
from app.services.drafts import SUFFIX
from app.store import custody, orders
from app.store.database import Store
from app.store.orders import Order

JOBS = "jobs"
"""The folder of the job files in the instance folder."""

_LOGGER = logging.getLogger(__name__)


def clear(store: Store, folder: Path) -> list[str]:
    """Delete the files in `folder` of jobs that are closed, and of no others; gives the ids of their orders."""
    files = _files(folder)
    if not files:
        return []
    closed = store.read(lambda connection: [each for name in files if (each := _closed(connection, name))])
    return [each.id for each in closed if _delete(files[each.id], each)]


def _files(folder: Path) -> dict[str, Path]:
    """The job files in a folder by the ids of their orders; none where this process may not look."""
    try:
        return {path.name.removesuffix(SUFFIX): path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    except OSError:
        return {}


def _closed(connection: Connection, order_id: str) -> Order | None:
    """The order, when none of its notes is still to be printed."""
    try:
        found = orders.by_id(connection, reference.parse_order(order_id))
    except BadInput:
        return None
    if found is None or found.id != order_id:
        return None
    waiting = custody.spans_in(connection, State.ORDERED)
    return None if any(found.span.intersection(each) for each in waiting) else found


def _delete(path: Path, order: Order) -> bool:
    """Delete a file when it is that of the order, and not one of other books."""
    with suppress(FileNotFoundError):
        try:
            with path.open("rb") as file, JobFile(file) as opened:
                is_ours = opened.job.public_key == order.public_key
            if is_ours:
                path.unlink()
            return is_ours
        except (OSError, BadJob) as error:
            _LOGGER.warning("The file of the closed job %s cannot be deleted: %s", order.id, error)
    return False
