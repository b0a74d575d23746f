"""Every sentence of the window, in English; `welsh.toml` has the Welsh. The words are those of the desk's page in a browser, so
that a venue with both learns one language."""

from dataclasses import dataclass

from app.core.apart import Leave
from app.core.verdict import MESSAGES, Verdict
from app.core.visit import Reason
from scanner.memory.judging import IN_LINE


@dataclass(frozen=True, slots=True)
class Word:
    """How an answer is shown: its word, its colour family (good, attention, no) and its shape (tick, open, ring, triangle,
    cross), and what is said with it."""

    text: str
    family: str
    shape: str
    sentence: str = ""


def _good(text: str, sentence: str = "") -> Word:
    return Word(text, "good", "tick", sentence)


def _attention(text: str, sentence: str = "") -> Word:
    return Word(text, "attention", "triangle", sentence)


def _no(text: str, sentence: str = "") -> Word:
    return Word(text, "no", "cross", sentence)


VERDICTS: dict[str, Word] = {
    Verdict.MALFORMED: _attention("Cannot be read"),
    Verdict.UNKNOWN: _no("Not known"),
    Verdict.FORGED: _no("Not genuine"),
    Verdict.SPECIMEN: _attention("Specimen"),
    Verdict.ALREADY_REDEEMED: _no("Already spent"),
    Verdict.VOID: _no("No longer valid"),
    Verdict.HELD: _attention("On hold"),
    Verdict.EXPIRED: _no("Past its last day"),
    Verdict.NOT_ISSUED: _no("Not given out yet"),
    Verdict.NOT_ACCEPTED_HERE: _attention("Not for this offer"),
    Verdict.KEYED_NOT_ALLOWED: _attention("Scan the code"),
    Verdict.GOOD: Word("Good, not spent yet", "good", "ring"),
    Verdict.ACCEPTED: _good("Accepted"),
    Verdict.ACCEPTED_OFFLINE: Word("Accepted, not yet confirmed", "good", "open"),
    Verdict.CANNOT_TELL_OFFLINE: _attention("Cannot tell now"),
}
UNKNOWN_WORD = _no(
    "Not accepted", "This scanner does not know this answer. Do not accept the note; update the scanner."
)
"""For a verdict of a newer service."""

SAY: dict[str, str] = {
    Verdict.MALFORMED: "Say: “I cannot read this one. May I hold it flat and try again?”",
    Verdict.UNKNOWN: "Say: “I am sorry, I cannot take this note. The programme office can tell you more.”",
    Verdict.FORGED: "Say: “I am sorry, I cannot take this note. The programme office can tell you more.”",
    Verdict.SPECIMEN: "Say: “This one is only for practice. Do you have another?”",
    Verdict.ALREADY_REDEEMED: "Say: “This note has been used, so I cannot take it. Do you have another?”",
    Verdict.VOID: "Say: “I am sorry, this note is no longer valid. Do you have another?”",
    Verdict.HELD: "Say: “I cannot take this note today. The programme office can help you.”",
    Verdict.EXPIRED: "Say: “This note is past its last day. Do you have another?”",
    Verdict.NOT_ISSUED: "Say: “I cannot take this note. May I write its number down for the programme office?”",
    Verdict.NOT_ACCEPTED_HERE: "Say: “This note is not for this activity. Would another one suit you?”",
    Verdict.KEYED_NOT_ALLOWED: "Say: “May I have the note, to scan its square code?”",
    Verdict.CANNOT_TELL_OFFLINE: "Say: “Our network is away, so I cannot check this note. Please keep it.”",
}
"""What a volunteer says to the visitor; what to do stands in the sentence of the verdict."""

REASONS: dict[str, Word] = {
    Reason.OFFER_CLOSED: _attention("Offer closed", "This offer is closed. Nothing was spent."),
    Reason.OFFER_LIMIT: _attention(
        "Too many notes", "This offer does not take so many notes in one visit. Nothing was spent."
    ),
    Reason.WRONG_HOURS: _attention(
        "Wrong number of notes",
        "These notes do not come to the price of the offer. Nothing was spent: scan them again, all of them.",
    ),
}
"""Why a visit of good notes was refused."""

