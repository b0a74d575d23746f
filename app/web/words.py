"""The words, shapes and colour families that people are shown for every answer and state, in this one table."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.core.lifecycle import Kind, NoteState, State
from app.core.roles import Deed
from app.core.shelf import Why
from app.core.verdict import Verdict
from app.core.visit import Reason
from app.services.asking import Request
from app.services.custody import MIXED
from app.services.desks import COUNTED as COUNTED_DESK
from app.services.enquiry import NOT_ORDERED
from app.services.print_jobs import Stage


@dataclass(frozen=True, slots=True)
class Word:
    """How an answer is shown: its word, its colour family (good, attention, no) and its shape."""

    text: LazyString
    family: str
    shape: str


def _good(text: LazyString) -> Word:
    return Word(text, "good", "tick")


def _attention(text: LazyString) -> Word:
    return Word(text, "attention", "triangle")


def _no(text: LazyString) -> Word:
    return Word(text, "no", "cross")


VERDICTS: dict[str, Word] = {
    Verdict.MALFORMED: _attention(_l("Cannot be read")),
    Verdict.UNKNOWN: _no(_l("Not known")),
    Verdict.FORGED: _no(_l("Not genuine")),
    Verdict.SPECIMEN: _attention(_l("Specimen")),
    Verdict.ALREADY_REDEEMED: _no(_l("Already spent")),
    Verdict.VOID: _no(_l("No longer valid")),
    Verdict.HELD: _attention(_l("On hold")),
    Verdict.EXPIRED: _no(_l("Past its last day")),
    Verdict.NOT_ISSUED: _no(_l("Not given out yet")),
    Verdict.NOT_ACCEPTED_HERE: _attention(_l("Not for this offer")),
    Verdict.KEYED_NOT_ALLOWED: _attention(_l("Scan the code")),
    Verdict.GOOD: Word(_l("Good, not spent yet"), "good", "ring"),
    Verdict.ACCEPTED: _good(_l("Accepted")),
    Verdict.ACCEPTED_OFFLINE: Word(_l("Accepted, not yet confirmed"), "good", "open"),
    Verdict.CANNOT_TELL_OFFLINE: _attention(_l("Cannot tell now")),
}

REASONS: dict[str, tuple[Word, LazyString]] = {
    Reason.OFFER_CLOSED: (_attention(_l("Offer closed")), _l("This offer is closed. Nothing was spent.")),
    Reason.OFFER_LIMIT: (
        _attention(_l("Too many notes")),
        _l("This offer does not take so many notes in one visit. Nothing was spent."),
    ),
    Reason.WRONG_HOURS: (
        _attention(_l("Wrong number of notes")),
        _l("These notes do not come to the price of the offer. Nothing was spent: scan them again, all of them."),
    ),
}
"""Why a visit of good notes was refused."""

GIVEN_BACK: tuple[Word, LazyString] = (
    Word(_l("Given back"), "good", "ring"),
    _l("The notes are good again. Hand them back to the visitor."),
)

NOT_GIVEN_BACK = _attention(_l("Not given back"))
NOT_TAKEN: tuple[Word, LazyString] = (
    _attention(_l("Scan again")),
    _l("These notes could not be taken together: bring each note once, and at most 50 in one visit."),
)
TOO_OFTEN = _attention(_l("A little slower"))

GIVE_BACK_REFUSALS: dict[str, LazyString] = {
    "not_accepted": _l("That visit was not accepted, so there is nothing to give back."),
    "too_late": _l("It is more than 15 minutes ago: ask the programme office to give the notes back."),
    "retired": _l("The paper of these notes was destroyed already, so they cannot be given back."),
}

GIVE_BACK_REASONS: dict[str, LazyString] = {
    "wrong note": _l("Wrong note scanned"),
    "wrong offer": _l("Wrong offer chosen"),
    "activity cancelled": _l("Activity did not take place"),
    "changed mind": _l("Visitor changed their mind"),
    "other": _l("Another reason"),
}
"""What the books keep, and what the desk chooses from."""

STATES: dict[str, LazyString] = {
    State.ORDERED: _l("ordered"),
    State.PRINTED: _l("printed"),
    State.STOCKED: _l("in stock"),
    State.DISPATCHED: _l("dispatched"),
    State.ISSUED: _l("issued"),
    NoteState.REDEEMED: _l("redeemed"),
    NoteState.RETIRED: _l("retired"),
    State.HELD: _l("on hold"),
    State.VOID: _l("void"),
    NOT_ORDERED: _l("never ordered"),
}
"""In the order of a note's life, which is the order of a bar."""

