"""Receiving from the print shop: one label after another, and what is missing or too many is named at once."""

from collections.abc import Iterable

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
LONGEST_COUNT, MOST_TOLD = 200_000, 20
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
    """Take more labels, one or several; nothing is done yet, and what was scanned goes with the form."""
    staff(Deed.DELIVER)
    try:
        before, more = _scanned(), _more()
    except HournoteError as error:
        return _page(order, _kept(), [], error), error.http_status
    whole, fresh = spans.merge(before), list(dict.fromkeys(more))
    known = [span for span in fresh if any(each.covers(span) for each in whole)]
    told = [str(_("%(span)s was counted already.", span=span)) for span in known[:MOST_TOLD]]
    return _page(order, [*before, *(span for span in fresh if span not in known)], told, newest=spans.merge(more))


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


def _more() -> list[Span]:
    """The one field, and a label a line where several are given. Raises BadSpan, BadInput."""
    lines = [field("q"), *whole_field("labels", deliveries.LONGEST_LIST).splitlines()]
    return bundling.read(map(without_token, lines)) or [bundling.span_of("")]


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


def _again() -> str:
    """The labels to be shown again, of a note's token no more than its serial."""
    return "\n".join(map(without_token, field("labels", deliveries.LONGEST_LIST).splitlines()))


def _page(
    order: str, scanned: list[Span], told: list[str], error: HournoteError | None = None, newest: Iterable[Span] = ()
) -> str:
    counted = services.count(books(), by=staff(Deed.DELIVER), order=order, scanned=scanned)
    return render_template(
        "office/receive_order.html", counted=counted, scanned=",".join(map(str, scanned)), told=told,
        newest=", ".join(map(str, newest)), labels=_again() if error else "", ranges=ranges, problem=_not_found(error) if error else None, request_id=fresh_id(error), missing=field("missing"),
    )  # fmt: skip
