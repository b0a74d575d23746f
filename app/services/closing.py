"""Closing: restored books stay closed to redemption until somebody reopens them, so that no restore un-spends a note.

What a backup does not know of comes back meanwhile: desks send the journals that they kept, under the same ids, and staff
enter the rest. A checkpoint that somebody outside holds tells how much that is.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from app.core import checkpoint as checkpoints
from app.core import merkle
from app.core.checkpoint import Checkpoint, PublicKey
from app.core.errors import BadInput, Conflict, FellShort, Refused
from app.core.fact import FactKind
from app.services import log as logs
from app.services import wording
from app.services.redeeming import MAY_BE_LOST
from app.store import closures, deliveries, log, scans
from app.store.closures import CLOSED, REOPENED, Closure
from app.store.database import Store

__all__ = ["Closed", "Lapse", "close", "closed_reason", "continues", "lapses", "reopen_books"]

LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Closed:
    """The books after a closing or a reopening: `kind` tells which. `lost`: facts that the checkpoint kept outside has and
    they had not when they were restored; None where there was none to compare with. `held_back`: notes that desks accepted
    before, or showed since, and that the books still do not know as issued."""

    kind: str
    reason: str
    at: datetime
    lost: int | None
    held_back: int = 0


@dataclass(frozen=True, slots=True)
class Lapse:
    """What a restore left out of the log: it was signed up to `signed` facts and the books had `kept`; `known`: how many the
    largest checkpoint has that was known outside, None where none was."""

    closure: Closure
    signed: int
    kept: int
    known: int | None

    def admits(self, size: int) -> bool:
        """Whether a checkpoint of so many facts may be of what was lost."""
        return self.signed < size and (self.known is None or size <= self.known)


def closed_reason(store: Store) -> str | None:
    """Why redemption is closed, None while it is open."""
    return store.read(closures.closed_reason)


def reopen_books(
    store: Store, *, reason: str, actor: str, now: datetime, request_id: UUID, key: PublicKey, kept: str | None = None
) -> Closed:
    """Reopen the books to redemption and to deliveries, whose links are closed: staff make new ones. `kept`: the newest
    checkpoint that anyone outside holds.

    The same `request_id` again gives the same. Raises Refused where they are open, else as `close`.
    """
    why = wording.one_line(reason, "reason for reopening", LONGEST_REASON)

    def work(connection: Connection) -> Closed:
        if closures.by_request(connection, request_id) is None and closures.closed_reason(connection) is None:
            raise Refused("Redemption is open: there is nothing to reopen.")
        return _change(connection, REOPENED, why, actor, now, request_id, key, kept)

    return store.write(work)


def close(
    connection: Connection, reason: str, actor: str, now: datetime, request_id: UUID, key: PublicKey, kept: str | None
) -> Closed:
    """Close the books to redemption within a transaction that does more; `kept`: the newest checkpoint that anyone outside
    holds.

    The same `request_id` again gives the same. Raises BadInput when `kept` is no checkpoint of this log, FellShort when it
    is of another tree, Conflict.
    """
    return _change(connection, CLOSED, reason, actor, now, request_id, key, kept)


def lapses(connection: Connection, key: PublicKey) -> list[Lapse]:
    """What each restore left out of the log, oldest first; a reopening may have told more than the closing knew."""
    found: list[Lapse] = []
    for each in closures.all_closures(connection):
        known = _size(each.checkpoint, key)
        if each.kind == CLOSED:
            kept = log.place_of(connection, FactKind.CLOSURE, str(each.request_id)) or 0
            found.append(Lapse(each, log.signed_up_to(connection, kept), kept, known))
        elif found and known is not None:
            found[-1] = replace(found[-1], known=max(known, found[-1].known or 0))
    return found


def _change(
    connection: Connection, kind: str, reason: str, actor: str, now: datetime, request_id: UUID, key: PublicKey,
    kept: str | None,
) -> Closed:  # fmt: skip
    outside = checkpoints.verify(kept, key) if kept is not None else None
    made = closures.by_request(connection, request_id)
    if made is None:
        closures.add(connection, request_id=request_id, kind=kind, reason=reason, checkpoint=kept, actor=actor, at=now)
        if kind == REOPENED:
            deliveries.close_every_link(connection, now)  # guesses may have closed some after the backup
    elif (made.kind, made.checkpoint) != (kind, kept):
        raise Conflict("This request id stands for another closing or reopening already.")
    lost = _lost(connection, outside, key) if outside is not None else None
    since = closures.restored_at(connection) if kind == REOPENED else None
    held_back = scans.count_last_said(connection, MAY_BE_LOST, since) if since is not None else 0
    return Closed(kind, made.reason if made else reason, made.at if made else now, lost, held_back)


def _lost(connection: Connection, outside: Checkpoint, key: PublicKey) -> int:
    """How many facts of the tree that was signed are not in the books since they were restored. Raises FellShort."""
    logs.check_key(connection, key)
    if continues(connection, outside):
        return 0
    kept = [each.kept for each in lapses(connection, key) if each.signed < outside.size]
    if not kept:
        raise FellShort(
            f"The checkpoint of {outside.size:,} facts is of another tree than these books: they are of another log, or were "
            "changed; nothing was done. Look with `hournote verify-log --against` that checkpoint."
        )
    return max(0, outside.size - min(kept))


def continues(connection: Connection, outside: Checkpoint) -> bool:
    """Whether the log as it stands begins with the tree that was signed."""
    size = log.size(connection)
    return outside.size <= size and merkle.root(outside.size, log.node(connection)) == outside.root


def _size(note: str | None, key: PublicKey) -> int | None:
    """The size of a checkpoint that a closure names."""
    try:
        return checkpoints.verify(note, key).size if note is not None else None
    except BadInput:
        return None