KINDS: dict[str, LazyString] = {
    Kind.ORDER: _l("Ordered"),
    Kind.PRINT: _l("Printed"),
    Kind.SPOIL: _l("Spoiled at the print shop"),
    Kind.MISS: _l("Missing at the print shop"),
    Kind.RECEIVE: _l("Received into stock"),
    Kind.DISPATCH: _l("Dispatched"),
    Kind.ISSUE: _l("Issued"),
    Kind.RETURN: _l("Returned to stock"),
    Kind.HOLD: _l("Put on hold"),
    Kind.RELEASE: _l("Released"),
    Kind.VOID: _l("Made void"),
    Kind.REINSTATE: _l("Reinstated"),
}

RESOLUTIONS: dict[str, LazyString] = {
    "written_off": _l("Written off: the programme bears the second hour"),
    "copy": _l("A copy or a forgery"),
    "mistake": _l("A mistake"),
    "other": _l("Something else"),
}
"""What somebody can come to about a note that two venues took."""

COUNTED: dict[str, LazyString] = {COUNTED_DESK: _l("counted by staff")}
"""What stands for a desk where none was."""

CASE_REASONS: dict[str, LazyString] = {
    "shown_twice": _l("The same note was shown twice"),
    "mistake": _l("A mistake"),
    "copy": _l("A copy or a forgery"),
    "stolen": _l("Lost or stolen notes"),
    "other": _l("Something else"),
}
"""What somebody can come to about a case."""

BUNDLES: dict[str, LazyString] = {"here": _l("Here"), "missing": _l("Not here"), "opened": _l("Opened")}
"""What an organisation says of a bundle."""

RECEIPTS: dict[str, LazyString] = {
    "confirmed": _l("Confirmed"),
    "handed": _l("Handed over"),
    "recalled": _l("Called back"),
}
LINK_EVENTS: dict[str, LazyString] = {
    "linked": _l("New link and PIN"),
    "guessed": _l("Link closed after too many wrong PINs"),
    "recalled": _l("Called back"),
}
"""What was done to the link of a delivery."""

HELD_FOR: dict[str, LazyString] = {
    "spoiled": _l("spoiled"),
    "missing": _l("missing"),
    "lost": _l("lost"),
    "stolen": _l("stolen"),
    "expired": _l("expired"),
    "recalled": _l("recalled"),
    "damaged": _l("damaged"),
    "destroyed": _l("destroyed"),
    "found": _l("found"),
    "mistake": _l("a mistake"),
}
"""The reasons of the trade; any other is somebody's own words and is shown as it was written."""

SHELF_WHY: dict[str, tuple[LazyString, LazyString]] = {
    Why.OTHER_PROGRAMME: (_l("of another programme"), _l("Give them to the office of that programme.")),
    Why.NOT_ORDERED: (_l("never ordered"), _l("The books know no such notes: look at the paper closely.")),
    Why.RETIRED: (
        _l("retired"),
        _l("Their paper was counted as destroyed: put it aside, and find out why it is here."),
    ),
    Why.REDEEMED: (_l("spent"), _l("Put them with the spent paper: they are worth nothing more.")),
    Why.HANDED_OUT: (_l("recorded as handed out"), _l("Take the hand-out back if it was wrong.")),
    Why.VOID: (_l("void"), _l("They are worth nothing: put them aside.")),
    Why.HELD: (_l("on hold"), _l("If all is well with them, have them released.")),
    Why.ORDERED: (_l("not printed yet"), _l("The print shop has not balanced their order yet.")),
    Why.PRINTED: (_l("not received yet"), _l("Receive them from the print shop.")),
    Why.STOCKED: (_l("in stock"), _l("They were never sent to this organisation: issue them, or put them back.")),
    Why.DISPATCHED: (_l("on their way"), _l("They were sent and not confirmed: look at their delivery.")),
    Why.ISSUED: (_l("issued"), _l("The books have them with that organisation: ask there, or take them back.")),
    Why.ELSEWHERE: (_l("not with you"), _l("Give them to your programme office.")),
}
"""Why notes that were seen on a shelf were not expected there, and what to do with them."""

JOB_STAGES: dict[str, Word] = {
    Stage.WAITS: Word(_l("Not taken yet"), "good", "open"),
    Stage.TAKEN: Word(_l("At the print shop"), "good", "ring"),
    Stage.COUNTING: Word(_l("Being counted"), "good", "ring"),
    Stage.BALANCED: Word(_l("Balances, not closed yet"), "good", "ring"),
    Stage.CLOSED: _good(_l("Closed")),
}
"""How far a job is at its print shop."""

