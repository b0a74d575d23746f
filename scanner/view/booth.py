"""The booth: everything that stands on the window besides the picture, and what pressing does."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.core import serial as serials
from app.core.errors import BadSerial
from scanner.about import Offer
from scanner.memory.condition import Condition
from scanner.memory.desk import Desk
from scanner.memory.entries import Entry
from scanner.memory.outcomes import GivenBack, Recent
from scanner.view import sentences
from scanner.view.counter import Counter
from scanner.view.errands import Errands
from scanner.view.just_accepted import How
from scanner.view.paging import Paging
from scanner.view.words import Words

MOST_OFFERS = 5
"""Beside "just count hours": more are on a page of their own."""

_LONGEST_TYPED = 24


class Panel(StrEnum):
    """What lies over the stage in place of the picture."""

    NONE = ""
    RECENT = "recent"
    WHY = "why"
    NOTICES = "notices"
    TYPE = "type"
    CARD = "card"
    OFFERS = "offers"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be pressed: its name, and what it is about."""

    name: str
    value: str | int | None = None


@dataclass(slots=True)
class Booth:
    """On the window's thread. `recent` and `condition` are as of the last look at the books."""

    desk: Desk
    errands: Errands
    counter: Counter
    clock: Callable[[], float] = time.monotonic
    panel: Panel = Panel.NONE
    typed: str = ""
    typed_fault: str = ""
    gives_back: str = ""
    paging: Paging = field(default_factory=Paging)
    sound: bool = True
    ring: Callable[[], None] = lambda: None
    condition: Condition = field(default_factory=Condition)
    recent: list[Recent] = field(default_factory=list)

    @property
    def words(self) -> Words:
        """The language."""
        return self.counter.words

    @property
    def rows(self) -> Sequence[Recent | Entry | Offer | None]:
        """What the panel that is open lists; None is "just count hours"."""
        if self.panel is Panel.RECENT:
            return self.recent
        if self.panel is Panel.OFFERS:
            return [None, *self.desk.about.offers]
        return self.condition.notices if self.panel is Panel.NOTICES else []

    def look(self) -> None:
        """Look into the books again: something has changed there."""

        def then(found: tuple[Condition, list[Recent]]) -> None:
            if found[0].owed > self.condition.owed:
                self.ring()
            self.condition, self.recent = found

        self.errands.send(lambda: (self.desk.condition(), self.desk.recent()), then, lambda error: None)

    def do(self, deed: Deed) -> None:
        """What pressing does; a deed that is not possible now does nothing."""
        deeds: dict[str, Callable[[], None]] = {
            "accept": self._enter,
            "escape": self._escape,
            "clear": self.counter.answer.clear,
            "keep": lambda: setattr(self.counter.answer, "keeps", True),
            "take_out": lambda: self.counter.take_out(str(deed.value)),
            "offer": lambda: self._offer(deed.value),
            "check": lambda: self.counter.turn(checks=not self.counter.checks_by_choice),
            "practise": self._practise,
            "panel": lambda: self._turn_to(Panel(str(deed.value))),
            "give_back": lambda: self._why(str(deed.value)),
            "reason": lambda: self._give_back(str(deed.value)),
            "page": lambda: self.paging.turn(int(deed.value or 0), len(self.rows)),
            "dismiss": lambda: self._dismiss(str(deed.value)),
            "language": lambda: setattr(self.counter, "words", self.words.other),
            "sound": lambda: setattr(self, "sound", not self.sound),
        }
        deeds[deed.name]()

    def write(self, letter: str) -> None:
        """A letter that a person typed: into the serial, or the number of an offer or of a row; a space accepts."""
        if self.panel is Panel.TYPE:
            self.typed, self.typed_fault = (self.typed + letter.upper())[:_LONGEST_TYPED], ""
        elif letter == " ":
            self.do(Deed("accept"))
        elif letter.isdigit() and letter.isascii():
            self._number(int(letter))

    def erase(self) -> None:
        """The last letter goes; where nothing is being typed, the last note."""
        if self.panel is Panel.TYPE:
            self.typed, self.typed_fault = self.typed[:-1], ""
        elif self.panel is Panel.NONE:
            self.counter.escape()

    def scanned(self, text: str, how: How) -> None:
        """A note was scanned: it belongs to the visit, whatever is open; but for one that tries the camera."""
        if self.panel is Panel.CARD and how is How.CAMERA:
            return
        if self.panel in (Panel.TYPE, Panel.RECENT, Panel.WHY, Panel.OFFERS):
            self._turn_to(Panel.NONE)
        self.counter.scanned(text, how)

    def _number(self, number: int) -> None:
        if self.panel is Panel.WHY and 0 < number <= len(sentences.GIVE_BACK_REASONS):
            self._give_back(list(sentences.GIVE_BACK_REASONS)[number - 1])
        elif self.panel is Panel.RECENT and 0 < number <= len(shown := self.paging.shown(self.recent)):
            self._why(shown[number - 1].id)
        elif self.panel is Panel.OFFERS and number < len(offers := self.paging.shown([None, *self.desk.about.offers])):
            self._offer(offer.id if (offer := offers[number]) else None)
        elif self.panel is Panel.NONE and number <= len(self.desk.about.offers):
            self._offer(self.desk.about.offers[number - 1].id if number else None)

    def _enter(self) -> None:
        if self.panel is Panel.TYPE:
            self._type()
        elif self.panel is Panel.NONE:
            self.counter.accept()

    def _escape(self) -> None:
        if self.panel is Panel.NONE:
            self.counter.escape()
        else:
            self._turn_to(Panel.NONE)

    def _turn_to(self, panel: Panel) -> None:
        if panel is Panel.TYPE and not self.desk.about.keyed:
            return
        self.panel = Panel.NONE if panel is self.panel else panel
        self.typed, self.typed_fault, self.paging.page = "", "", 0
        if self.panel is not Panel.NONE:
            self.counter.answer.clear()
        self.look()

    def _offer(self, value: object) -> None:
        self.counter.choose(value if isinstance(value, int) else None)
        if self.panel is Panel.OFFERS:
            self._turn_to(Panel.NONE)

    def _practise(self) -> None:
        if not self.desk.about.check_only:
            self.counter.turn(practice=not self.counter.practice)

    def _type(self) -> None:
        try:
            serial = serials.parse(self.typed)
        except BadSerial as error:
            is_check = "check" in error.sentence and len(serials.squeeze(self.typed)) == 13
            self.typed_fault = self.words.tell(sentences.SERIAL["check" if is_check else "bad"])
            return
        self._turn_to(Panel.NONE)
        self.counter.scanned(str(serial), How.HAND)

    def _why(self, visit_id: str) -> None:
        self.gives_back = visit_id
        self._turn_to(Panel.WHY)

    def _give_back(self, reason: str) -> None:
        visit = next((each for each in self.recent if each.id == self.gives_back), None)
        self._turn_to(Panel.NONE)
        if visit is None:
            return

        def then(said: GivenBack) -> None:
            if said.is_back:
                self.counter.accepted.forget(visit.serials)
            self.counter.say(self.counter.saying.given_back(said))
            self.look()

        self.counter.answer.awaits = self.clock()
        self.errands.send(lambda: self.desk.give_back(visit.id, reason), then, self.counter.trouble)

    def _dismiss(self, visit_id: str) -> None:
        self.errands.send(lambda: self.desk.dismiss(visit_id), lambda _done: self.look(), self.counter.trouble)
