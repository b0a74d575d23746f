"""Shelf counts: paper is scanned one thing after another or as a list, and the books say what is there, missing and too much."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.core import span as spans
from app.core.errors import BadInput, HournoteError, NotFound
from app.core.roles import Deed
from app.core.shelf import Odd
from app.core.span import Span
from app.services import rights, shelf_counts, shelf_sheets, shelves
from app.services.shelf_counts import Seen
from app.services.shelf_sheets import Added
from app.services.shelves import Shelf
from app.web import statements, words
from app.web.forms import field, fresh_id, request_id, whole_field
from app.web.site import books, now, staff
from app.web.stopping import may_stop

shelf = Blueprint("shelf", __name__)
shelf.record(
    lambda state: state.app.jinja_env.globals.update(
        shelf_name=lambda each: name(each),
        may_count_shelf=lambda who: rights.may(who, Deed.COUNT_SHELF),
        may_look_up=lambda who: rights.may(who, Deed.LOOK_UP),
    )
)

Answer = Response | str | tuple[str, int]
LONGEST_LIST = 2_000_000
"""Characters: the codes of 10,000 notes fit."""

GOES_ON = _l(
    "This shelf is being counted already: you go on with its sheet and with all that was scanned on it. To begin anew, throw it away below."
)


@shelf.get("/office/shelf-counts")
def every() -> str:
    """What is being counted, a shelf to begin with, and the earlier counts."""
    return _every()


@shelf.post("/office/shelf-counts")
def begin() -> Answer:
    """Lay a sheet out, or go on with the one that there is."""
    by = staff(Deed.COUNT_SHELF)
    try:
        asked = request_id()
        made = shelf_sheets.begin(books(), by=by, key=field("shelf"), sheet_id=asked, now=now())
    except HournoteError as error:
        return _every(error), error.http_status
    if made != asked:  # what somebody scanned months ago and left would hide what is missing since
        flash(str(GOES_ON))
    return redirect(url_for("shelf.one", count_id=made), 303)


@shelf.get("/office/shelf-counts/<uuid:count_id>")
def one(count_id: UUID) -> str:
    """A count that was finished, else its sheet."""
    by = staff(Deed.SEE_BUNDLES)
    try:
        found = shelf_counts.look(books(), by=by, count_id=count_id)
    except NotFound:
        if not rights.may(by, Deed.COUNT_SHELF):
            raise
        return _sheet(count_id)
    left = {
        kind: shelf_counts.left_to_stop(books(), by=by, deed=Deed(kind), count_id=count_id)
        for kind in may_stop(by)
        if kind in (Deed.HOLD, Deed.VOID)
    }
    return render_template(
        "office/shelf_count.html", found=found, left=left, notes_in=_notes_in, most=shelf_counts.SHOWN,
        may_give=rights.may(by, Deed.HAND_OUT),
    )  # fmt: skip


@shelf.get("/office/shelf-counts/<uuid:count_id>.csv")
def file(count_id: UUID) -> Response:
    """All of it as a file, a line for each span."""
    found = shelf_counts.look(books(), by=staff(Deed.SEE_BUNDLES), count_id=count_id)
    columns = [_("Part"), _("Why"), _("Organisation"), _("First"), _("Last"), _("Notes")]
    return statements.as_file(
        f"shelf-count-{found.line.number if found.line else 0}", list(map(str, columns)), _lines(found)
    )


@shelf.post("/office/shelf-counts/<uuid:count_id>")
def add(count_id: UUID) -> Answer:
    """Count in one scan or a list; it is kept at once."""
    by = staff(Deed.COUNT_SHELF)
    try:
        made = shelf_sheets.add(books(), by=by, sheet_id=count_id, counted=_counted(), now=now())
    except NotFound:
        return _over(count_id)
    except HournoteError as error:
        return _sheet(count_id, error), error.http_status
    return _sheet(count_id, added=made)


@shelf.post("/office/shelf-counts/<uuid:count_id>/take-out")
def take_out(count_id: UUID) -> Answer:
    """Take out what was counted in by mistake."""
    by = staff(Deed.COUNT_SHELF)
    try:
        made = shelf_sheets.take_out(books(), by=by, sheet_id=count_id, counted=_counted(), now=now())
    except NotFound:
        return _over(count_id)
    except HournoteError as error:
        return _sheet(count_id, error), error.http_status
    return _sheet(count_id, taken=made)


@shelf.post("/office/shelf-counts/<uuid:count_id>/finish")
def finish(count_id: UUID) -> Answer:
    """Make the count; once, however often it is sent."""
    by = staff(Deed.COUNT_SHELF)
    try:
        shelf_sheets.finish(
            books(), by=by, sheet_id=count_id, edition=_edition(), note=field("note"), now=now()
        )  # fmt: skip
    except NotFound:
        raise
    except HournoteError as error:
        return _again(count_id, error)
    return redirect(url_for("shelf.one", count_id=count_id), 303)


@shelf.post("/office/shelf-counts/<uuid:count_id>/give-up")
def give_up(count_id: UUID) -> Answer:
    """Throw the sheet away; the books never knew of it."""
    by = staff(Deed.COUNT_SHELF)
    try:
        shelf_sheets.give_up(books(), by=by, sheet_id=count_id, edition=_edition())
    except NotFound:
        return _over(count_id)
    except HournoteError as error:
        return _again(count_id, error)
    flash(_("The sheet is thrown away. Nothing was counted."))
    return redirect(url_for("shelf.every"), 303)


def name(of: Shelf) -> str:
    """A shelf in words."""
    return of.organisation.name if of.organisation else str(_("Stock of %(programme)s", programme=of.programme.name))


def _counted() -> str:
    return whole_field("counted", LONGEST_LIST)


def _edition() -> int:
    text = field("edition")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise BadInput(str(_("This page is too old or came from elsewhere: load it again and repeat.")))
    return int(text)


def _over(count_id: UUID) -> Response:
    """Of a sheet that is not there: the count that somebody made of it. Raises NotFound where there is none."""
    shelf_counts.look(books(), by=staff(Deed.SEE_BUNDLES), count_id=count_id)
    flash(_("This count was finished meanwhile: what you sent was not counted in."))
    return redirect(url_for("shelf.one", count_id=count_id), 303)


def _again(count_id: UUID, error: HournoteError) -> Answer:
    """The sheet with what was wrong, or the count where the sheet is there no more."""
    try:
        return _sheet(count_id, error), error.http_status
    except NotFound:
        flash(_(error.sentence))
        return redirect(url_for("shelf.one", count_id=count_id), 303)


def _every(error: HournoteError | None = None) -> str:
    by, asked = staff(Deed.SEE_BUNDLES), request.args.get("shelf", "")
    before = request.args.get("before", type=int)
    bounded = None if before is None else max(0, min(before, 2**31 - 1))
    listed, older = shelf_counts.listed(books(), by=by, key=asked or None, before=bounded)
    may = rights.may(by, Deed.COUNT_SHELF)
    return render_template(
        "office/shelf_counts.html", listed=listed, older=older, newer=before is not None, asked=asked,
        shelves=shelves.every(books(), by=by) if may else [], chosen=field("shelf") or asked,
        under_way=shelf_sheets.under_way(books(), by=by) if may else [], request_id=fresh_id(error),
        problem=str(_(error.sentence)) if error else None, size=_size,
    )  # fmt: skip


def _sheet(
    count_id: UUID, error: HournoteError | None = None, added: Added | None = None, taken: Added | None = None
) -> str:  # fmt: skip
    found = shelf_sheets.look(books(), by=staff(Deed.COUNT_SHELF), sheet_id=count_id)
    sent = added or taken
    strange = sent.strange if sent else ()
    as_list = field("as") == "list"
    kept = request.form.get("counted", "")[:LONGEST_LIST] if error else "\n".join(strange)
    return render_template(
        "office/shelf_sheet.html", found=found, problem=str(_(error.sentence)) if error else None,
        told=_told(added, taken), odd=_odd_of(found, added), strange=strange, list=kept if as_list else "",
        most=shelf_counts.SHOWN, note=field("note"),
    )  # fmt: skip


def _told(added: Added | None, taken: Added | None) -> list[str]:
    """What became of what was just sent."""
    found = []
    if added and added.named:
        found.append(_("Scanned: %(span)s", span=_some(added.named)))
        if added.again:
            found.append(_("%(span)s was counted already.", span=_some(added.again)))
        if added.again and added.notes:
            found.append(ngettext("%(num)d note is new.", "%(num)d notes are new.", added.notes))
    if taken and taken.again:
        found.append(_("Taken out: %(span)s", span=_some(taken.again)))
    if taken and taken.named and not taken.again:
        found.append(_("%(span)s was not counted in.", span=_some(taken.named)))
    return list(map(str, found))


def _some(many: tuple[Span, ...], most: int = 3) -> str:
    """The first of many spans."""
    return ", ".join(map(str, many[:most])) + (" …" if len(many) > most else "")


def _odd_of(found: Seen, added: Added | None) -> list[Odd]:
    """Of what was just counted in, what was not expected."""
    named = added.named if added else ()
    parts = ((each, spans.common(each.spans, named)) for each in found.odd)
    return [Odd(each.why, each.holder, tuple(part)) for each, part in parts if part]


def _size(of: tuple[Span, ...]) -> int:
    return sum(map(len, of))


def _notes_in(named: str) -> int:
    return _size(tuple(map(spans.parse, named.split(", "))))


def _lines(found: Seen) -> Iterator[list[Any]]:
    """Each span with the part that it is of."""
    own = found.shelf.organisation.name if found.shelf.organisation else ""
    for part, mine in ((_("Seen as expected"), found.count.found), (_("Expected, not seen"), found.count.missing)):
        yield from ([part, "", own, each.first_serial, each.last_serial, len(each)] for each in mine)
    for odd in found.odd:
        holder = found.holders.get(odd.holder, "") if odd.holder is not None else ""
        for each in odd.spans:
            yield [
                _("Seen, not expected"),
                words.SHELF_WHY[odd.why][0],
                holder,
                each.first_serial,
                each.last_serial,
                len(each),
            ]
