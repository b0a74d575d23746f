"""The audit of the log: the books against the log, the log against its checkpoints, and both against one kept outside."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from app.core import checkpoint as checkpoints
from app.core import merkle
from app.core.audit import Finding
from app.core.checkpoint import Checkpoint, PublicKey
from app.core.errors import BadInput
from app.core.fact import FactKind
from app.core.merkle import Frontier
from app.services import closing
from app.services.log import as_booked, check_key
from app.store import facts, log, tallies, waits
from app.store.database import Store
from app.store.facts import Fact
from app.store.log import TILE, Leaf
from app.store.tallies import Of, Tally

LATE = timedelta(minutes=1)
"""How long a fact waits for its place at most, where a service is running."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification came to: facts in the log, facts that wait for it, and what does not agree."""

    facts: int
    waiting: int
    checkpoint: str | None
    findings: list[Finding]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What is looked at: a checkpoint kept outside, and how many rows the facts that were found come to."""

    connection: Connection
    key: PublicKey
    now: datetime
    outside: Sequence[Checkpoint]
    rows: Counter[str] = field(default_factory=Counter)


def verify(store: Store, *, key: PublicKey, now: datetime, kept: str | None = None) -> Verified:
    """Compare every fact in the books with the log, and the log with its checkpoints and with one that was `kept` outside.

    Raises BadInput when `kept` is no checkpoint of this log, Refused with another key than the log's.
    """
    outside = [checkpoints.verify(kept, key)] if kept is not None else []

    def work(connection: Connection) -> Verified:
        check_key(connection, key)
        looked = _Looked(connection, key, now, outside)
        findings = [finding for check in CHECKS for finding in _tried(check, looked)]
        newest = log.newest_checkpoint(connection)
        return Verified(log.size(connection), log.count_pending(connection), newest, findings)

    return store.read(work)


def _tried(check: Callable[[_Looked], Iterator[Finding]], looked: _Looked) -> Iterator[Finding]:
    """The findings of a check; books in which nobody could look are one too."""
    try:
        yield from check(looked)
    except DatabaseError:
        raise
    except Exception as error:  # whatever somebody may have written into a row
        yield Finding("unreadable", f"The rows make no sense, so that not all could be looked at: {error!r}", ())


def _placed(looked: _Looked) -> Iterator[Finding]:
    """What the books say now of each fact, against what the log has of it."""
    for block in log.leaves(looked.connection):
        for leaf, fact in as_booked(looked.connection, block):
            yield from _same(looked, leaf, fact)


def _waiting(looked: _Looked) -> Iterator[Finding]:
    """The same of the facts that wait for their place, and that none of them waits for long."""
    for block in log.pending(looked.connection):
        for leaf, fact in as_booked(looked.connection, block):
            yield from _same(looked, leaf, fact)
            if fact is not None and fact.line and _age(fact, looked.now) > LATE:
                message = f"The {leaf.kind} {leaf.ref} has waited for its place for more than a minute."
                yield Finding("log_late", message, (leaf.ref,))


def _same(looked: _Looked, leaf: Leaf, fact: Fact | None) -> Iterator[Finding]:
    if fact is None:
        yield Finding("fact_removed", f"The {leaf.kind} {leaf.ref} is in the log and not in the books.", (leaf.ref,))
        return
    looked.rows.update({leaf.kind: 1, f"{leaf.kind} notes": fact.notes})
    if merkle.leaf_hash(fact.line) != leaf.leaf_hash:
        yield Finding("fact_changed", f"The {leaf.kind} {leaf.ref} was changed after it was logged.", (leaf.ref,))


def _age(fact: Fact, now: datetime) -> timedelta:
    return now - datetime.fromisoformat(json.loads(fact.line)["at"])


def _unlogged(looked: _Looked) -> Iterator[Finding]:
    """Facts in the books that have no leaf."""
    for kind in FactKind:
        for block in facts.refs(looked.connection, kind):
            for ref in sorted({*block} - log.known(looked.connection, kind, block)):
                yield Finding("fact_unlogged", f"The {kind} {ref} is in the books and never entered the log.", (ref,))


def _rows(looked: _Looked) -> Iterator[Finding]:
    """No table has rows beside those that the facts of the log are spelt from; after the facts were counted."""
    for name, count in facts.counts(looked.connection).items():
        if count != looked.rows[name]:
            message = f"The books have {count:,} rows of {name}, and the log knows {looked.rows[name]:,}."
            yield Finding("rows", message, (name,))


def _signatures(looked: _Looked) -> Iterator[Finding]:
    """Checkpoints in the books that are not ours."""
    for note in log.all_checkpoints(looked.connection):
        try:
            checkpoints.verify(note, looked.key)
        except BadInput as error:
            yield Finding("checkpoint_signature", error.sentence, tuple(note.split("\n")[1:2]))


def _tree(looked: _Looked) -> Iterator[Finding]:
    """The tree of the leaves as they stand, at the size of each checkpoint, and its tiles."""
    signed = list(_good(looked))
    roots, outside = _roots(signed), _roots(looked.outside)
    frontier, tiles = Frontier(), _Tiles(looked.connection)
    for leaf in (leaf for block in log.leaves(looked.connection) for leaf in block):
        if leaf.index != frontier.size:
            yield _changed(frontier.size, f"The log has no leaf in place {frontier.size}: after it comes {leaf.index}.")
            return
        frontier.append(leaf.leaf_hash)
        yield from tiles.append(0, leaf.leaf_hash)
        if roots.get(frontier.size, {frontier.root}) != {frontier.root}:
            yield _changed(frontier.size, _ANOTHER.format(frontier.size))
        elif outside.get(frontier.size, {frontier.root}) != {frontier.root}:
            changed = _changed(frontier.size, _ANOTHER.format(frontier.size))
            yield _admitted(looked, frontier.size) or changed
    yield from tiles.count()
    yield from _end(looked, frontier.size, max(roots, default=0), max(outside, default=0))


def _end(looked: _Looked, size: int, newest: int, outside: int) -> Iterator[Finding]:
    """The log goes on to the newest checkpoint, those kept outside too, and no further than the newest in the books."""
    largest = max(newest, outside)
    if largest > size:
        message = f"A checkpoint was signed of {largest} facts, and the log has {size}: some were removed."
        admitted = _admitted(looked, largest) if newest <= size else None
        yield admitted or Finding("log_shortened", message, (str(largest),))
    if newest < size:
        message = f"The log has {size} facts, and its newest good checkpoint is of {newest}."
        yield Finding("log_unsigned", message, (str(newest),))


def _admitted(looked: _Looked, size: int) -> Finding | None:
    """What a checkpoint of the stretch says that a restore lost: the closure in the log that admits it."""
    for lapse in closing.lapses(looked.connection, looked.key):
        if not lapse.admits(size):
            continue
        made = lapse.closure
        message = (
            f"A checkpoint was signed of {size} facts, and the books had {lapse.kept} of them when they were restored on "
            f"{made.at:%Y-%m-%d %H:%M} UTC: the closure {made.request_id} admits it ({made.reason})"
        )
        unknown = "." if lapse.known is not None else "; it names no checkpoint of what was lost."
        return Finding("log_shortened", message + unknown, (str(size), str(made.request_id)))
    return None


_ANOTHER = "The log is not the one of which a checkpoint of {} facts was signed."


def _changed(place: int, message: str) -> Finding:
    return Finding("log_changed", message, (str(place),))


def _roots(signed: Sequence[Checkpoint]) -> dict[int, set[bytes]]:
    """The roots that were signed, by size."""
    roots: dict[int, set[bytes]] = {}
    for each in signed:
        roots.setdefault(each.size, set()).add(each.root)
    return roots


def _good(looked: _Looked) -> Iterator[Checkpoint]:
    for note in log.all_checkpoints(looked.connection):
        try:
            yield checkpoints.verify(note, looked.key)
        except BadInput:  # a finding of its own
            continue


class _Tiles:
    """The tiles as the leaves make them, each compared with the one that is kept as soon as it is full."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._open: dict[int, list[bytes]] = {}
        self._full: Counter[int] = Counter()

    def append(self, level: int, entry: bytes) -> Iterator[Finding]:
        """Add the next hash of a level."""
        mine = self._open.setdefault(level, [])
        mine.append(entry)
        if len(mine) < TILE:
            return
        index, self._open[level] = self._full[level], []
        self._full[level] += 1
        if log.tile(self._connection, level, index) != b"".join(mine):
            yield Finding(
                "log_tiles", f"Tile {index} of level {level} does not agree with the leaves.", (f"{level}/{index}",)
            )
        whole = Frontier()
        for each in mine:
            whole.append(each)
        yield from self.append(level + 1, whole.root)

    def count(self) -> Iterator[Finding]:
        """At the end: no tile is kept beside these."""
        kept, made = log.count_tiles(self._connection), self._full.total()
        if kept != made:
            yield Finding("log_tiles", f"The log keeps {kept} tiles, and its leaves make {made}.", ())


