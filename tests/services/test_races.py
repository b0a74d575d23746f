"""Races: many desks and offices at once, on real threads, and books that stay true."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, get_ident
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app.core.errors import Conflict, HournoteError, IllegalMovement, Refused
from app.core.lifecycle import Kind
from app.services import desks, directory, journal, redeeming, resolving, reversing
from app.services.desks import AtVenue
from app.services.journal import Entry, Redeem, Reverse
from app.store import spending
from app.store.database import open_store
from app.store.spending import NewVisit
from tests.world import BODMIN, LEISURE, YMCA, World


def at_once(deeds: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each deed gives or refuses with, all begun in the same moment."""
    waiting = list(deeds)
    start = Barrier(len(waiting))

    def begin(deed: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return deed()
        except HournoteError as error:
            return error

    with ThreadPoolExecutor(len(waiting)) as pool:
        return list(pool.map(begin, waiting))


def spender(
    world: World, desk: AtVenue, *notes: str, redemption_id: UUID | None = None
) -> Callable[[], tuple[dict[str, Any], bool]]:
    """A visit, ready to be sent."""
    made = redemption_id or uuid4()
    return lambda: redeeming.redeem_notes(world.store, redemption_id=made, desk=desk, notes=notes, now=world.now)


def verdicts(answers: Iterable[object]) -> Counter[str]:
    return Counter(answer[0]["notes"][0]["verdict"] for answer in answers if isinstance(answer, tuple))


def test_sixty_four_desks_spend_one_note_once(world: World) -> None:
    desk = world.desk()
    answers = at_once(spender(world, desk, world.token(11)) for _ in range(64))
    assert verdicts(answers) == {"accepted": 1, "already_redeemed": 63}
    assert world.counts("CWL26 11-50") == {"issued": 39, "redeemed": 1}
    assert world.findings() == []


def test_one_visit_sent_sixteen_times_gets_one_answer(world: World) -> None:
    desk, made = world.desk(), uuid4()
    answers = at_once(spender(world, desk, world.token(11), world.token(12), redemption_id=made) for _ in range(16))
    told = [answer for answer in answers if isinstance(answer, tuple)]
    assert len(told) == 16
    assert Counter(is_new for _answer, is_new in told) == {True: 1, False: 15}
    assert all(answer == told[0][0] and answer["outcome"] == "accepted" for answer, _is_new in told)
    assert world.findings() == []


def test_of_two_visits_with_one_id_at_once_one_is_another_deed(world: World) -> None:
    desk = world.desk()
    for number in range(11, 17):
        made = uuid4()
        twins = [spender(world, desk, world.token(n), redemption_id=made) for n in (number, number + 10)]
        answers = at_once(twins * 4)
        told = [answer for answer in answers if isinstance(answer, tuple)]
        assert len(told) == 4
        assert all(answer == told[0][0] and answer["outcome"] == "accepted" for answer, _is_new in told)
        assert [type(answer) for answer in answers].count(Conflict) == 4
    assert world.counts("CWL26 11-30") == {"redeemed": 6, "issued": 14}
    assert world.findings() == []


def test_visits_that_share_notes_are_each_all_or_none(world: World) -> None:
    """Each of 24 visits brings two notes in one order or the other; neighbours share one."""
    desk = world.desk()
    pairs = [(11 + n, 12 + n) if n % 2 else (12 + n, 11 + n) for n in range(24)]
    answers = at_once(spender(world, desk, *(world.token(n) for n in pair)) for pair in pairs)
    told = [answer[0] for answer in answers if isinstance(answer, tuple)]
    assert len(told) == 24
    accepted = [note["serial"] for answer in told if answer["outcome"] == "accepted" for note in answer["notes"]]
    assert len(accepted) == len(set(accepted)) >= 2
    assert world.counts("CWL26 11-50")["redeemed"] == len(accepted)
    assert world.findings() == []


@pytest.mark.parametrize("kind", [Kind.VOID, Kind.HOLD])
def test_a_void_is_a_barrier_to_spending(world: World, kind: Kind) -> None:
    """What a void counted as spent is all that ever is, and no desk is told anything but accepted or void."""
    desk = world.desk()
    spending = [spender(world, desk, world.token(n)) for n in range(11, 41)]
    voids = [lambda: world.move(kind, "CWL26 11-40", reason="stolen")]
    answers = at_once([*spending[:15], *voids, *spending[15:]])
    told = verdicts(answers)
    moved = answers[15]
    assert not isinstance(moved, HournoteError | tuple)
    assert set(told) <= {"accepted", kind.replace("hold", "held")}
    assert sum(told.values()) == 30
    assert moved.already_redeemed == told["accepted"] == world.counts("CWL26 11-40").get("redeemed", 0)
    assert world.findings() == []


def test_a_return_and_a_spending_do_not_both_happen(world: World) -> None:
    desk = world.desk()
    for number in range(11, 21):
        returning = partial(world.move, Kind.RETURN, f"CWL26 {number}")
        spent, moved = at_once([spender(world, desk, world.token(number)), returning])
        accepted = isinstance(spent, tuple) and spent[0]["outcome"] == "accepted"
        assert accepted is isinstance(moved, IllegalMovement)
    assert world.findings() == []


def test_a_note_is_not_both_retired_and_given_back(world: World) -> None:
    for number in range(11, 23):
        reversing_ = partial(world.reverse, world.redeem(number)["id"])
        back, gone = at_once([reversing_, partial(world.retire, f"CWL26 {number}")])
        reversed_ = isinstance(back, dict) and back["outcome"] == "reversed"
        assert reversed_ is isinstance(gone, Refused)
    assert world.findings() == []


def test_a_visit_is_given_back_once_however_often_it_is_asked(world: World) -> None:
    made, desk = UUID(world.redeem(11)["id"]), world.desk()
    answers = at_once(
        [
            lambda: reversing.reverse_redemption(
                world.store, redemption_id=made, desk=desk, reason="by mistake", now=world.now
            )
        ]
        * 8
    )
    assert answers == [{"id": str(made), "outcome": "reversed", "reason": None}] * 8
    assert world.redeem(11)["outcome"] == "accepted"
    assert world.findings() == []


def test_one_request_sent_eight_times_moves_once(world: World) -> None:
    request = uuid4()
    answers = at_once([lambda: world.move(Kind.ISSUE, "CWL26 71-80", organisation=YMCA, request_id=request)] * 8)
    assert len(set(answers)) == 1
    assert not isinstance(answers[0], HournoteError)
    assert world.findings() == []


def test_two_offices_do_not_issue_the_same_notes(world: World) -> None:
    def issuer(first: int, organisation: str) -> Callable[[], object]:
        return lambda: world.move(Kind.ISSUE, f"CWL26 {first}-{first + 1}", organisation=organisation)

    deeds = [issuer(first, who) for first in (71, 73, 75, 77, 79) for who in (YMCA, BODMIN)]
    answers = at_once(deeds)
    assert sum(isinstance(answer, IllegalMovement) for answer in answers) == 5
    assert world.counts("CWL26 71-80") == {"issued": 10}
    assert world.findings() == []


def test_orders_at_once_have_spans_of_their_own(world: World) -> None:
    deeds = [partial(world.order, "CWL28", 5 + n, out=world.folder / str(n)) for n in range(3)]
    made = [each for each in at_once(deeds) if not isinstance(each, HournoteError)]
    numbers = sorted(number for each in made for number in range(each.order.span.first, each.order.span.last + 1))
    assert numbers == list(range(1, len(numbers) + 1))
    assert len({each.order.id for each in made}) == len(made) >= 1
    assert world.findings() == []


def test_typed_serials_are_capped_however_many_are_typed_at_once(world: World) -> None:
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=3)
    desk = world.desk()
    answers = at_once(spender(world, desk, world.serial(number)) for number in range(11, 27))
    assert verdicts(answers) == {"accepted": 3, "keyed_not_allowed": 13}


