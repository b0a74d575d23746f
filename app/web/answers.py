"""What a desk is shown after a deed: one large answer, and a line for each note."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.verdict import MESSAGES, Verdict
from app.core.visit import Reason
from app.services.directory import Offer
from app.web.words import GIVE_BACK_REFUSALS, GIVEN_BACK, NOT_GIVEN_BACK, REASONS, VERDICTS, Word


@dataclass(frozen=True, slots=True)
class Line:
    """One note in an answer; `first_at` and `here` tell when a spent one was spent, and whether it was at this venue."""

    serial: str | None
    word: Word
    sentence: str
    first_at: str | None
    here: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer as it is shown: a word with its shape and colour, a sentence, and the notes."""

    word: Word
    sentence: str
    lines: Sequence[Line] = ()


def of_visit(answer: Mapping[str, Any], offer: Offer | None) -> Answer:
    """The answer of `redeem_notes`."""
    lines = _lines(answer)
    if answer["outcome"] == "accepted":
        return Answer(VERDICTS[Verdict.ACCEPTED], _hours(answer["hours"], offer), lines)
    if answer["reason"] in REASONS:
        word, sentence = REASONS[answer["reason"]]
        return Answer(word, _with_price(str(sentence), answer["reason"], offer), lines)
    return _refused(lines, _("Nothing was spent."))


def of_check(answer: Mapping[str, Any]) -> Answer:
    """The answer of `check_notes`."""
    lines = _lines(answer)
    return _refused(lines, None) if any(line.word.family != "good" for line in lines) else _whole(lines, None)


def of_give_back(answer: Mapping[str, Any]) -> Answer:
    """The answer of `reverse_redemption`."""
    if answer["outcome"] == "reversed":
        return given_back()
    return Answer(NOT_GIVEN_BACK, str(GIVE_BACK_REFUSALS[answer["reason"]]))


def given_back() -> Answer:
    """A visit whose notes were given back, now or before."""
    word, sentence = GIVEN_BACK
    return Answer(word, str(sentence))


def of_problem(word: str, sentence: str) -> Answer:
    """Something was wrong with what was sent, and nothing was done."""
    return Answer(Word(word, "attention", "triangle"), sentence)


def _refused(lines: list[Line], more: str | None) -> Answer:
    return _whole(sorted(lines, key=lambda line: line.word.family == "good"), more if len(lines) > 1 else None)


def _whole(lines: list[Line], more: str | None) -> Answer:
    """Said of the first line, which is the worst one."""
    said = lines[0]
    return Answer(said.word, f"{said.sentence} {more}" if more else said.sentence, lines)


def _lines(answer: Mapping[str, Any]) -> list[Line]:
    return [
        Line(
            note["serial"], VERDICTS[note["verdict"]], _(MESSAGES[Verdict(note["verdict"])]),
            note["first_redeemed_at"], note["first_venue"] is not None,
        )
        for note in answer["notes"]
    ]  # fmt: skip


def _hours(hours: int, offer: Offer | None) -> str:
    count = ngettext("%(num)d hour", "%(num)d hours", hours)
    return f"{count} – {offer.name}" if offer else count


def _with_price(sentence: str, reason: str, offer: Offer | None) -> str:
    if reason != Reason.WRONG_HOURS or offer is None:
        return sentence
    price = ngettext(
        "%(offer)s costs %(num)d hour.", "%(offer)s costs %(num)d hours.", offer.price_hours, offer=offer.name
    )
    return f"{price} {sentence}"
