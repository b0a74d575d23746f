"""The log: every fact gets its place, checkpoints are signed for people outside, and any fact can be proved.

Facts enter an outbox in their own transaction; here they are given their places, one writer at a time, so that no
redemption ever waits for another's hash. Every place is under a checkpoint. One that somebody outside keeps fixes all that
came before it: who edits the database afterwards, be it its administrator, cannot make a log that agrees with it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from app.core import checkpoint as checkpoints
from app.core import merkle
from app.core.checkpoint import Checkpoint, CheckpointKey, PublicKey
from app.core.errors import BadInput, HournoteError, NotFound, Refused
from app.store import facts, log
from app.store.database import Store
from app.store.facts import Fact
from app.store.log import Leaf

BATCH = 500
"""Facts that get their places in one transaction, under one checkpoint: so few that SQLite, where nobody else writes
meanwhile, keeps no desk waiting for it."""


def sequence(store: Store, *, key: CheckpointKey, clock: Callable[[], datetime]) -> int:
    """Give every waiting fact its place and sign a checkpoint; gives how many there were. Harmless from several at once.

    Facts that come meanwhile may wait for the next call. Raises Refused with another key than the log's, and where the
    newest checkpoint is not of the log as it stands: what somebody changed is not signed.
    """
    placed, last = 0, BATCH if store.read(lambda connection: _is_due(connection, key.public)) else 0
    while last == BATCH:
        last = store.write(lambda connection: _place(connection, key, clock()))
        placed += last
    return placed


def catch_up(store: Store, *, key: CheckpointKey, clock: Callable[[], datetime]) -> str | None:
    """As `sequence`, before somebody looks at the log; says why not where it cannot be done, which is for the look to judge."""
    try:
        sequence(store, key=key, clock=clock)
    except HournoteError as error:
        return error.sentence
    except DBAPIError:
        return "What waits for its place keeps waiting: this role of the database may only read."
    return None


def newest_checkpoint(store: Store) -> str | None:
    """The newest checkpoint as a signed note, None while the log is empty."""
    return store.read(log.newest_checkpoint)


def prove(store: Store, *, key: PublicKey, ref: str) -> list[dict[str, Any]]:
    """That the facts with this id are in the log: each with its line, place, path (hex) and the checkpoint that it leads to.

    Raises NotFound for an id that the log does not have, Refused where the books do not agree with the log.
    """

    def work(connection: Connection) -> list[dict[str, Any]]:
        check_key(connection, key)
        note, found = log.newest_checkpoint(connection), log.leaf_of(connection, ref)
        if note is None or not found:
            raise NotFound(f"The log has no fact {ref}: it may wait for its place, which takes half a minute.")
        return [_proof(connection, leaf, line, note, key) for leaf, line in as_logged(connection, found)]

    return store.read(work)


def prove_growth(store: Store, *, key: PublicKey, old: int, new: int | None = None) -> dict[str, Any]:
    """That the tree of the first `old` facts is the beginning of that of the first `new` ones, of all where it is left out:
    both sizes, both roots and the path between them (RFC 6962, 2.1.2; hex).

    Raises NotFound while the log is empty, BadInput for a size that it does not have, Refused where the log is not as it was
    signed.
    """

    def work(connection: Connection) -> dict[str, Any]:
        check_key(connection, key)
        signed = signed_tree(connection, key)
        if signed is None:
            raise NotFound("The log is empty as yet: there is nothing to prove.")
        later = signed.size if new is None else new
        if not 0 < old <= later <= signed.size:
            raise BadInput(
                f"The log has {signed.size} facts: name the size of a checkpoint, from 1 on, and that of a later one."
            )
        return _growth(log.node(connection), old, later)

    return store.read(work)


def _growth(node: merkle.Node, old: int, new: int) -> dict[str, Any]:
    roots, path = (merkle.root(old, node), merkle.root(new, node)), merkle.consistency(old, new, node)
    if not merkle.is_consistent(old, new, *roots, path):
        raise Refused(_NOT_AS_SIGNED)
    return {
        "old": old,
        "new": new,
        "old_root": roots[0].hex(),
        "new_root": roots[1].hex(),
        "path": [each.hex() for each in path],
    }


def check_key(connection: Connection, key: PublicKey) -> None:
    """Raise Refused where the log was begun with another key."""
    kept = log.kept_key(connection)
    if kept not in (None, str(key)):
        raise Refused(
            f"The log is signed with {kept}, and the key here is {key}: set HOURNOTE_CHECKPOINT_KEY to the log's own, "
            "or HOURNOTE_INSTANCE to the folder with its checkpoint_key."
        )


def signed_tree(connection: Connection, key: PublicKey) -> Checkpoint | None:
    """The newest checkpoint, None while the log is empty. Raises Refused unless it is ours and of all that has a place."""
    note, size = log.newest_checkpoint(connection), log.size(connection)
    if note is None and not size:
        return None
    try:
        newest = checkpoints.verify(note or "", key)
    except BadInput as error:
        raise Refused(f"{_NOT_AS_SIGNED} ({error.sentence})") from error
    if newest.size != size or newest.root != merkle.root(size, log.node(connection)):
        raise Refused(_NOT_AS_SIGNED)
    return newest


def as_booked(connection: Connection, leaves: Sequence[Leaf]) -> Iterator[tuple[Leaf, Fact | None]]:
    """Each leaf with its fact as it stands in the books now, None where it is gone."""
    wanted: dict[str, list[str]] = {}
    for leaf in leaves:
        wanted.setdefault(leaf.kind, []).append(leaf.ref)
    found = {kind: facts.read(connection, kind, refs) for kind, refs in wanted.items()}
    for leaf in leaves:
        yield leaf, found[leaf.kind].get(leaf.ref)


def as_logged(connection: Connection, leaves: Sequence[Leaf]) -> Iterable[tuple[Leaf, bytes]]:
    """Each leaf with the line of its fact. Raises Refused for one that is not in the books as it was logged."""
    for leaf, fact in as_booked(connection, leaves):
        if fact is None or merkle.leaf_hash(fact.line) != leaf.leaf_hash:
            what = "is gone from the books" if fact is None else "was changed after it was logged"
            raise Refused(f"The {leaf.kind} {leaf.ref} {what}: look with `hournote verify-log`.")
        yield leaf, fact.line


_NOT_AS_SIGNED = "The log is not as its newest checkpoint says, so nothing is signed: look with `hournote verify-log`."


def _is_due(connection: Connection, key: PublicKey) -> bool:
    check_key(connection, key)
    return log.any_pending(connection)


def _place(connection: Connection, key: CheckpointKey, now: datetime) -> int:
    log.take_turn(connection)
    check_key(connection, key.public)
    signed_tree(connection, key.public)
    placed = log.place_pending(connection, BATCH)
    if placed:
        size = log.size(connection)
        note = key.sign(size, merkle.root(size, log.node(connection)))
        log.add_checkpoint(connection, size=size, note=note, at=now)
        if log.kept_key(connection) is None:
            log.keep_key(connection, str(key.public))
    return placed


def _proof(connection: Connection, leaf: Leaf, line: bytes, note: str, key: PublicKey) -> dict[str, Any]:
    signed = checkpoints.verify(note, key)
    path = merkle.inclusion(leaf.index, signed.size, log.node(connection)) if leaf.index < signed.size else []
    if merkle.root_by_inclusion(leaf.leaf_hash, leaf.index, signed.size, path) != signed.root:
        raise Refused(_NOT_AS_SIGNED)
    return {
        "fact": line.decode("ascii"),
        "index": leaf.index,
        "path": [sibling.hex() for sibling in path],
        "checkpoint": note,
    }