GIVEN_BACK = Word("Given back", "good", "ring", "The notes are good again. Hand them back to the visitor.")
NOT_GIVEN_BACK = _attention("Not given back")
GIVE_BACK_REFUSALS = {
    "not_accepted": "That visit was not accepted, so there is nothing to give back.",
    "too_late": "It is more than 15 minutes ago: ask the programme office to give the notes back.",
    "retired": "The paper of these notes was destroyed already, so they cannot be given back.",
}
GIVE_BACK_REASONS = {
    "wrong note": "Wrong note scanned",
    "wrong offer": "Wrong offer chosen",
    "activity cancelled": "Activity did not take place",
    "changed mind": "Visitor changed their mind",
    "other": "Another reason",
}
"""What the books keep, and what the desk chooses from."""

TROUBLES: dict[str, Word] = {
    "too_often": _attention(
        "A little slower", "This desk has shown many notes that are not known. Wait a minute, then scan again."
    ),
    "not_enrolled": _attention(
        "No longer a desk",
        "The service does not know this desk any more. Nothing is lost: ask the programme office for a new link, then enrol it "
        "again.",
    ),
    "disk": _attention(
        "Nothing was spent", "This computer cannot keep what it accepts. Make room on its disk, then try again."
    ),
    "check_only": _attention("This desk only checks", "This desk may look at notes and not spend them."),
    "closed": _attention(
        "Closed for now",
        "The office has closed redemption for a while. Nothing was spent: keep the notes, and try again later.",
    ),
    "clock": _attention(
        "The clock is wrong", "The clock of this computer is wrong. Set its date and time, then try again."
    ),
    "in_line": _attention(
        "A moment, please",
        "One of these notes is in a visit that is being asked about. Nothing was spent: wait for its answer.",
    ),
    "more_than_left": _attention(
        "Too many without network",
        "Without network this desk may accept only a few more notes by itself; the line at the top says how many. Take some "
        "out, or try again when the network is back.",
    ),
    "wrong": _attention(
        "Scan again", "These notes could not be taken together: bring each note once, and at most 50 in one visit."
    ),
    "cannot_tell": _attention(
        "Cannot tell now",
        "Without network nothing can be accepted: keep the notes, and try again when it is back.",
    ),
}
"""What keeps a desk from working, and the way out."""

APART: dict[str, str] = {
    Leave.NO_SNAPSHOT: "Without network nothing can be accepted: this desk has not learned yet which notes are good.",
    Leave.TOO_OLD: "Without network nothing can be accepted: what this desk knows is of {at}, and that is too old.",
    Leave.USED_UP: "Without network nothing more can be accepted: this desk has accepted all that it may by itself.",
    Leave.NOT_ALLOWED: "Without network nothing can be accepted here: that is the rule of this venue.",
}
"""Why a desk without network cannot accept by itself."""

SERIAL: dict[str, str] = {
    "bad": "That is not the serial of a note: three letters and two digits, then seven digits, then one last letter or digit.",
    "check": "One of the characters was misread. Compare each group with the note.",
}
"""What is wrong with a serial that was typed."""