JOB_EVENTS: dict[str, LazyString] = {
    "taken": _l("Job file taken"),
    "again": _l("Allowed to be taken once more"),
    "good": _l("Good notes"),
    "spoiled": _l("Spoiled"),
    "missing": _l("Missing"),
    "withdrawn": _l("Report withdrawn"),
}
"""What became of a job."""

PLACES: dict[str, LazyString] = {
    "the press": _l("the press"),
    "the print shop": _l("the print shop"),
}

ROLES: dict[str, LazyString] = {
    "national": _l("National office"),
    "programme": _l("Programme office"),
    "auditor": _l("Auditor"),
    "press": _l("Print shop"),
    "keeper": _l("Keeper of notes"),
    "venue": _l("Venue"),
}

DEEDS: dict[str, LazyString] = {
    Deed.HOLD: _l("Hold"),
    Deed.RELEASE: _l("Release"),
    Deed.VOID: _l("Make void"),
    Deed.REINSTATE: _l("Reinstate"),
    Deed.REPLACE: _l("Replace a torn note"),
    Deed.ORDER: _l("Order"),
    Deed.RESET_SECOND_FACTOR: _l("Reset a second factor"),
    Deed.INVITE: _l("Let into the national office"),
}
"""What staff ask for."""

CAME_TO: dict[str, LazyString] = {**STATES, MIXED: _l("back where they were")}
"""What notes are after a deed; after one that undoes another they may be in several states."""

_BECAME: dict[str, Word] = {
    "alone": _good(_l("Done")),
    "confirmed": _good(_l("Done, confirmed")),
    "declined": _no(_l("Declined")),
    "withdrawn": _no(_l("Withdrawn")),
}
_WAITS = Word(_l("Waits for a second person"), "good", "open")
_TOO_OLD = _attention(_l("Not confirmed in time"))


def became(asked: Request, now: datetime) -> Word:
    """What became of a request."""
    if asked.kind is not None:
        return _BECAME[asked.kind]
    return _WAITS if asked.until is not None and asked.until > now else _TOO_OLD


ACCOUNT_EVENTS: dict[str, LazyString] = {
    "invited": _l("Invited by a link"),
    "added": _l("Added with a password"),
    "link made": _l("Link made to set a password"),
    "password set": _l("Password set"),
    "password set by link": _l("Password set by a link"),
    "closed": _l("Closed"),
    "reopened": _l("Reopened"),
    "second factor set": _l("Second factor set up"),
    "second factor reset": _l("Second factor taken away"),
    "recovery codes made": _l("New recovery codes made"),
    "recovery code used": _l("Recovery code used"),
}
"""What was done to an account."""

DESK_EVENTS: dict[str, LazyString] = {
    "added": _l("Added"),
    "link made": _l("Link made to enrol it"),
    "enrolled": _l("Enrolled by its link"),
    "revoked": _l("Revoked"),
}
"""What was done to a desk."""

VENUE_KINDS: dict[str, LazyString] = {
    "community": _l("community venue"),
    "corporate": _l("corporate venue"),
}

DIRECTORY_EVENTS: dict[str, LazyString] = {
    "added": _l("added"),
    "changed": _l("changed"),
    "closed": _l("closed"),
    "reopened": _l("reopened"),
}

DIRECTORY_FIELDS: dict[str, LazyString] = {
    "name": _l("Name"),
    "name_cy": _l("Name in Welsh"),
    "kind": _l("Kind of venue"),
    "organisation": _l("Kept by"),
    "site": _l("Site of an organisation"),
    "funder": _l("Who pays for what"),
    "town": _l("Town"),
    "address": _l("Address"),
    "postcode": _l("Postcode"),
    "coordinates": _l("Place on the map"),
    "telephone": _l("Telephone"),
    "email": _l("Email"),
    "web": _l("Website"),
    "text": _l("Text"),
    "text_cy": _l("Text in Welsh"),
    "price_hours": _l("Price in hours"),
    "most_notes": _l("Most notes of a visit"),
    "local_only": _l("Notes of this programme only"),
    "opening": _l("When it is open"),
    "order_alone": _l("Notes that one person may order alone"),
    "void_alone": _l("Notes that one person may void alone"),
}

FOUND: dict[str, LazyString] = {
    "series": _l("series"),
    "organisation": _l("organisation"),
    "venue": _l("venue"),
}
"""What somebody may have meant who typed a name."""
