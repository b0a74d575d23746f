"""The side of the window: what for, the tally, the one large button, and the basket."""

from app.core.visit import MOST_NOTES
from scanner.about import Offer
from scanner.view import colours, lettering
from scanner.view.basket import Gathered, printed, split
from scanner.view.booth import MOST_OFFERS, Booth, Deed, Panel
from scanner.view.canvas import CHOSEN, OFF, QUIET, STRONG, Align, Canvas, Look
from scanner.view.colours import FIELDS
from scanner.view.layout import Layout, Rect, grid


def buttons_for_offers(booth: Booth) -> int:
    """How many there are: "just count hours", the first offers, and one for the others."""
    count = len(booth.desk.about.offers)
    return 0 if not count or booth.counter.checks else min(count, MOST_OFFERS) + (2 if count > MOST_OFFERS else 1)


def draw_offers(canvas: Canvas, layout: Layout, booth: Booth) -> None:
    """A button for each offer; the chosen one has a tick."""
    places = grid(layout.offers, buttons_for_offers(booth), 2, layout.target, layout.gap // 2)
    offers: list[Offer | None] = [None, *booth.desk.about.offers[:MOST_OFFERS]]
    for n, place in enumerate(places):
        if n == len(offers):
            canvas.button(place, booth.words.say("more_offers"), Deed("panel", Panel.OFFERS), layout.type(20))
        else:
            offer_button(canvas, place, layout, booth, offers[n], key=str(n))


def offer_button(
    canvas: Canvas, place: Rect, layout: Layout, booth: Booth, offer: Offer | None, *, key: str, whole: bool = False
) -> None:
    """An offer with its price, or that it is closed."""
    is_chosen = booth.counter.offer is offer or (offer is not None and booth.counter.offer == offer)
    look = CHOSEN if is_chosen else QUIET
    canvas.box(place, look)
    canvas.targets.append((place, Deed("offer", offer.id if offer else None)))
    size, small = layout.type(20), layout.type(18)
    cap, rest = place.inset(8).cut_left(lettering.width(key, small) + 14, 8)
    canvas.box(
        Rect(cap.left, cap.top + (cap.height - small - 8) // 2, cap.width, small + 8),
        Look(None, look.ink, look.ink, 1, 5),
    )
    canvas.line(cap, key, small, look.ink, align=Align.CENTRE)
    rest = Rect(rest.left, place.top + 3, rest.width, place.height - 6)
    name, more = _offer_said(booth, offer, whole=whole)
    if not more:
        canvas.line(rest, name, size, look.ink, bold=True)
        return
    said = f"{name} · {more}"
    high = lettering.height(said, small, rest.width)
    if lettering.width(name, size, bold=True) > rest.width and high <= rest.height + 6:
        canvas.text(
            Rect(rest.left, rest.top + max(0, rest.height - high) // 2, rest.width, rest.height), said, small, look.ink
        )
        return
    upper, lower = rest.cut_top(rest.height // 2)
    canvas.line(upper, name, size, look.ink, bold=True)
    canvas.line(lower, more, small, look.ink)


def draw_visit(canvas: Canvas, layout: Layout, booth: Booth) -> None:
    """The tally, the button and the basket."""
    tally, rest = layout.visit.cut_top(layout.px(46), 2)
    more, rest = rest.cut_top(layout.px(30), layout.px(8))
    headline, line = _tally(booth)
    size = lettering.fitted(headline, layout.type(38), layout.type(24), tally.width, 1)
    canvas.line(tally, headline, size, colours.INK, bold=True)
    if booth.counter.checks:
        canvas.text(layout.visit.cut_top(layout.px(50))[1], line, layout.type(20), colours.INK)
        return
    canvas.line(more, line, layout.type(20), colours.INK)
    accept, rest = rest.cut_top(layout.px(78), layout.px(12))
    _accept(canvas, accept, layout, booth)
    _basket(canvas, rest, layout, booth)


def _offer_said(booth: Booth, offer: Offer | None, *, whole: bool) -> tuple[str, str]:
    """Its name and price; that it is closed, and in a `whole` list when it is open."""
    if offer is None:
        return booth.words.say("counted"), ""
    hours = booth.words.count("hours", offer.hours)
    if offer.is_open(booth.desk.clock.now()):
        return offer.name, hours
    begins, until = offer.opening.times
    opens = booth.words.say("opens_at", **{"from": begins, "until": until}) if begins and whole else ""
    return offer.name, " ".join(filter(None, [hours, "·", booth.words.say("closed"), opens]))


def _tally(booth: Booth) -> tuple[str, str]:
    words, counter = booth.words, booth.counter
    if counter.checks:
        return words.say("check_mode"), words.say("check_more")
    now = counter.basket.progress(counter.price)
    if counter.offer is None:
        headline = words.count("hours", now.count)
    else:
        headline = words.count("progress", now.due, count=now.count)
        headline = words.count("people", now.people, progress=headline) if now.people > 1 else headline
    return headline, counter.told or _still(booth, now.missing)


def _still(booth: Booth, missing: int) -> str:
    """What is still to be done."""
    words, counter = booth.words, booth.counter
    notes, most = counter.basket.notes, counter.offer.most_notes if counter.offer else None
    if not notes:
        return words.say("nothing_yet" if counter.by_itself else "nothing")
    if counter.basket.bad:
        return words.count("bad", len(counter.basket.bad))
    if most is not None and len(notes) > most:
        return words.count("most", most)
    if counter.basket.asking:
        return words.say("checking")
    if missing:
        return words.count("more", missing)
    if len(notes) > MOST_NOTES:
        parts = len(split(notes, counter.price, MOST_NOTES))
        return f"{words.count('group', len(notes))}. {words.count('group_parts', parts)}"
    return words.say("ready")


def _accept(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    count = booth.counter.basket.progress(booth.counter.price).count
    text = booth.words.count("accept", count) if count else booth.words.say("accept")
    look = STRONG if booth.counter.is_ready else OFF
    canvas.button(place, text, Deed("accept"), layout.type(28), look=look, key="Enter")


def _basket(canvas: Canvas, place: Rect, layout: Layout, booth: Booth) -> None:
    """The bad notes first: they are what stands in the way. The others, the latest first, as far as there is room."""
    basket, step = booth.counter.basket, layout.target + layout.px(6)
    notes = [*basket.bad, *(note for note in reversed(basket.notes) if not note.is_bad)]
    room = max(1, (place.height + layout.px(6)) // step)
    shown = notes if len(notes) <= room else notes[: room - 1]
    for n, note in enumerate(shown):
        _note(canvas, Rect(place.left, place.top + n * step, place.width, layout.target), layout, booth, note)
    if len(shown) < len(notes):
        last = Rect(place.left, place.top + len(shown) * step, place.width, layout.target)
        canvas.line(last, f"+ {len(notes) - len(shown)}", layout.type(22), colours.QUIET, bold=True)


def _note(canvas: Canvas, place: Rect, layout: Layout, booth: Booth, note: Gathered) -> None:
    word = booth.words.verdict(note.answer.verdict) if note.answer else None
    field = FIELDS[word.family] if word else FIELDS["asking"]
    is_bad = note.is_bad
    canvas.box(
        place,
        Look(colours.SURFACE, colours.INK, colours.STRONG_LINE if is_bad else colours.LINE, 2 if is_bad else 1, 6),
    )
    if is_bad:
        canvas.surface.fill(field.ground, (place.left, place.top + 3, layout.px(8), place.height - 6))
    inner = Rect(place.left + layout.px(14), place.top, place.width - layout.px(14), place.height)
    text, small = booth.words.say("take_out"), layout.type(18)
    out, inner = inner.cut_right(lettering.width(text, small, bold=True) + layout.px(30), layout.px(8))
    canvas.button(out, text, Deed("take_out", note.name), small, around=3)
    sign, inner = inner.cut_left(layout.px(30), layout.px(10))
    shape, colour = (word.shape, field.ground) if word else ("asking", colours.QUIET)
    canvas.mark(sign, shape, colour, field.ink)
    size = layout.type(20)
    if not is_bad or word is None:
        canvas.line(inner, printed(note.name), size, colours.INK, bold=True)
        return
    upper, lower = inner.inset(2).cut_top((inner.height - 4) // 2)
    canvas.line(upper, printed(note.name), layout.type(18), colours.INK, bold=True)
    canvas.line(lower, word.text, layout.type(18), colours.INK, bold=True)
