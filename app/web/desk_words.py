"""What the desk's script says, as one table of data: the words of `words.py` and the core's sentences, and its own."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import LazyString, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.verdict import MESSAGES, Verdict
from app.services.desks import CHECK_ONLY, NOT_ENROLLED
from app.services.guessing import GUESSING
from app.web import words
from app.web.words import Word

SAY: dict[Verdict, LazyString] = {
    Verdict.MALFORMED: _l("Say: “I cannot read this one. May I hold it flat and try again?”"),
    Verdict.UNKNOWN: _l("Say: “I am sorry, I cannot take this note. The programme office can tell you more.”"),
    Verdict.FORGED: _l("Say: “I am sorry, I cannot take this note. The programme office can tell you more.”"),
    Verdict.SPECIMEN: _l("Say: “This one is only for practice. Do you have another?”"),
    Verdict.ALREADY_REDEEMED: _l("Say: “This note has been used, so I cannot take it. Do you have another?”"),
    Verdict.VOID: _l("Say: “I am sorry, this note is no longer valid. Do you have another?”"),
    Verdict.HELD: _l("Say: “I cannot take this note today. The programme office can help you.”"),
    Verdict.EXPIRED: _l("Say: “This note is past its last day. Do you have another?”"),
    Verdict.NOT_ISSUED: _l("Say: “I cannot take this note. May I write its number down for the programme office?”"),
    Verdict.NOT_ACCEPTED_HERE: _l("Say: “This note is not for this activity. Would another one suit you?”"),
    Verdict.KEYED_NOT_ALLOWED: _l("Say: “May I have the note, to scan its square code?”"),
    Verdict.CANNOT_TELL_OFFLINE: _l("Say: “Our network is away, so I cannot check this note. Please keep it.”"),
}
"""What a volunteer says to the visitor; what to do stands in the sentence of the verdict."""

_NOTHING_WITHOUT = _l("Without network nothing can be accepted: keep the notes, and try again when it is back.")

TROUBLES: dict[str, tuple[Word, LazyString]] = {
    "too_often": (words.TOO_OFTEN, _l(GUESSING)),
    "broken": (
        Word(_l("The desk did not open"), "attention", "triangle"),
        _l("Something went wrong while this page was starting. Try again; if it stays so, tell the programme office."),
    ),
    "not_enrolled": (Word(_l("No longer a desk"), "attention", "triangle"), _l(NOT_ENROLLED)),
    "disk": (
        Word(_l("Nothing was spent"), "attention", "triangle"),
        _l("This device cannot keep what it accepts. Free some space on it, or open the desk in a window that is not private."),
    ),
    "check_only": (Word(_l("This desk only checks"), "attention", "triangle"), _l(CHECK_ONLY)),
    "closed": (
        Word(_l("Closed for now"), "attention", "triangle"),
        _l("The office has closed redemption for a while. Nothing was spent: keep the notes, and try again later."),
    ),
    "clock": (
        Word(_l("The clock is wrong"), "attention", "triangle"),
        _l("The clock of this device is wrong. Set its date and time, then try again."),
    ),
    "more_than_left": (
        Word(_l("Too many without network"), "attention", "triangle"),
        _l(
            "Without network this desk may accept only a few more notes by itself; the line at the top says how many. Take some "
            "out, or try again when the network is back."
        ),
    ),
    "wrong": words.NOT_TAKEN,
    "cannot_tell": (words.VERDICTS[Verdict.CANNOT_TELL_OFFLINE], _NOTHING_WITHOUT),
}  # fmt: skip
"""What keeps a desk from working, and the way out."""

CAMERA: dict[str, LazyString] = {
    "denied": _l("This page may not use the camera. Allow it beside the address of the page, then start it again."),
    "none": _l("There is no camera here. A scanner that types works just as well."),
    "busy": _l("Another program is using the camera. Close it, then start the camera again."),
    "insecure": _l("A camera needs a safe connection: open this page by its https address."),
    "lost": _l("The camera went away. It starts by itself when it is back; scanners work meanwhile."),
    "reader": _l("What reads the codes could not be loaded. It is tried again by itself; scanners work meanwhile."),
}

APART: dict[str, LazyString] = {
    "no_snapshot": _l("Without network nothing can be accepted: this desk has not learned yet which notes are good."),
    "too_old": _l("Without network nothing can be accepted: what this desk knows is of {at}, and that is too old."),
    "used_up": _l("Without network nothing more can be accepted: this desk has accepted all that it may by itself."),
    "not_allowed": _l("Without network nothing can be accepted here: that is the rule of this venue."),
}
"""Why a desk without network cannot accept by itself."""

SERIAL: dict[str, LazyString] = {
    "length": _l("A serial has 13 letters and digits, and this has {count}. Look for one that is missing or twice."),
    "shape": _l("A serial is three letters and two digits, then seven digits, then one last letter or digit."),
    "check": _l("One of the characters was misread. Compare each group with the note:"),
}
"""What is wrong with a serial that was typed."""

SENTENCES: dict[str, LazyString] = {
    "accept": _l("Accept"),
    "another_venue": _l("(at another venue)"),
    "as_far": _l("Nothing speaks against it, as far as this desk knows without network."),
    "asking": _l("Asking…"),
    "camera": _l("Camera {number}"),
    "again": _l("Try again"),
    "check_mode": _l("Checking only"),
    "check_more": _l("Scan a note to see whether it is good. Nothing is spent."),
    "checking": _l("Checking…"),
    "choose": _l("Choose"),
    "clear": _l("Clear"),
    "closed": _l("Closed."),
    "closed_apart": _l(
        "The office has closed redemption for a while. Until it is open again, this desk accepts by itself and has it "
        "confirmed later."
    ),
    "closed_until": _l("Closed. Opens: {day}, {time}."),
    "closed_until_today": _l("Closed. Opens today at {time}."),
    "counted": _l("Just count hours"),
    "dismiss": _l("I have read this"),
    "elsewhere": _l("Some waits for another venue, until this is its desk again."),
    "enrol": _l("Enrol this desk"),
    "first_spent": _l("First spent: {at}"),
    "good": _l("Good"),
    "group_part": _l("Visit {part} of {parts}…"),
    "group_rest": _l("Nothing was spent of the others; they stay in the list below."),
    "group_some": _l("Only a part was accepted"),
    "here": _l("(here)"),
    "just_now": _l("{serial} was accepted a moment ago."),
    "keep": _l("Keep this on the screen"),
    "knows": _l("It knows the notes as of {at}."),
    "left_spent": _l(
        "Notes of a visit of {at} may be spent, though nothing was accepted here. Tell the programme office, which can give "
        "them back."
    ),
    "not_confirmed": _l("A visit of {at} was accepted here without network, and then not confirmed. The programme office knows."),
    "not_entered": _l("A visit of {at} could not be entered into the books. Tell the programme office, which can."),
    "not_reversed": _l("Notes of a visit of {at} were given back here, and the books did not take it. Tell the programme office."),
    "nothing": _l("Scan the first note."),
    "nothing_spent": _l("Nothing was spent."),
    "off_line": _l("Without network"),
    "on_line": _l("Online"),
    "part_of": _l("visit {part} of {parts}"),
    "practice": _l("PRACTICE"),
    "practice_sentence": _l("This was practice: nothing was spent."),
    "ready": _l("Ready to accept"),
    "specimen": _l("SPECIMEN"),
    "spent_just_now": _l("It was spent here a moment ago: if that was this visitor, all is well."),
    "sync": _l("Try the network now"),
    "take_out": _l("Take out"),
    "take_out_this": _l("Take this note out"),
    "today": _l("{time} today"),
    "twice": _l("{serial} is in this visit already."),
    "why": _l("Why?"),
}  # fmt: skip

_COUNTS: dict[str, Callable[[int], str]] = {
    "again_minutes": lambda n: ngettext("Try again in {num} minute.", "Try again in {num} minutes.", n),
    "again_seconds": lambda n: ngettext("Try again in {num} second.", "Try again in {num} seconds.", n),
    "accept": lambda n: ngettext("Accept {num} hour", "Accept {num} hours", n),
    "bad": lambda n: ngettext(
        "{num} note cannot be accepted: take it out.", "{num} notes cannot be accepted: take them out.", n
    ),
    "costs": lambda n: ngettext("{offer} costs {num} hour.", "{offer} costs {num} hours.", n),
    "give_back": lambda n: ngettext("Give this note back", "Give these notes back", n),
    "group": lambda n: ngettext("A group of {num} note", "A group of {num} notes", n),
    "group_done": lambda n: ngettext("{num} note of the group was accepted.", "{num} notes of the group were accepted.", n),
    "group_parts": lambda n: ngettext(
        "It is entered as {num} visit.", "They are entered as {num} visits, one after another.", n
    ),
    "hours": lambda n: ngettext("{num} hour", "{num} hours", n),
    "may_accept": lambda n: ngettext(
        "It may still accept {num} note by itself.", "It may still accept {num} notes by itself.", n
    ),
    "minutes": lambda n: ngettext("{num} more minute", "{num} more minutes", n),
    "more": lambda n: ngettext("{num} more hour", "{num} more hours", n),
    "most": lambda n: ngettext("at most {num} note in one visit", "at most {num} notes in one visit", n),
    "people": lambda n: ngettext(
        "{progress}, for {num} person", "{progress}, for {num} people", n
    ),
    "progress": lambda n: ngettext("{count} of {num} hour", "{count} of {num} hours", n),
    "refused": lambda n: ngettext(
        "{num} note was refused.", "{num} notes were refused.", n
    ),
    "waiting": lambda n: ngettext("{num} note waits to be confirmed.", "{num} notes wait to be confirmed.", n),
}  # fmt: skip
"""What changes with a number, which stands for `{num}`."""

_MOST_TRIED = 200


def table() -> dict[str, Any]:
    """The whole table in the language of the request; it is data alone, for a data block of the page."""
    return {
        "language": str(get_locale()),
        "verdicts": {
            verdict.value: {
                **_shown(words.VERDICTS[verdict]), "sentence": _(MESSAGES[verdict]), "say": str(SAY.get(verdict, "")),
            }
            for verdict in Verdict
        },
        "reasons": _all_shown(words.REASONS),
        "troubles": _all_shown(TROUBLES),
        "given_back": {**_shown(words.GIVEN_BACK[0]), "sentence": str(words.GIVEN_BACK[1])},
        "not_given_back": {**_shown(words.NOT_GIVEN_BACK), "sentences": _texts(words.GIVE_BACK_REFUSALS)},
        "give_back_reasons": _texts(words.GIVE_BACK_REASONS),
        "camera": _texts(CAMERA),
        "apart": _texts(APART),
        "serial": _texts(SERIAL),
        "sentences": _texts(SENTENCES),
        "counts": {key: forms(said) for key, said in _COUNTS.items()},
        "days": _names(get_locale().days["format"]["wide"]),
        "short_days": _names(get_locale().days["format"]["abbreviated"]),
        "short_months": _names(get_locale().months["format"]["abbreviated"]),
    }  # fmt: skip


def forms(said: Callable[[int], str]) -> dict[str, str]:
    """The text for each category of numbers that a language has (CLDR), as `Intl.PluralRules` names them."""
    category = get_locale().plural_form
    found: dict[str, str] = {}
    for number in range(_MOST_TRIED):
        found.setdefault(category(number), said(number))
    return found


def _names(among: Mapping[int, str]) -> list[str]:
    """Names of days from Monday, or of months: no browser is sure to have them in Welsh."""
    return [among[number] for number in sorted(among)]


def _shown(word: Word) -> dict[str, str]:
    return {"text": str(word.text), "family": word.family, "shape": word.shape}


def _all_shown(among: dict[str, tuple[Word, LazyString]]) -> dict[str, dict[str, str]]:
    return {str(key): {**_shown(word), "sentence": str(sentence)} for key, (word, sentence) in among.items()}


def _texts(among: dict[str, LazyString]) -> dict[str, str]:
    return {str(key): str(text) for key, text in among.items()}
