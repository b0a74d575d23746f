"""Visits that are decided in one transaction: as if they had come one after another."""

from collections.abc import Callable, Sequence
from uuid import UUID, uuid4

import pytest

from app.core.errors import BadInput, Conflict, NotAllowed
from app.services import desks, directory, judging, redeeming
from app.services.redeeming import _Asked, _redeem_all
from tests.world import LEISURE, World

Ask = Callable[..., _Asked]


@pytest.fixture
def ask(world: World) -> Ask:
    """A visit as a desk sends it with its key."""

    def made(*notes: int | str, desk: str = "Front desk", id: UUID | None = None, **more: object) -> _Asked:
        shown = judging.read([world.token(note) if isinstance(note, int) else note for note in notes])
        return _Asked(id or uuid4(), None, desks.digest(world.keys.get(desk, desk)), shown, world.now, **more)  # type: ignore[arg-type]

    return made


def together(world: World, asked: Sequence[_Asked]) -> list[object]:
    """What each comes to: the verdicts of its notes, or the exception."""
    answers = world.store.write(lambda connection: _redeem_all(connection, asked))
    return [each if isinstance(each, Exception) else [n["verdict"] for n in each[0]["notes"]] for each in answers]


def test_the_second_visit_of_a_group_finds_the_note_spent(world: World, ask: Ask) -> None:
    assert together(world, [ask(11, 12), ask(12, desk="Library"), ask(13)]) == [
        ["accepted", "accepted"], ["already_redeemed"], ["accepted"],
    ]  # fmt: skip
    assert world.counts("CWL26 11-14") == {"redeemed": 3, "issued": 1}
    assert world.findings() == []


def test_where_it_was_spent_is_told_to_the_venue_of_an_earlier_visit_alone(world: World, ask: Ask) -> None:
    asked = [ask(11), ask(11), ask(11, desk="Library")]
    answers = world.store.write(lambda connection: _redeem_all(connection, asked))
    notes = [each[0]["notes"][0] for each in answers if not isinstance(each, Exception)]
    assert [note["first_venue"] for note in notes] == [None, LEISURE, None]
    assert notes[1]["first_redeemed_at"] == world.now.isoformat()


def test_a_twin_in_one_group_gets_the_first_answer(world: World, ask: Ask) -> None:
    one = uuid4()
    asked = [ask(11, 12, id=one), ask(12, 11, id=one), ask(13, id=one)]
    answers = world.store.write(lambda connection: _redeem_all(connection, asked))
    first, twin, other = answers
    assert not isinstance(first, Exception)
    assert not isinstance(twin, Exception)
    assert (first[0], first[1], twin[1]) == (twin[0], True, False)
    assert isinstance(other, Conflict)
    again = world.store.write(lambda connection: _redeem_all(connection, asked[:2]))
    assert [each[:2] for each in again if not isinstance(each, Exception)] == [(first[0], False)] * 2


def test_several_that_are_known_are_answered_as_before(world: World, ask: Ask) -> None:
    asked = [ask(11), ask(86), ask(11, desk="Library")]
    first = together(world, asked)
    assert together(world, [*reversed(asked), ask(12)]) == [*reversed(first), ["accepted"]]
    assert world.findings() == []


def test_who_may_not_ask_is_told_so_and_the_others_go_on(world: World, ask: Ask) -> None:
    desks.revoke_desk(world.store, desk=str(world.desk("Library").desk.id), now=world.now)
    shut = directory.add_offer(world.store, venue=LEISURE, name="Gym", hours=1).id
    answers = together(
        world,
        [
            ask(11, desk="no such key"),
            ask(12, desk="Library"),
            ask(13),
            ask(14, offer_id=shut + 999),
            ask(15, offer_id=shut),
        ],
    )
    assert [type(each) for each in answers] == [NotAllowed, NotAllowed, list, BadInput, list]
    assert world.counts("CWL26 11-15") == {"redeemed": 2, "issued": 3}


def test_typed_serials_of_one_group_count_towards_one_allowance(world: World, ask: Ask) -> None:
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=2)
    asked = [ask(world.serial(number)) for number in (11, 12, 13)]
    assert together(world, asked) == [["accepted"], ["accepted"], ["keyed_not_allowed"]]
    assert together(world, [ask(world.serial(14))]) == [["keyed_not_allowed"]]


def test_practice_spends_nothing_for_those_who_come_after(world: World, ask: Ask) -> None:
    assert together(world, [ask(11, practice=True), ask(11)]) == [["accepted"], ["accepted"]]
    assert world.counts("CWL26 11-11") == {"redeemed": 1}


def test_a_signature_that_was_looked_at_before_is_judged_by_the_key_of_the_books(world: World) -> None:
    """The guess of a key is only a guess: here it is that of another order, whose signature it bears."""
    world.redeem(11)
    token = world.token(12)
    strange = judging.Shown(
        b"x" * 32, judging.read([token])[0].serial, judging.read([world.forged(12)])[0].token, bytes(32)
    )
    asked = [_Asked(uuid4(), world.desk(), None, [strange], world.now)]
    assert together(world, asked) == [["forged"]]
    assert redeeming.redeem_notes(
        world.store, redemption_id=uuid4(), desk=world.desk(), notes=[token], now=world.now
    )[0]["outcome"] == "accepted"  # fmt: skip
