"""Deliveries to organisations: what is on its way, sending, handing over, a new link, calling back, returns."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.core.errors import BadInput, HournoteError, Refused, Unavailable
from app.core.roles import Deed
from app.core.wall_clock import LONDON
from app.services import bundling, choosing, delivering, printing, returning, rights
from app.services.delivering import Delivery, Sent
from app.web import qr, stopping
from app.web.forms import field, fresh_id, request_id, whole_field
from app.web.office import without_token
from app.web.site import books, now, sealing_key, settings, staff

deliveries = Blueprint("deliveries", __name__)
deliveries.record(lambda state: state.app.jinja_env.globals.update(number_of_delivery=lambda each: number(each)))

Answer = Response | str | tuple[str, int]
ENDED_SHOWN = 20
LONGEST_LIST = 40_000


@deliveries.get("/office/deliveries")
def every() -> str:
    """What is on its way, overdue first, and what came of those before."""
    account = staff(Deed.SEE_DELIVERIES)
    return render_template(
        "office/deliveries.html", under_way=delivering.under_way(books(), by=account), now=now(),
        ended=delivering.ended(books(), by=account, most=ENDED_SHOWN), is_overdue=delivering.is_overdue,
        may_deliver=rights.may(account, Deed.DELIVER), days=delivering.OVERDUE_AFTER.days,
    )  # fmt: skip


@deliveries.get("/office/deliveries/new")
def form() -> str:
    """To whom, and which notes."""
    return _form()


@deliveries.post("/office/deliveries/new")
def dispatch() -> Answer:
    """Send them, or hand them over; the link and the PIN are shown now, and never again."""
    by = staff(Deed.DELIVER)
    try:
        made = delivering.dispatch(
            books(), by=by, organisation_id=_whole("organisation"), scanned=bundling.read(_lines(whole_field("labels", LONGEST_LIST))),
            order=field("order") or None, bundles=_whole("bundles"), handed=field("how") == "handed",
            request_id=request_id(), key=sealing_key(), now=now(),
        )  # fmt: skip
    except HournoteError as error:
        return _form(error), error.http_status
    return _shown(made)


@deliveries.get("/office/deliveries/<uuid:delivery_id>")
def one(delivery_id: UUID) -> str:
    """One delivery, by bundle, and what came of it."""
    return _page(delivery_id)


@deliveries.post("/office/deliveries/<uuid:delivery_id>/link")
def link(delivery_id: UUID) -> Answer:
    """Another link and PIN: the paper was lost, or somebody guessed."""
    by = staff(Deed.DELIVER)
    try:
        return _shown(delivering.new_link(books(), by=by, delivery_id=delivery_id, key=sealing_key(), now=now()))
    except (Refused, Unavailable) as error:
        return _page(delivery_id, _(error.sentence)), error.http_status


@deliveries.post("/office/deliveries/<uuid:delivery_id>/call-back")
def call_back(delivery_id: UUID) -> Answer:
    """The notes come back into stock."""
    by = staff(Deed.DELIVER)
    try:
        delivering.call_back(books(), by=by, delivery_id=delivery_id, now=now())
    except (Refused, Unavailable) as error:
        return _page(delivery_id, _(error.sentence)), error.http_status
    flash(_("The delivery is called back: its notes are in stock again."))
    return redirect(url_for("deliveries.one", delivery_id=delivery_id), 303)


@deliveries.post("/office/deliveries/<uuid:delivery_id>/released")
def issue_released(delivery_id: UUID) -> Answer:
    """Issue what was on hold after the count, and is released."""
    by = staff(Deed.DELIVER)
    try:
        notes = delivering.issue_released(
            books(), by=by, delivery_id=delivery_id, request_id=request_id(), now=now()
        )  # fmt: skip
    except (Refused, Unavailable) as error:
        return _page(delivery_id, _(error.sentence)), error.http_status
    flash(ngettext("%(num)d note that was released is issued.", "%(num)d notes that were released are issued.", notes))
    return redirect(url_for("deliveries.one", delivery_id=delivery_id), 303)


@deliveries.post("/office/deliveries/<uuid:delivery_id>/note")
def note(delivery_id: UUID) -> Response:
    """The delivery note as a PDF; with the secret of the link, which the form has while it is shown, it has its QR."""
    by = staff(Deed.DELIVER)
    found, _events, _link = delivering.delivery_of(books(), by=by, delivery_id=delivery_id)
    secret = "".join(each for each in field("secret", 40) if each.isalnum())
    page = f"{settings().public_url}{url_for('receipts.page')}"
    drawn = printing.delivery_note(
        _bundles(found), number=number(found), receiver=found.organisation, on=found.at.astimezone(LONDON).date(),
        sender=delivering.sender(books(), found), link=f"{page}#{secret}" if secret else "", page=page,
    )  # fmt: skip
    return _pdf(drawn, f"delivery-{number(found)}.pdf")


@deliveries.get("/office/deliveries/<uuid:delivery_id>/labels.pdf")
def labels(delivery_id: UUID) -> Response:
    """A label for each bundle as a PDF."""
    by = staff(Deed.DELIVER)
    found, _events, _link = delivering.delivery_of(books(), by=by, delivery_id=delivery_id)
    host = settings().note_host
    drawn = printing.bundle_labels(_bundles(found), number=number(found), receiver=found.organisation, host=host)
    return _pdf(drawn, f"labels-{number(found)}.pdf")


@deliveries.get("/office/return")
def returns() -> str:
    """Notes that an organisation brings back."""
    return _return_form()


@deliveries.post("/office/return")
def take_back() -> Answer:
    """Take them back into stock, and name what is not theirs."""
    by = staff(Deed.DELIVER)
    try:
        back = returning.take_back(
            books(), by=by, organisation_id=_whole("organisation"), scanned=bundling.read(_lines(whole_field("labels", LONGEST_LIST))),
            request_id=request_id(), now=now(),
        )  # fmt: skip
    except HournoteError as error:
        return _return_form(error), error.http_status
    flash(ngettext("%(num)d note is in stock again.", "%(num)d notes are in stock again.", back.notes))
    for span in back.not_theirs[:10]:
        flash(_("The notes %(span)s are not with this organisation: look them up. They stay as they are.", span=span))
    return redirect(url_for("deliveries.returns"), 303)


def number(found: Delivery) -> str:
    """What people call a delivery: the beginning of its id."""
    text = found.id.hex[:8].upper()
    return f"{text[:4]}-{text[4:]}"


def problem(error: HournoteError) -> str:
    """What to tell a person of a delivery that cannot be made, in their language."""
    if isinstance(error, Refused) and "span" in error.evidence and error.http_status == 409:
        return str(
            _("The notes %(span)s are not in stock: look them up. Nothing was changed.", span=error.evidence["span"])
        )
    if isinstance(error, Refused) and "spent" in error.evidence:
        spent = ngettext("%(num)d of these notes is spent", "%(num)d of these notes are spent", error.evidence["spent"])
        return str(_("%(spent)s (%(named)s): return the others. Nothing was changed.", spent=spent, **_named(error)))
    if isinstance(error, Refused) and "under_way" in error.evidence:
        return str(
            _(
                "The notes %(span)s are of a delivery that is on its way: call that delivery back. Nothing was changed.",
                span=error.evidence["under_way"],
            )
        )
    if isinstance(error, Refused) and "hand_out" in error.evidence:
        told, one = _named(error), error.evidence["hand_out"]
        return str(
            _(
                "The notes %(named)s were recorded as handed out: take back hand-out %(one)s first. Nothing was changed.",
                one=one,
                **told,
            )
        )
    if isinstance(error, Refused) and "programme" in error.evidence:
        return str(_("An organisation gives out notes of its own programme alone: choose others."))
    return stopping.problem(error)


def _named(error: HournoteError) -> dict[str, object]:
    return {"named": error.evidence["named"]}


def _shown(made: Sent) -> Response | str:
    """What was made; a repeat shows no secret again."""
    if made.secret is None:
        return redirect(url_for("deliveries.one", delivery_id=made.delivery.id), 303)
    address = f"{settings().public_url}{url_for('receipts.page')}#{made.secret}"
    return render_template(
        "office/delivery_link.html", found=made.delivery, secret=made.secret, pin=made.pin, link=address,
        drawn=qr.draw(address), until=now() + delivering.LINK_LIFE,
    )  # fmt: skip


def _form(error: HournoteError | None = None) -> str:
    by = staff(Deed.DELIVER)
    organisations, stock = choosing.recipients(books(), by=by), choosing.in_stock(books(), by=by)
    names = ("organisation", "order", "bundles", "how")
    given = {name: field(name) for name in names}
    given["organisation"] = given["organisation"] or request.args.get("organisation", "")
    return render_template(
        "office/delivery_form.html", organisations=organisations, stock=stock, given=given, labels="\n".join(_lines(field("labels", LONGEST_LIST))),
        problem=problem(error) if error else None, request_id=fresh_id(error),
    )  # fmt: skip


def _return_form(error: HournoteError | None = None) -> str:
    organisations = choosing.recipients(books(), by=staff(Deed.DELIVER))
    return render_template(
        "office/return.html", organisations=organisations, given=field("organisation"), labels="\n".join(_lines(field("labels", LONGEST_LIST))),
        problem=problem(error) if error else None, request_id=fresh_id(error),
    )  # fmt: skip


def _page(delivery_id: UUID, said: str | None = None) -> str:
    account = staff(Deed.SEE_DELIVERIES)
    found, events, link = delivering.delivery_of(books(), by=account, delivery_id=delivery_id)
    return render_template(
        "office/delivery.html", found=found, events=events, link=link, problem=said, now=now(),
        may_deliver=rights.may(account, Deed.DELIVER), is_overdue=delivering.is_overdue(found, now()),
        released=delivering.notes_released(books(), found), request_id=fresh_id(),
    )  # fmt: skip


def _bundles(found: Delivery) -> list[printing.Bundle]:
    return [(each.order, each.bundle, each.spans) for each in found.parcels]


def _lines(text: str) -> list[str]:
    """What was scanned, line by line; of a note's token no more than its serial is kept."""
    return [without_token(each) for each in text.splitlines() if each.strip()]


def _whole(name: str) -> int:
    """A whole number of the form; nothing is none."""
    text = field(name, 10).strip()
    if text and not (text.isascii() and text.isdecimal()):
        raise BadInput(str(_("Write a whole number of bundles.")))
    return int(text or 0)


def _pdf(drawn: bytes, name: str) -> Response:
    answer = Response(drawn, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
