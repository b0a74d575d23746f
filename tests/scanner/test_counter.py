"""Of several notes at the counter, which answer is shown."""

from scanner.counter import Counter
from scanner.events import Event, Kind


def scan(visit: str) -> Event:
    return Event(Kind.SCAN, "CWL260000001K", None, visit)


def says(visit: str, verdict: str | None) -> Event:
    return Event(Kind.VERDICT, "CWL260000001K", verdict, visit)


MENU = Event(Kind.SCAN, verdict="malformed")


def shown(*happened: tuple[float, Event]) -> Event | None:
    counter = Counter()
    for at, event in happened:
        counter.take(event, at)
    return counter.shown


def test_an_old_visit_that_is_accepted_says_nothing_of_the_note_that_is_held_out() -> None:
    """It waited in the journal since another day, and its answer comes after that to the note of now."""
    assert shown((0, says("old", "accepted"))) is None
    refused = says("now", "already_redeemed")
    assert shown((0, scan("now")), (1, refused), (1, says("old", "accepted"))) is refused


def test_of_notes_shown_together_a_refusal_is_not_covered_by_an_acceptance() -> None:
    refused = says("a", "void")
    assert shown((0, scan("a")), (0.1, scan("b")), (1, refused), (1, says("b", "accepted"))) is refused
    assert shown((0, scan("a")), (0.1, scan("b")), (1, says("b", "accepted")), (1, refused)) is refused


def test_a_note_without_an_answer_is_not_covered_by_an_acceptance() -> None:
    waits = scan("a")
    assert shown((0, waits), (5, scan("b")), (6, says("b", "accepted"))) is waits


def test_the_next_note_takes_the_place_of_an_answered_one() -> None:
    accepted = says("b", "accepted")
    assert shown((0, scan("a")), (1, says("a", "void")), (3, scan("b")), (4, accepted)) is accepted


def test_an_answer_that_overtakes_its_scan_stays() -> None:
    accepted = says("a", "accepted")
    assert shown((0, scan("a")), (1, accepted), (1, scan("a"))) is accepted


def test_a_code_that_is_no_note_covers_nothing() -> None:
    accepted = says("a", "accepted")
    assert shown((0, MENU)) is MENU
    assert shown((0, scan("a")), (0, MENU), (1, accepted)) is accepted


def test_a_call_that_was_refused_is_shown_as_a_refusal() -> None:
    refused = says("a", None)
    assert shown((0, scan("a")), (0, scan("b")), (1, refused), (1, says("b", "accepted"))) is refused


def test_what_waits_is_counted_until_it_is_answered() -> None:
    counter = Counter()
    for at, event in enumerate((scan("a"), scan("b"), MENU, says("a", "accepted"))):
        assert counter.take(event, at)
    assert not counter.take(Event(Kind.OFFLINE), 9)
    assert counter.waiting == 1
