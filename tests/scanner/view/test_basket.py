"""The basket of a visit."""

import pytest

from app.core.serial import Serial
from scanner.answers import NoteAnswer
from scanner.view.basket import Basket, Gathered, printed, progress, split
from scanner.view.just_accepted import How, JustAccepted
from tests.scanner.cards import Order

ORDER = Order()


def basket_of(*verdicts: str | None) -> Basket:
    basket = Basket()
    for number, verdict in enumerate(verdicts, 1):
        note = basket.add(ORDER.token(number))
        assert note is not None
        note.answer = NoteAnswer(note.name, verdict, "") if verdict else None
    return basket


def test_a_note_is_in_it_once_by_token_or_serial() -> None:
    basket = basket_of("good")
    assert basket.add(ORDER.token(1, "OTHER.ORG")) is None
    assert basket.add(str(Serial("CWL26", 1))) is None
    assert basket.add(ORDER.token(2)) is not None


@pytest.mark.parametrize(
    ("verdicts", "price", "complete"),
    [
        (("good", "good"), 2, True), (("good",), 2, False), (("good", None), 2, False), (("good", "void"), 1, False),
        ((), 1, False), (("good",) * 4, 2, True), (("accepted_offline",), 1, True),
    ],
)  # fmt: skip
def test_a_visit_is_complete_when_all_is_good_and_comes_to_the_price(
    verdicts: tuple[str | None, ...], price: int, complete: bool
) -> None:
    assert basket_of(*verdicts).is_complete(price) is complete


@pytest.mark.parametrize(("count", "price", "due", "people"), [(0, 2, 2, 1), (2, 2, 2, 1), (3, 2, 4, 2), (5, 1, 5, 5)])
def test_twice_the_price_is_for_two_people(count: int, price: int, due: int, people: int) -> None:
    found = progress(count, price)
    assert (found.due, found.people, found.missing) == (due, people, due - count)


def test_a_group_is_the_fewest_visits_of_whole_prices() -> None:
    notes = [Gathered(str(number), "") for number in range(120)]
    assert [len(part) for part in split(notes, 1, 50)] == [50, 50, 20]
    assert [len(part) for part in split(notes, 3, 50)] == [48, 48, 24]
    assert [len(part) for part in split(notes, 60, 50)] == [60, 60]


def test_a_name_stands_as_it_does_on_the_paper() -> None:
    assert printed("CWL260000001K") == "CWL26 0000001 K"
    assert printed("HTTPS://EXAMPLE.ORG/A/LONG/MENU") == "HTTPS://EXAMPLE.ORG/"


def test_an_accepted_note_may_lie_there_for_a_minute() -> None:
    just = JustAccepted()
    just.keep(["a"], 100)
    assert (just.has("a", How.CAMERA, 159), just.has("a", How.CAMERA, 161)) == (True, False)
    assert (just.has("a", How.SCANNER, 103), just.has("a", How.SCANNER, 105)) == (True, False)
    just.forget(["a"])
    assert not just.has("a", How.CAMERA, 101)
