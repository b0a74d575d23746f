"""The picture of a number line: where its bars, scale and brackets stand, in hundredths of its width and pixels of its height.

Hatchings are drawn in pixels and keep their shape at every width, so nothing is stretched: the page draws, and decides nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core import line
from app.core.lifecycle import State
from app.core.line import Look, Piece
from app.core.span import Span
from app.services.enquiry import NOT_ORDERED
from app.services.number_line import Drawn, NumberLine
from app.web import words
from app.web.pages import number, said

BAND_PX = 120
LEAST_PX = 4
"""Whatever is there at all is drawn this high."""

TEXT_FROM, APART = 5.0, 2.4
"""Hundredths of the width: brackets that have room for words, and how far apart two signs stand."""

LETTERS, LETTERS_ON_A_PHONE = 1.3, 0.35
"""Letters that have room in a hundredth of the width; a longer text is cut, and is whole in the table."""

THIN, SLIM = 0.6, 2.5
"""Hundredths of the width: bars narrower than this have no edges, those of the second none on a phone."""

NOTES_APART = 60
"""The longest window in which each note is drawn by itself."""

DELIVERY, HOLD = "delivery", "hold"
OPEN = {State.PRINTED: DELIVERY, State.DISPATCHED: DELIVERY, State.HELD: HOLD}

Address = Callable[[Span], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a bar from `y` down, as high as its share of the notes."""

    state: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of the line, with what it is in words and where it leads."""

    x: float
    width: float
    parts: tuple[Part, ...]
    is_mixed: bool
    text: str
    address: str

    @property
    def edge(self) -> str:
        """How its edges are drawn."""
        if self.is_mixed:
            return "mixed"
        return "thin" if self.width < THIN else "slim" if self.width < SLIM else ""


@dataclass(frozen=True, slots=True)
class Bracket:
    """Neighbours that have something in common; `sign` where there is room for one, `size`: 0 no words, 1 words, 2 on a phone too."""

    x: float
    width: float
    text: str
    kind: str = ""
    size: int = 0
    has_sign: bool = False


@dataclass(frozen=True, slots=True)
class Tick:
    """A round number of the scale."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A window, drawn. `edges` part single notes where there is room for them. `glance` is the whole line in one strip, `here` the window on it; both empty where it is all shown."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    orders: tuple[Bracket, ...]
    open: tuple[Bracket, ...]
    holders: tuple[Bracket, ...]
    edges: tuple[float, ...]
    chosen: Bracket | None
    glance: tuple[Bar, ...]
    here: Bracket | None


def draw(found: NumberLine, chosen: Span | None, address: Address) -> Picture:
    """The picture of a line; `address` tells where the movements of a stretch are."""
    scale, said_once = Scale(found.window), Words(found.programme)
    reach = Span(found.series, 1, found.glance[-1].span.last) if found.glance else None
    return Picture(
        tuple(_bar(scale, each, said_once.told(each), address(each.span)) for each in found.drawn),
        tuple(_ticks(scale, found.window)),
        tuple(scale.bracket(each.span, each.id) for each in found.orders),
        tuple(_open(scale, found.drawn)),
        tuple(_holders(scale, found, said_once)),
        tuple(_edges(found.window)),
        scale.bracket(chosen, "") if chosen and chosen.intersection(found.window) else None,
        tuple(_glance(Scale(reach), found.glance)) if reach else (),
        Scale(reach).bracket(found.window, "") if reach else None,
    )


class Words:
    """The words of a line in the language of the request, each looked up once: there are thousands of them on it."""

    def __init__(self, programme: str) -> None:
        self.states = {state: str(word) for state, word in words.STATES.items()}
        self.places = {
            State.ORDERED: str(words.PLACES["the press"]),
            State.PRINTED: str(words.PLACES["the print shop"]),
            State.STOCKED: str(_("%(programme)s programme office", programme=programme)),
        }
        self._several = str(_("several stretches"))
        self.organisations = cache(self._organisations)

    def told(self, drawn: Drawn) -> str:
        """A piece in one line of words: its notes, what they are, and who has them."""
        what = ", ".join(f"{self.states[state]} {notes:,}" for state, notes in by_life(drawn.counts))
        who = ", ".join(drawn.holders[:3]) + ("…" if len(drawn.holders) > 3 else "")
        mixed = self._several if drawn.piece.stretches > 1 else ""
        return " · ".join(part for part in (str(drawn.span), mixed, what, who) if part)

    def holder(self, look: Look, holders: Sequence[str]) -> str:
        """Who has notes that look alike; empty where nobody does."""
        if holders:
            return holders[0]
        state = look.was if look.state is State.HELD and look.was else look.state
        return self.places.get(state, "") if state else ""

    def who(self, drawn: Drawn) -> str:
        """Who has a piece, in as few words as a bracket or a cell has room for."""
        if len(drawn.holders) > 1:
            return self.organisations(len(drawn.holders))
        named = {self.holder(look, drawn.holders if look.holder else ()) for look in drawn.piece.notes} - {""}
        return named.pop() if len(named) == 1 else ""

    @staticmethod
    def _organisations(how_many: int) -> str:
        return str(ngettext("%(num)d organisation", "%(num)d organisations", how_many))


