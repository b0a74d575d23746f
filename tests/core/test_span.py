"""Spans: their arithmetic against sets of serials, and every form in which people write them."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.core import span as spans
from app.core.errors import BadSpan
from app.core.serial import LAST_NUMBER, Serial
from app.core.span import Span
from tests.core import strategies as our


def notes(*pieces: Span) -> set[Serial]:
    """The notes of spans, one by one."""
    return {serial for piece in pieces for serial in piece.serials()}


@given(our.series, our.numbers, st.integers(0, 350))
@example("CWL26", LAST_NUMBER - 130, 130)
@example("CWL26", 1, 0)
def test_the_canonical_forms_of_a_span_are_those_of_its_serials(series: str, first: int, more: int) -> None:
    span = Span(series, first, min(first + more, LAST_NUMBER))
    assert list(span.canonical()) == [str(serial) for serial in span.serials()]


def test_a_span_includes_its_first_and_its_last_note() -> None:
    span = Span("CWL26", 12001, 12500)
    assert len(span) == 500
    assert span.first_serial == Serial("CWL26", 12001)
    assert span.last_serial == Serial("CWL26", 12500)
    assert Serial("CWL26", 12001) in span
    assert Serial("CWL26", 12500) in span
    assert Serial("CWL26", 12000) not in span
    assert Serial("CWL26", 12501) not in span
    assert Serial("LAN26", 12001) not in span
    assert "CWL26" not in span


@pytest.mark.parametrize(
    ("series", "first", "last"),
    [
        ("CWL26", 2, 1),
        ("CWL26", 0, 1),
        ("CWL26", -1, -1),
        ("CWL26", 1, LAST_NUMBER + 1),
        ("cwl26", 1, 2),
        ("", 1, 2),
    ],
)
def test_a_span_runs_upwards_within_one_series(series: str, first: int, last: int) -> None:
    with pytest.raises(BadSpan):
        Span(series, first, last)


@given(our.small_spans)
def test_the_length_is_the_number_of_notes(span: Span) -> None:
    listed = list(span.serials())
    assert len(span) == len(listed) == len(set(listed))
    assert listed == sorted(listed)
    assert all(serial in span for serial in listed)


@given(our.small_spans, our.small_spans)
def test_span_arithmetic_is_that_of_sets(one: Span, other: Span) -> None:
    shared = one.intersection(other)
    assert (notes(shared) if shared else set()) == notes(one) & notes(other)
    assert notes(*one.minus(other)) == notes(one) - notes(other)
    assert sum(map(len, one.minus(other))) == len(notes(one) - notes(other))
    assert one.minus(other) == sorted(one.minus(other))
    assert one.covers(other) == (notes(other) <= notes(one))


@given(our.small_spans, st.lists(our.small_spans, max_size=6))
def test_taking_several_spans_away_is_that_of_sets(span: Span, others: list[Span]) -> None:
    left = span.minus_all(others)
    assert notes(*left) == notes(span) - notes(*others)
    assert left == sorted(left)
    assert spans.merge(left) == left


@given(st.lists(our.small_spans, max_size=8))
def test_merging_keeps_the_notes_in_the_fewest_spans(pieces: list[Span]) -> None:
    merged = spans.merge(pieces)
    assert notes(*merged) == notes(*pieces)
    assert merged == sorted(merged)
    for left, right in pairwise(merged):
        assert left.series != right.series or left.last + 1 < right.first, "these two could be one"


@given(our.small_spans, st.integers(1, 45))
def test_bundles_cut_a_span_without_overlap_or_gap(span: Span, size: int) -> None:
    bundles = span.bundles(size)
    assert [serial for bundle in bundles for serial in bundle.serials()] == list(span.serials())
    assert all(len(bundle) == size for bundle in bundles[:-1])
    assert 1 <= len(bundles[-1]) <= size


def test_the_last_bundle_may_be_smaller() -> None:
    assert Span("CWL26", 1, 120).bundles(50) == [Span("CWL26", 1, 50), Span("CWL26", 51, 100), Span("CWL26", 101, 120)]


def test_the_span_of_two_serials_lies_in_one_series() -> None:
    assert spans.between(Serial("CWL26", 3), Serial("CWL26", 9)) == Span("CWL26", 3, 9)
    with pytest.raises(BadSpan, match="of two"):
        spans.between(Serial("CWL26", 3), Serial("LAN26", 9))
    with pytest.raises(BadSpan, match="upwards"):
        spans.between(Serial("CWL26", 9), Serial("CWL26", 3))


WIDE = Span("CWL26", 12001, 12500)
ONE = Span("CWL26", 12345, 12345)
LOW = Span("CWL26", 1, 9)
LOOK_ALIKE = Span("OIL10", 1, 110)

WRITTEN = [
    ("CWL26 12001-12500", WIDE),
    ("cwl26 12001-12500", WIDE),
    ("  CWL 26   12001 - 12500  ", WIDE),
    ("CWL26 0012001-0012500", WIDE),
    ("CWL26 12001\u201312500", WIDE),
    ("CWL26 12001 \u2014 12500", WIDE),
    ("CWL26 12001\u221212500", WIDE),
    ("CWL26 12001..12500", WIDE),
    ("CWL26 12001 to 12500", WIDE),
    ("CWL26 I2OOI-I25OO", WIDE),
    ("CWL26\t12001-12500\n", WIDE),
    ("CWL260012001U-CWL260012500L", WIDE),
    ("cwl260012001u-cwl260012500l", WIDE),
    ("CWL26 0012001 U - CWL26 0012500 L", WIDE),
    ("CWL26-0012001-U CWL26-0012500-L", WIDE),
    ("CWL260012001U..CWL260012500L", WIDE),
    ("CWL26 0012001 U to CWL26 0012500 L", WIDE),
    ("CWL260012001UCWL260012500L", WIDE),
    ("CWL26OO12OOIU\u2013CWL26OOI25OOL", WIDE),
    ("CWL26 12345", ONE),
    ("CWL26 12345-12345", ONE),
    ("CWL260012345F", ONE),
    ("CWL26 0012345 F", ONE),
    ("CWL26 0012345-F", ONE),
    ("CWL26-0012345-F", ONE),
    ("CWL26 1-9", LOW),
    ("CWL26 0000001-0000009", LOW),
    ("CWL26 1-9999999", Span("CWL26", 1, LAST_NUMBER)),
    ("CWL26 1001-1002", Span("CWL26", 1001, 1002)),  # thirteen characters, as a serial has
    ("01L IO OOOOOO1-O000110", LOOK_ALIKE),
]


@pytest.mark.parametrize(("text", "span"), WRITTEN, ids=[text for text, _ in WRITTEN])
def test_a_span_is_read_however_it_is_written(text: str, span: Span) -> None:
    assert spans.parse(text) == span


def serial_with_check(check: str, numbers: range) -> Serial:
    """The first of these serials of CWL26 that ends so."""
    return next(serial for serial in (Serial("CWL26", number) for number in numbers) if serial.check == check)


@pytest.mark.parametrize("check", "0123456789OI")
def test_a_hyphen_before_a_check_character_makes_no_span(check: str) -> None:
    """`CWL26 0012345-1` would run downwards; it is grouped as a serial is printed, and is one."""
    serial = serial_with_check(check, range(100, 10_000))
    assert spans.parse(f"CWL26 {serial.number:07d}-{check}") == Span("CWL26", serial.number, serial.number)


def test_what_may_be_a_serial_and_a_span_is_asked_back() -> None:
    assert str(Serial("CWL26", 7)) == "CWL2600000078"
    with pytest.raises(BadSpan, match="write CWL2600000078 or CWL26 7-8"):
        spans.parse("CWL26 0000007-8")
    assert spans.parse("CWL2600000078") == Span("CWL26", 7, 7)
    assert spans.parse("CWL26 7-8") == Span("CWL26", 7, 8)
    assert spans.parse("CWL26 0000007-9") == Span("CWL26", 7, 9)


def test_a_span_that_runs_downwards_is_never_taken_for_a_serial() -> None:
    """`CWL26 12345-6xx`, meant as 12345 to 126xx, has thirteen characters; its last might fit as a check character."""
    for first in range(12_345, 12_445):
        for last in (100, 101, 102, 999):
            with pytest.raises(BadSpan, match="upwards"):
                spans.parse(f"CWL26 {first}-{last}")


UNWRITTEN = [
    "",
    " ",
    "-",
    "CWL26",
    "CWL26 -",
    "CWL26 12001-",
    "CWL26 -12500",
    "CWL26 12500-12001",
    "CWL26 0-5",
    "CWL26 0",
    "CWL26 1-10000000",
    "CWL26 1-2-3",
    "CWL26 1,5",
    "CWL26 12001-12500 CWL26 1-2",
    "CWL26 1-CWL26 9",
    "CWL2 1-9",
    "CWLZ6 1-9",
    "CWL26 \u0661-\u0669",
    "CWL26 １-９",
    "ſPC26 1-9",
    "CWL260012001U-LAN269999999L",
    "CWL260012500L-CWL260012001U",
    "CWL260012001X-CWL260012500L",
    "CWL260012001U-CWL260012500B",
    "CWL260012345G",
    "x" * 10_000,
    " " * 10_000,
    "1" * 10_000,
    "CWL26 " + "-" * 10_000,
    "\ud800",
]


@pytest.mark.parametrize("text", UNWRITTEN, ids=[repr(text[:30]) for text in UNWRITTEN])
def test_what_is_no_span_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadSpan) as refused:
        spans.parse(text)
    assert refused.value.sentence.endswith(".")
    assert len(refused.value.sentence) < 400


@given(our.spans())
def test_each_form_of_a_span_is_read_back(span: Span) -> None:
    first, last = span.first_serial, span.last_serial
    assert spans.parse(str(span)) == span
    assert spans.parse(f"{first}-{last}") == span
    assert spans.parse(f"{first.printed} \u2013 {last.printed}") == span


@given(st.text() | st.text("CWL26 0-19OIto.\u2013", max_size=30))
def test_any_text_is_a_span_or_refused(text: str) -> None:
    try:
        span = spans.parse(text)
    except BadSpan:
        return
    assert spans.parse(str(span)) == span
