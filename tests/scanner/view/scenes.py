"""Every state of the window, as booths without a service: for tests that look, and for whoever wants to see them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from app.core.apart import Leave, Policy
from app.core.errors import Refused
from app.core.opening_hours import OpeningHours
from app.core.visit import Outcome
from scanner import measures
from scanner.about import About, Offer
from scanner.answers import Answer, NoteAnswer
from scanner.decode import read
from scanner.eye import Seen
from scanner.measures import Measures
from scanner.memory.condition import Condition
from scanner.memory.entries import Deed as EntryDeed
from scanner.memory.entries import Entry, State
from scanner.memory.outcomes import Checked, GivenBack, Recent
from scanner.moment import Moment
from scanner.notes import judge
from scanner.view.booth import Booth, Deed, Panel
from scanner.view.counter import Counter
from scanner.view.just_accepted import How
from scanner.view.stage import Sight
from scanner.view.words import Words
from tests.scanner.cards import Order, bend, card
from tests.scanner.view.inline import Inline

NOW = datetime(2026, 11, 26, 14, 5, tzinfo=UTC)
ORDER = Order()
FRAME = bend(card(ORDER.token(11)), 1)
SEEN = Seen(Moment(FRAME, 0), tuple(judge(reading, ORDER.keyring) for reading in read(FRAME)))
OFFERS = (
    Offer(1, "Swim", 1), Offer(2, "Climbing wall, with a guide", 2), Offer(3, "Aqua fit", 1, OpeningHours("135", 540, 720)),
    Offer(4, "Badminton court", 3), Offer(5, "Sauna", 1, most_notes=2), Offer(6, "Spin class", 1), Offer(7, "Gym", 2),
)  # fmt: skip
Scene = tuple[str, Booth, Sight, Measures | None]


class Desk:
    """A desk that knows of every note what it was told to say; nothing is behind it."""

    def __init__(self, offers: tuple[Offer, ...] = OFFERS[:4], *, check_only: bool = False) -> None:
        self.about = About(
            "Front desk", "Carn Brea Leisure Centre", 1, "CWL", check_only, offers, Policy(20, 24), True, 30
        )
        self.clock = SimpleNamespace(now=lambda: NOW)
        self.bad: dict[str, NoteAnswer] = {}

    def check(self, texts: list[str]) -> Checked:
        said = (self.bad.get(text) or NoteAnswer(text[28:41], "good", "") for text in texts)
        return Checked(tuple(said), confirmed=True)

    def redeem(self, visit: Any) -> Answer:
        notes = tuple(NoteAnswer(text[28:41], "accepted", "") for text in visit.notes)
        return Answer("id", Outcome.ACCEPTED, None, len(notes), notes)

    def condition(self) -> Condition:
        return Condition()

    def recent(self) -> list[Recent]:
        return []


def booth(language: str, desk: Desk | None = None) -> Booth:
    errands, made = Inline(), cast(Any, desk or Desk())
    return Booth(made, errands, Counter(made, errands, Words(language), lambda _family: None))


def serial(number: int) -> str:
    return ORDER.token(number)[28:41]


def scanned(at: Booth, *numbers: int) -> Booth:
    for number in numbers:
        at.scanned(ORDER.token(number), How.CAMERA)
    at.errands.drain()
    return at


def accepted(at: Booth, *numbers: int) -> Booth:
    scanned(at, *numbers).do(Deed("accept"))
    at.errands.drain()
    return at


def opened(at: Booth, panel: Panel) -> Booth:
    at.panel = panel
    return at


def standing(at: Booth, **more: Any) -> Booth:
    at.condition = Condition(**more)
    return at


def scenes(language: str) -> Iterator[Scene]:
    """Name, booth, what the camera gives, and what the test card measured."""
    there, lost = Sight(SEEN, ""), Sight(None, "camera_lost")
    dark = (FRAME * 0.2).astype(np.uint8)
    yield "idle", booth(language), there, None
    yield "camera lost", booth(language), lost, None
    yield "film over", booth(language), Sight(SEEN, "film_over"), None
    yield "gathered", _for_two(language), there, None
    yield "many offers", scanned(booth(language, Desk(OFFERS)), 11), there, None
    yield "offers", opened(booth(language, Desk(OFFERS)), Panel.OFFERS), there, None
    yield "spent", _spent(language), there, None
    yield "in line", _in_line(language), there, None
    yield "bad note", _cleared(_spent(language)), there, None
    yield "accepted", accepted(booth(language), 11, 12, 13, 14, 15), there, None
    yield "practice", _practised(language), there, None
    yield "apart", _apart(language), there, None
    yield "asking", _awaiting(language), there, None
    for name in (
        "cannot_tell",
        "disk",
        "not_enrolled",
        "closed",
        "clock",
        "more_than_left",
        "too_often",
        "wrong",
        "check_only",
    ):
        yield name, _troubled(language, name), there, None
    for leave in (Leave.TOO_OLD, Leave.USED_UP, Leave.NO_SNAPSHOT, Leave.NOT_ALLOWED):
        yield (
            leave,
            standing(booth(language), online=False, known_at=NOW - timedelta(hours=30), leave=leave),
            there,
            None,
        )
    yield "checked", _checked(language), there, None
    yield "check only", booth(language, Desk(check_only=True)), there, None
    yield "recent", _recent(language, Panel.RECENT), there, None
    yield "many recent", _many(language, Panel.RECENT), there, None
    yield "very many offers", _many(language, Panel.OFFERS), there, None
    yield "many notices", _many(language, Panel.NOTICES), there, None
    yield "no recent", opened(booth(language), Panel.RECENT), there, None
    yield "why", _recent(language, Panel.WHY), there, None
    yield "notices", _noticed(language), there, None
    yield "typed", _typed(language), there, None
    yield "card", opened(booth(language), Panel.CARD), there, measures.measure(FRAME, [SEEN.notes[0].reading.corners])
    yield (
        "card in the dark",
        opened(booth(language), Panel.CARD),
        Sight(Seen(Moment(dark, 0)), ""),
        measures.measure(dark, []),
    )
    yield "given back", _said(language, GivenBack("id", is_back=True)), there, None
    yield "not given back", _said(language, GivenBack("id", is_back=False, reason="too_late")), there, None
    yield "wrong hours", _refused(language, "wrong_hours"), there, None
    yield "a part of a group", _group(language), there, None


def _for_two(language: str) -> Booth:
    made = booth(language)
    made.counter.choose(2)
    return scanned(made, 11, 12, 13, 14)


def _spent(language: str) -> Booth:
    desk = Desk()
    desk.bad[ORDER.token(12)] = NoteAnswer(serial(12), "already_redeemed", "", "2026-11-24T13:10:00+00:00", None)
    return scanned(booth(language, desk), 11, 12)


def _in_line(language: str) -> Booth:
    desk = Desk()
    at, venue = "2026-11-26T13:40:00+00:00", "Carn Brea Leisure Centre"
    desk.bad[ORDER.token(12)] = NoteAnswer(serial(12), "already_redeemed", "", at, venue, in_line=True)
    return scanned(booth(language, desk), 12)


def _cleared(made: Booth) -> Booth:
    made.counter.answer.clear()
    return made


def _practised(language: str) -> Booth:
    made = booth(language)
    made.do(Deed("practise"))
    return accepted(made, 11)


def _awaiting(language: str) -> Booth:
    made = booth(language)
    made.counter.answer.awaits = float("-inf")
    return made


def _apart(language: str) -> Booth:
    made = standing(
        booth(language), online=False, known_at=NOW - timedelta(hours=1), waiting_notes=3, waiting_visits=2, owed=2,
        owed_elsewhere=1, notes_left=17, leave=Leave.READY,
    )  # fmt: skip
    notes = tuple(NoteAnswer(serial(number), "accepted_offline", "") for number in (11, 12))
    made.counter.say(made.counter.saying.visit(Answer("id", Outcome.ACCEPTED, None, 2, notes, False), OFFERS[1], NOW))
    return made


def _troubled(language: str, word: str) -> Booth:
    known = word if word in ("disk", "not_enrolled", "closed", "clock") else None
    made = standing(booth(language), trouble=known)
    made.counter.trouble(Refused("No.", word=word))
    return made


def _checked(language: str) -> Booth:
    made = booth(language)
    made.do(Deed("check"))
    return scanned(made, 11)


def _recent(language: str, panel: Panel) -> Booth:
    made = opened(booth(language), panel)
    at = NOW - timedelta(minutes=2)
    made.recent = [
        Recent("a", 800_000, at, 2, 2, (serial(11), serial(12)), confirmed=True),
        Recent("b", 50_000, at, 1, None, (serial(14),), confirmed=False),
    ]  # fmt: skip
    return made


def _many(language: str, panel: Panel) -> Booth:
    """On the second page."""
    offers = tuple(Offer(n, f"Offer number {n}", 1 + n % 3) for n in range(1, 31))
    made = opened(booth(language, Desk(offers)), panel)
    made.recent = [Recent(f"{n}", 900_000 - n * 20_000, NOW, 1, n, (serial(11),), confirmed=True) for n in range(1, 31)]
    notices = _noticed(language).condition.notices
    made.condition = Condition(notices=tuple(replace(notices[0], id=f"{n}") for n in range(1, 31)))
    made.paging.page = 1
    return made


def _noticed(language: str) -> Booth:
    said = ({"serial": serial(11), "verdict": "already_redeemed"},)
    common = {"venue": 1, "at_ms": 0, "scanned_at": "2026-11-24T10:12:00Z", "state": State.REFUSED, "has_notice": True}
    visit = Entry(id="x", serials=(serial(11),), answer=said, reason="note_refused", **common)  # type: ignore[arg-type]
    back = Entry(id="y", deed=EntryDeed.REVERSE, serials=(serial(12),), reason="too_late", **common)  # type: ignore[arg-type]
    return standing(opened(booth(language), Panel.NOTICES), notices=(visit, back))


def _typed(language: str) -> Booth:
    made = opened(booth(language), Panel.TYPE)
    made.typed = "CWL260000011"
    made.do(Deed("accept"))
    return made


def _said(language: str, answer: GivenBack) -> Booth:
    made = booth(language)
    made.counter.say(made.counter.saying.given_back(answer))
    return made


def _refused(language: str, reason: str) -> Booth:
    made = booth(language)
    answer = Answer("id", Outcome.REFUSED, reason, 0, (NoteAnswer(serial(11), "good", ""),))
    made.counter.say(made.counter.saying.visit(answer, OFFERS[1], NOW))
    return made


def _group(language: str) -> Booth:
    made = booth(language)
    notes = (NoteAnswer(serial(11), "already_redeemed", ""), NoteAnswer(serial(12), "good", ""))
    refused = Answer("id", Outcome.REFUSED, "note_refused", 0, notes)
    done = Answer("ok", Outcome.ACCEPTED, None, 50, ())
    stopped = made.counter.saying.visit(refused, None, NOW)
    made.counter.say(made.counter.saying.group([done], refused, stopped, NOW, practice=False))
    return made
