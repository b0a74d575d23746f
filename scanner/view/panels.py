"""What lies over the stage while it is open: giving back, notices, the typed serial, the offers, the test card."""

from datetime import datetime

from app.core.errors import BadSerial
from app.core.serial import parse_canonical
from scanner import measures
from scanner.measures import Measures
from scanner.memory.entries import Deed as EntryDeed
from scanner.memory.entries import Entry
from scanner.memory.outcomes import Recent
from scanner.view import colours, lettering, sentences
from scanner.view.basket import printed
from scanner.view.booth import Booth, Deed, Panel
from scanner.view.canvas import OFF, QUIET, STRONG, Align, Canvas, Look
from scanner.view.colours import FIELDS
from scanner.view.layout import Layout, Rect, fitting, grid, rows
from scanner.view.side import offer_button
from scanner.view.stage import Sight, draw_eye

_SAYS = {"not_taken": "not_entered", "left_spent": "left_spent"}
"""The sentence for a reason that has one of its own."""


def draw_panel(canvas: Canvas, layout: Layout, booth: Booth, sight: Sight, measured: Measures | None) -> None:
    """The panel that is open."""
    place = layout.stage
    canvas.box(place, Look(colours.SURFACE, colours.INK, colours.STRONG_LINE, 3, 12))
    inner = place.inset(layout.px(22))
    foot, inner = inner.cut_bottom(layout.target, layout.gap)
    back, foot = foot.cut_left(layout.px(170), layout.gap)
    canvas.button(back, booth.words.say("back"), Deed("panel", Panel.NONE), layout.type(21), key="Esc")
    drawn = {Panel.RECENT: _recent, Panel.WHY: _why, Panel.NOTICES: _notices, Panel.TYPE: _type, Panel.OFFERS: _offers}
    if booth.panel is Panel.CARD:
        _card(canvas, inner, layout, booth, sight, measured)
    elif booth.panel in drawn:
        drawn[booth.panel](canvas, inner, layout, booth)
        _turning(canvas, foot, layout, booth)


