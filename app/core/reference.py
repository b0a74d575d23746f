"""What a person types or scans to name notes: a span, an order's id, or the label of a bundle."""

import re
from dataclasses import dataclass

from app.core import serial as serials
from app.core import span as spans
from app.core.errors import BadInput, BadSpan, shown
from app.core.span import Span

_LABEL = re.compile(r"HTTPS?://[A-Z0-9.\-]{1,253}(?::[0-9]{1,5})?/B/([A-Z0-9]{13})([A-Z0-9]{13})")
_ORDER = re.compile(r"([A-Z0-9]{5})-([0-9]{3,6})")


@dataclass(frozen=True, order=True, slots=True)
class OrderId:
    """The id of an order, `CWL26-003`: the third order of its series."""

    series: str
    ordinal: int

    def __str__(self) -> str:
        return f"{self.series}-{self.ordinal:03d}"


@dataclass(frozen=True, slots=True)
class Label:
    """The wrapper label of a bundle: its span as it was bundled, whatever became of single notes since."""

    span: Span

    def __str__(self) -> str:
        return f"label {self.span}"


@dataclass(frozen=True, slots=True)
class Several:
    """Spans of one series that are named together: in order and apart."""

    spans: tuple[Span, ...]

    @property
    def whole(self) -> Span:
        """From the first note to the last."""
        return Span(self.spans[0].series, self.spans[0].first, self.spans[-1].last)

    def __str__(self) -> str:
        return ", ".join(map(str, self.spans))


Reference = Span | Label | OrderId
"""A Span means every note of it; an OrderId or a Label those of its notes that are not void."""


MOST_TOGETHER = 200
"""Spans that may be named together."""

_APART = re.compile(r"[,;\r\n]+")


def series_of(wanted: Reference | Several) -> str:
    """The series that a reference names, whether there is one or not."""
    if isinstance(wanted, Several):
        return wanted.whole.series
    if isinstance(wanted, OrderId):
        return wanted.series
    return wanted.span.series if isinstance(wanted, Label) else wanted.series


def label(host: str, span: Span) -> str:
    """The text of a bundle label's QR, `HTTPS://<HOST>/B/<first serial><last serial>`."""
    return f"HTTPS://{host.upper()}/B/{span.first_serial}{span.last_serial}"


def parse(text: str) -> Reference:
    """Read whatever names notes. Raises BadSpan."""
    upper = serials.upper(text.strip())
    scanned = _LABEL.fullmatch(upper)
    if scanned is not None:
        return Label(_labelled(scanned[1], scanned[2]))
    ordered = _ORDER.fullmatch(upper)
    return parse_order(upper) if ordered is not None else spans.parse(text)


def parse_together(text: str) -> Reference | Several:
    """The same, or several spans, serials and labels of one series with commas between. Raises BadSpan."""
    texts = [each for each in _APART.split(text) if each.strip()]
    if len(texts) < 2:
        return parse(texts[0] if texts else text)
    named = [parse(each) for each in texts[: MOST_TOGETHER + 1]]
    found = spans.merge(
        each.span if isinstance(each, Label) else each for each in named if not isinstance(each, OrderId)
    )
    if len(named) > MOST_TOGETHER or any(isinstance(each, OrderId) for each in named):
        raise BadSpan(f"Name an order alone, and at most {MOST_TOGETHER} spans together.")
    if len({span.series for span in found}) > 1:
        raise BadSpan("Spans that are named together are of one series: name each series by itself.")
    return Several(tuple(found)) if len(found) > 1 else found[0]


def parse_order(text: str) -> OrderId:
    """Read the id of an order. Raises BadSpan."""
    found = _ORDER.fullmatch(serials.upper(text.strip()))
    if found is None or int(found[2]) == 0:
        raise BadSpan(f"{shown(text)} is not the id of an order: it is written like CWL26-003.")
    try:
        return OrderId(serials.parse_series(found[1]), int(found[2]))
    except BadInput as error:
        raise BadSpan(error.sentence) from error


def _labelled(first: str, last: str) -> Span:
    try:
        return spans.between(serials.parse_canonical(first), serials.parse_canonical(last))
    except BadInput as error:
        raise BadSpan(f"This is not a label of ours: {error.sentence}") from error
