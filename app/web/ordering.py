"""Ordering: a page on which notes are chosen, one on which they are looked at again, and one that follows them to the press."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from app.core import serial as serials
from app.core.errors import BadDesign, BadInput, HournoteError, NotAllowed, NotFound, Refused
from app.core.roles import Deed
from app.services import asked_orders, asking, foreseeing, pictures, rights, shops
from app.services.accounts import Account
from app.services.asked_orders import Step
from app.services.ordering import LARGEST_BUNDLE, MOST_BLANK_SHEETS, OrderRequest
from app.services.printing import SHEETS
from app.web.forms import field, fresh_id, request_id
from app.web.site import books, now, present, settings, staff
from app.web.words import Word

ordering = Blueprint("ordering", __name__)

SHOWN = 30
RELOAD_SECONDS = "2"
IDLE = timedelta(minutes=1)
"""After so long somebody should look whether a press is at work."""

STEPS: dict[str, Word] = {
    Step.WAITS: Word(_l("Waits for a second person"), "good", "open"),
    Step.NOT_DONE: Word(_l("Will not be made"), "no", "cross"),
    Step.QUEUED: Word(_l("Waits for the press"), "good", "open"),
    Step.SIGNING: Word(_l("Being made"), "good", "open"),
    Step.GIVEN_UP: Word(_l("Could not be made"), "attention", "triangle"),
    Step.MADE: Word(_l("Made"), "good", "tick"),
}
GIVEN_UP: dict[str, LazyString] = {
    "design": _l(
        "The design is gone, or cannot be printed as it is. Choose another, or have it mended, and order again."
    ),
    "refused": _l(
        "The series has too few numbers left, or the order cannot replace another. Change it, and order again."
    ),
    "not found": _l("Something that it names is not known any more. Change it, and order again."),
    "input": _l("The press cannot make it as it was asked for. Change it, and order again."),
    "fault": _l("The press failed at it. Look into its log, and order again."),
}
"""Why the press gave an order up; nothing of it is in the books."""

Answer = AnyResponse | str | tuple[str, int]


@ordering.get("/office/orders")
def every() -> str:
    """What was asked for, and how it stands."""
    account = staff(Deed.SEE_REQUESTS)
    listed = asked_orders.newest(books(), account=account, now=now(), most=SHOWN)
    return render_template("office/orders.html", listed=listed, steps=STEPS, may_order=rights.may(account, Deed.ORDER),
        may_keep_shops=rights.may(account, Deed.KEEP_SHOPS),
    )  # fmt: skip


@ordering.get("/office/orders/new")
def form() -> str:
    """What is to be made."""
    return _form(staff(Deed.ORDER), request.args)


@ordering.get("/office/orders/check")
def check() -> Answer:
    """What it would get, to be looked at before it is asked for."""
    account = staff(Deed.ORDER)
    try:
        wanted = _wanted(request.args)
        return _check_page(account, wanted, request.args)
    except HournoteError as error:
        return _form(account, request.args, _problem(error)), error.http_status


@ordering.post("/office/orders")
def ask() -> Answer:
    """Have it made, or have it wait for a second person; once, however often it is sent."""
    here, account = present(), staff(Deed.ORDER)
    try:
        wanted = _wanted(request.form)
        _foresee(account, wanted)
        made = asking.ask_to_order(
            books(), by=here, wanted=wanted, note=field("note"), request_id=request_id(), now=now()
        )  # fmt: skip
    except HournoteError as error:
        return _form(account, request.form, _problem(error)), error.http_status
    return redirect(url_for("ordering.one", request_id=made.id), 303)


@ordering.get("/office/orders/<uuid:request_id>")
def one(request_id: UUID) -> Response:
    """How far it is; while it is made, the page comes again by itself unless it is asked to stand still."""
    account = staff()
    found = asked_orders.standing(books(), account=account, request_id=request_id, now=now())
    comes_again = found.is_coming and "still" not in request.args
    since = found.request.answered_at or found.request.asked_at
    idle = found.step is Step.QUEUED and now() - since > IDLE
    page = render_template(
        "office/order.html", found=found, comes_again=comes_again, idle=idle, steps=STEPS, reasons=GIVEN_UP,
        may_look=rights.may(account, Deed.LOOK_UP),
    )  # fmt: skip
    answer = make_response(page)
    if comes_again:
        answer.headers["Refresh"] = RELOAD_SECONDS
    return answer


@ordering.get("/office/designs/<name>.png")
def picture(name: str) -> AnyResponse:
    """A picture of a note of that design, as a specimen."""
    staff(Deed.ORDER, Deed.SEE_JOBS)
    if name not in pictures.names(settings().design_folders):
        raise NotFound("There is no such design.")
    found = pictures.picture_of(name, settings().design_folders, settings().instance / "pictures")
    answer = Response(found.png, mimetype="image/png")
    answer.set_etag(found.digest)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def _blank(text: str) -> int | None:
    """Blank sheets, None where the usual are wanted. Raises BadInput."""
    if not text.strip():
        return None
    found = _number(text)
    if found is None or found > MOST_BLANK_SHEETS:
        raise BadInput(str(_("Say how many blank sheets, as a whole number, or leave it empty.")))
    return found


def _wanted(given: "MultiDict[str, str]") -> OrderRequest:
    """What the form says. Raises BadInput with a sentence in the reader's language, BadDesign."""
    quantity, bundle = _number(given.get("quantity", "")), _number(given.get("bundle", ""))
    if quantity is None or not 1 <= quantity <= serials.LAST_NUMBER:
        raise BadInput(str(_("Say how many notes, as a whole number.")))
    if bundle is None or not 1 <= bundle <= LARGEST_BUNDLE:
        raise BadInput(str(_("A bundle has 1 to %(most)d notes.", most=LARGEST_BUNDLE)))
    number = given.get("number", "").strip()
    if not (number.isascii() and number.isdigit() and len(number) == 2):
        raise BadInput(str(_("The number of a series is two digits, for example 26.")))
    design = given.get("design", "")
    if design not in pictures.names(settings().design_folders):
        raise BadInput(str(_("Choose a design.")))
    sheet = given.get("sheet", "") or SHEETS[0]
    if sheet not in SHEETS:
        raise BadInput(str(_("Choose a sheet.")))
    replaces = given.get("replaces", "").replace("\0", "").strip() or None
    series = f"{given.get('programme', '')}{number}"
    shop, blank = _shop(given.get("shop", "")), _blank(given.get("blank_sheets", ""))
    return OrderRequest(series, quantity, design, bundle, replaces, shop, sheet, blank)


