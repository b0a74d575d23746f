"""Making a note together: drafts of a programme, their variants side by side, and the form that changes one."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from app.core.errors import BadDesign, HournoteError, NotFound
from app.core.roles import Deed
from app.services import saved_designs
from app.services import together as making
from app.services.variants import Draft
from app.web import chosen
from app.web.forms import field, fresh_id, request_id
from app.web.site import books, now, settings, staff

together = Blueprint("together", __name__, url_prefix="/office/together")

Answer = AnyResponse | str | tuple[str, int]
_KEPT = "private, no-cache"


@together.get("")
def every() -> str:
    """The drafts that there are, and a form that begins one."""
    return _every()


@together.post("")
def start() -> Answer:
    """Begin a draft; once, however often it is sent."""
    account = staff(Deed.CO_DESIGN)
    try:
        made = making.start(
            books(), settings().instance, account=account, programme=field("programme"), title=field("title"),
            languages="cy+en" if str(get_locale()) == "cy" else "en",
            draft_id=request_id(), now=now(),
        )  # fmt: skip
    except HournoteError as error:
        return _every(
            str(_(error.sentence)) if isinstance(error, NotFound) else _title_problem(error)
        ), error.http_status
    return redirect(url_for("together.one", draft_id=made.id), 303)


@together.get("/<uuid:draft_id>")
def one(draft_id: UUID) -> str:
    """The variants of a draft side by side, and its pictures."""
    return _page(draft_id)


@together.post("/<uuid:draft_id>/pictures")
def bring(draft_id: UUID) -> Answer:
    """Add a picture."""
    _draft, folder = _found(draft_id)
    sent = request.files.get("picture")
    data = sent.read() if sent else b""
    if sent:
        sent.close()
    try:
        making.bring(folder, data)
    except HournoteError as error:
        return _page(draft_id, str(_(error.sentence))), error.http_status
    flash(_("The picture is here. Choose it for a variant."))
    return redirect(url_for("together.one", draft_id=draft_id), 303)


@together.post("/<uuid:draft_id>/pictures/delete")
def take_out(draft_id: UUID) -> AnyResponse:
    """Delete a picture; variants that showed it show none."""
    making.take_out(_found(draft_id)[1], field("file"))
    flash(
        _(
            "The picture is deleted. A design that was saved with it still has it: withdraw that too, where nobody ordered it."
        )
    )
    return redirect(url_for("together.one", draft_id=draft_id), 303)


@together.post("/withdraw")
def withdraw() -> Answer:
    """Delete a saved design that no order names."""
    try:
        saved_designs.withdraw(
            field("name"), store=books(), account=staff(Deed.CO_DESIGN), shipped=settings().designs,
            saved=settings().saved_designs, kept=settings().instance / "pictures", now=now(),
        )  # fmt: skip
    except HournoteError as error:
        return _every(str(_(error.sentence))), error.http_status
    flash(_("The design is withdrawn."))
    return redirect(url_for("together.every"), 303)


@together.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Answer:
    """A file beyond all bounds, which is not read: nothing of the form is known, so the page is asked for anew."""
    flash(_("The picture is too large: bring one of at most 12 MB and 25 million pixels."))
    return redirect(url_for("together.one", **(request.view_args or {})), 303)


@together.post("/<uuid:draft_id>/remove")
def remove(draft_id: UUID) -> AnyResponse:
    """Take a draft away."""
    making.remove(_found(draft_id)[1])
    flash(_("The draft is removed. Designs that were saved of it stay."))
    return redirect(url_for("together.every"), 303)


@together.get("/<uuid:draft_id>/<int:number>")
def variant(draft_id: UUID, number: int) -> str:
    """The form of a variant, with its picture."""
    draft, _folder = _found(draft_id)
    return _form(draft, number, _choices(draft, number))


@together.post("/<uuid:draft_id>/<int:number>")
def choose(draft_id: UUID, number: int) -> Answer:
    """Keep what was chosen."""
    draft, folder = _found(draft_id)
    given = chosen.given(request.form)
    try:
        making.choose(folder, number, given)
    except HournoteError as error:
        return _form(
            draft, number, given, str(_(error.sentence)) if isinstance(error, NotFound) else chosen.problem(given)
        ), error.http_status
    return redirect(url_for("together.variant", draft_id=draft_id, number=number), 303)


@together.post("/<uuid:draft_id>/<int:number>/copy")
def copy(draft_id: UUID, number: int) -> Answer:
    """Add a variant like this one."""
    _draft, folder = _found(draft_id)
    try:
        made = making.copy(folder, number, request_id())
    except HournoteError as error:
        return _page(draft_id, str(_(error.sentence))), error.http_status
    return redirect(url_for("together.variant", draft_id=draft_id, number=len(made.variants) - 1), 303)


@together.post("/<uuid:draft_id>/drop")
def drop(draft_id: UUID) -> Answer:
    """Take a variant away."""
    _draft, folder = _found(draft_id)
    try:
        making.drop(folder, field("variant"))
    except HournoteError as error:
        return _page(draft_id, str(_(error.sentence))), error.http_status
    return redirect(url_for("together.one", draft_id=draft_id), 303)


@together.post("/<uuid:draft_id>/<int:number>/save")
def save(draft_id: UUID, number: int) -> Answer:
    """Make a design of a variant, which an order can name."""
    draft, folder = _found(draft_id)
    try:
        name = saved_designs.save(
            draft, folder, number, store=books(), shipped=settings().designs, saved=settings().saved_designs, now=now()
        )
    except BadDesign as error:
        told = str(_("The press would not take it yet: %(fault)s", fault=_(error.sentence)))
        return _form(draft, number, _choices(draft, number), told), error.http_status
    except HournoteError as error:
        return _form(draft, number, _choices(draft, number), str(_(error.sentence))), error.http_status
    flash(_("The design %(name)s is saved, and an order can name it.", name=name))
    return redirect(url_for("together.variant", draft_id=draft_id, number=number), 303)


@together.get("/<uuid:draft_id>/<int:number>/front.jpg")
def front(draft_id: UUID, number: int) -> AnyResponse:
    """The front of a variant, or of what the form has now."""
    draft, folder = _found(draft_id)
    kept = _choices(draft, number)
    digest, draw = making.front(draft, folder, chosen.given(request.args, kept) if request.args else kept)
    if digest in request.if_none_match:
        return _picture(b"", digest)
    return _picture(draw(), digest)


@together.get("/<uuid:draft_id>/<int:number>/remarks")
def remarks(draft_id: UUID, number: int) -> str:
    """What is wrong with what the form has now, in words."""
    draft, _folder = _found(draft_id)
    given = chosen.given(request.args, _choices(draft, number))
    try:
        found = [chosen.told(each) for each in making.remarks(draft, given)]
    except HournoteError:
        found = [chosen.Told(chosen.problem(given))]
    return render_template("office/remarks.html", remarks=found)


@together.get("/back.jpg")
def back() -> AnyResponse:
    """The national back."""
    staff(Deed.CO_DESIGN)
    return _picture(making.back(), "national-back")


@together.get("/<uuid:draft_id>/<file>")
def shot(draft_id: UUID, file: str) -> AnyResponse:
    """A picture that was brought."""
    draft, folder = _found(draft_id)
    if draft.shot(file) is None:
        raise NotFound("There is no such picture.")
    return _picture((folder / file).read_bytes(), file)


@together.get("/<uuid:draft_id>/votes.pdf")
def votes(draft_id: UUID) -> AnyResponse:
    """The vote sheet."""
    draft, folder = _found(draft_id)
    return _file(making.vote_sheet(draft, folder), "application/pdf", "votes.pdf")


@together.get("/<uuid:draft_id>/<int:number>/design.zip")
def zipped(draft_id: UUID, number: int) -> AnyResponse:
    """A variant for a designer to finish."""
    draft, folder = _found(draft_id)
    name, data = making.zipped(draft, folder, number)
    return _file(data, "application/zip", f"{name}.zip")


def _found(draft_id: UUID) -> tuple[Draft, Any]:
    return making.draft_of(books(), settings().instance, account=staff(Deed.CO_DESIGN), draft_id=draft_id)


def _choices(draft: Draft, number: int) -> dict[str, Any]:
    """What is kept of a variant. Raises NotFound."""
    if number >= len(draft.variants):
        raise NotFound("There is no such variant.")
    return dict(draft.variants[number].choices)


def _picture(data: bytes, digest: str) -> AnyResponse:
    answer = Response(data, mimetype="image/jpeg")
    answer.set_etag(digest)
    answer.headers["Cache-Control"] = _KEPT
    return answer.make_conditional(request)


def _file(data: bytes, kind: str, name: str) -> AnyResponse:
    answer = Response(data, mimetype=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _title_problem(_error: HournoteError) -> str:
    return str(
        _(
            "Give the draft a title of 1 to %(most)d letters, or remove a draft that is not needed any more.",
            most=making.LONGEST_TITLE,
        )
    )


def _every(problem: str | None = None) -> str:
    account = staff(Deed.CO_DESIGN)
    found = making.drafts(books(), settings().instance, account=account)
    return render_template(
        "office/together.html", drafts=found, programmes=making.programmes(books(), account=account), problem=problem,
        saved=saved_designs.of_account(books(), settings().saved_designs, account=account, now=now()),
        given={name: field(name) for name in ("programme", "title")}, most=making.LONGEST_TITLE, request_id=fresh_id(),
    )  # fmt: skip


def _page(draft_id: UUID, problem: str | None = None) -> str:
    draft, _folder = _found(draft_id)
    told = [[chosen.told(each) for each in making.remarks(draft, each.choices)] for each in draft.variants]
    return render_template(
        "office/draft.html", draft=draft, told=told, problem=problem, request_id=fresh_id(), letters=chosen.LETTERS,
        most_variants=making.MOST_VARIANTS, most_pictures=making.MOST_PICTURES,
    )  # fmt: skip


def _form(draft: Draft, number: int, given: dict[str, Any], problem: str | None = None) -> str:
    kept = _choices(draft, number)
    folder = _found(UUID(draft.id))[1]
    return render_template(
        "office/variant.html", draft=draft, number=number, given=given, kept=kept, problem=problem, options=chosen.options(),
        remarks=[chosen.told(each) for each in making.remarks(draft, kept)], letters=chosen.LETTERS, request_id=fresh_id(),
        is_saved=saved_designs.is_saved(draft, folder, number, saved=settings().saved_designs),
        orders=url_for("ordering.form", design=kept["name"]),
    )  # fmt: skip
