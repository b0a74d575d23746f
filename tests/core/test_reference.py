"""What a person types or scans to name notes: spans, orders and labels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import reference as references
from app.core.errors import BadSpan
from app.core.reference import Label, OrderId
from app.core.span import Span
from tests.core import strategies as our

BUNDLE = Span("CWL26", 12001, 12050)
LABEL = f"HTTPS://NOTES.EXAMPLE.ORG/B/{BUNDLE.first_serial}{BUNDLE.last_serial}"

NAMED: list[tuple[str, references.Reference]] = [
    ("CWL26 12001-12050", BUNDLE),
    ("CWL26 12001 to 12050", BUNDLE),
    ("CWL26 12001\u201312050", BUNDLE),
    (f"{BUNDLE.first_serial}-{BUNDLE.last_serial}", BUNDLE),
    ("CWL26 3", Span("CWL26", 3, 3)),
    ("CWL260012345F", Span("CWL26", 12345, 12345)),
    ("CWL26-0012345-F", Span("CWL26", 12345, 12345)),
    ("CWL26-003", OrderId("CWL26", 3)),
    ("cwl26-003", OrderId("CWL26", 3)),
    ("  CWL26-003\n", OrderId("CWL26", 3)),
    ("OIL10-003", OrderId("OIL10", 3)),
    ("01LIO-003", OrderId("OIL10", 3)),
    ("CWL26-1234", OrderId("CWL26", 1234)),
    ("CWL26-999999", OrderId("CWL26", 999_999)),
    (LABEL, Label(BUNDLE)),
    (LABEL.lower(), Label(BUNDLE)),
    (f" {LABEL}\r\n", Label(BUNDLE)),
    (LABEL.replace("HTTPS", "HTTP"), Label(BUNDLE)),
    (LABEL.replace("NOTES.EXAMPLE.ORG", "192.168.1.7:8000"), Label(BUNDLE)),
    (LABEL.replace("NOTES.EXAMPLE.ORG", "localhost"), Label(BUNDLE)),
]


@pytest.mark.parametrize(("text", "named"), NAMED, ids=[text for text, _ in NAMED])
def test_notes_are_named_by_span_order_or_label(text: str, named: references.Reference) -> None:
    assert references.parse(text) == named
    assert type(references.parse(text)) is type(named)


UNNAMED = [
    "",
    "CWL26",
    "CWL26-000",
    "CWL26-03",
    "CWL26-1234567",
    "CWLZ6-003",
    "CW-003",
    "CWL26-\u0660\u0660\u0663",
    "ſPC26-003",
    "ıIL10-003",
    LABEL.replace("/B/", "/N/"),
    LABEL[:-1],
    LABEL + "X",
    LABEL + "/",
    LABEL.replace("HTTPS", "FTP"),
    LABEL.replace("HTTPS://", ""),
    LABEL.replace("NOTES.EXAMPLE.ORG", ""),
    LABEL.replace("NOTES.EXAMPLE.ORG", "EVIL@HOST"),
    LABEL.replace("NOTES", "NOTEſ"),
    LABEL.replace(str(BUNDLE.first_serial), "CWL260012001V"),
    LABEL.replace(str(BUNDLE.first_serial), "CWL26OO12001U"),
    f"HTTPS://A.B/B/{BUNDLE.last_serial}{BUNDLE.first_serial}",
    f"HTTPS://A.B/B/{BUNDLE.first_serial}LAN269999999L",
    "HTTPS://" + "A" * 100_000,
]


@pytest.mark.parametrize("text", UNNAMED, ids=[repr(text[:60]) for text in UNNAMED])
def test_what_names_no_notes_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadSpan) as refused:
        references.parse(text)
    assert refused.value.sentence.endswith(".")
    assert len(refused.value.sentence) < 400


@pytest.mark.parametrize(
    "text", ["ſPC26-003", "ıIL10-003", "CWL26-\uff13\uff13\uff13", "CWL26 3", "CWL26-000", "x" * 10_000, ""]
)
def test_what_is_no_order_is_refused(text: str) -> None:
    with pytest.raises(BadSpan) as refused:
        references.parse_order(text)
    assert len(refused.value.sentence) < 200


@given(our.series, st.integers(1, 999_999))
def test_an_order_is_read_back(series: str, ordinal: int) -> None:
    order = OrderId(series, ordinal)
    assert references.parse(str(order)) == order
    assert references.parse_order(str(order).lower()) == order


def test_an_order_is_written_with_three_digits_or_more() -> None:
    assert str(OrderId("CWL26", 3)) == "CWL26-003"
    assert str(OrderId("CWL26", 1234)) == "CWL26-1234"


@given(our.spans())
def test_a_label_is_read_back_as_a_label(span: Span) -> None:
    text = references.label("notes.example.org", span)
    assert text == f"HTTPS://NOTES.EXAMPLE.ORG/B/{span.first_serial}{span.last_serial}"
    assert references.parse(text) == Label(span)
    assert references.parse(text.lower()) == Label(span)


@given(our.spans())
def test_a_span_is_read_as_a_span(span: Span) -> None:
    assert references.parse(str(span)) == span


@given(st.text() | st.text("CWL26-0139/:HTPSB.", max_size=60))
def test_any_text_names_notes_or_is_refused(text: str) -> None:
    try:
        references.parse(text)
    except BadSpan:
        return