def test_journals_with_one_note_are_one_visit_and_the_rest_conflicts(world: World) -> None:
    """Sixteen desks, or one desk sixteen times over, took the same note while apart."""
    seen = world.now - timedelta(hours=1)

    def sender(name: str) -> Callable[[], Any]:
        desk, visit = world.desk(name), Redeem(uuid4(), [world.token(11)], None, seen, True, False)
        return lambda: journal.enter(world.store, desk=desk, entries=[visit], now=world.now)[0]

    answers = at_once([sender(name) for name in ("Front desk", "Pool", "Library", "Box office") * 4])
    assert Counter(answer["outcome"] for answer in answers) == {"accepted": 1, "refused": 15}
    (first,) = [UUID(answer["id"]) for answer in answers if answer["outcome"] == "accepted"]
    found = resolving.offline_conflicts(world.store)
    assert {each.redemption_id for each in found} == {UUID(each["id"]) for each in answers} - {first}
    assert {note.first_redemption_id for each in found for note in each.notes} == {first}


def test_one_journal_sent_eight_times_gets_one_set_of_answers(world: World) -> None:
    world.redeem(13, desk="Library")
    desk, seen = world.desk(), world.now - timedelta(hours=1)
    visits = [Redeem(uuid4(), [world.token(number)], None, seen, True, False) for number in (11, 12, 13, 13)]
    entries: list[Entry] = [*visits, *(Reverse(visit.id, "wrong note", seen) for visit in visits[1:3])]
    answers = at_once([lambda: journal.enter(world.store, desk=desk, entries=entries, now=world.now)] * 8)
    assert all(answer == answers[0] for answer in answers)
    assert [each["outcome"] for each in answers[0]] == [
        "accepted", "accepted", "refused", "refused", "reversed", "refused",
    ]  # fmt: skip
    assert world.counts("CWL26 11-13") == {"redeemed": 2, "issued": 1}
    assert [each.redemption_id for each in resolving.offline_conflicts(world.store)] == [visits[3].id]
    assert len(resolving.offline_conflicts(world.store, resolved_too=True)) == 2


