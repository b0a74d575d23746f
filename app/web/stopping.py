"""Stopping notes: hold, release, void or reinstate a span, with an answer that says how many were spent already."""

from collections.abc import Iterable
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.core.errors import BadInput, BadSpan, HournoteError, IllegalMovement, NotOrdered
from app.core.lifecycle import Kind, State, may
from app.core.roles import Deed
from app.services import asking, bundling, extracts, rights, shelf_counts
from app.services.accounts import Account
from app.web.forms import field, fresh_id, request_id, whole_field
from app.web.office import without_token
from app.web.site import books, now, present, staff

stopping = Blueprint("stopping", __name__)
LONGEST_NAMED = 10_000
"""Characters: as many spans as may be named together."""

stopping.record(lambda state: state.app.jinja_env.globals.update(may_stop=may_stop))

LOST = "lost"
"""What is likeliest of notes that a count did not see."""

REASONS: dict[str, tuple[str, ...]] = {
    Deed.HOLD: ("lost", "stolen", "damaged", "recalled"),
    Deed.RELEASE: ("found", "mistake"),
    Deed.VOID: ("lost", "stolen", "damaged", "destroyed", "recalled", "expired"),
    Deed.REINSTATE: ("found", "mistake"),
}
"""What a page lets people choose; the words are those of the books."""

TITLES: dict[str, LazyString] = {
    Deed.HOLD: _l("Put notes on hold"),
    Deed.RELEASE: _l("Release notes"),
    Deed.VOID: _l("Make notes void"),
    Deed.REINSTATE: _l("Reinstate notes"),
}
MEANS: dict[str, LazyString] = {
    Deed.HOLD: _l("A desk refuses them from now on. You can release them again: they go back to where they were."),
    Deed.RELEASE: _l("Notes on hold go back to where they were."),
    Deed.VOID: _l("They are worth nothing from now on. Notes that were spent already stay spent."),
    Deed.REINSTATE: _l("Void notes go back to where they were. Another person confirms it."),
}


@stopping.get("/office/<any(hold, release, void, reinstate):kind>")
def form(kind: str) -> Response | str:
    """Which notes, and why; those of a count that were not seen need not be named again."""
    named = request.args.get("q", "").strip()
    if _untokened(named) != named:  # before the way to sign in is said, which repeats the address
        return redirect(url_for("stopping.form", kind=kind, q=_untokened(named)), 303)
    account = staff(Deed(kind))
    return _form(kind, named or _not_seen(account, kind))


@stopping.post("/office/<any(hold, release, void, reinstate):kind>")
def stop(kind: str) -> Response | tuple[str, int]:
    """Do it, or have it wait for a second person; once, however often it is sent."""
    here, named = present(), ""
    staff(Deed(kind))
    try:
        named = _untokened(whole_field("q", LONGEST_NAMED))
        if field("reason") not in REASONS[kind]:
            raise BadInput(str(_("Choose a reason.")))
        made = asking.ask_to_move(
            books(), by=here, deed=Deed(kind), named=named, reason=field("reason"), note=field("note"),
            request_id=request_id(), now=now(),
        )  # fmt: skip
    except HournoteError as error:
        return _form(kind, named, error), error.http_status
    return redirect(url_for("asked.one", request_id=made.id), 303)


def problem(error: HournoteError) -> str:
    """What to tell a person of a step that was refused, in their language."""
    if isinstance(error, NotOrdered):
        return str(_("No such note was ever ordered."))
    if isinstance(error, IllegalMovement) and "span" in error.evidence:
        span = error.evidence["span"]
        return str(
            _("The notes %(span)s are not where this step begins: look them up. Nothing was changed.", span=span)
        )
    if isinstance(error, IllegalMovement):
        return str(_("All of these notes are void already: name the span itself. Nothing was changed."))
    if isinstance(error, BadSpan):
        return str(_("That is no note, span, order or label. Look at the example, and at each letter and digit."))
    if isinstance(error, BadInput) and "most" in error.evidence:
        most = error.evidence["most"]
        return str(_("Write what you want to say on one line, in %(most)s letters at most.", most=most))
    return str(_(error.sentence))


def may_stop(account: Account, states: Iterable[str] | None = None) -> list[str]:
    """What the account may do with notes; where these stand in `states` of custody, what one of these lets be done:
    nothing with a note that is redeemed or retired."""
    known = [State(state) for state in states or () if state in set(State)]
    return [
        kind
        for kind in REASONS
        if rights.may(account, Deed(kind)) and (states is None or any(may(Kind(kind), state) for state in known))
    ]


def _untokened(text: str) -> str:
    """One thing, or several with commas between; of each token no more than its serial."""
    return ", ".join(map(without_token, bundling.things(text)))


def _not_seen(account: Account, kind: str) -> str:
    """What a count that the address names did not see and is to be stopped still; empty where it names none."""
    wanted, series = request.args.get("count", type=UUID), request.args.get("series", "")
    if wanted is None or kind not in (Deed.HOLD, Deed.VOID):
        return ""
    return shelf_counts.left_to_stop(books(), by=account, deed=Deed(kind), count_id=wanted).get(series, "")


def _form(kind: str, named: str, error: HournoteError | None = None) -> str:
    account = staff()
    counted = {name: request.args[name] for name in ("count", "series") if name in request.args}
    return render_template(
        "office/stop.html", kind=kind, kinds=may_stop(account), titles=TITLES, means=MEANS[kind], reasons=REASONS[kind],
        asked=named, carried=counted or {"q": named[:500] or None}, most=LONGEST_NAMED, problem=problem(error) if error else None, reason=field("reason") or (LOST if counted else ""), note=field("note"), request_id=fresh_id(error),
        place=extracts.place_of(books(), account), longest=asking.LONGEST_NOTE,
    )  # fmt: skip
