"""The stage: the live picture with each note outlined, and over it the answer."""

from dataclasses import dataclass

from app.core.verifying import Signature
from scanner.eye import Seen
from scanner.notes import Note
from scanner.view import colours, lettering
from scanner.view.basket import name_of
from scanner.view.booth import Booth, Deed, Panel
from scanner.view.canvas import Align, Canvas, Look
from scanner.view.colours import FIELDS, Colour, Field
from scanner.view.layout import Layout, Rect, columns
from scanner.view.saying import Line, Said
from scanner.view.sentences import Word

_OUTWARD = 1.14
"""How much larger than the symbol its outline is, so that it stands in the quiet zone."""

AWAIT_AFTER_SECONDS = 0.25
"""An answer comes sooner, mostly; then nothing flickers."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the camera gives: what was seen last, and a sentence's name where there is no picture."""

    seen: Seen | None = None
    said: str = "camera_off"


def draw_eye(canvas: Canvas, place: Rect, layout: Layout, booth: Booth, sight: Sight) -> None:
    """The picture; where there is none, what there is to do."""
    canvas.box(place, Look(colours.NIGHT, colours.WHITE))
    inner = place.inset(4)
    if sight.seen is not None:
        scale, left, top = canvas.picture(sight.seen.moment.frame, inner)
        for note in sight.seen.notes:
            around = note.reading.centre + (note.reading.corners - note.reading.centre) * _OUTWARD
            _outline(
                canvas, inner, layout, booth, note, [(left + x * scale, top + y * scale) for x, y in around.tolist()]
            )
    if sight.said:
        _told(canvas, inner, layout, booth.words.say(sight.said), over=sight.seen is not None)


def draw_answer(canvas: Canvas, place: Rect, layout: Layout, booth: Booth, now: float) -> bool:
    """The answer over the stage; whether there is one."""
    answer = booth.counter.answer
    if answer.said is not None:
        _answer(canvas, place, layout, booth, answer.said)
        return True
    if answer.awaits is None or now - answer.awaits < AWAIT_AFTER_SECONDS:
        return False
    canvas.box(place, Look(colours.SURFACE, colours.INK, colours.STRONG_LINE, 4, 14, dashed=True))
    size = layout.type(44)
    canvas.line(place, booth.words.say("asking"), size, colours.INK, bold=True, align=Align.CENTRE)
    return True