def _turning(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    """To the other pages of a list, where there are more."""
    pages, size = booth.paging.pages(len(booth.rows)), layout.type(20)
    if pages == 1:
        return
    for name, key, by in (("page_next", "PgDn", 1), ("page_before", "PgUp", -1)):
        text = booth.words.say(name)
        wide = lettering.width(text, size, bold=True) + lettering.width(key, size) + layout.px(44)
        is_there = 0 <= booth.paging.page + by < pages
        button, place = place.cut_right(wide, layout.gap)
        canvas.button(button, text, Deed("page", by), size, look=QUIET if is_there else OFF, key=key)
    told = booth.words.say("page_of", page=booth.paging.page + 1, pages=pages)
    if lettering.width(told, size) <= place.width:
        canvas.line(place, told, size, colours.INK, align=Align.RIGHT)


def _title(canvas: Canvas, place: Rect, layout: Layout, text: str) -> Rect:
    size = lettering.fitted(text, layout.type(30), layout.type(20), place.width, 2)
    used = canvas.text(place, text, size, colours.INK, bold=True)
    return place.cut_top(used, layout.gap)[1]


def _recent(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    rest = _title(canvas, place, layout, booth.words.say("recent"))
    if not booth.recent:
        canvas.text(rest, booth.words.say("no_recent"), layout.type(22), colours.INK)
    high, gap = layout.px(70), layout.px(8)
    booth.paging.room = min(9, fitting(rest.height, high, gap))
    shown = booth.paging.shown(booth.recent)
    for n, (at, visit) in enumerate(zip(rows(rest, [high] * len(shown), gap), shown, strict=False)):
        _visit(canvas, at, layout, booth, n, visit)


def _visit(canvas: Canvas, place: Rect, layout: Layout, booth: Booth, n: int, visit: Recent) -> None:
    words, size = booth.words, layout.type(20)
    canvas.button(place, "", Deed("give_back", visit.id), size)
    cap, inner = place.inset(10).cut_left(layout.px(28), 12)
    canvas.box(Rect(cap.left, cap.top + 6, cap.width, cap.height - 12), Look(None, colours.INK, colours.INK, 1, 5))
    canvas.line(cap, str(n + 1), layout.type(18), colours.INK, align=Align.CENTRE)
    left, inner = inner.cut_right(layout.px(180), 10)
    minutes = words.count("minutes", max(1, -(-visit.left_ms // 60_000)))
    canvas.line(left, minutes, size, colours.QUIET, align=Align.RIGHT)
    upper, lower = inner.cut_top(inner.height // 2)
    time = canvas.line(upper, words.time(visit.at), size, colours.INK, bold=True)
    what = booth.counter.saying.hours(visit.hours, booth.desk.about.offer(visit.offer))
    canvas.line(upper.cut_left(time, 14)[1], what, size, colours.INK)
    canvas.line(lower, ", ".join(map(printed, visit.serials)), layout.type(18), colours.QUIET)


def _why(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    rest = _title(canvas, place, layout, booth.words.say("why"))
    reasons = sentences.GIVE_BACK_REASONS
    for n, (at, (word, text)) in enumerate(
        zip(rows(rest, [layout.target] * len(reasons), layout.px(8)), reasons.items(), strict=False)
    ):
        canvas.button(at, booth.words.tell(text), Deed("reason", word), layout.type(22), key=str(n + 1))


def _notices(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    rest = _title(canvas, place, layout, booth.words.say("notices"))
    if not booth.condition.notices:
        canvas.text(rest, booth.words.say("no_notices"), layout.type(22), colours.INK)
    high = layout.px(124) + layout.target
    booth.paging.room = fitting(rest.height, high, layout.gap)
    shown = booth.paging.shown(booth.condition.notices)
    for at, entry in zip(rows(rest, [high] * len(shown), layout.gap), shown, strict=False):
        _notice(canvas, at, layout, booth, entry)


def _notice(canvas: Canvas, place: Rect, layout: Layout, booth: Booth, entry: Entry) -> None:
    canvas.box(place, Look(colours.SURFACE, colours.INK, colours.STRONG_LINE, 2, 8))
    field, size = FIELDS["attention"], layout.type(19)
    sign, rest = place.inset(layout.px(12)).cut_left(layout.px(40), layout.px(12))
    canvas.mark(Rect(sign.left, sign.top, sign.width, sign.width), "triangle", field.ground, field.ink)
    read, rest = rest.cut_bottom(layout.target, 4)
    text = booth.words.say("dismiss")
    wide = lettering.width(text, size, bold=True) + layout.px(40)
    canvas.button(Rect(read.left, read.top, wide, read.height), text, Deed("dismiss", entry.id), size, around=3)
    canvas.line(read.cut_left(wide, layout.gap)[1], _notes_of(booth, entry), layout.type(18), colours.INK)
    canvas.text(rest, _notice_said(booth, entry), size, colours.INK)


def _notice_said(booth: Booth, entry: Entry) -> str:
    other = "not_reversed" if entry.deed is EntryDeed.REVERSE else "not_confirmed"
    at = booth.words.moment(datetime.fromisoformat(entry.scanned_at), booth.desk.clock.now())
    said = booth.words.say(_SAYS.get(entry.reason or "", other), at=at)
    why = sentences.GIVE_BACK_REFUSALS.get(entry.reason or "")
    return f"{said} {booth.words.tell(why)}" if why and entry.deed is EntryDeed.REVERSE else said


def _notes_of(booth: Booth, entry: Entry) -> str:
    """Its notes that are not good, or the first of all."""
    told = {str(note.get("serial")): booth.words.verdict(str(note.get("verdict"))) for note in entry.answer}
    bad = [f"{printed(serial)}: {word.text}" for serial, word in told.items() if word.family != "good"]
    return ", ".join(bad or [printed(serial) for serial in entry.serials])


def _type(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    rest = _title(canvas, place, layout, booth.words.say("type"))
    box, rest = rest.cut_top(layout.px(84), layout.gap)
    canvas.box(box, Look(colours.WHITE, colours.INK, colours.TEAL, 3, 8))
    inner = box.inset(layout.px(16))
    used = canvas.line(inner, _grouped(booth.typed), layout.type(40), colours.INK, bold=True)
    canvas.surface.fill(colours.TEAL, (inner.left + used + 4, inner.top, 3, inner.height))
    if booth.typed_fault:
        used = canvas.text(rest, booth.typed_fault, layout.type(22), colours.INK, bold=True)
        _, rest = rest.cut_top(used, layout.gap)
    button, _ = rest.cut_top(layout.target)
    text, size = booth.words.say("add"), layout.type(22)
    wide = lettering.width(text, size, bold=True) + lettering.width("Enter", size) + layout.px(60)
    canvas.button(button.cut_left(wide)[0], text, Deed("accept"), size, look=STRONG, key="Enter")


def _grouped(typed: str) -> str:
    """As it stands on the paper, once it is whole."""
    try:
        return parse_canonical(typed).printed
    except BadSerial:
        return typed


def _offers(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    offers, gap = [None, *booth.desk.about.offers], layout.px(8)
    across = 2 if len(offers) > 6 else 1
    booth.paging.room = min(10, across * fitting(place.height, layout.target, gap))
    shown = booth.paging.shown(offers)
    for n, at in enumerate(grid(place, len(shown), across, layout.target, gap)):
        offer_button(canvas, at, layout, booth, shown[n], key=str(n), whole=True)


def _card(canvas: Canvas, place: Rect, layout: Layout, booth: Booth, sight: Sight, measured: Measures | None) -> None:
    lower, upper = place.cut_bottom(layout.px(150), layout.gap)
    draw_eye(canvas, upper, layout, booth, sight)
    words = booth.words
    if measured is None:
        canvas.text(lower, words.say("card_show"), layout.type(30), colours.INK, bold=True)
        return
    key = measures.advice(measured)
    field = FIELDS["good" if key == "card_good" else "attention"]
    line, rest = lower.cut_top(layout.px(76), layout.px(8))
    canvas.box(line, Look(field.ground, field.ink, None, 0, 8))
    sign, text = line.inset(10).cut_left(line.height - 24, 14)
    canvas.mark(sign, "tick" if key == "card_good" else "triangle", field.ink, field.ground)
    size = lettering.fitted(words.say(key), layout.type(28), layout.type(20), text.width, 2)
    used = lettering.height(words.say(key), size, text.width, bold=True)
    canvas.text(
        Rect(text.left, text.top + (text.height - used) // 2, text.width, used),
        words.say(key),
        size,
        field.ink,
        bold=True,
    )
    pixels = "–" if measured.pixels is None else f"{measured.pixels:.1f}"
    told = [
        words.say("card_size", value=pixels), words.say("card_bright", value=measured.light),
        words.say("card_depth", value=measured.contrast), words.say("card_edge", value=measured.sharpness),
    ]  # fmt: skip
    for at, said in zip(grid(rest, 4, 2, layout.px(30), 2), told, strict=True):
        canvas.line(at, said, layout.type(18), colours.INK)
