"""The ways about the office: what each role finds in its navigation."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.core.roles import Deed
from app.services import asking, rights, second_factor
from app.web import site


@dataclass(frozen=True, slots=True)
class Way:
    """An entry: where it leads, whether one is there, and how many things wait behind it."""

    text: LazyString
    address: str
    is_here: bool
    waiting: int = 0


_WAYS: list[tuple[LazyString, str, Deed | None, dict[str, Any]]] = [
    (_l("Overview"), "office.landing", None, {}),
    (_l("Orders"), "ordering.every", Deed.SEE_REQUESTS, {}),
    (_l("Deliveries"), "deliveries.every", Deed.SEE_DELIVERIES, {}),
    (_l("Hand out"), "giving.form", Deed.HAND_OUT, {}),
    (_l("Statements"), "statements.every", Deed.SEE_BUNDLES, {}),
    (_l("Impact"), "impact.page", Deed.SEE_IMPACT, {}),
    (_l("Cases"), "cases.every", Deed.LOOK_UP, {}),
    (_l("Stop notes"), "stopping.form", Deed.HOLD, {"kind": "hold"}),
    (_l("Directory"), "listings.every", Deed.SEE_DIRECTORY, {}),
    (_l("Desks"), "enrolling.every", Deed.SEE_DESKS, {}),
    (_l("Make a note together"), "together.every", Deed.CO_DESIGN, {}),
    (_l("Funders"), "funders.every", Deed.KEEP_FUNDERS, {}),
    (_l("To confirm"), "asked.every", Deed.SEE_REQUESTS, {}),
    (_l("Accounts"), "keeping.every", Deed.SEE_ACCOUNTS, {}),
    (_l("Your account"), "own.page", None, {}),
]
"""What it says, the page, what one must be allowed to do to see it, and what its address takes. Later pages are hung in here."""


def ways() -> list[Way]:
    """The navigation of whoever is signed in; nothing for somebody who has to set a second factor up first."""
    if not current_user.is_authenticated:
        return []
    found = current_user.present
    if second_factor.is_required(found.account) and not found.session.second_factor:
        return []
    here = (request.endpoint or "").partition(".")
    return [
        Way(text, url_for(page, **given), _is_here(here[0], here[2], page), _waiting(page))
        for text, page, deed, given in _WAYS
        if deed is None or rights.may(found.account, deed)
    ]


_WITHIN = {
    "jobs": "ordering",
    "print_shops": "ordering",
    "receiving": "deliveries",
    "receipts": "deliveries",
    "replacing": "stopping",
    "counted": "listings",
    "spent_paper": "listings",
    "shelf": "statements",
}
"""Parts that are reached through another."""


def _is_here(part: str, view: str, page: str) -> bool:
    """A page of the same part; the landing alone is its own."""
    mine, _, view_of_mine = page.partition(".")
    return _WITHIN.get(part, part) == mine and (mine != "office" or view == view_of_mine)


def _waiting(page: str) -> int:
    """How many requests this person may confirm."""
    if page != "asked.every":
        return 0
    here = current_user.present
    found = asking.waiting(site.books(), account=here.account, now=site.now())
    return sum(asking.may_confirm(here, each, site.now()) for each in found)
