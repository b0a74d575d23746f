"""Print shops: which there are, and one more."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import BadInput, HournoteError
from app.core.roles import Deed
from app.services import shops
from app.web.forms import field
from app.web.site import books, staff

print_shops = Blueprint("print_shops", __name__)


@print_shops.get("/office/print-shops")
def every() -> str:
    """The print shops, and a form for one more."""
    staff(Deed.KEEP_SHOPS)
    return _page()


@print_shops.post("/office/print-shops")
def add() -> Response | tuple[str, int]:
    """One more."""
    account = staff(Deed.KEEP_SHOPS)
    try:
        made = shops.enter_shop(books(), by=account, name=field("name"))
    except HournoteError as error:
        told = _("Write the name of the print shop on one line.") if isinstance(error, BadInput) else _(error.sentence)
        return _page(str(told)), error.http_status
    flash(_("%(shop)s can be named in orders now. Invite its people as print shop.", shop=made.name))
    return redirect(url_for("print_shops.every"), 303)


def _page(problem: str | None = None) -> str:
    return render_template(
        "office/print_shops.html", listed=shops.every(books()), problem=problem, name=field("name")
    )  # fmt: skip