SENTENCES: dict[str, str] = {
    "accept": "Accept",
    "add": "Add this note",
    "another_venue": "(at another venue)",
    "as_far": "Nothing speaks against it, as far as this desk knows without network.",
    "asking": "Asking…",
    "back": "Back",
    "camera_lost": "The camera went away. It starts by itself when it is back; scanners work meanwhile.",
    "camera_off": "Hold a note under the camera, or use a scanner.",
    "camera_waits": "The camera is starting…",
    "film_over": "There are no more pictures.",
    "check_mode": "Checking only",
    "check_more": "Scan a note to see whether it is good. Nothing is spent.",
    "checking": "Checking…",
    "clear": "Clear",
    "closed": "Closed.",
    "closed_apart": "The office has closed redemption for a while. Until it is open again, this desk accepts by itself and has it "
    "confirmed later.",
    "counted": "Just count hours",
    "dismiss": "I have read this",
    "elsewhere": "Some waits for another venue, until this is its desk again.",
    "first_spent": "First spent: {at}",
    "good": "Good",
    "group_rest": "Nothing was spent of the others; they stay in the list below.",
    "group_some": "Only a part was accepted",
    "here": "(here)",
    "in_line": IN_LINE,
    "just_now": "{serial} was accepted a moment ago.",
    "keep": "Keep this on the screen",
    "key_camera": "Test card",
    "key_check": "Check only",
    "key_language": "Cymraeg",
    "key_notices": "Notices",
    "key_practise": "Practise",
    "key_recent": "Give back",
    "key_sound": "Sound",
    "key_type": "Type serial",
    "knows": "It knows the notes as of {at}.",
    "left_spent": "Notes of a visit of {at} may be spent, though nothing was accepted here. Tell the programme office, which can "
    "give them back.",
    "more_offers": "More…",
    "no_notices": "There is nothing to read.",
    "no_recent": "No visit can be given back now. Each can be, for 15 minutes.",
    "not_confirmed": "A visit of {at} was accepted here without network, and then not confirmed. The programme office knows.",
    "not_entered": "A visit of {at} could not be entered into the books. Tell the programme office, which can.",
    "not_reversed": "Notes of a visit of {at} were given back here, and the books did not take it. Tell the programme office.",
    "nothing": "Scan the first note.",
    "nothing_yet": "Scan the first note. It accepts by itself.",
    "nothing_spent": "Nothing was spent.",
    "notices": "What was not confirmed",
    "off_line": "Without network",
    "on_line": "Online",
    "opens_at": "Open {from}–{until}",
    "page_before": "Before",
    "page_next": "Next",
    "page_of": "Page {page} of {pages}",
    "part_of": "visit {part} of {parts}",
    "practice": "PRACTICE",
    "practice_band": "Nothing is spent. F3 ends it.",
    "practice_sentence": "This was practice: nothing was spent.",
    "recent": "Give back: the visits of the last 15 minutes",
    "ready": "Ready to accept",
    "specimen": "SPECIMEN",
    "spent_just_now": "It was spent here a moment ago: if that was this visitor, all is well.",
    "take_out": "Take out",
    "take_out_this": "Take this note out",
    "today": "{time} today",
    "twice": "{serial} is in this visit already.",
    "type": "Type the serial of the note, then press Enter",
    "why": "Why are the notes given back?",
    "card": "Test card",
    "card_show": "Hold a note, or the test card, under the camera.",
    "card_closer": "Move closer: the code is too small.",
    "card_back": "Move back a little: the code does not fit into the picture.",
    "card_light": "More light: the picture is too dark.",
    "card_glare": "Less light on the note: it is too bright, or it shines.",
    "card_sharp": "Hold it still, and wipe or focus the camera: the code is not sharp.",
    "card_contrast": "The code stands out too little: turn the note away from the light, or clean the camera.",
    "card_good": "All is well: this camera can read notes.",
    "card_size": "Size of a module: {value} pixels (3 or more)",
    "card_bright": "Brightness: {value} of 255 (70 or more)",
    "card_depth": "Contrast: {value} (60 or more)",
    "card_edge": "Sharpness: {value} % (35 or more)",
}  # fmt: skip

COUNTS: dict[str, tuple[str, str]] = {
    "accept": ("Accept {num} hour", "Accept {num} hours"),
    "bad": ("{num} note cannot be accepted: take it out.", "{num} notes cannot be accepted: take them out."),
    "costs": ("{offer} costs {num} hour.", "{offer} costs {num} hours."),
    "give_back": ("Give this note back", "Give these notes back"),
    "group": ("A group of {num} note", "A group of {num} notes"),
    "group_done": ("{num} note of the group was accepted.", "{num} notes of the group were accepted."),
    "group_parts": ("It is entered as {num} visit.", "They are entered as {num} visits, one after another."),
    "hours": ("{num} hour", "{num} hours"),
    "may_accept": ("It may still accept {num} note by itself.", "It may still accept {num} notes by itself."),
    "minutes": ("{num} more minute", "{num} more minutes"),
    "more": ("{num} more hour", "{num} more hours"),
    "most": ("at most {num} note in one visit", "at most {num} notes in one visit"),
    "people": ("{progress}, for {num} person", "{progress}, for {num} people"),
    "progress": ("{count} of {num} hour", "{count} of {num} hours"),
    "refused": ("{num} note was refused.", "{num} notes were refused."),
    "waiting": ("{num} note waits to be confirmed.", "{num} notes wait to be confirmed."),
}
"""What changes with a number, which stands for `{num}`: one, and any other."""


def everything() -> set[str]:
    """Every sentence that has no number in it."""
    words = [*VERDICTS.values(), *REASONS.values(), *TROUBLES.values(), GIVEN_BACK, NOT_GIVEN_BACK, UNKNOWN_WORD]
    tables = (SAY, GIVE_BACK_REFUSALS, GIVE_BACK_REASONS, APART, SERIAL, SENTENCES, MESSAGES)
    said = {text for table in tables for text in table.values()}
    return (said | {word.text for word in words} | {word.sentence for word in words}) - {""}
