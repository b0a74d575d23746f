"""The counter: what becomes of each note that is scanned, until its visit is accepted."""

import time
from collections.abc import Callable, Sequence

from app.core import token as tokens
from app.core.errors import HournoteError
from app.core.verdict import MESSAGES, Verdict
from app.core.visit import MOST_NOTES, Outcome
from scanner.about import Offer
from scanner.answers import Answer, NoteAnswer
from scanner.memory.desk import Desk
from scanner.memory.outcomes import Checked
from scanner.view.answering import Answering
from scanner.view.basket import Basket, Gathered, name_of, printed, split
from scanner.view.errands import Errands
from scanner.view.just_accepted import How, JustAccepted
from scanner.view.saying import Said, Saying
from scanner.view.taking import Account, Terms, entered, told, word_of
from scanner.view.words import Words

_MAY_CHANGE = (Verdict.MALFORMED, Verdict.CANNOT_TELL_OFFLINE)
"""What another look, or the network, may change."""

_SAME_FAN_SECONDS = 2.0
"""The other notes of a fan may follow a bad one within this time, and don't take its answer away."""

_MOST_MARKS = 200


class Counter:
    """Everything here happens on the window's thread; `play` makes a sound of a family."""

    def __init__(
        self, desk: Desk, errands: Errands, words: Words, play: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.desk, self._errands, self._play, self._clock = desk, errands, play, clock
        self.saying = Saying(words)
        self.basket, self.accepted, self.answer = Basket(), JustAccepted(), Answering()
        self.checks_by_choice, self.practice, self.by_itself, self.told = False, False, False, ""
        self.offer_id: int | None = None
        self.marks: dict[str, str | None] = {}
        self._waiting: list[Gathered] = []
        self._is_asking = self._is_taking = self._accepts_next = False
        self._refused_at = float("-inf")
        self._checked = ""

    @property
    def words(self) -> Words:
        """The language."""
        return self.saying.words

    @words.setter
    def words(self, words: Words) -> None:
        self.saying, self.told = Saying(words), ""
        self.answer.clear()

    @property
    def checks(self) -> bool:
        """Whether notes are looked at and not spent."""
        return self.checks_by_choice or self.desk.about.check_only

    @property
    def offer(self) -> Offer | None:
        """What notes are taken for; None to just count hours."""
        return self.desk.about.offer(self.offer_id)

    @property
    def price(self) -> int:
        """In hours, for one person."""
        return self.offer.hours if self.offer else 1

    @property
    def is_ready(self) -> bool:
        """Whether the visit can be accepted."""
        most = self.offer.most_notes if self.offer else None
        return self.basket.is_complete(self.price) and (most is None or len(self.basket.notes) <= most)

    # --- what is scanned

    def scanned(self, text: str, how: How) -> None:
        """A note, or another code, was scanned or typed."""
        name = name_of(text)
        if tokens.read(text) is None:
            self._unreadable(text)
            return
        if self.checks:
            self._check(text, name, how)
            return
        if self.accepted.has(name, how, self._clock()):
            self._again(name, "just_now", Verdict.ACCEPTED)
            return
        there = self.basket.find(name)
        if there is not None and not self._is_asked_again(there, how):
            self._again(name, "twice", there.answer.verdict if there.answer else None)
            return
        self.basket.take_out(name)
        if not self._is_same_fan(how):
            self._begin_afresh()
        self.told = ""
        note = self.basket.add(text)
        if note is not None:
            self._mark(name, None)
            self._ask_about(note)

    def take_out(self, name: str) -> None:
        """A note goes back to the visitor."""
        if self._is_taking:
            return  # it is being spent
        self.basket.take_out(name)
        self.told, self._accepts_next = "", False
        self.answer.clear()

    def escape(self) -> None:
        """Clear the answer; where there is none, take the last note out."""
        if self.answer.said is not None:
            self.answer.clear()
        elif self.basket.notes and not self._is_taking:
            self.take_out(self.basket.notes[-1].name)

    def accept(self) -> None:
        """Accept the notes, if they are good and come to the price; as soon as they have their answers."""
        if self._is_taking or self.checks:
            return
        if self.basket.asking:
            self._accepts_next = True
        elif self.is_ready:
            self._take(list(self.basket.notes), Terms(self.offer, self.practice))

    def choose(self, offer_id: int | None) -> None:
        """What the notes are for."""
        self.offer_id = offer_id if self.desk.about.offer(offer_id) else None
        self._accepts_next = False  # what was pressed before was for something else

    def turn(self, *, checks: bool | None = None, practice: bool | None = None) -> None:
        """To looking only, or to practice, and back."""
        self.checks_by_choice = self.checks_by_choice if checks is None else checks
        self.practice = self.practice if practice is None else practice
        self.told, self._accepts_next = "", False
        self.answer.clear()

    def say(self, said: Said) -> None:
        """Show it, with its sound."""
        self.answer.show(said, self._clock())
        self._play(said.word.family)

    def trouble(self, error: HournoteError) -> None:
        """Say what keeps the desk from working."""
        self.say(self.saying.trouble(word_of(error)))

    # --- asking

    def _unreadable(self, text: str) -> None:
        """What is no note is nobody's to see: it is not sent, and belongs to no visit."""
        self._mark(text, Verdict.MALFORMED)
        answer = NoteAnswer(None, Verdict.MALFORMED, MESSAGES[Verdict.MALFORMED])
        self.say(self.saying.notes([answer], self.desk.clock.now()))

    def _check(self, text: str, name: str, how: How) -> None:
        if self._checked == name and how is How.CAMERA and self.answer.said is not None:
            return
        self._checked = name
        self._mark(name, None)
        self._ask_about(Gathered(name, text))

    def _ask_about(self, note: Gathered) -> None:
        """Notes of one picture are asked about together, one question at a time."""
        self._waiting.append(note)
        if not self._is_asking:
            self._is_asking = True
            self._errands.post(self._ask)

    def _ask(self) -> None:
        asked, self._waiting = self._waiting[:MOST_NOTES], self._waiting[MOST_NOTES:]
        if not asked:
            self._is_asking = False
            return
        texts, checks = [note.text for note in asked], self.checks

        def then(checked: Checked) -> None:
            self._heard(asked, checked, checks=checks)
            self._ask()

        def failed(error: HournoteError) -> None:
            self._accepts_next = False
            for note in asked:
                self.basket.take_out(note.name)
            self.trouble(error)
            self._ask()

        self._errands.send(lambda: self.desk.check(texts), then, failed)

    def _heard(self, asked: Sequence[Gathered], checked: Checked, *, checks: bool) -> None:
        for note, answer in zip(asked, checked.notes, strict=True):
            note.answer = answer
            self._mark(note.name, answer.verdict)
        if checks:
            self.say(self.saying.check(checked, self.desk.clock.now()))
            return
        bad = [note for note in asked if note in self.basket.bad]
        if bad:
            self._refuse(bad, [note.answer for note in bad if note.answer])
        else:
            self._play("read")
        if not self.basket.asking and (self._accepts_next or self.by_itself):
            self._accepts_next = False
            self.accept()

    def _refuse(self, bad: Sequence[Gathered], answers: Sequence[NoteAnswer]) -> None:
        self._refused_at, self._accepts_next = self._clock(), False
        said = self.saying.notes(answers, self.desk.clock.now())
        only = bad[0].name if len(bad) == 1 else None
        self.say(Said(said.word, said.sentences, said.say, said.lines, said.stamp, only))

    # --- taking

    def _take(self, notes: list[Gathered], terms: Terms) -> None:
        self._is_taking = True
        self.answer.clear()
        self.answer.awaits = self._clock()
        price = terms.offer.hours if terms.offer else 1
        parts = [notes] if len(notes) <= MOST_NOTES else split(notes, price, MOST_NOTES)
        is_group = len(parts) > 1
        self._errands.send(
            lambda: entered(self.desk, parts, terms),
            lambda account: self._end(account, terms, is_group=is_group),
            self._fail,
        )

    def _end(self, account: Account, terms: Terms, *, is_group: bool) -> None:
        self._is_taking = False
        for notes, answer in account.visits:
            self._keep(notes, answer, terms)
        self.say(told(account, terms, self.saying, self.desk.clock.now(), is_group=is_group))
        is_done = all(answer.outcome is Outcome.ACCEPTED for _, answer in account.visits) and account.trouble is None
        if self.by_itself and is_done and not self.basket.asking:
            self.accept()  # what was scanned meanwhile

    def _fail(self, error: HournoteError) -> None:
        self._is_taking = False
        self.trouble(error)

    def _keep(self, notes: Sequence[Gathered], answer: Answer, terms: Terms) -> None:
        """Accepted notes leave the basket; those of a refused visit stay, each with its verdict."""
        for note, each in zip(notes, answer.notes, strict=True):
            self._mark(note.name, each.verdict)
            if answer.outcome is Outcome.ACCEPTED:
                self.basket.take_out(note.name)
            else:
                note.answer = each
        if answer.outcome is Outcome.ACCEPTED and not terms.practice:
            self.accepted.keep([note.name for note in notes], self._clock())

    # --- within

    def _is_same_fan(self, how: How) -> bool:
        return self._is_taking or (how is How.CAMERA and self._clock() - self._refused_at < _SAME_FAN_SECONDS)

    def _is_asked_again(self, note: Gathered, how: How) -> bool:
        """A bad note that somebody shows again is asked about again; one that only flickers before the camera is not."""
        return note.is_bad and (
            how is not How.CAMERA or (note.answer is not None and note.answer.verdict in _MAY_CHANGE)
        )

    def _begin_afresh(self) -> None:
        """The next scan clears the answer, and what was left of a visit in which nothing was good."""
        self.answer.clear()
        if len(self.basket.bad) == len(self.basket.notes):
            self.basket.notes = []

    def _again(self, name: str, key: str, verdict: str | None) -> None:
        """A note that is known already is told calmly, and its answer stays."""
        self._mark(name, verdict)
        self.told = self.words.say(key, serial=printed(name))

    def _mark(self, name: str, verdict: str | None) -> None:
        self.marks.pop(name, None)
        self.marks[name] = verdict
        if len(self.marks) > _MOST_MARKS:
            del self.marks[next(iter(self.marks))]