class Scale:
    """Where notes stand in a window."""

    def __init__(self, window: Span) -> None:
        self._window = window

    def at(self, span: Span) -> tuple[float, float]:
        """The left edge and the width of what a span has in the window."""
        whole = len(self._window)
        shared = span.intersection(self._window) or self._window
        return (shared.first - self._window.first) * 100 / whole, len(shared) * 100 / whole

    def bracket(self, span: Span, text: str, kind: str = "", *, has_sign: bool = False) -> Bracket:
        """A bracket under or over a span."""
        x, width = self.at(span)
        signed = 3 if has_sign else 1
        size = (width >= TEXT_FROM) + (width >= TEXT_FROM and len(text) + signed <= width * LETTERS_ON_A_PHONE)
        return Bracket(x, width, _cut(text, int(width * LETTERS) - signed), kind, size, has_sign)


def by_life(counts: dict[str, int]) -> Iterator[tuple[str, int]]:
    """What is counted, in the order of a note's life."""
    return ((state, counts[state]) for state in words.STATES if state in counts)


def _cut(text: str, room: int) -> str:
    """As much of a text as there is room for."""
    if len(text) <= room:
        return text
    return text[: room - 1].rstrip() + "…" if room > 3 else ""


def _bar(scale: Scale, drawn: Drawn, text: str, address: str) -> Bar:
    x, width = scale.at(drawn.span)
    return Bar(x, width, tuple(_parts(drawn.counts, BAND_PX)), drawn.piece.look is None, text, address)


def _parts(counts: dict[str, int], height: int) -> Iterator[Part]:
    """From the top: what may still be spent, then what was; a level that rises as notes are spent."""
    total, y = sum(counts.values()), 0.0
    shares = [(state, max(notes * height / total, LEAST_PX)) for state, notes in _from_top(counts)]
    shrunk = height / sum(share for _state, share in shares)
    for state, share in shares:
        yield Part(state, y, share * shrunk)
        y += share * shrunk


def _from_top(counts: dict[str, int]) -> Iterable[tuple[str, int]]:
    spent = ("redeemed", "retired")
    return sorted(by_life(counts), key=lambda each: spent.index(each[0]) + 1 if each[0] in spent else 0)


def _edges(window: Span) -> Iterator[float]:
    """Between each note and the next."""
    if len(window) <= NOTES_APART:
        yield from (each * 100 / len(window) for each in range(1, len(window)))


def _ticks(scale: Scale, window: Span) -> Iterator[Tick]:
    for each in line.ticks(window):
        x, width = scale.at(Span(window.series, each, each))
        middle = x + width / 2
        anchor = "start" if middle < 4 else "end" if middle > 96 else "middle"
        yield Tick(middle, number(each), anchor)


def _open(scale: Scale, drawn: Sequence[Drawn]) -> Iterator[Bracket]:
    """Deliveries on their way and notes on hold: each with its sign where there is room for one more."""
    last = -APART
    for kinds, group in groupby(drawn, key=_open_kinds):
        there = list(group)
        whole = Span(there[0].span.series, there[0].span.first, there[-1].span.last)
        for kind in kinds:
            x, width = scale.at(whole)
            has_sign = x + width / 2 - last >= APART or width >= TEXT_FROM
            last = x + width / 2 if has_sign else last
            yield scale.bracket(whole, _open_words(kind, there), kind, has_sign=has_sign)
            break  # a hold says more than a delivery, and there is one lane


def _open_kinds(drawn: Drawn) -> tuple[str, ...]:
    found = {OPEN[state] for state in drawn.piece.states if state in OPEN}
    return tuple(sorted(found, reverse=True))


def _open_words(kind: str, there: Sequence[Drawn]) -> str:
    looks = {look for each in there for look in each.piece.notes}
    if kind == HOLD:
        reasons = {look.reason for look in looks if look.state is State.HELD}
        why = f" ({said(reasons.pop() or '', words.HELD_FOR)})" if len(reasons) == 1 else ""
        return f"{_('on hold')}{why}"
    if any(look.state is State.DISPATCHED for look in looks):
        return str(_("on its way"))
    return str(_("not received yet"))


def _holders(scale: Scale, found: NumberLine, said_once: Words) -> Iterator[Bracket]:
    """Neighbours that one holder has; those that several organisations share are counted together."""
    for is_shared, who_and_pieces in groupby(found.drawn, key=lambda each: len(each.holders) > 1):
        for who, group in groupby(
            who_and_pieces, key=lambda each: "" if len(each.holders) > 1 else said_once.who(each)
        ):
            there = list(group)
            text = said_once.organisations(len({name for each in there for name in each.holders})) if is_shared else who
            if text:
                yield scale.bracket(Span(found.series, there[0].span.first, there[-1].span.last), text)


def _glance(scale: Scale, pieces: Sequence[Piece]) -> Iterator[Bar]:
    """The whole line as custody has it, in one strip: each piece in the state of most of its notes."""
    for state, group in groupby(pieces, key=lambda piece: piece.states.most_common(1)[0][0]):
        there = list(group)
        x, width = scale.at(Span(there[0].span.series, there[0].span.first, there[-1].span.last))
        yield Bar(x, width, (Part(str(state or NOT_ORDERED), 0, 0),), False, "", "")