def _told(canvas: Canvas, place: Rect, layout: Layout, sentence: str, *, over: bool) -> None:
    """Over a picture in a strip at its foot; without one in the middle."""
    size = layout.type(22 if over else 30)
    wide = place.width - layout.px(40)
    high = lettering.height(sentence, size, wide) + layout.px(28)
    strip = (
        place.cut_bottom(high)[0]
        if over
        else Rect(place.left, place.top + (place.height - high) // 2, place.width, high)
    )
    if over:
        canvas.box(strip, Look(colours.PAPER, colours.INK, None, 0, 8))
    inner = Rect(strip.left + layout.px(20), strip.top + layout.px(14), wide, high)
    canvas.text(inner, sentence, size, colours.INK if over else colours.PAPER, bold=not over)


def _outline(
    canvas: Canvas, place: Rect, layout: Layout, booth: Booth, note: Note, corners: list[tuple[float, float]]
) -> None:  # fmt: skip
    """A note has a whole frame and its verdict; any other code the corners alone."""
    name = name_of(note.reading.text)
    if note.token is None and name not in booth.counter.marks:
        canvas.outline(corners, FIELDS["attention"].ground, whole=False)
        return
    if booth.panel is Panel.CARD:
        canvas.outline(corners, colours.WHITE, whole=True)
        return
    word, field = _word_of(booth, name, note)
    bright = field.ground if field is not FIELDS["asking"] else colours.WHITE
    canvas.outline(corners, _lit(bright), whole=note.token is not None)
    left, top = min(x for x, _ in corners), max(y for _, y in corners) + layout.px(10)
    _tag(canvas, place, layout, word, field, left, top)


def _word_of(booth: Booth, name: str, note: Note) -> tuple[Word, Field]:
    verdict = booth.counter.marks.get(name)
    if verdict is None:
        is_bad = note.signature is Signature.BAD and name not in booth.counter.marks
        shape = Word(booth.words.say("checking"), "asking", "asking")
        return (booth.words.verdict("forged"), FIELDS["no"]) if is_bad else (shape, FIELDS["asking"])
    word = booth.words.verdict(verdict)
    short = booth.words.say("good") if verdict == "good" else word.text
    return Word(short, word.family, word.shape), FIELDS[word.family]


def _tag(canvas: Canvas, place: Rect, layout: Layout, word: Word, field: Field, left: float, top: float) -> None:
    size, height = layout.type(22), layout.px(40)
    width = lettering.width(word.text, size, bold=True) + height + layout.px(16)
    at = Rect(
        round(max(place.left, min(left, place.right - width))), round(max(place.top, min(top, place.bottom - height))),
        min(width, place.width), height,
    )  # fmt: skip
    canvas.box(at, Look(field.ground, field.ink, colours.NIGHT, 2, 8))
    sign, rest = at.inset(6).cut_left(height - 12, 8)
    canvas.mark(sign, word.shape, field.ink, field.ground)
    canvas.line(rest, word.text, size, field.ink, bold=True)


def _lit(colour: Colour) -> Colour:
    """The dark green and red are lit up, to show on a dark desk."""
    return {FIELDS["good"].ground: (61, 196, 105), FIELDS["no"].ground: (236, 72, 62)}.get(colour, colour)


def _answer(canvas: Canvas, place: Rect, layout: Layout, booth: Booth, said: Said) -> None:
    field = FIELDS[said.word.family]
    is_asked = said.word.shape == "ring" or said.is_asked
    ground, ink = (colours.SURFACE, field.ground) if is_asked else (field.ground, field.ink)
    canvas.box(place, Look(ground, ink, ink if is_asked else None, layout.px(8) if is_asked else 0, 14))
    if said.word.shape == "open":
        canvas.box(place.inset(layout.px(10)), Look(None, ink, ink, 5, 8, dashed=True))
    inner = place.inset(layout.px(28))
    if said.stamp:
        inner = _stamp(canvas, inner, layout, said.stamp)
    buttons, inner = inner.cut_bottom(layout.target, layout.px(10))
    _buttons(canvas, buttons, layout, booth, said, Look(None, ink, ink, 2), Look(ink, ground, ink, 2))
    _said(canvas, inner, layout, said, ink, ground)


def _stamp(canvas: Canvas, place: Rect, layout: Layout, text: str) -> Rect:
    strip, rest = place.cut_top(layout.px(52), layout.px(12))
    stripes(canvas, strip, text, layout.type(34))
    return rest


def stripes(canvas: Canvas, place: Rect, text: str, size: int) -> None:
    """A band whose stripes at both ends say that it is not in earnest."""
    canvas.surface.fill(FIELDS["attention"].ground, (place.left, place.top, place.width, place.height))
    side = min(place.width // 4, place.height * 2)
    for start in (place.left, place.right - side):
        for x in range(start, start + side, place.height // 2 or 1):
            _stripe(canvas, place, x, place.height // 4 or 1)
    canvas.line(place, text, size, FIELDS["attention"].ink, bold=True, align=Align.CENTRE)


def _stripe(canvas: Canvas, place: Rect, x: int, width: int) -> None:
    canvas.surface.fill(FIELDS["attention"].ink, (x, place.top, width, place.height))


def _said(canvas: Canvas, place: Rect, layout: Layout, said: Said, ink: Colour, ground: Colour) -> None:
    sign_size = layout.px(132)
    _, beside = place.cut_left(sign_size, layout.px(26))
    size = lettering.fitted(said.word.text, layout.type(72), layout.type(30), beside.width, 2)
    high = lettering.height(said.word.text, size, beside.width, bold=True)
    head, rest = place.cut_top(max(sign_size, high), layout.px(18))
    sign, beside = head.cut_left(sign_size, layout.px(26))
    canvas.mark(sign, said.word.shape, ink, ground)
    word = Rect(beside.left, head.top + (head.height - high) // 2, beside.width, high)
    canvas.text(word, said.word.text, size, ink, bold=True)
    for sentence in said.sentences:
        used = canvas.text(rest, sentence, layout.type(26), ink)
        _, rest = rest.cut_top(used, layout.px(8))
    if said.say:
        rest = _to_visitor(canvas, rest, layout, said.say, ink)
    _lines(canvas, rest, layout, said, ink, ground)


def _to_visitor(canvas: Canvas, place: Rect, layout: Layout, say: str, ink: Colour) -> Rect:
    bar, beside = place.cut_left(5, layout.px(14))
    used = canvas.text(beside, say, layout.type(24), ink)
    canvas.surface.fill(ink, (bar.left, bar.top, bar.width, used))
    return place.cut_top(used, layout.px(12))[1]


def _lines(canvas: Canvas, place: Rect, layout: Layout, said: Said, ink: Colour, ground: Colour) -> None:
    size, step = layout.type(21), layout.px(34)
    is_mixed = any(line.word.text != said.word.text for line in said.lines)
    across = (
        2 if len(said.lines) > 3 and not any(line.more for line in said.lines) and place.width > layout.px(560) else 1
    )
    halves = columns(place, across, layout.gap)
    for n, line in enumerate(said.lines):
        column = halves[n % across]
        at = Rect(column.left, place.top + n // across * step, column.width, step)
        if at.bottom <= place.bottom:
            _line(canvas, at, size, line, ink, ground, is_mixed=is_mixed)


def _line(canvas: Canvas, place: Rect, size: int, line: Line, ink: Colour, ground: Colour, *, is_mixed: bool) -> None:
    used = canvas.line(place, line.serial, size, ink, bold=True)
    _, rest = place.cut_left(used, 14)
    if is_mixed and rest.width > 60:
        sign, rest = rest.cut_left(place.height - 10, 6)
        canvas.mark(sign, line.word.shape, ink, ground)
        used = canvas.line(rest, line.word.text, size, ink)
        _, rest = rest.cut_left(used, 14)
    canvas.line(rest, line.more, size, ink)


def _buttons(
    canvas: Canvas, place: Rect, layout: Layout, booth: Booth, said: Said, look: Look, strong: Look
) -> None:  # fmt: skip
    words, size = booth.words, layout.type(21)
    wanted = [(words.say("clear"), Deed("clear"), look, "Esc")]
    if said.take_out is not None:
        wanted.insert(0, (words.say("take_out_this"), Deed("take_out", said.take_out), strong, ""))
    if booth.desk.about.clear_seconds > 0 and not booth.counter.answer.keeps:
        wanted.append((words.say("keep"), Deed("keep"), look, ""))
    left = place.left
    for text, deed, its, key in wanted:
        cap = lettering.width(key, size) + 24 if key else 0
        width = lettering.width(text, size, bold=True) + cap + layout.px(36)
        if left + width <= place.right:
            canvas.button(Rect(left, place.top, width, place.height), text, deed, size, look=its, key=key)
        left += width + layout.px(10)
