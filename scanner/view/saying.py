"""What an answer says: one word with its shape and colour, sentences, and the notes; drawn elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.core.verdict import Verdict
from app.core.visit import Outcome, Reason
from scanner.about import Offer
from scanner.answers import Answer, NoteAnswer
from scanner.memory.outcomes import Checked, GivenBack
from scanner.view import sentences
from scanner.view.basket import GOOD, printed
from scanner.view.sentences import Word
from scanner.view.words import Words

_MOMENT = timedelta(minutes=2)
"""So shortly after a note was spent here, it may be the same visitor."""

MOST_LINES = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A note in an answer; `more`: when it was first spent."""

    serial: str
    word: Word
    more: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """`say`: what to say to the visitor. `stamp`: PRACTICE, SPECIMEN or nothing. `take_out`: the name of the one bad note.
    `is_asked`: a good note that nobody spent, as far as is known without network."""

    word: Word
    sentences: tuple[str, ...] = ()
    say: str = ""
    lines: tuple[Line, ...] = ()
    stamp: str = ""
    take_out: str | None = None
    is_asked: bool = False


class Saying:
    """Puts answers into words, at a moment `now` of the desk's clock."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def visit(self, answer: Answer, offer: Offer | None, now: datetime, *, practice: bool = False) -> Said:
        """What became of a visit."""
        accepted = answer.outcome is Outcome.ACCEPTED
        said = self._accepted(answer, offer, now) if accepted else self._refused(answer, offer, now)
        if not practice:
            return said
        sentence = self.words.say("practice_sentence")
        return replace(said, sentences=(*said.sentences, sentence), stamp=self.words.say("practice"))

    def notes(self, notes: Sequence[NoteAnswer], now: datetime) -> Said:
        """What became of notes that were asked about: said of the worst."""
        ordered = sorted(notes, key=lambda note: note.verdict in GOOD)
        worst, word = ordered[0], self.words.verdict(ordered[0].verdict)
        more = (self.words.say("spent_just_now"),) if _is_of_this_moment(worst, now) else ()
        stamp = self.words.say("specimen") if worst.verdict == Verdict.SPECIMEN else ""
        say = self.words.to_visitor(worst.verdict)
        why = self.words.say("in_line") if worst.in_line else word.sentence
        return Said(word, (why, *more), say, self._lines(ordered, now), stamp)

    def check(self, checked: Checked, now: datetime) -> Said:
        """What is said of notes that nobody spends. Without network a good one is good as far as the desk knows."""
        said = self.notes(checked.notes, now)
        if checked.confirmed or any(note.verdict not in GOOD for note in checked.notes):
            return said
        word, sentence = replace(said.word, shape="open"), self.words.say("as_far")
        return replace(said, word=word, sentences=(sentence,), is_asked=True)

    def trouble(self, word: str) -> Said:
        """What keeps the desk from working."""
        return _plain(self.words.trouble(word))

    def given_back(self, answer: GivenBack) -> Said:
        """Notes were given back, or not."""
        if answer.is_back:
            return _plain(self.words.word(sentences.GIVEN_BACK))
        why = self.words.tell(sentences.GIVE_BACK_REFUSALS.get(answer.reason or "", ""))
        return _plain(replace(self.words.word(sentences.NOT_GIVEN_BACK), sentence=why))

    def group(
        self, accepted: Sequence[Answer], refused: Answer | None, stopped: Said | None, now: datetime, *, practice: bool
    ) -> Said:  # fmt: skip
        """The account of a group: the visits that were accepted, and what stopped it, if anything did."""
        stamp = self.words.say("practice") if practice else ""
        hours = sum(answer.hours for answer in accepted)
        done = self.words.count("group_done", hours)
        if stopped is None:
            confirmed = all(answer.confirmed for answer in accepted)
            word = self.words.verdict(Verdict.ACCEPTED if confirmed else Verdict.ACCEPTED_OFFLINE)
            return Said(word, (done,), stamp=stamp)
        bad = [note for note in refused.notes if note.verdict not in GOOD] if refused else []
        some = Word(self.words.say("group_some"), "attention", "triangle")
        why = [each for each in stopped.sentences if each != self.words.say("nothing_spent")]
        counted = [done, *([self.words.count("refused", len(bad))] if bad else [])] if hours else []
        told = (*counted, *why, self.words.say("group_rest"))
        return Said(some if hours else stopped.word, told, lines=self._lines(bad, now), stamp=stamp)

    def hours(self, hours: int, offer: Offer | None) -> str:
        """`2 hours – Swim`."""
        count = self.words.count("hours", hours)
        return f"{count} – {offer.name}" if offer else count

    def _accepted(self, answer: Answer, offer: Offer | None, now: datetime) -> Said:
        word = self.words.verdict(Verdict.ACCEPTED if answer.confirmed else Verdict.ACCEPTED_OFFLINE)
        return Said(word, (self.hours(answer.hours, offer),), lines=self._lines(answer.notes, now))

    def _refused(self, answer: Answer, offer: Offer | None, now: datetime) -> Said:
        reason = sentences.REASONS.get(answer.reason or "")
        if reason is None:
            said = self.notes(answer.notes, now)
            more = (self.words.say("nothing_spent"),) if len(answer.notes) > 1 else ()
            return replace(said, sentences=(*said.sentences, *more))
        is_price = offer is not None and answer.reason == Reason.WRONG_HOURS
        price = (self.words.count("costs", offer.hours, offer=offer.name),) if offer and is_price else ()
        word = self.words.word(reason)
        return Said(word, (*price, word.sentence))

    def _lines(self, notes: Sequence[NoteAnswer], now: datetime) -> tuple[Line, ...]:
        return tuple(
            Line(printed(note.serial or ""), self.words.verdict(note.verdict), self.first_spent(note, now))
            for note in notes[:MOST_LINES]
        )

    def first_spent(self, note: NoteAnswer, now: datetime) -> str:
        """When a note was first spent, and whether that was here; nothing where it was not."""
        at = _moment(note.first_redeemed_at)
        if at is None:
            return ""
        where = self.words.say("here" if note.first_venue else "another_venue")
        return f"{self.words.say('first_spent', at=self.words.moment(at, now))} {where}"


def _plain(word: Word) -> Said:
    return Said(word, (word.sentence,) if word.sentence else ())


def _is_of_this_moment(note: NoteAnswer, now: datetime) -> bool:
    at = _moment(note.first_redeemed_at)
    return note.first_venue is not None and at is not None and abs(now - at) < _MOMENT


def _moment(text: str | None) -> datetime | None:
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at if at.tzinfo else None
