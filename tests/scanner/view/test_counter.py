"""A volunteer at the counter, without ink: the real desk, the real service, and what is shown."""

import pytest

from app.core.errors import TooOften
from app.services import directory
from scanner.memory.desk import Desk
from scanner.view.booth import Booth, Deed, Panel
from scanner.view.counter import Counter as View
from scanner.view.just_accepted import How
from scanner.view.words import Words
from tests.scanner.memory.conftest import Counter
from tests.scanner.memory.faulty import unplugged
from tests.scanner.view.inline import Inline
from tests.web.desk.desks import books_of


class Volunteer:
    """Scans and presses, and looks at what is shown."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        self.sounds: list[str] = []
        self.now = 1000.0
        errands = Inline()
        view = View(desk, errands, Words("en"), self.sounds.append, lambda: self.now)
        self.booth, self._counter = Booth(desk, errands, view, lambda: self.now), counter
        self.booth.look()
        errands.drain()

    @property
    def view(self) -> View:
        return self.booth.counter

    def scans(self, *notes: int | str, how: How = How.SCANNER) -> "Volunteer":
        self.now += 5
        for note in notes:
            self.booth.scanned(note if isinstance(note, str) else self._counter.office.token(note), how)
        return self.waits()

    def presses(self, name: str, value: str | int | None = None) -> "Volunteer":
        self.booth.do(Deed(name, value))
        return self.waits()

    def waits(self) -> "Volunteer":
        self.booth.errands.drain()
        self.booth.look()
        self.booth.errands.drain()
        return self

    @property
    def shown(self) -> str:
        said = self.view.answer.said
        return said.word.text if said else ""

    @property
    def basket(self) -> list[str]:
        return [note.answer.verdict if note.answer else "" for note in self.view.basket.notes]


@pytest.fixture
def volunteer(desk: Desk, counter: Counter) -> Volunteer:
    return Volunteer(desk, counter)


def test_notes_gather_and_are_accepted_with_one_press(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.presses("offer", counter.office.offers["Climbing wall, with a guide"]).scans(12)
    assert (volunteer.view.is_ready, volunteer.basket) == (False, ["good"])
    volunteer.scans(13).presses("accept")
    assert (volunteer.shown, volunteer.basket) == ("Accepted", [])
    assert (counter.state(12), counter.state(13)) == ("redeemed", "redeemed")
    assert volunteer.sounds == ["read", "read", "good"]


def test_a_bad_note_is_named_and_taken_out(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.scans(12).scans(10)
    assert (volunteer.shown, volunteer.basket, volunteer.view.is_ready) == ("Already spent", ["good", "already_redeemed"], False)  # fmt: skip
    said = volunteer.view.answer.said
    assert said is not None
    assert said.say.startswith("Say:")
    volunteer.presses("take_out", said.take_out)
    assert (volunteer.shown, volunteer.basket, volunteer.view.is_ready) == ("", ["good"], True)


def test_accept_pressed_early_waits_for_the_answers(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.booth.scanned(counter.office.token(12), How.SCANNER)
    volunteer.presses("accept")
    assert (volunteer.shown, counter.state(12)) == ("Accepted", "redeemed")


@pytest.mark.parametrize("deed", [("practise",), ("offer", 0), ("take_out", "nothing")])
def test_accept_pressed_early_is_let_go_by_what_is_pressed_then(
    volunteer: Volunteer, counter: Counter, deed: tuple[str, str | int]
) -> None:
    volunteer.booth.scanned(counter.office.token(12), How.SCANNER)
    volunteer.booth.do(Deed("accept"))
    volunteer.presses(*deed)
    assert (volunteer.shown, counter.state(12)) == ("", "issued")


def test_accept_pressed_early_is_not_for_the_next_visitor(
    volunteer: Volunteer, counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_notes: object) -> None:
        raise TooOften("Patience.", status=429)

    with monkeypatch.context() as patch:
        patch.setattr(volunteer.booth.desk, "check", fails)
        volunteer.booth.scanned(counter.office.token(12), How.SCANNER)
        volunteer.presses("accept")
    volunteer.scans(13)
    assert (volunteer.basket, counter.state(13)) == (["good"], "issued")


def test_a_note_that_is_being_spent_cannot_be_taken_out(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.scans(12)
    volunteer.booth.do(Deed("accept"))
    volunteer.booth.do(Deed("take_out", volunteer.view.basket.notes[0].name))
    assert len(volunteer.view.basket.notes) == 1
    assert (volunteer.waits().shown, counter.state(12)) == ("Accepted", "redeemed")


def test_an_accepted_note_that_still_lies_there_is_told_calmly(volunteer: Volunteer) -> None:
    volunteer.scans(12, how=How.CAMERA).presses("accept").scans(12, how=How.CAMERA)
    assert (volunteer.shown, volunteer.basket) == ("Accepted", [])
    assert "a moment ago" in volunteer.view.told


def test_a_note_twice_in_a_visit_is_told_calmly(volunteer: Volunteer) -> None:
    volunteer.scans(12).scans(12)
    assert (volunteer.basket, "already" in volunteer.view.told) == (["good"], True)


def test_a_code_that_is_no_note_is_not_sent(volunteer: Volunteer, counter: Counter) -> None:
    counter.line.calls.clear()
    volunteer.booth.scanned("HTTPS://EXAMPLE.ORG/MENU?TABLE=7", How.CAMERA)
    volunteer.booth.errands.drain()
    assert (volunteer.shown, volunteer.basket, counter.line.calls) == ("Cannot be read", [], [])


def test_a_counter_that_accepts_by_itself_does_so_once_the_hours_are_complete(
    volunteer: Volunteer, counter: Counter
) -> None:
    volunteer.view.by_itself = True
    volunteer.presses("offer", counter.office.offers["Climbing wall, with a guide"]).scans(12)
    assert (volunteer.shown, counter.state(12)) == ("", "issued")
    volunteer.scans(13)
    assert (volunteer.shown, counter.state(12), counter.state(13)) == ("Accepted", "redeemed", "redeemed")
    volunteer.presses("offer", None).scans(10)
    assert (volunteer.shown, volunteer.basket) == ("Already spent", ["already_redeemed"])
    volunteer.scans(14)
    assert counter.state(14) == "redeemed"
    volunteer.presses("check").scans(15)
    assert (volunteer.shown, counter.state(15)) == ("Good, not spent yet", "issued")


def test_what_is_scanned_while_it_accepts_by_itself_is_accepted_next(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.view.by_itself = True
    volunteer.booth.scanned(counter.office.token(12), How.SCANNER)
    volunteer.booth.errands.drain()
    volunteer.booth.scanned(counter.office.token(13), How.SCANNER)
    volunteer.waits()
    assert ([counter.state(number) for number in (12, 13)], volunteer.basket) == (["redeemed"] * 2, [])


def test_practice_spends_nothing_and_says_so(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.presses("practise").scans(12).presses("accept")
    said = volunteer.view.answer.said
    assert said is not None
    assert (said.stamp, counter.state(12)) == ("PRACTICE", "issued")
    volunteer.presses("practise").scans(12).presses("accept")
    assert counter.state(12) == "redeemed"


def test_looking_only_spends_nothing(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.presses("check").scans(12)
    assert (volunteer.shown, volunteer.basket, counter.state(12)) == ("Good, not spent yet", [], "issued")
    volunteer.presses("accept")
    assert counter.state(12) == "issued"


def test_apart_the_answer_says_not_yet_confirmed(volunteer: Volunteer, counter: Counter) -> None:
    counter.line.always = unplugged
    volunteer.scans(12).presses("accept")
    said = volunteer.view.answer.said
    assert said is not None
    assert (said.word.text, said.word.shape, said.is_asked) == ("Accepted, not yet confirmed", "open", False)
    assert (volunteer.booth.condition.online, volunteer.booth.condition.waiting_notes) == (False, 1)


def test_where_the_venue_leaves_nothing_to_its_desks_they_say_why(volunteer: Volunteer, counter: Counter) -> None:
    directory.set_policy(books_of(counter.service.app), venue="Carn Brea Leisure Centre", offline_notes=0)
    volunteer.booth.desk.sync()
    volunteer.scans(12)
    counter.line.always = unplugged
    volunteer.presses("accept")
    assert (volunteer.shown, volunteer.basket) == ("Cannot tell now", ["good"])
    assert volunteer.booth.condition.leave == "not_allowed"


def test_a_visit_is_given_back_with_a_reason(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.scans(12).presses("accept").presses("panel", Panel.RECENT)
    (visit,) = volunteer.booth.recent
    volunteer.presses("give_back", visit.id)
    assert volunteer.booth.panel is Panel.WHY
    volunteer.presses("reason", "wrong note")
    assert (volunteer.shown, counter.state(12), volunteer.booth.recent) == ("Given back", "issued", [])
    volunteer.scans(12).presses("accept")
    assert counter.state(12) == "redeemed"


def test_a_serial_is_typed_where_the_venue_takes_it(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.presses("panel", Panel.TYPE)
    for letter in counter.office.serial(12).lower()[:-1]:
        volunteer.booth.write(letter)
    volunteer.presses("accept")
    assert volunteer.booth.typed_fault
    volunteer.booth.write(counter.office.serial(12)[-1])
    volunteer.presses("accept")
    assert (volunteer.booth.panel, volunteer.basket) == (Panel.NONE, ["good"])
    volunteer.presses("accept")
    assert (volunteer.shown, counter.state(12)) == ("Accepted", "redeemed")


def test_a_misread_character_is_told_apart_from_a_wrong_shape(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.presses("panel", Panel.TYPE)
    wrong = counter.office.serial(12)[:-1] + ("A" if counter.office.serial(12)[-1] != "A" else "B")
    for letter in wrong:
        volunteer.booth.write(letter)
    volunteer.presses("accept")
    assert "misread" in volunteer.booth.typed_fault


def test_escape_clears_the_answer_then_the_last_note(volunteer: Volunteer) -> None:
    volunteer.scans(12, 13).scans(10)
    assert volunteer.shown == "Already spent"
    volunteer.presses("escape")
    assert (volunteer.shown, len(volunteer.basket)) == ("", 3)
    volunteer.presses("escape")
    assert len(volunteer.basket) == 2


def test_the_answer_goes_after_the_venue_s_time_unless_it_is_kept(volunteer: Volunteer) -> None:
    volunteer.scans(10)
    assert not volunteer.view.answer.pass_by(volunteer.now + 29, 30)
    volunteer.presses("keep")
    assert not volunteer.view.answer.pass_by(volunteer.now + 99, 30)
    volunteer.presses("escape").scans(10)
    assert volunteer.view.answer.pass_by(volunteer.now + 30, 30)


def test_a_group_is_accepted_in_parts(volunteer: Volunteer, counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.view.counter.MOST_NOTES", 2)
    volunteer.scans(12, 13, 14).presses("accept")
    said = volunteer.view.answer.said
    assert said is not None
    assert (volunteer.shown, said.sentences) == ("Accepted", ("3 notes of the group were accepted.",))
    assert {counter.state(number) for number in (12, 13, 14)} == {"redeemed"}


def test_a_notice_is_read_and_gone(volunteer: Volunteer, counter: Counter) -> None:
    counter.line.always = unplugged
    volunteer.scans(12).presses("accept")
    volunteer.booth.desk.clock.now()
    from app.services import desks, redeeming
    from tests.web.conftest import now

    store = books_of(counter.service.app)
    other = desks.desk_of_key(
        store, desks.add_desk(store, venue="Chorley Little Theatre", name="Door", now=now()).key, now=now()
    )
    from uuid import uuid4

    redeeming.redeem_notes(
        store, redemption_id=uuid4(), desk=other, notes=[counter.office.token(12)], offer_id=None, now=now()
    )
    counter.line.always = None
    volunteer.booth.desk.sync()
    volunteer.presses("panel", Panel.NOTICES)
    (notice,) = volunteer.booth.condition.notices
    volunteer.presses("dismiss", notice.id)
    assert volunteer.booth.condition.notices == ()


def test_the_numbers_choose_offers(volunteer: Volunteer, counter: Counter) -> None:
    chosen = []
    for number in "109":
        volunteer.booth.write(number)
        chosen.append(volunteer.view.offer)
    assert chosen == [volunteer.booth.desk.about.offers[0], None, None]


def test_a_usb_button_that_sends_a_space_accepts(volunteer: Volunteer, counter: Counter) -> None:
    volunteer.scans(12)
    volunteer.booth.write(" ")
    assert (volunteer.waits().shown, counter.state(12)) == ("Accepted", "redeemed")


def test_a_note_that_tries_the_camera_belongs_to_no_visit(volunteer: Volunteer) -> None:
    volunteer.presses("panel", Panel.CARD).scans(12, how=How.CAMERA)
    assert (volunteer.basket, volunteer.booth.panel) == ([], Panel.CARD)
    volunteer.scans(13, how=How.SCANNER)
    assert volunteer.basket == ["good"]
