"""What a reading is, and how often it counts."""

import numpy as np

from app.core import token as tokens
from app.core.serial import Serial
from app.core.span import Span
from app.core.verifying import Signature
from scanner.notes import Note, judge
from scanner.reading import Reading
from scanner.steady import Steady
from tests.scanner.cards import HOST, Order

PLACE = np.zeros((4, 2))


def judged(text: str, order: Order) -> Note:
    return judge(Reading(text, PLACE), order.keyring)


def test_a_note_of_the_order_is_good(order: Order) -> None:
    note = judged(order.token(5), order)
    assert (str(note.serial), note.signature) == (str(Serial("CWL26", 5)), Signature.GOOD)


def test_a_note_signed_by_another_key_is_bad(order: Order) -> None:
    assert judged(Order().token(5), order).signature is Signature.BAD


def test_a_note_of_an_unknown_order_has_an_unknown_key(order: Order) -> None:
    assert judged(Order(Span("LAN26", 1, 9)).token(5), order).signature is Signature.UNKNOWN_KEY


def test_other_codes_are_no_notes(order: Order) -> None:
    for text in ("", "HTTPS://EXAMPLE.ORG/MENU", order.token(5)[:-1], order.token(5) + "A", "CWL260000005C", "\ud800"):
        note = judged(text, order)
        assert (note.serial, note.signature) == (None, None)
        assert isinstance(note.mark, bytes)


def test_no_log_ever_holds_a_token(order: Order) -> None:
    text = order.token(5)
    assert text[-100:] not in repr(judged(text, order))


def test_the_same_note_with_another_host_is_the_same(order: Order) -> None:
    assert judged(order.token(5), order).mark == judged(order.token(5, "OTHER.ORG").lower(), order).mark


def test_a_forged_note_beside_the_good_one_is_another(order: Order) -> None:
    forged = tokens.compose(HOST, Serial("CWL26", 5), bytes(64))
    assert judged(forged, order).mark != judged(order.token(5), order).mark


def test_holding_a_note_in_view_is_one_scan() -> None:
    steady = Steady(away_seconds=3)
    assert [steady.is_new("note", second) for second in range(20)] == [True] + [False] * 19


def test_a_note_counts_again_after_it_was_away() -> None:
    steady = Steady(away_seconds=3)
    seen = [(0, True), (2.9, False), (5.8, False), (8.8, True), (9, False)]
    assert [steady.is_new("note", at) for at, _ in seen] == [new for _, new in seen]


def test_notes_in_view_together_count_each_for_itself() -> None:
    steady = Steady(away_seconds=3)
    assert [steady.is_new(mark, at) for at, mark in ((0, "a"), (0, "b"), (1, "a"), (4, "b"))] == [
        True,
        True,
        False,
        True,
    ]
