"""A torn note is replaced: made void, and another issued, in one step."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.core.errors import HournoteError
from app.core.lifecycle import State
from app.core.roles import Deed
from app.services import asking, rights
from app.services.accounts import Account
from app.web.forms import field, fresh_id, request_id
from app.web.office import without_token
from app.web.site import books, now, present, staff
from app.web.stopping import problem

replacing = Blueprint("replacing", __name__)
replacing.record(lambda state: state.app.jinja_env.globals.update(may_replace=may_replace))


def may_replace(account: Account, state: str) -> bool:
    """Whether the account may replace a note that stands so."""
    return state == State.ISSUED and rights.may(account, Deed.REPLACE)


@replacing.get("/office/replace")
def form() -> Response | str:
    """Which note is torn, and which takes its place."""
    torn = request.args.get("q", "").strip()
    if without_token(torn) != torn:  # before the way to sign in is said, which repeats the address
        return redirect(url_for("replacing.form", q=without_token(torn)), 303)
    staff(Deed.REPLACE)
    return _form(torn, "")


@replacing.post("/office/replace")
def replace() -> Response | tuple[str, int]:
    """Do it, or have it wait for a second person; once, however often it is sent."""
    here, torn, other = present(), without_token(field("q")), without_token(field("other"))
    staff(Deed.REPLACE)
    try:
        made = asking.ask_to_replace(
            books(), by=here, torn=torn, other=other, note=field("note"), request_id=request_id(), now=now()
        )
    except HournoteError as error:
        return _form(torn, other, error), error.http_status
    return redirect(url_for("asked.one", request_id=made.id), 303)


def _form(torn: str, other: str, error: HournoteError | None = None) -> str:
    told = problem(error) if error else None
    return render_template(
        "office/replace.html", torn=torn, other=other, problem=told, note=field("note"), request_id=fresh_id(error),
        longest=asking.LONGEST_NOTE,
    )  # fmt: skip
