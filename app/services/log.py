"""The log: every fact gets its place, checkpoints are signed for people outside, and all of it can be verified.

Facts enter an outbox in their own transaction; here they are given their places, one writer at a time, so that no
redemption ever waits for another's hash. A checkpoint that somebody outside keeps fixes all that came before it: who
edits the database afterwards, be it its administrator, cannot make a log that agrees with it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from app.core import checkpoint as checkpoints
from app.core import merkle
from app.core.audit import Finding
from app.core.checkpoint import Checkpoint, CheckpointKey, PublicKey
from app.core.errors import BadInput, NotFound
from app.core.fact import FactKind
from app.core.merkle import Frontier
from app.store import facts, log
from app.store.database import Store
from app.store.log import Leaf

BATCH = 1000
"""Facts that get their places in one transaction."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification came to: facts in the log, facts that wait for it, and what does not agree."""

    facts: int
    waiting: int
    checkpoint: str | None
    findings: list[Finding]


def sequence(store: Store, *, key: CheckpointKey, clock: Callable[[], datetime]) -> int:
    """Give every waiting fact its place and sign a checkpoint; gives how many there were. Harmless from several at once."""
    placed = 0
    while store.read(log.any_pending):
        batch = store.write(lambda connection: _place(connection, key, clock()))
        if not batch:
            break
        placed += batch
    return placed


def newest_checkpoint(store: Store) -> str | None:
    """The newest checkpoint as a signed note, None while the log is empty."""
    return store.read(log.newest_checkpoint)


def prove(store: Store, *, ref: str) -> list[dict[str, Any]]:
    """That the facts with this id are in the log: each with its line, place, path (hex) and the checkpoint that it leads to.

    Raises NotFound for an id that the log does not have.
    """

    def work(connection: Connection) -> list[dict[str, Any]]:
        note, found = log.newest_checkpoint(connection), log.leaf_of(connection, ref)
        if note is None or not found:
            raise NotFound(f"The log has no fact {ref}: it may wait for its place, which takes a few seconds.")
        return [_proof(connection, leaf, note) for leaf in found]

    return store.read(work)


def verify(store: Store, *, key: PublicKey, kept: str | None = None) -> Verified:
    """Compare every fact in the books with the log, and the log with its checkpoints and with one that was `kept` outside.

    Raises BadInput when `kept` is no checkpoint of this log.
    """
    outside = [checkpoints.verify(kept, key)] if kept is not None else []

    def work(connection: Connection) -> Verified:
        signed, findings = _signed(connection, key)
        findings += [*_books(connection), *_tree(connection, [*signed, *outside]), *_unlogged(connection)]
        newest = log.newest_checkpoint(connection)
        return Verified(log.size(connection), log.count_pending(connection), newest, findings)

    return store.read(work)


def lines(connection: Connection) -> Iterator[tuple[Leaf, bytes | None]]:
    """Every leaf in order with the line of its fact as it stands in the books now, None where it is gone."""
    for block in log.leaves(connection):
        wanted: dict[FactKind, list[str]] = {}
        for leaf in block:
            wanted.setdefault(leaf.kind, []).append(leaf.ref)
        found = {kind: facts.read(connection, kind, refs) for kind, refs in wanted.items()}
        for leaf in block:
            yield leaf, found[leaf.kind].get(leaf.ref)


def _place(connection: Connection, key: CheckpointKey, now: datetime) -> int:
    if not log.take_turn(connection):
        return 0
    placed = log.place_pending(connection, BATCH)
    if placed:
        size = log.size(connection)
        note = key.sign(size, merkle.root(size, log.node(connection)))
        log.add_checkpoint(connection, size=size, note=note, at=now)
    return placed


def _proof(connection: Connection, leaf: Leaf, note: str) -> dict[str, Any]:
    size = int(note.split("\n")[1])
    line = facts.read(connection, leaf.kind, [leaf.ref])[leaf.ref]
    path = merkle.inclusion(leaf.index, size, log.node(connection))
    return {
        "fact": line.decode("ascii"),
        "index": leaf.index,
        "path": [sibling.hex() for sibling in path],
        "checkpoint": note,
    }


def _signed(connection: Connection, key: PublicKey) -> tuple[list[Checkpoint], list[Finding]]:
    """The checkpoints that the books keep, and a finding for each that is none."""
    good: list[Checkpoint] = []
    bad: list[Finding] = []
    for note in log.all_checkpoints(connection):
        try:
            good.append(checkpoints.verify(note, key))
        except BadInput as error:
            bad.append(Finding("checkpoint_signature", error.sentence, (note.split("\n")[1],)))
    return good, bad


def _books(connection: Connection) -> Iterator[Finding]:
    """What the books say now of each fact, against what the log has of it."""
    for leaf, line in lines(connection):
        if line is None:
            yield Finding(
                "fact_removed", f"The {leaf.kind} {leaf.ref} is in the log and not in the books.", (leaf.ref,)
            )
        elif merkle.leaf_hash(line) != leaf.leaf_hash:
            yield Finding("fact_changed", f"The {leaf.kind} {leaf.ref} was changed after it was logged.", (leaf.ref,))


def _tree(connection: Connection, signed: Sequence[Checkpoint]) -> Iterator[Finding]:
    """The tree of the leaves as they stand, at the size of each checkpoint."""
    waiting: dict[int, set[bytes]] = {}
    for each in signed:
        waiting.setdefault(each.size, set()).add(each.root)
    frontier = Frontier()
    for leaf in (leaf for block in log.leaves(connection) for leaf in block):
        frontier.append(leaf.leaf_hash)
        if waiting.pop(frontier.size, {frontier.root}) != {frontier.root}:
            message = f"The log is not the one of which a checkpoint of {frontier.size} facts was signed."
            yield Finding("log_changed", message, (str(frontier.size),))
    for size in sorted(waiting):
        message = f"A checkpoint was signed of {size} facts, and the log has {frontier.size}: some were removed."
        yield Finding("log_shortened", message, (str(size),))
    if merkle.root(frontier.size, log.node(connection)) != frontier.root:
        yield Finding("log_tiles", "The tiles of the log do not agree with its leaves.", ())


def _unlogged(connection: Connection) -> Iterator[Finding]:
    for kind in FactKind:
        for block in facts.refs(connection, kind):
            for ref in sorted({*block} - log.known(connection, kind, block)):
                yield Finding("fact_unlogged", f"The {kind} {ref} is in the books and never entered the log.", (ref,))