def test_a_desk_and_the_office_give_a_visit_back_once(world: World) -> None:
    made = UUID(world.redeem(11)["id"])
    by_desk = partial(world.reverse, str(made))
    by_staff = partial(
        reversing.reverse_by_staff, world.store, redemption_id=made, reason="oh", actor="a@example.org", now=world.now
    )
    answers = at_once([by_desk, by_staff] * 4)
    assert answers == [{"id": str(made), "outcome": "reversed", "reason": None}] * 8
    assert world.findings() == []


def test_a_code_enrols_one_of_many(world: World) -> None:
    answers = at_once([lambda: desks.enrol(world.store, code=world.codes["Pool"], name=None, now=world.now)] * 8)
    assert sum(not isinstance(answer, HournoteError) for answer in answers) == 1


@pytest.mark.parametrize("keyed", [True, False])
def test_nothing_but_the_unique_key_keeps_two_servers_from_spending_a_note(
    world: World, monkeypatch: pytest.MonkeyPatch, keyed: bool
) -> None:
    """Both have looked at the note before either spends it."""
    if world.store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets one look and write at a time.")
    if not keyed:
        with world.store.engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE redeemed_note DROP CONSTRAINT pk_redeemed_note CASCADE"))
    both_looked, looked, add_visits = Barrier(2), set[int](), spending.add_visits

    def waiting(connection: sa.Connection, made: Sequence[NewVisit]) -> None:
        if get_ident() not in looked:
            looked.add(get_ident())
            both_looked.wait(20)
        add_visits(connection, made)

    monkeypatch.setattr(spending, "add_visits", waiting)
    other = World(open_store(world.store.engine.url.render_as_string(hide_password=False)), world.folder)
    try:
        note, desk = world.token(11), world.desk()
        answers = at_once([spender(one, desk, note) for one in (world, other)])
    finally:
        other.store.close()
    outcomes = sorted(answer[0]["outcome"] for answer in answers if isinstance(answer, tuple))
    assert outcomes == (["accepted", "refused"] if keyed else ["accepted", "accepted"])
    assert bool(world.findings()) is not keyed