def _tallies(looked: _Looked) -> Iterator[Finding]:
    """The tallies are what the facts that have their place come to."""
    kept, counted = tallies.all_tallies(looked.connection), dict[Of, Tally]()
    for block in log.leaves(looked.connection, block=10_000):
        for of, more in tallies.count(looked.connection, [(leaf.kind, leaf.ref) for leaf in block]).items():
            counted[of] = counted.get(of, Tally()).plus(more)
    for of in sorted(kept.keys() | counted.keys()):
        said, true = kept.get(of, Tally()), counted.get(of, Tally())
        if said != true:
            yield _differing(of, said, true)


def _waits(looked: _Looked) -> Iterator[Finding]:
    """The same of how long notes waited and what they were spent on."""
    kept, true = waits.all_waits(looked.connection), dict[waits.Of, Tally]()
    for block in log.leaves(looked.connection, block=10_000):
        for each, more in waits.count(looked.connection, [(leaf.kind, leaf.ref) for leaf in block]).items():
            true[each] = true.get(each, Tally()).plus(more)
    for of in sorted(kept.keys() | true.keys()):
        said, counted = kept.get(of, Tally()), true.get(of, Tally())
        if said != counted:
            where = f"month {of.month}, organisation {of.organisation_id}, offer {of.offer_id}, after {of.days} days"
            message = (
                f"The wait of {where} says {said.redeemed:,} notes spent and {said.given_back:,} given back, and the facts of "
                f"the log come to {counted.redeemed:,} and {counted.given_back:,}."
            )
            yield Finding("tally", message, tuple(map(str, of)))


def _differing(of: Of, said: Tally, true: Tally) -> Finding:
    where = f"month {of.month} at venue {of.venue_id}, series {of.series_id}, organisation {of.organisation_id}"
    message = (
        f"The tally of {where} says {said.redeemed:,} notes spent and {said.given_back:,} given back, and the facts of the log "
        f"come to {true.redeemed:,} and {true.given_back:,}."
    )
    return Finding("tally", message, tuple(map(str, of)))


CHECKS = (_placed, _waiting, _unlogged, _rows, _signatures, _tree, _tallies, _waits)