def _shop(chosen: str) -> str | None:
    """The name of the print shop that was chosen, if one was. Raises BadInput."""
    known = {str(each.id): each.name for each in shops.every(books())}
    if chosen and chosen not in known:
        raise BadInput(str(_("Choose a print shop.")))
    return known.get(chosen)


def _number(text: str) -> int | None:
    plain = text.replace(",", "").replace(" ", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 9 else None


def _foresee(account: Account, wanted: OrderRequest) -> foreseeing.Foreseen:
    return foreseeing.foresee(
        books(), account=account, wanted=wanted, host=settings().note_host, designs=settings().design_folders, now=now()
    )


def _check_page(account: Account, wanted: OrderRequest, given: "MultiDict[str, str]") -> str:
    return render_template(
        "office/order_check.html", wanted=wanted, foreseen=_foresee(account, wanted), given=_kept(given),
        takes_two=asking.takes_two(books(), account=account, wanted=wanted, now=now()), request_id=fresh_id(),
        is_example_host=settings().is_example_host, longest=asking.LONGEST_NOTE,
    )  # fmt: skip


def _form(account: Account, given: "MultiDict[str, str]", problem: str | None = None) -> str:
    kept = {
        "number": f"{now():%y}",
        "bundle": "50",
        "sheet": SHEETS[0],
        **{name: text for name, text in _kept(given).items() if text},
    }
    return render_template(
        "office/order_form.html", given=kept, problem=problem, designs=pictures.names(settings().design_folders),
        programmes=foreseeing.programmes(books(), account=account), most_bundle=LARGEST_BUNDLE,
        shops=shops.every(books()), sheets=SHEETS,
    )  # fmt: skip


def _kept(given: "MultiDict[str, str]") -> dict[str, str]:
    """What was filled in, to be filled in again."""
    return {name: given.get(name, "").replace("\0", "")[:60] for name in FIELDS}


FIELDS = ("programme", "number", "design", "quantity", "bundle", "shop", "sheet", "blank_sheets", "replaces")


def _problem(error: HournoteError) -> str:
    """What to tell of an order that cannot be asked for, in the reader's language."""
    told: list[tuple[type[HournoteError], Any]] = [
        (BadDesign, _("This design cannot be printed as it is: choose another.")),
        (NotAllowed, _(error.sentence)),
        (NotFound, _("Look at the programme, the print shop, and the order that these notes replace: one of them is not known.")),
        (Refused, _("This cannot be ordered. The series has too few numbers left, or it replaces an order and is not 90 to 99.")),
    ]  # fmt: skip
    return next((str(sentence) for kind, sentence in told if isinstance(error, kind)), str(_(error.sentence)))
