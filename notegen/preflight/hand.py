"""The hand that draws one content stream, operator by operator (ISO 32000-1:2008, 8 and 9)."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, cast

import pikepdf

from notegen.preflight import colour, fonts, parts, scan
from notegen.preflight.colour import BLACK, CMYK, GREY, RGB, Paint, Space
from notegen.preflight.fault import Fault
from notegen.preflight.operators import ANY, OPERANDS
from notegen.preflight.painting import Kind, Matrix, Painting, times
from notegen.preflight.scan import Operation
from notegen.preflight.state import Sheet, State

Seen = Painting | Fault
Place = Callable[[object, State, Sheet], Iterator[Seen]]
"""What draws a form that is placed in a state."""

_FILLS: Final = {b"f", b"F", b"f*", b"b", b"b*", b"B", b"B*"}
_STROKES: Final = {b"S", b"s", b"b", b"b*", b"B", b"B*"}
_ENDS: Final = _FILLS | _STROKES | {b"n"}
_PATHS: Final = {scan.PATH, b"m", b"l", b"c", b"v", b"y", b"re", b"h"}
_TEXT: Final = {b"Tj", b"TJ", b"'", b'"'}
_UNSEEN: Final = 3
"""The way of lettering that neither fills nor strokes nor clips (9.3.6)."""

_NO_LETTERS: Final = {b"()", b"<>", b"[]"}
_SHORT: Final = {b"g": GREY, b"rg": RGB, b"k": CMYK}
_KEYS: Final = {b"/W": b"/Width", b"/H": b"/Height", b"/CS": b"/ColorSpace", b"/IM": b"/ImageMask"}


class Hand:
    """Goes through one content stream."""

    def __init__(self, place: Place, state: State, sheet: Sheet) -> None:
        self._form, self._state, self._sheet = place, state, sheet
        self._saved: list[State] = []
        self._in_text = False
        self._path: list[bytes] = []

    def draw(self, operations: Iterator[Operation]) -> Iterator[Seen]:
        """What the operations paint, and the faults in how they say so."""
        for operation in operations:
            operator, operands = operation
            if operator == scan.PATH:
                self._walk(operation)
                continue
            count = OPERANDS.get(operator)
            if count is None:
                yield self._fault("operator", f"the operator {_text(operator)} is none of PDF")
            elif count not in (ANY, len(operands)) and operator != b"BI":
                said = f"the operator {_text(operator)} has {len(operands)} operands where it takes {count}"
                yield self._fault("operator", said)
            else:
                yield from self._step(operation)
        if self._saved:
            yield self._fault("balance", f"{len(self._saved)} q have no Q")
        if self._in_text:
            yield self._fault("balance", "a BT has no ET")

    def _step(self, operation: Operation) -> Iterator[Seen]:
        operator, operands = operation
        if operator in _ENDS:
            yield from self._paint_path(operator)
        elif operator in _PATHS:
            self._walk(operation)
        elif operator in _TEXT:
            yield from self._text(operands[-1])
        else:
            step = _STEPS.get(operator)
            try:
                yield from step(self, operands) if step else ()
            except (ValueError, OverflowError):
                yield self._fault("operator", f"the operator {_text(operator)} has operands that are no numbers")

    def _fault(self, rule: str, said: str) -> Fault:
        return Fault(rule, f"{said[0].upper()}{said[1:]}.", self._sheet.where)

    def _painting(self, kind: Kind, *, stroke: bool = False, **more: Any) -> Painting:
        state, sheet = self._state, self._sheet
        paint = state.stroke if stroke else state.fill
        over = (state.over_stroke if stroke else state.over_fill) and state.mode == 1
        return Painting(kind, paint, over, state.matrix, sheet.level, sheet.where)._replace(**more)

    def _walk(self, operation: Operation) -> None:
        """Note a path where registration colour is set, or black that overprints: there alone its place matters."""
        fill = self._state.fill
        if fill.registration or self._state.stroke.registration or (fill == BLACK and self._state.over_fill):
            operator, operands = operation
            self._path.append(b" ".join(operands if operator == scan.PATH else [*operands, operator]))

    def _paint_path(self, operator: bytes) -> Iterator[Seen]:
        path, self._path = b" ".join(self._path), []
        if operator in _FILLS:
            yield self._painting("fill", path=path)
        if operator in _STROKES:
            yield self._painting("stroke", stroke=True, path=path)

    def _text(self, letters: bytes) -> Iterator[Seen]:
        if not self._in_text:
            yield self._fault("balance", "text is shown outside BT and ET")
        lettering = self._state.lettering
        if lettering != _UNSEEN and letters not in _NO_LETTERS:
            yield from self._state.font
        if lettering in (0, 2, 4, 6):
            yield self._painting("text")
        if lettering in (1, 2, 5, 6):
            yield self._painting("text", stroke=True)

    def _save(self, operands: list[bytes]) -> Iterator[Seen]:
        self._saved.append(self._state)
        yield from ()

    def _restore(self, operands: list[bytes]) -> Iterator[Seen]:
        if self._saved:
            self._state = self._saved.pop()
        else:
            yield self._fault("balance", "a Q has no q")

    def _begin_text(self, operands: list[bytes]) -> Iterator[Seen]:
        if self._in_text:
            yield self._fault("balance", "a BT stands within another")
        self._in_text = True

    def _end_text(self, operands: list[bytes]) -> Iterator[Seen]:
        if not self._in_text:
            yield self._fault("balance", "an ET has no BT")
        self._in_text = False

    def _move(self, operands: list[bytes]) -> Iterator[Seen]:
        matrix = cast(Matrix, tuple(map(float, operands)))
        self._state = self._state._replace(matrix=times(matrix, self._state.matrix))
        yield from ()

    def _letter(self, operands: list[bytes]) -> Iterator[Seen]:
        self._state = self._state._replace(lettering=int(operands[0]))
        yield from ()

    def _font(self, operands: list[bytes]) -> Iterator[Seen]:
        found = self._found("/Font", operands[0])
        if found is None:
            yield self._fault("resource", f"the font {_text(operands[0])} is not there")
        self._state = self._state._replace(font=tuple(fonts.judge(found, self._sheet.where)))

    def _graphics(self, operands: list[bytes]) -> Iterator[Seen]:
        """8.4.5: op alone is for filling, OP for stroking and, where there is no op, for both."""
        found = self._found("/ExtGState", operands[0])
        if found is None:
            yield self._fault("resource", f"the graphics state {_text(operands[0])} is not there")
        stroke, fill, mode = (parts.entry(found, key) for key in ("/OP", "/op", "/OPM"))
        fill = stroke if fill is None else fill
        self._state = self._state._replace(
            over_fill=self._state.over_fill if fill is None else bool(fill),
            over_stroke=self._state.over_stroke if stroke is None else bool(stroke),
            mode=self._state.mode if mode is None else parts.whole(mode),
        )
        if set_here := parts.listed(parts.entry(found, "/Font")):
            self._state = self._state._replace(font=tuple(fonts.judge(set_here[0], self._sheet.where)))
        if (group := parts.entry(parts.entry(found, "/SMask"), "/G")) is not None:
            yield from self._mask(group)

    def _mask(self, group: object) -> Iterator[Seen]:
        """A soft mask lays down no ink, so only its letters are judged."""
        inner = self._sheet._replace(level=self._sheet.level + 1)
        for seen in self._form(group, State(mask=True), inner):
            if isinstance(seen, Fault) and seen.rule in fonts.RULES:
                yield seen

    def _set(self, paint: Paint, *, stroke: bool) -> Iterator[Seen]:
        self._state = self._state._replace(stroke=paint) if stroke else self._state._replace(fill=paint)
        if paint.space.rests_on_rgb:
            yield self._fault("rgb", f"a colour is set in RGB or Lab ({paint.words}): use CMYK")

    def _space(self, operands: list[bytes], *, stroke: bool) -> Iterator[Seen]:
        space = self._named_space(operands[0])
        if space is None:
            yield self._fault("resource", f"the colour space {_text(operands[0])} is not there")
            return
        full = 1.0 if space.kind == "spot" else 0.0
        begin = (0.0, 0.0, 0.0, 1.0) if space.kind == "cmyk" else (full,) * space.components
        yield from self._set(Paint(space, begin), stroke=stroke)

    def _named_space(self, word: bytes) -> Space | None:
        plain = colour.space(_name(word))
        if plain is not colour.UNKNOWN:
            return plain
        found = self._found("/ColorSpace", word)
        return None if found is None else colour.space(found)

    def _tint(self, operands: list[bytes], *, stroke: bool) -> Iterator[Seen]:
        space = (self._state.stroke if stroke else self._state.fill).space
        if operands and operands[-1].startswith(b"/"):
            yield from self._pattern(operands[-1])
            operands = operands[:-1]
        elif space.components and len(operands) != space.components:
            yield self._fault("operator", f"a colour has {len(operands)} parts where its space has {space.components}")
        yield from self._set(Paint(space, tuple(map(float, operands))), stroke=stroke)

    def _pattern(self, word: bytes) -> Iterator[Seen]:
        found = self._found("/Pattern", word)
        if found is None:
            yield self._fault("resource", f"the pattern {_text(word)} is not there")
        elif parts.entry(found, "/PatternType") == 2:
            yield self._painting("shading", image=parts.entry(found, "/Shading"))
        else:
            yield from self._form(found, State(), self._sheet._replace(level=self._sheet.level + 1))

    def _shade(self, operands: list[bytes]) -> Iterator[Seen]:
        found = self._found("/Shading", operands[0])
        if found is None:
            yield self._fault("resource", f"the shading {_text(operands[0])} is not there")
        else:
            yield self._painting("shading", image=found)

    def _place(self, operands: list[bytes]) -> Iterator[Seen]:
        found = self._found("/XObject", operands[0])
        kind = parts.name(parts.entry(found, "/Subtype"))
        if kind == "/Form":
            yield from self._form(found, self._state, self._sheet)
        elif kind == "/Image":
            size = parts.whole(parts.entry(found, "/Width")), parts.whole(parts.entry(found, "/Height"))
            mask = parts.entry(found, "/ImageMask") is True
            yield self._painting("mask" if mask else "image", pixels=size, image=found)
        else:
            yield self._fault(
                "resource", f"the name {_text(operands[0])} is neither a form nor a picture that is there"
            )

    def _inline(self, operands: list[bytes]) -> Iterator[Seen]:
        pairs = zip(operands[::2], operands[1::2], strict=False)
        keys = {_KEYS.get(key, key): value for key, value in pairs}
        size = int(keys.get(b"/Width", b"0")), int(keys.get(b"/Height", b"0"))
        if keys.get(b"/ImageMask") == b"true":
            yield self._painting("mask", pixels=size)
            return
        space = self._named_space(keys.get(b"/ColorSpace", b"/DeviceGray"))
        if space is not None and space.rests_on_rgb:
            yield self._fault("rgb", "a picture in the page is in RGB: convert it to CMYK")
        yield self._painting("image", pixels=size)

    def _found(self, kind: str, word: bytes) -> object:
        return parts.entry(parts.entry(self._sheet.resources, kind), str(_name(word)))


def _text(word: bytes) -> str:
    return word[:40].decode("latin-1")


def _name(word: bytes) -> pikepdf.Name:
    """A name as it stands in content; `#2B` is a plus (7.3.5)."""
    pieces = word[1:].split(b"#")
    spelt = [pieces[0], *(bytes([int(piece[:2], 16)]) + piece[2:] for piece in pieces[1:])]
    return pikepdf.Name("/" + b"".join(spelt).decode("utf-8", "surrogateescape"))


def _short(operator: bytes, hand: Hand, operands: list[bytes]) -> Iterator[Seen]:
    paint = Paint(_SHORT[operator.lower()], tuple(map(float, operands)))
    return hand._set(paint, stroke=operator.isupper())


_Step = Callable[[Hand, list[bytes]], Iterator[Seen]]


_STEPS: Final[dict[bytes, _Step]] = {
    b"q": Hand._save,
    b"Q": Hand._restore,
    b"BT": Hand._begin_text,
    b"ET": Hand._end_text,
    b"cm": Hand._move,
    b"Tr": Hand._letter,
    b"Tf": Hand._font,
    b"gs": Hand._graphics,
    b"sh": Hand._shade,
    b"Do": Hand._place,
    b"BI": Hand._inline,
    b"cs": lambda hand, operands: hand._space(operands, stroke=False),
    b"CS": lambda hand, operands: hand._space(operands, stroke=True),
    b"sc": lambda hand, operands: hand._tint(operands, stroke=False),
    b"scn": lambda hand, operands: hand._tint(operands, stroke=False),
    b"SC": lambda hand, operands: hand._tint(operands, stroke=True),
    b"SCN": lambda hand, operands: hand._tint(operands, stroke=True),
    **{word: partial(_short, word) for short in _SHORT for word in (short, short.upper())},
}
