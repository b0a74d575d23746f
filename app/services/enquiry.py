"""Enquiries: a note's whole life, who holds what of a span, and the overview of every series."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from app.core import ledger, reference
from app.core import serial as serials
from app.core.errors import NotAllowed, NotOrdered
from app.core.ledger import Holding, Standing
from app.core.lifecycle import NoteState, State
from app.core.serial import Serial
from app.core.span import Span
from app.services import naming
from app.store import access, counts, custody, parties, scans, spending
from app.store.custody import Recorded
from app.store.database import Store
from app.store.orders import Order, all_orders
from app.store.spending import Spending

NOT_ORDERED = "not_ordered"
PLACES = {State.ORDERED: "the press", State.PRINTED: "the print shop"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a span that stands alike, and who has it in words."""

    span: Span
    state: str
    holder: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class Range:
    """A span as it stands: how many notes are in each state (they sum to its length), and stretch by stretch."""

    span: Span
    counts: dict[str, int]
    holdings: tuple[Stretch, ...]
    gaps: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Life:
    """Everything the books say of one note; the lists oldest first."""

    serial: Serial
    state: str
    holder: str | None
    reason: str | None
    movements: tuple[dict[str, Any], ...]
    redemptions: tuple[dict[str, Any], ...]
    scans: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class SeriesSummary:
    """A series at a glance."""

    code: str
    expires_on: date | None
    ordered: int
    counts: dict[str, int]


def life_of(store: Store, *, serial: str, programme_id: int | None = None) -> Life:
    """The whole life of one note; with `programme_id`, of that programme alone. Raises BadSerial, NotOrdered, NotAllowed."""
    note = serials.parse(serial)
    alone = Span(note.series, note.number, note.number)

    def work(connection: Connection) -> Life:
        _check_programme(connection, note.series, programme_id)
        meant = naming.resolve(connection, alone)
        found = custody.standing_of(connection, meant.series.id, note)
        if found is None:
            raise NotOrdered(f"The note {note.printed} was never ordered.")
        standing, _since = found
        lives = spending.spendings_of(connection, meant.series.id, alone)
        retired = spending.retired_numbers(connection, meant.series.id, alone)
        return Life(
            note, _note_state(standing, lives, bool(retired)), _Words(connection).holder(alone, standing), standing.reason,
            _movements(connection, meant.series.id, alone), _redemptions(connection, lives),
            _scans(connection, meant.series.id, note),
        )  # fmt: skip

    return store.read(work)


def range_of(store: Store, *, named: str, programme_id: int | None = None) -> Range:
    """Who holds what of the notes that `named` names, with counts by state and gaps.

    With `programme_id`, of that programme alone. Raises BadSpan, NotOrdered, NotAllowed.
    """
    wanted = reference.parse(named)

    def work(connection: Connection) -> Range:
        _check_programme(connection, reference.series_of(wanted), programme_id)
        span = naming.whole_of(connection, wanted)
        series = naming.series_of(connection, wanted)
        held = ledger.within(custody.holdings_touching(connection, series.id, span), span)
        if not held:
            raise NotOrdered(f"The notes {span} were never ordered.")
        gaps, words = tuple(ledger.gaps(held, span)), _Words(connection)
        stretches = tuple(_stretch(words, piece) for piece in held)
        counted = _counts(connection, series.id, span, ledger.counts(held), sum(map(len, gaps)))
        return Range(span, counted, stretches, gaps)

    return store.read(work)


def overview(store: Store, *, programme_id: int | None = None) -> list[SeriesSummary]:
    """Every series (of one programme, where it is named) with its counts by state."""

    def work(connection: Connection) -> list[SeriesSummary]:
        ordered = custody.all_allocations(connection)
        known = [each for each in parties.all_series(connection) if programme_id in (None, each.programme_id)]
        return [_summary(connection, series, ordered.get(series.code, 0)) for series in known]

    return store.read(work)


def orders(store: Store) -> list[Order]:
    """Every order, the newest first."""
    return store.read(all_orders)


def _check_programme(connection: Connection, series: str, programme_id: int | None) -> None:
    """Refuse a series of another programme by its name alone, so that the refusal does not tell whether it has notes."""
    if programme_id is None:
        return
    codes = {each.id: each.code for each in parties.programmes(connection)}
    if codes.get(programme_id) != serials.programme_of(series):
        raise NotAllowed(f"The series {series} is of another programme: ask its office.")


