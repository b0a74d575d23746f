"""The edges of the window: how the desk stands above, and what else can be pressed below."""

from app.core.apart import Leave
from scanner.view import colours, lettering, sentences
from scanner.view.booth import Booth, Deed, Panel
from scanner.view.canvas import CHOSEN, QUIET, Canvas, Look
from scanner.view.colours import FIELDS
from scanner.view.layout import Layout, Rect, shared
from scanner.view.stage import stripes


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


def draw_foot(canvas: Canvas, layout: Layout, booth: Booth) -> None:
    """What else can be pressed, each with its key."""
    words, about, notices = booth.words, booth.desk.about, len(booth.condition.notices)
    wanted: list[tuple[str, Deed, str, bool]] = []
    if not about.check_only:
        wanted += [
            ("F2", Deed("check"), words.say("key_check"), booth.counter.checks_by_choice),
            ("F3", Deed("practise"), words.say("key_practise"), booth.counter.practice),
            ("F4", Deed("panel", Panel.RECENT), words.say("key_recent"), booth.panel in (Panel.RECENT, Panel.WHY)),
        ]
    if about.keyed:
        wanted.append(("F5", Deed("panel", Panel.TYPE), words.say("key_type"), booth.panel is Panel.TYPE))
    wanted.append(("F6", Deed("panel", Panel.CARD), words.say("key_camera"), booth.panel is Panel.CARD))
    wanted.append(("F7", Deed("language"), words.say("key_language"), False))
    wanted.append(("F8", Deed("sound"), words.say("key_sound"), booth.sound))
    if notices or booth.panel is Panel.NOTICES:
        wanted.append(
            (
                "F9",
                Deed("panel", Panel.NOTICES),
                f"{words.say('key_notices')} ({notices})",
                booth.panel is Panel.NOTICES,
            )
        )
    size = layout.type(18)
    texts = [lettering.width(text, size, bold=True) + layout.px(28) for _, _, text, _ in wanted]
    caps = [lettering.width(key, max(16, round(size * 0.8))) + 22 for key, *_ in wanted]
    gap = layout.px(8)
    room = layout.foot.width - gap * (len(wanted) - 1)
    with_keys = sum(texts) + sum(caps) <= room
    widths = [text + cap if with_keys else text for text, cap in zip(texts, caps, strict=True)]
    places = shared(layout.foot, widths, gap)
    for place, (key, deed, text, is_on) in zip(places, wanted, strict=True):
        is_news = deed.value == Panel.NOTICES and not is_on
        attention = Look(FIELDS["attention"].ground, FIELDS["attention"].ink, colours.STRONG_LINE)
        look = CHOSEN if is_on else attention if is_news else QUIET
        canvas.button(place, text, deed, size, look=look, key=key if with_keys else "")
