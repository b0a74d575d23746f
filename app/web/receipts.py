"""Receipts: an organisation confirms a delivery, on a phone by link and PIN, or signed in as its keeper."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, NotAllowed, Unavailable
from app.core.roles import Deed
from app.services import confirming, delivering
from app.services.delivering import Delivery
from app.web.forms import field
from app.web.limits import MINUTE, forgive, throttled
from app.web.site import books, now, sealing_key, staff

receipts = Blueprint("receipts", __name__)

Answer = Response | str | tuple[str, int]
OPEN_FOR = timedelta(hours=1)
"""How long a browser that gave the PIN may count."""

_OPENED = "delivery"


@receipts.get("/delivery")
def page() -> str:
    """Link and PIN. The link's secret stands in its fragment, which no server sees."""
    return _ask()


@receipts.post("/delivery")
@throttled("delivery", 20, MINUTE)
def enter() -> Answer:
    """Look at the delivery, if the PIN is right."""
    try:
        found = confirming.open_link(
            books(), secret=field("secret", 100), pin=field("pin", 20), key=sealing_key(), now=now()
        )
    except (NotAllowed, Unavailable) as error:
        return _ask(_(error.sentence)), error.http_status
    forgive()
    session[_OPENED] = {"key": found.key, "at": now().isoformat()}
    return redirect(url_for("receipts.bundles"), 303)


@receipts.get("/delivery/bundles")
def bundles() -> Answer:
    """Each bundle: is it here? Or what was said before."""
    found = _opened()
    return _count(found, url_for("receipts.confirm")) if found else redirect(url_for("receipts.page"), 303)


@receipts.post("/delivery/bundles")
@throttled("delivery", 20, MINUTE)
def confirm() -> Answer:
    """Issue what matches, hold the rest; sent again, it gives the first answer."""
    found = _opened()
    if found is None:
        return redirect(url_for("receipts.page"), 303)
    try:
        confirming.confirm(books(), key=session[_OPENED]["key"], tallied=_tallied(found), now=now())
    except (BadInput, Unavailable) as error:
        return _count(found, url_for("receipts.confirm"), _(error.sentence)), error.http_status
    except NotAllowed as error:
        return _ask(_(error.sentence)), error.http_status
    return redirect(url_for("receipts.bundles"), 303)


@receipts.get("/office/confirm/<uuid:delivery_id>")
def keeper(delivery_id: UUID) -> Answer:
    """The same for the keeper of the organisation."""
    found = confirming.for_keeper(books(), by=staff(Deed.CONFIRM_DELIVERY), delivery_id=delivery_id)
    return _count(found, url_for("receipts.keeper_confirm", delivery_id=delivery_id))


@receipts.post("/office/confirm/<uuid:delivery_id>")
def keeper_confirm(delivery_id: UUID) -> Answer:
    """Confirm with one's own account, without a PIN."""
    by = staff(Deed.CONFIRM_DELIVERY)
    found = confirming.for_keeper(books(), by=by, delivery_id=delivery_id)
    try:
        confirming.confirm_as_keeper(books(), by=by, delivery_id=delivery_id, tallied=_tallied(found), now=now())
    except (BadInput, Unavailable) as error:
        return _count(found, request.path, _(error.sentence)), error.http_status
    return redirect(url_for("receipts.keeper", delivery_id=delivery_id), 303)


def _opened() -> Delivery | None:
    """The delivery whose PIN this browser gave within the last hour."""
    kept = session.get(_OPENED)
    if not isinstance(kept, dict) or now() - datetime.fromisoformat(kept["at"]) > OPEN_FOR:
        return None
    try:
        return confirming.opened(books(), key=kept["key"], now=now())
    except NotAllowed:
        session.pop(_OPENED, None)
        return None


def _tallied(found: Delivery) -> list[tuple[str, int]]:
    if field("everything"):
        return [("here", each.notes) for each in found.parcels]
    return [(field(f"found-{at}"), _notes(at)) for at, _each in enumerate(found.parcels)]


def _notes(at: int) -> int:
    """How many notes were counted in a bundle; none in one that is not here. Raises BadInput."""
    text = field(f"counted-{at}", 10).strip()
    if field(f"found-{at}") == "missing":
        return 0
    if not (text.isascii() and text.isdecimal()):
        raise BadInput(str(_("Write how many notes are in each bundle, as a whole number.")))
    return int(text)


def _ask(problem: str | None = None) -> str:
    return render_template("delivery_pin.html", problem=problem, secret=field("secret", 100))


def _count(found: Delivery, action: str, problem: str | None = None) -> str:
    return render_template(
        "delivery_count.html", found=found, action=action, problem=problem, given=request.form,
        stopped=[] if found.receipt else delivering.stopped(books(), found),
    )  # fmt: skip
