"""The audit: clean books give no finding, and each planted fault is found by its own check."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import audit, ledger
from app.core.audit import CHECKS, OVERDUE, Books, Entry, Finding, Shown, Spent, TakenTwice
from app.core.errors import HournoteError
from app.core.ledger import Holding, Ledger, Movement, Standing
from app.core.lifecycle import Kind, State
from app.core.serial import Serial
from app.core.span import Span
from tests.core.test_ledger import FIRST, LAST, MIDDLE, MIND, SPAN, YMCA, moved
from tests.core.test_lifecycle import LAW, lawful

START = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)
OTHER = Span("LAN26", 1, 20)


def day(number: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=number)


def entry(at: float, movement: Movement) -> Entry:
    """A movement in the books, on that day; its id is a hundred times the day."""
    return Entry(round(at * 100), movement, day(at))


def spent(number: int, at: float, *, life: int = 0, reversed: bool = False, series: str = "CWL26") -> Spent:
    """A redemption on that day, with the movements before it as its title."""
    return Spent(Serial(series, number), life, f"visit on day {at:g}", round(at * 100), reversed)


ENTRIES = [
    entry(0, moved("order")),
    entry(1, moved("print", Span("CWL26", 1, 99))),
    entry(1.1, moved("spoil", Span("CWL26", 100, 100))),
    entry(2, moved("receive", Span("CWL26", 1, 99))),
    entry(3, moved("dispatch", FIRST, to=YMCA)),
    entry(4, moved("issue", FIRST, to=YMCA)),
    entry(4.1, moved("issue", MIDDLE, to=MIND)),
    entry(5, moved("order", OTHER)),
    entry(6, moved("hold", Span("CWL26", 41, 45))),
    entry(10, moved("void", Span("CWL26", 1, 10), reason="stolen")),
]
SPENT = [
    spent(1, 5),  # before its bundle was stolen
    spent(11, 5, reversed=True),
    spent(11, 6, life=1, reversed=True),
    spent(11, 7, life=2),
    spent(12, 8),
    spent(41, 5.5, reversed=True),
]
CLEAN = Books(
    now=day(12),
    entries=ENTRIES,
    holdings=ledger.replay(entry.movement for entry in ENTRIES),
    spent=SPENT,
    retired=[Serial("CWL26", 11), Serial("CWL26", 12)],
    ordered_to={"CWL26": 100, "LAN26": 20, "SPC01": 0},
)


def changed_holdings(change: dict[Span, Standing | None]) -> list[Holding]:
    """The holdings of the clean books, with some stretches otherwise or gone."""
    kept = [Holding(rest, h.standing) for h in CLEAN.holdings for rest in h.span.minus_all(change)]
    return ledger.merge([*kept, *(Holding(span, stands) for span, stands in change.items() if stands)])


def test_clean_books_give_no_finding() -> None:
    assert audit.audit(CLEAN) == []


def test_books_with_nothing_in_them_give_no_finding() -> None:
    assert audit.audit(Books(now=START, entries=[], holdings=[])) == []


def after(*entries: Entry) -> Books:
    """The clean books with more movements, and the holdings that they come to."""
    told = [*ENTRIES, *entries]
    return replace(CLEAN, entries=told, holdings=ledger.replay(each.movement for each in told))


PIER, POOL = Shown("Pier", "Gate", day(8)), Shown("Pool", "Front desk", day(7.5))

FAULTS: dict[str, tuple[Books, list[tuple[str, tuple[str, ...]]]]] = {
    "notes that were allocated and are nowhere": (
        replace(CLEAN, ordered_to=CLEAN.ordered_to | {"CWL26": 120}),
        [("partition", ("CWL26 101-120",))],
    ),
    "notes of which the series knows nothing": (
        replace(CLEAN, ordered_to=CLEAN.ordered_to | {"CWL26": 97}),
        [("partition", ("CWL26 98-99",)), ("partition", ("CWL26 100",))],
    ),
    "a series that was never allocated": (
        replace(CLEAN, ordered_to={"CWL26": 100}),
        [("partition", ("LAN26 1-20",))],
    ),
    "an unlawful movement": (
        replace(CLEAN, entries=[*ENTRIES, entry(11, moved("receive", OTHER))]),
        [("lawful", ("1100",))],
    ),
    "a movement of notes that were never ordered": (
        replace(CLEAN, entries=[*ENTRIES, entry(11, moved("void", Span("CWL26", 90, 110)))]),
        [("lawful", ("1100",))],
    ),
    "a movement without the reason it needs": (
        replace(CLEAN, entries=[*ENTRIES, entry(11, Movement(Kind.HOLD, LAST))]),
        [("lawful", ("1100",))],
    ),
    "a redemption before its note was issued": (
        replace(CLEAN, spent=[*SPENT, spent(13, 3.5)]),
        [("spent_when_issued", (str(Serial("CWL26", 13)), "visit on day 3.5"))],
    ),
    "a redemption of a note in stock": (
        replace(CLEAN, spent=[*SPENT, spent(70, 5)]),
        [("spent_when_issued", (str(Serial("CWL26", 70)), "visit on day 5"))],
    ),
    "a redemption of a held note": (
        replace(CLEAN, spent=[*SPENT, spent(42, 7)]),
        [("spent_when_issued", (str(Serial("CWL26", 42)), "visit on day 7"))],
    ),
    "a redemption of a stolen note": (
        replace(CLEAN, spent=[*SPENT, spent(2, 10.5)]),
        [("spent_when_issued", (str(Serial("CWL26", 2)), "visit on day 10.5"))],
    ),
    "a redemption of a note that never was": (
        replace(CLEAN, spent=[*SPENT, spent(21, 7, series="LAN26")]),
        [("spent_when_issued", (str(Serial("LAN26", 21)), "visit on day 7"))],
    ),
    "a reversed redemption counts as well": (
        replace(CLEAN, spent=[*SPENT, spent(13, 3.5, reversed=True)]),
        [("spent_when_issued", (str(Serial("CWL26", 13)), "visit on day 3.5"))],
    ),
    "a holding that says another organisation": (
        replace(CLEAN, holdings=changed_holdings({Span("CWL26", 11, 40): Standing(State.ISSUED, MIND)})),
        [("replay", ("CWL26 11-40",))] * 2,
    ),
    "a holding that says another state": (
        replace(CLEAN, holdings=changed_holdings({OTHER: Standing(State.PRINTED)})),
        [("replay", ("LAN26 1-20",))] * 2,
    ),
    "a holding that is gone": (
        replace(CLEAN, holdings=changed_holdings({OTHER: None})),
        [("partition", ("LAN26 1-20",)), ("replay", ("LAN26 1-20",))],
    ),
    "a holding that lies over another": (
        replace(CLEAN, holdings=[*CLEAN.holdings, Holding(Span("CWL26", 95, 99), Standing(State.VOID))]),
        [("partition", ("CWL26 95-99",)), ("replay", ("CWL26 95-99",))],
    ),
    "a movement that was struck out": (
        replace(CLEAN, entries=ENTRIES[:-1]),
        [("replay", ("CWL26 1-10",)), ("replay", ("CWL26 1-40",)), ("replay", ("CWL26 11-40",))],
    ),
    "a spent note that was returned": (
        after(entry(11, moved("return", Span("CWL26", 11, 20)))),
        [("returned_unspent", ("CWL26 11-20",))],
    ),
    "a note spent twice": (
        replace(CLEAN, spent=[*SPENT, spent(12, 9, life=1)]),
        [("spent_once", (str(Serial("CWL26", 12)),))],
    ),
    "a note spent twice in one round": (
        replace(CLEAN, spent=[*SPENT, spent(12, 9)]),
        [("spent_once", (str(Serial("CWL26", 12)),))],
    ),
    "a round that is missing": (
        replace(CLEAN, spent=[*SPENT[:2], *SPENT[3:]]),
        [("spent_once", (str(Serial("CWL26", 11)),))],
    ),
    "hours that no note paid": (
        replace(CLEAN, paid_hours={"visit": 2}),
        [("hours_paid", ("visit",))],
    ),
    "a retired note that was never spent": (
        replace(CLEAN, retired=[*CLEAN.retired, Serial("CWL26", 13)]),
        [("retired_when_spent", (str(Serial("CWL26", 13)),))],
    ),
    "a retired note that was given back": (
        replace(CLEAN, retired=[*CLEAN.retired, Serial("CWL26", 41)]),
        [("retired_when_spent", (str(Serial("CWL26", 41)),))],
    ),
    "notes that two venues took while apart": (
        replace(CLEAN, conflicts=[TakenTwice("a visit", PIER, [(Serial("CWL26", 11), POOL), (Serial("CWL26", 12), POOL)])]),
        [("offline_conflict", ("a visit", str(Serial("CWL26", 11)), str(Serial("CWL26", 12))))],
    ),
    "an order that is too long at the press": (
        replace(CLEAN, now=day(66)),
        [("overdue", ("LAN26 1-20",))],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("books", "found"), FAULTS.values(), ids=FAULTS)
def test_each_fault_is_found_and_nothing_else(books: Books, found: list[tuple[str, tuple[str, ...]]]) -> None:
    findings = audit.audit(books)
    assert [(finding.check, finding.concerns) for finding in findings] == found
    for finding in findings:
        assert finding.message.endswith(".")
        assert finding.message[0].isupper()


def test_every_check_has_a_fault_that_it_finds() -> None:
    found = {check for _, findings in FAULTS.values() for check, _ in findings}
    assert found == {
        "partition",
        "lawful",
        "spent_when_issued",
        "replay",
        "returned_unspent",
        "spent_once",
        "hours_paid",
        "retired_when_spent",
        "offline_conflict",
        "overdue",
    }
    assert [check.__name__ for check in CHECKS] == [
        "partition",
        "history",
        "returned_unspent",
        "spent_once",
        "hours_paid",
        "retired_when_spent",
        "offline_conflict",
        "overdue",
    ]


def test_a_conflict_names_both_venues_and_desks_each_note_and_both_times() -> None:
    found = TakenTwice("a visit", PIER, [(Serial("CWL26", 11), POOL)])
    (finding,) = audit.offline_conflict(replace(CLEAN, conflicts=[found]))
    assert finding.message == (
        "A visit at Pier (Gate) on 2026-04-09 09:00 UTC was accepted offline with CWL26 0000011 "
        f"{Serial('CWL26', 11).printed[-1]}, spent at Pool (Front desk) on 2026-04-08 21:00 UTC: "
        "decide, and `hournote resolve a visit`."
    )


def test_findings_come_in_the_order_of_the_checks() -> None:
    books = replace(CLEAN, now=day(66), retired=[Serial("CWL26", 13)], ordered_to=CLEAN.ordered_to | {"CWL26": 101})
    assert [finding.check for finding in audit.audit(books)] == ["partition", "retired_when_spent", "overdue"]


def test_the_books_are_told_by_their_ids_in_whatever_order_they_are_given() -> None:
    assert audit.audit(replace(CLEAN, entries=ENTRIES[::-1], spent=SPENT[::-1])) == []


def test_a_clock_that_was_set_back_is_no_finding() -> None:
    """Ids tell the order; the clocks of several servers do not."""
    assert audit.audit(replace(CLEAN, entries=[replace(entry, at=day(11 - entry.id / 100)) for entry in ENTRIES])) == []


def test_an_overlap_is_found_behind_a_holding_that_swallows_another() -> None:
    over = [
        Holding(Span("CWL26", first, last), Standing(State.ORDERED)) for first, last in [(1, 100), (5, 10), (50, 60)]
    ]
    findings = list(audit.partition(Books(now=START, entries=[], holdings=over, ordered_to={"CWL26": 100})))
    assert [finding.concerns for finding in findings] == [("CWL26 5-10",), ("CWL26 50-60",)]


# --- overdue


def standing_since(at: float, state: str, span: Span = SPAN) -> list[Entry]:
    """The movements that brought a span to that state, the last one on that day."""
    path = {"ordered": "order", "printed": "order print", "dispatched": "order print receive dispatch"}[state].split()
    return [entry(at - len(path) + 1 + place, moved(kind, span)) for place, kind in enumerate(path)]


def overdue(entries: list[Entry], now: float) -> list[Finding]:
    """What is overdue on that day, in whatever order the movements are given."""
    holdings = ledger.replay(entry.movement for entry in entries)
    return list(audit.overdue(Books(now=day(now), entries=entries[::-1], holdings=holdings)))


@pytest.mark.parametrize(("state", "days"), [("ordered", 60), ("printed", 30), ("dispatched", 14)])
def test_notes_are_overdue_the_day_after_their_limit(state: str, days: int) -> None:
    assert OVERDUE[State(state)] == timedelta(days=days)
    entries = standing_since(5, state)
    assert overdue(entries, 5 + days) == []
    (finding,) = overdue(entries, 5 + days + 1)
    assert finding == Finding("overdue", f"The notes {SPAN} have been {state} for {days + 1} days.", (str(SPAN),))


def test_a_new_neighbour_does_not_hide_what_is_overdue() -> None:
    """Two orders that stand alike are one holding, and only one of them is late."""
    entries = [*standing_since(0, "ordered", FIRST), *standing_since(50, "ordered", MIDDLE)]
    assert [finding.concerns for finding in overdue(entries, 70)] == [(str(FIRST),)]
    assert [finding.concerns for finding in overdue(entries, 120)] == [(str(FIRST),), (str(MIDDLE),)]


def test_a_movement_of_some_notes_starts_no_new_time_for_the_others() -> None:
    entries = [*standing_since(0, "printed"), entry(20, moved("hold", MIDDLE)), entry(25, moved("release", MIDDLE))]
    assert [finding.concerns for finding in overdue(entries, 40)] == [(str(FIRST),), (str(LAST),)]
    assert [finding.concerns for finding in overdue(entries, 60)] == [(str(FIRST),), (str(MIDDLE),), (str(LAST),)]


@pytest.mark.parametrize("way_on", [["issue"], ["return"], ["hold"], ["void"]])
def test_what_arrived_is_never_overdue(way_on: list[str]) -> None:
    entries = standing_since(5, "dispatched") + [entry(6, moved(kind)) for kind in way_on]
    assert overdue(entries, 500) == []


# --- any lawful history


@given(st.data(), st.integers(1, 25))
def test_lawful_books_are_clean(data: st.DataObject, steps: int) -> None:
    """Whatever was moved and spent lawfully, the audit has nothing to say against it."""
    books, entries, spendings, ordered_to = Ledger(), list[Entry](), dict[Serial, Spent](), dict[str, int]()
    for step in range(steps):
        movement = data.draw(next_movement(books, ordered_to))
        if movement.kind is Kind.RETURN and any(serial in movement.span for serial in spendings):
            continue  # refused: some of it is spent
        try:
            books.move(movement)
        except HournoteError:
            continue  # on its way to another organisation
        entries.append(entry(step, movement))
        if movement.kind is Kind.ORDER:
            ordered_to[movement.span.series] = movement.span.last
        issued = [holding.span for holding in books.holdings() if holding.state is State.ISSUED]
        if issued:
            span = data.draw(st.sampled_from(issued))
            serial = Serial(span.series, data.draw(st.integers(span.first, span.last)))
            spendings.setdefault(serial, spent(serial.number, step + 0.5, series=serial.series))
    found = Books(day(steps), entries, books.holdings(), list(spendings.values()), list(spendings), ordered_to)
    assert [finding for finding in audit.audit(found) if finding.check != "overdue"] == []


@st.composite
def next_movement(draw: st.DrawFn, books: Ledger, ordered_to: dict[str, int]) -> Movement:
    """An order of the next notes of a series, or a lawful step of a part of a holding."""
    holdings = books.holdings()
    if not holdings or draw(st.integers(0, 4)) == 0:
        series = draw(st.sampled_from(["CWL26", "LAN26"]))
        first = ordered_to.get(series, 0) + 1
        return moved("order", Span(series, first, first + draw(st.integers(0, 20))))
    holding = draw(st.sampled_from(holdings))
    first, last = sorted(draw(st.integers(holding.span.first, holding.span.last)) for _ in range(2))
    kind = draw(st.sampled_from([kind for kind in LAW if lawful(kind, str(holding.state))]))
    return moved(kind, Span(holding.span.series, first, last), to=draw(st.sampled_from([YMCA, MIND])))
