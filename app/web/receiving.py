"""Receiving from the print shop: one label after another, and what is missing or too many is named at once."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.core import span as spans
from app.core.errors import BadInput, HournoteError, NotFound
from app.core.roles import Deed
from app.core.span import Span
from app.services import bundling
from app.services import receiving as services
from app.web import deliveries
from app.web.forms import field, fresh_id, request_id, whole_field
from app.web.office import without_token
from app.web.site import books, now, staff

receiving = Blueprint("receiving", __name__)

Answer = Response | str | tuple[str, int]
LONGEST_COUNT = 200_000
"""Characters: the ten thousand bundles of an order of half a million notes, each scanned alone."""


@receiving.get("/office/receive")
def every() -> str:
    """The orders of which something is printed and not received."""
    return _every()


@receiving.post("/office/receive")
def find() -> Answer:
    """The order of a label that was scanned."""
    by = staff(Deed.DELIVER)
    try:
        order = services.order_of(books(), by=by, text=without_token(field("q")))
    except HournoteError as error:
        return _every(error), error.http_status
    return redirect(url_for("receiving.order", order=order), 303)


@receiving.get("/office/receive/<order>")
def order(order: str) -> str:
    """What is expected of an order; nothing was scanned yet."""
    return _page(order, [], [])


@receiving.post("/office/receive/<order>")
def scan(order: str) -> Answer:
    """Take one more label; nothing is done yet, and what was scanned goes with the form."""
    staff(Deed.DELIVER)
    try:
        before, more = _scanned(), bundling.span_of(without_token(field("q")))
    except HournoteError as error:
        return _page(order, _kept(), [], error), error.http_status
    known = any(each.covers(more) for each in spans.merge(before))
    told = [str(_("%(span)s was counted already.", span=more))] if known else []
    return _page(order, before if known else [*before, more], told, newest=more)


@receiving.post("/office/receive/<order>/finish")
def finish(order: str) -> Answer:
    """Receive what is here; what is missing stays printed or is put on hold."""
    by = staff(Deed.DELIVER)
    try:
        if field("missing") not in ("wait", "hold", "none"):
            raise BadInput(str(_("Say what should become of the notes that are missing.")))
        done = services.receive(
            books(), by=by, order=order, scanned=_scanned(), hold_missing=field("missing") == "hold",
            request_id=request_id(), now=now(),
        )  # fmt: skip
    except NotFound:
        raise
    except HournoteError as error:
        return _page(order, _kept(), [], error), error.http_status
    flash(ngettext("%(num)d note is in stock now.", "%(num)d notes are in stock now.", done.received))
    if done.held:
        flash(
            ngettext(
                "%(num)d note that is missing is on hold.", "%(num)d notes that are missing are on hold.", done.held
            )
        )
    return redirect(url_for("receiving.order", order=order), 303)


def ranges(numbers: list[int]) -> str:
    """Numbers of bundles as people say them: `1-4, 6`."""
    found: list[list[int]] = []
    for each in sorted(set(numbers)):
        if found and found[-1][1] == each - 1:
            found[-1][1] = each
        else:
            found.append([each, each])
    return ", ".join(f"{first:,}" if first == last else f"{first:,}-{last:,}" for first, last in found)


def _scanned() -> list[Span]:
    """What the form says was scanned before. Raises BadInput for a list that is too long."""
    return _spans(whole_field("scanned", LONGEST_COUNT))


def _kept() -> list[Span]:
    """The same to be shown again: of a list that is too long, as many as can be sent."""
    text = field("scanned", LONGEST_COUNT)
    return _spans(text if len(text) < LONGEST_COUNT else text.rpartition(",")[0])


def _spans(text: str) -> list[Span]:
    """The spans of a list; another page's nonsense is left out."""
    try:
        return [bundling.span_of(each) for each in text.split(",") if each]
    except BadInput:
        return []


def _every(error: HournoteError | None = None) -> str:
    found = services.expected(books(), by=staff(Deed.DELIVER))
    said = _not_found(error) if error else None
    return render_template("office/receive.html", expected=found, problem=said, asked=field("q"))


def _not_found(error: HournoteError) -> str:
    return str(_(error.sentence)) if isinstance(error, NotFound) else deliveries.problem(error)


def _page(
    order: str, scanned: list[Span], told: list[str], error: HournoteError | None = None, newest: Span | None = None
) -> str:
    counted = services.count(books(), by=staff(Deed.DELIVER), order=order, scanned=scanned)
    return render_template(
        "office/receive_order.html", counted=counted, scanned=",".join(map(str, scanned)), told=told, newest=newest,
        ranges=ranges, problem=_not_found(error) if error else None, request_id=fresh_id(error), missing=field("missing"),
    )  # fmt: skip
