"""The serial line: the picture of a series that one zooms and draws along, its table, and what moved a stretch."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from app.core import line
from app.core import serial as serials
from app.core.errors import BadInput, NotAllowed, NotOrdered
from app.core.roles import Deed
from app.core.serial import LAST_NUMBER
from app.core.span import Span
from app.services import number_line, rights
from app.services.enquiry import NOT_ORDERED
from app.services.number_line import Drawn, NumberLine
from app.web import office, picture
from app.web.site import books, staff

serial_line = Blueprint("serial_line", __name__)

STEPS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a window (None: all that was ordered) and a stretch of which the movements are wanted."""

    series: str
    span: Span | None
    stretch: Span | None

    def window(self, ordered: int) -> Span:
        """The window, where the last number that was ordered is known."""
        return self.span or number_line.whole(self.series, ordered)


@serial_line.get("/office/series/<series>")
def page(series: str) -> str | tuple[str, int]:
    """The line of a series."""
    programme = rights.programme_of(staff(Deed.LOOK_UP), Deed.LOOK_UP)
    try:
        asked = read(serials.parse_series(series[:20]), request.args)
        found = number_line.line_of(books(), code=asked.series, window=asked.window, programme_id=programme)
        return _shown(found, asked, programme)
    except (BadInput, NotOrdered, NotAllowed) as error:
        told = office.problem(error)
        return render_template("office/look.html", asked=series[:20], problem=told), error.http_status


def read(series: str, args: MultiDict[str, str]) -> Asked:
    """What an address asks for; a number that cannot be read, or lies outside the line, is mended, because it is only a view."""
    window = _between(series, args.get("from", ""), args.get("to", ""))
    first, dash, last = args.get("stretch", "").partition("-")
    return Asked(series, window, _between(series, first, last if dash else first))


def _between(series: str, first: str, last: str) -> Span | None:
    ends = [each for each in map(_number, (first, last)) if each is not None]
    return Span(series, min(ends), max(ends)) if len(ends) == 2 else None


def _number(text: str) -> int | None:
    digits = "".join(text.replace(",", "").split())
    return min(max(int(digits), 1), LAST_NUMBER) if digits.isdecimal() and len(digits) < 12 else None


def _shown(found: NumberLine, asked: Asked, programme: int | None) -> str:
    chosen = asked.stretch or (found.window if len(found.window) == 1 else None)
    way, said_once = Way(found.series, asked.stretch), picture.Words(found.programme)
    return render_template(
        "office/line.html",
        found=found,
        picture=picture.draw(found, chosen, lambda span: way.stretch(found.window, span)),
        there=_ways(found, way),
        rows=[_row(each, found, way, said_once) for each in found.drawn],
        chosen=chosen,
        stands=_states(found, chosen) if chosen else [],
        about=next((said_once.told(each) for each in found.drawn if each.span == chosen), None),
        steps=number_line.steps_of(books(), span=chosen, most=STEPS_SHOWN, programme_id=programme) if chosen else None,
        way=way,
        by_life=picture.by_life,
        states=said_once.states,
    )


def _states(found: NumberLine, chosen: Span) -> list[str]:
    """The states of custody of a stretch, as far as it is seen: what may be done with it hangs on them."""
    seen = [each.piece for each in found.drawn if each.span.intersection(chosen)]
    return sorted({str(state) for piece in seen for state in piece.states if state})


class Way:
    """Addresses of windows of one line; they keep the stretch that is chosen."""

    def __init__(self, series: str, stretch: Span | None) -> None:
        self._base = url_for("serial_line.page", series=series)
        self._kept = _of_stretch(stretch)

    def window(self, window: Span) -> str:
        """A window."""
        return f"{self._base}?from={window.first}&to={window.last}{self._kept}"

    def stretch(self, window: Span, stretch: Span | None) -> str:
        """The movements of a stretch, seen in a window; none: the window alone."""
        return f"{self._base}?from={window.first}&to={window.last}{_of_stretch(stretch)}"


def _of_stretch(stretch: Span | None) -> str:
    return f"&stretch={stretch.first}-{stretch.last}" if stretch else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A piece as a line of the table."""

    drawn: Drawn
    address: str
    state: str | None
    reason: str | None
    holder: str


def _row(drawn: Drawn, found: NumberLine, way: Way, said_once: picture.Words) -> Row:
    address, look = f"{way.stretch(found.window, drawn.span)}#stretch", drawn.piece.look
    who = said_once.who(drawn)
    if look is None:
        return Row(drawn, address, None, None, who)
    return Row(drawn, address, str(look.own or look.state or NOT_ORDERED), look.reason, who)


def _ways(found: NumberLine, way: Way) -> dict[str, str]:
    """Where one can go from a window, by name; what leads nowhere is left out."""
    window = found.window
    there = {
        "closer": line.zoomed(window, by=0.5), "wider": line.zoomed(window, by=2), "left": line.turned(window, by=-0.5),
        "right": line.turned(window, by=0.5), "ordered": number_line.whole(found.series, found.ordered),
        "whole": Span(found.series, 1, LAST_NUMBER),
    }  # fmt: skip
    return {name: way.window(span) for name, span in there.items() if span != window}
