"""The number line of a series as it is drawn: what each piece holds, a note's own life winning over its stretch, and what moved."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from app.core import line
from app.core import serial as serials
from app.core.errors import NotAllowed, NotOrdered
from app.core.ledger import Movement
from app.core.lifecycle import NoteState, State
from app.core.line import Piece, Stretch
from app.core.serial import LAST_NUMBER
from app.core.span import Span
from app.services.enquiry import NOT_ORDERED
from app.store import custody, orders, parties, stretches
from app.store.counts import Count
from app.store.database import Store
from app.store.parties import Series

PIECES, GLANCE = 400, 120
"""The most pieces of the picture, and of the narrow strip above it that shows the whole line."""

CLOSE_UP = 200
"""The longest window in which each note is looked at by itself."""

Window = Callable[[int], Span]
"""The part of the line that is wanted, where the last number that was ordered is known (0: none)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A piece with its notes by what each is (their sum is its length), and the organisations that have some of them."""

    piece: Piece
    counts: dict[str, int]
    holders: tuple[str, ...]

    @property
    def span(self) -> Span:
        """Its notes."""
        return self.piece.span


@dataclass(frozen=True, slots=True)
class Printed:
    """An order on the line."""

    id: str
    span: Span


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A window of a series: its pieces tile it, and `counts` sum up to its length. `glance`: the whole line, coarsely."""

    series: str
    programme: str
    expires_on: date | None
    ordered: int
    window: Span
    drawn: tuple[Drawn, ...]
    counts: dict[str, int]
    orders: tuple[Printed, ...]
    glance: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A movement of a stretch: what, which notes, to whom, why, who and when."""

    movement: Movement
    organisation: str | None
    note: str | None
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Steps:
    """The newest movements of a stretch, newest first, and how many there are in all."""

    span: Span
    newest: tuple[Step, ...]
    total: int


def whole(code: str, ordered: int) -> Span:
    """All that was ordered of a series; the whole line where nothing was. Raises BadSpan."""
    return Span(code, 1, ordered or LAST_NUMBER)


def line_of(store: Store, *, code: str, window: Window, programme_id: int | None = None) -> NumberLine:
    """A window of a series, drawn; with `programme_id`, of that programme alone. Raises BadSerial, NotOrdered, NotAllowed."""
    wanted = serials.parse_series(code)

    def work(connection: Connection) -> NumberLine:
        series = _series(connection, wanted, programme_id)
        ordered = custody.allocated_to(connection, series.id)
        span = window(ordered)
        reach = Span(series.code, 1, max(whole(series.code, ordered).last, span.last))
        everything = stretches.of_window(connection, series.id, reach)
        held = _close_up(connection, series.id, line.inside(everything, span), span)
        drawn = _drawn(connection, series.id, held, line.pieces(held, span, PIECES))
        counted: Counter[str] = Counter()
        for each in drawn:
            counted.update(each.counts)
        over = orders.over(connection, series.id, span)
        return NumberLine(
            series.code, _programme(connection, series), series.expires_on, ordered, span, drawn, dict(counted),
            tuple(Printed(each.id, each.span) for each in over),
            () if span == reach else tuple(line.pieces(everything, reach, GLANCE)),
        )  # fmt: skip

    return store.read(work)


def steps_of(store: Store, *, span: Span, most: int, programme_id: int | None = None) -> Steps:
    """What moved any note of a stretch; with `programme_id`, of that programme alone. Raises NotOrdered, NotAllowed."""

    def work(connection: Connection) -> Steps:
        series = _series(connection, span.series, programme_id)
        newest, total = custody.newest_movements_over(connection, series.id, span, most)
        names = parties.organisation_names(connection)
        told = (
            Step(each.movement, names.get(each.movement.organisation or 0), each.note, each.actor, each.at)
            for each in newest
        )
        return Steps(span, tuple(told), total)

    return store.read(work)


def _close_up(connection: Connection, series_id: int, held: Iterable[Stretch], span: Span) -> list[Stretch]:
    """The stretches of a window; close up, the notes that were spent are parted from those that were not."""
    if len(span) > CLOSE_UP:
        return list(held)
    return list(line.close_up(held, stretches.own_lives(connection, series_id, span)))


def _series(connection: Connection, code: str, programme_id: int | None) -> Series:
    """The series; one of another programme is refused by its name alone, so that the refusal does not tell whether it is there."""
    owner = parties.programme_by_code(connection, serials.programme_of(code))
    if programme_id is not None and (owner is None or owner.id != programme_id):
        raise NotAllowed(f"The series {code} is of another programme: ask its office.")
    found = parties.series_by_code(connection, code)
    if found is None:
        raise NotOrdered(f"No note of the series {code} was ever ordered.")
    return found


def _programme(connection: Connection, series: Series) -> str:
    return next(each.name for each in parties.programmes(connection) if each.id == series.programme_id)


def _drawn(
    connection: Connection, series_id: int, held: Sequence[Stretch], found: Sequence[Piece]
) -> tuple[Drawn, ...]:
    names = parties.organisation_names(connection)
    spent = stretches.spent(connection, series_id, [(piece.span.first, piece.span.last) for piece in found])
    mixed = [piece for piece, count in zip(found, spent, strict=True) if count.redeemed and len(piece.states) > 1]
    elsewhere = _elsewhere(connection, series_id, held, mixed)
    return tuple(
        Drawn(piece, _counts(piece, count, elsewhere.get(piece.span, Counter())), _holders(piece, names))
        for piece, count in zip(found, spent, strict=True)
    )


def _elsewhere(
    connection: Connection, series_id: int, held: Sequence[Stretch], mixed: Sequence[Piece]
) -> dict[Span, Counter[State | None]]:
    """The spent notes of mixed pieces that lie in stretches that are not issued, by state: they are few."""
    parts = [
        (piece.span, part)
        for piece in mixed
        for part in line.inside(held, piece.span)
        if part.look.state is not State.ISSUED
    ]
    counted = (
        stretches.spent(connection, series_id, [(part.first, part.last) for _span, part in parts]) if parts else []
    )
    found: dict[Span, Counter[State | None]] = {}
    for (span, part), count in zip(parts, counted, strict=True):
        found.setdefault(span, Counter())[part.look.state] += count.redeemed
    return found


def _counts(piece: Piece, spent: Count, elsewhere: Counter[State | None]) -> dict[str, int]:
    """Notes by what each is: retired, else redeemed, else the state of its stretch."""
    of_state: Counter[State | None] = Counter(elsewhere)
    states = piece.states
    alone = next(iter(states)) if len(states) == 1 else State.ISSUED
    of_state[alone] += spent.redeemed - of_state.total()
    counted = {str(state or NOT_ORDERED): notes - of_state[state] for state, notes in states.items()}
    counted |= {NoteState.REDEEMED: spent.redeemed - spent.retired, NoteState.RETIRED: spent.retired}
    return {str(word): notes for word, notes in counted.items() if notes}


def _holders(piece: Piece, names: dict[int, str]) -> tuple[str, ...]:
    """The organisations that have some of it, or had it when it was stopped; most notes first."""
    held: Counter[int] = Counter()
    for look, notes in piece.notes.items():
        if look.holder is not None:
            held[look.holder] += notes
    return tuple(names[holder] for holder, _notes in held.most_common())
