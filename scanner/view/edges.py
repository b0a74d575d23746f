"""The edges of the window: how the desk stands above, and what else can be pressed below."""

from dataclasses import dataclass

from app.core.apart import Leave
from scanner.view import colours, lettering, sentences
from scanner.view.booth import Booth, Deed, Panel
from scanner.view.canvas import CHOSEN, QUIET, Canvas, Look
from scanner.view.colours import FIELDS
from scanner.view.layout import LEAST_TYPE, Layout, Rect, shared, split_rows
from scanner.view.stage import stripes


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A button of the foot: its key, what it does, its text, and whether that is on."""

    key: str
    deed: Deed
    text: str
    is_on: bool


def draw_top(canvas: Canvas, layout: Layout, booth: Booth) -> None:
    """The venue and the desk, and beside them the network and whatever is in the way."""
    if booth.counter.practice:
        stripes(
            canvas,
            layout.band,
            f"{booth.words.say('practice')}  ·  {booth.words.say('practice_band')}",
            layout.type(24),
        )
    place, about = layout.top, booth.desk.about
    who = f"{about.venue} · {about.desk}"
    wide = min(lettering.width(who, layout.type(20), bold=True) + layout.px(12), place.width * 2 // 5)
    name, state = place.cut_left(wide, layout.gap)
    canvas.line(name, who, layout.type(20), colours.INK, bold=True)
    _state(canvas, state, layout, booth)


def _state(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    trouble, size = booth.condition.trouble, layout.type(19)
    if trouble is not None:
        word = booth.words.trouble(trouble)
        is_apart = trouble == "closed" and booth.condition.leave is Leave.READY
        sentence = booth.words.say("closed_apart") if is_apart else word.sentence
        field = FIELDS["attention"]
        canvas.box(place, Look(field.ground, field.ink, None, 0, 8))
        sign, rest = place.inset(6).cut_left(place.height - 16, 10)
        canvas.mark(sign, "triangle", field.ink, field.ground)
        _two_lines(canvas, rest, f"{word.text}. {sentence}", layout)
        return
    is_online = booth.condition.online
    edge = Look(
        colours.SURFACE, colours.INK, colours.LINE if is_online else colours.STRONG_LINE, 2, 8, dashed=not is_online
    )
    canvas.box(place, edge)
    sign, rest = place.inset(8).cut_left(layout.px(26), 10)
    canvas.mark(
        sign, "ring" if is_online else "asking", colours.GOOD_SIGN if is_online else colours.INK, colours.SURFACE
    )
    head = booth.words.say("on_line" if is_online else "off_line")
    used = canvas.line(rest, head, size, colours.INK, bold=True)
    _two_lines(canvas, rest.cut_left(used, 12)[1], " ".join(_said(booth)), layout)


def _two_lines(canvas: Canvas, place: Rect, text: str, layout: Layout) -> None:
    """One line in its middle, or two."""
    size = layout.type(19)
    if lettering.width(text, size) <= place.width:
        canvas.line(place, text, size, colours.INK)
        return
    lines = lettering.wrapped(text, _least(layout), place.width)
    upper, lower = place.cut_top(place.height // 2)
    canvas.line(upper, lines[0], _least(layout), colours.INK)
    canvas.line(lower, " ".join(lines[1:]), _least(layout), colours.INK)


def _least(layout: Layout) -> int:
    """Of two lines in a bar."""
    return layout.type(18)


def _said(booth: Booth) -> list[str]:
    found, words = booth.condition, booth.words
    waiting = [words.count("waiting", found.waiting_notes)] if found.waiting_notes else []
    waiting += [words.say("elsewhere")] if found.owed_elsewhere else []
    if found.online:
        return waiting
    at = words.moment(found.known_at, booth.desk.clock.now()) if found.known_at else ""
    if found.leave is Leave.READY:
        return [words.say("knows", at=at), words.count("may_accept", found.notes_left), *waiting]
    return [words.tell(sentences.APART[found.leave]).format(at=at), *waiting]


def foot_rows(booth: Booth, width: int, unit: float) -> int:
    """In how many rows the buttons of the foot can be read."""
    size, room = max(LEAST_TYPE, round(18 * unit)), width - round(28 * unit)
    needed = sum(lettering.width(each.text, size, bold=True) + round(36 * unit) for each in _pressed(booth))
    return 1 if needed <= room else 2


def draw_foot(canvas: Canvas, layout: Layout, booth: Booth) -> None:
    """What else can be pressed, each with its key where there is room for it."""
    wanted, size = _pressed(booth), layout.type(18)
    half = -(-len(wanted) // layout.foot_rows)
    lines = [wanted[first : first + half] for first in range(0, len(wanted), half)]
    for line, place in zip(lines, split_rows(layout.foot, layout.foot_rows, layout.gap // 2), strict=False):
        _draw_line(canvas, place, line, size, layout)


def _draw_line(canvas: Canvas, place: Rect, wanted: list[_Pressed], size: int, layout: Layout) -> None:
    gap = layout.px(8)
    texts = [lettering.width(each.text, size, bold=True) + layout.px(28) for each in wanted]
    caps = [lettering.width(each.key, max(16, round(size * 0.8))) + 22 for each in wanted]
    with_keys = sum(texts) + sum(caps) <= place.width - gap * (len(wanted) - 1)
    widths = [text + cap if with_keys else text for text, cap in zip(texts, caps, strict=True)]
    for at, each in zip(shared(place, widths, gap), wanted, strict=True):
        is_news = each.deed.value == Panel.NOTICES and not each.is_on
        attention = Look(FIELDS["attention"].ground, FIELDS["attention"].ink, colours.STRONG_LINE)
        look = CHOSEN if each.is_on else attention if is_news else QUIET
        canvas.button(at, each.text, each.deed, size, look=look, key=each.key if with_keys else "")


def _pressed(booth: Booth) -> list[_Pressed]:
    words, about, notices, panel = booth.words, booth.desk.about, len(booth.condition.notices), booth.panel

    def opens(key: str, of: Panel, text: str) -> _Pressed:
        return _Pressed(key, Deed("panel", of), text, panel is of)

    wanted: list[_Pressed] = []
    if not about.check_only:
        is_giving = panel in (Panel.RECENT, Panel.WHY)
        wanted = [
            _Pressed("F2", Deed("check"), words.say("key_check"), booth.counter.checks_by_choice),
            _Pressed("F3", Deed("practise"), words.say("key_practise"), booth.counter.practice),
            _Pressed("F4", Deed("panel", Panel.RECENT), words.say("key_recent"), is_giving),
        ]
    wanted += [opens("F5", Panel.TYPE, words.say("key_type"))] if about.keyed else []
    wanted.append(opens("F6", Panel.CARD, words.say("key_camera")))
    wanted.append(_Pressed("F7", Deed("language"), words.say("key_language"), False))
    wanted.append(_Pressed("F8", Deed("sound"), words.say("key_sound"), booth.sound))
    if notices or panel is Panel.NOTICES:
        wanted.append(opens("F9", Panel.NOTICES, f"{words.say('key_notices')} ({notices})"))
    return wanted