def _note_state(standing: Standing, lives: list[Spending], retired: bool) -> str:
    """Retired, else redeemed, else the state of the span."""
    if retired:
        return NoteState.RETIRED
    return NoteState.REDEEMED if lives and lives[-1].reversed_at is None else standing.state


class _Words:
    """Who has notes, in words; organisations and programmes are read once, whatever the number of stretches."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def holder(self, span: Span, standing: Standing) -> str | None:
        """Who has the notes."""
        if standing.holder is not None:
            return self._organisations.get(standing.holder)
        if standing.state is State.STOCKED:
            owner = self._programmes.get(serials.programme_of(span.series))
            return f"{owner} programme office" if owner else None
        if standing.state is State.HELD and standing.was is not None:
            return self.holder(span, standing.was)
        return PLACES.get(standing.state)

    @cached_property
    def _organisations(self) -> dict[int, str]:
        return parties.organisation_names(self._connection)

    @cached_property
    def _programmes(self) -> dict[str, str]:
        return {each.code: each.name for each in parties.programmes(self._connection)}


def _stretch(words: _Words, piece: Holding) -> Stretch:
    return Stretch(piece.span, piece.state, words.holder(piece.span, piece.standing), piece.standing.reason)


def _counts(
    connection: Connection, series_id: int, span: Span, by_state: Mapping[State, int], not_ordered: int = 0
) -> dict[str, int]:
    """Notes by what each of them is: retired, else redeemed, else the state of its stretch.

    Nearly all that are spent lie where notes are issued: they are the whole without the few elsewhere.
    """
    whole = counts.of_span(connection, series_id, span)
    spent: Counter[State] = Counter()
    if any(state is not State.ISSUED for state in by_state):
        spent = counts.redeemed_by_state(connection, series_id, span, but=State.ISSUED)
    spent[State.ISSUED] = whole.redeemed - spent.total()
    by_word: dict[str, int] = {state: notes - spent[state] for state, notes in by_state.items()}
    by_word |= {NoteState.REDEEMED: whole.redeemed - whole.retired, NoteState.RETIRED: whole.retired}
    by_word[NOT_ORDERED] = not_ordered
    return {str(state): notes for state, notes in by_word.items() if notes}


def _summary(connection: Connection, series: parties.Series, ordered: int) -> SeriesSummary:
    if not ordered:
        return SeriesSummary(series.code, series.expires_on, 0, {})
    whole = Span(series.code, 1, ordered)
    counted = _counts(connection, series.id, whole, counts.by_state(connection, series.id, whole))
    return SeriesSummary(series.code, series.expires_on, ordered, counted)


def _movements(connection: Connection, series_id: int, alone: Span) -> tuple[dict[str, Any], ...]:
    names = parties.organisation_names(connection)
    return tuple(_told(entry, names) for entry in custody.movements_over(connection, series_id, alone))


def _told(entry: Recorded, names: dict[int, str]) -> dict[str, Any]:
    moved = entry.movement
    return {
        "movement": entry.id,
        "kind": str(moved.kind),
        "first": str(moved.span.first_serial),
        "last": str(moved.span.last_serial),
        "organisation": names.get(moved.organisation) if moved.organisation is not None else None,
        "reason": moved.reason,
        "note": entry.note,
        "actor": entry.actor,
        "at": entry.at.isoformat(),
    }


def _redemptions(connection: Connection, lives: list[Spending]) -> tuple[dict[str, Any], ...]:
    names = {venue.id: venue.name for venue in parties.venues(connection)}
    return tuple(
        {
            "redemption": str(life.redemption_id),
            "venue": names.get(life.venue_id),
            "at": life.at.isoformat(),
            "reversed_at": life.reversed_at.isoformat() if life.reversed_at else None,
        }
        for life in lives
    )


def _scans(connection: Connection, series_id: int, note: Serial) -> tuple[dict[str, Any], ...]:
    places = {desk.id: (desk.name, venue) for desk, venue in access.desks(connection)}
    return tuple(
        {
            "at": row.at.isoformat(),
            "verdict": row.verdict,
            "desk": places[row.desk_id][0],
            "venue": places[row.desk_id][1],
            "keyed": row.keyed,
            "practice": row.practice,
            "redemption": str(row.redemption_id) if row.redemption_id else None,
        }
        for row in scans.of_note(connection, series_id, note.number)
    )
