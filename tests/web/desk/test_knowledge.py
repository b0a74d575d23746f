"""What the desk page knows of the books, and says of notes by itself, held to what the core knows and says."""

import random
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page

from app.core import apart
from app.core import token as tokens
from app.core.knowledge import NOTHING, Knowledge
from app.core.lifecycle import Kind
from app.core.plain import plain
from app.core.serial import Serial
from app.core.span import Span
from app.core.verdict import Verdict
from app.core.visit import Offer, Outcome
from app.core.wall_clock import LONDON
from app.services import custody
from tests.web.conftest import World, needs_chromium, now
from tests.web.desk.asking import ask, differences

pytestmark = needs_chromium

LOOK = """([whole, changes, serials]) => {
  let known = snapshot.Snapshot.of(whole);
  for (const told of changes) known = known.changed(told);
  known = snapshot.Snapshot.of(structuredClone(known.kept));
  return [known.cursor, ...serials.map((serial) => {
    const key = known.keyOf(serial);
    return [known.stands(serial), known.isRedeemed(serial), key && [toHex(key.public_key), key.expires_on]];
  })];
}"""


def look(known: Knowledge, serials: list[Serial]) -> list[Any]:
    """What the core knows of them."""
    keys = [known.keyring.key_of(serial) for serial in serials]
    shown = [key and [key.public_key.hex(), key.expires_on.isoformat() if key.expires_on else None] for key in keys]
    stands = [known.state_of(serial) for serial in serials]
    return [
        known.cursor,
        *([state, known.is_redeemed(serial), key] for state, serial, key in zip(stands, serials, shown, strict=True)),
    ]


# --- a made-up national network


@dataclass
class Books:
    """Made-up books, as a desk is told of them."""

    luck: random.Random
    keys: dict[Span, Ed25519PrivateKey] = field(default_factory=dict)
    standing: dict[str, Any] = field(default_factory=dict)
    spent: set[Serial] = field(default_factory=set)

    @classmethod
    def made(cls, seed: int) -> "Books":
        made = cls(random.Random(seed))  # noqa: S311
        for series in ("CWL26", "LAN26", "LAN27", "SPC26"):
            first = made.luck.choice([1, 1, 8, 9])
            for length in made.luck.choices([1, 5, 8, 40], k=made.luck.randrange(1, 4)):
                span = Span(series, first, first + length - 1)
                made.keys[span] = Ed25519PrivateKey.from_private_bytes(made.luck.randbytes(32))
                first = span.last + made.luck.choice([1, 1, 4])
        made.move()
        made.spent = set(made.luck.sample(made.notes, len(made.notes) // 5))
        return made

    @property
    def notes(self) -> list[Serial]:
        return [serial for span in self.keys for serial in span.serials()]

    def move(self) -> None:
        """Let every note be issued, held, void or on its way."""
        state = {serial: self.luck.choice([*["issued"] * 6, "held", "void", "ordered"]) for serial in self.notes}
        days = [None, "2026-11-25", "2026-11-26", "2027-01-31"]
        keyring = [
            {**plain(span), "public_key": b64encode(key.public_key().public_bytes_raw()).decode(), "expires_on": self.luck.choice(days)}
            for span, key in self.keys.items()
        ]  # fmt: skip

        def spans(*states: str) -> list[dict[str, str]]:
            chosen = [
                plain(Span(each.series, each.number, each.number)) for each, one in state.items() if one in states
            ]
            return self.luck.sample(chosen, len(chosen))

        self.standing = {
            "keyring": keyring,
            "issued": spans("issued"),
            "blocked": spans("held", "void"),
            "held": spans("held"),
        }

    def whole(self) -> dict[str, Any]:
        bits: dict[str, bytearray] = {}
        for serial in self.spent:
            place, bit = divmod(serial.number - 1, 8)
            mine = bits.setdefault(serial.series, bytearray())
            mine.extend(bytes(max(place + 1 - len(mine), 0)))
            mine[place] |= 1 << bit
        redeemed = {series: b64encode(mine).decode() for series, mine in bits.items()}
        return {"cursor": "0.1.a", "redeemed": redeemed, **self.standing}

    def changes(self) -> dict[str, Any]:
        """Something happens, and is told; some of it was known already."""
        moved = self.luck.random() < 0.4
        if moved:
            self.move()
        touched = self.luck.sample(self.notes, min(len(self.notes), self.luck.randrange(9)))
        touched += [Serial("CWL26", self.luck.choice([300, 65_000]))] * self.luck.randrange(2)
        self.spent ^= set(self.luck.sample(touched, len(touched) // 2))
        told = [[str(each) for each in touched if (each in self.spent) is spent] for spent in (True, False)]
        cursor = f"0.{self.luck.randrange(10**9)}.a"
        return {"cursor": cursor, "redeemed": told[0], "given_back": told[1], **(self.standing if moved else {})}

    def token(self, serial: Serial) -> str:
        """The note; of a serial that no key speaks for, signed by nobody known."""
        span = next((span for span in self.keys if serial in span), None)
        key = self.keys[span] if span else Ed25519PrivateKey.from_private_bytes(bytes(32))
        return tokens.compose("notes.example.org", serial, key.sign(tokens.message(serial)))

    def text(self) -> str:
        """What somebody brings to a desk."""
        serial = self.luck.choice(self.notes)
        newer = Serial(self.luck.choice(["CWL26", "CWL28", "SPC27"]), self.luck.choice([150, 9_999_999]))
        good = self.token(serial)
        forged = f"{good[:-10]}{'A' * 9}A"
        bad = [
            forged,
            good.lower(),
            str(serial),
            serial.printed.lower(),
            self.token(newer),
            str(newer),
            "hello",
            good[:-1],
            "",
        ]
        return self.luck.choice(bad) if self.luck.random() < 0.25 else good


def test_the_page_knows_of_the_books_what_the_core_knows(page: Page, served: str) -> None:
    cases, expected = [], []
    for seed in range(60):
        books = Books.made(seed)
        whole = books.whole()
        changes = [books.changes() for _ in range(seed % 4)]
        beyond = [
            Serial(series, n) for series in ("CWL26", "LAN26", "XYZ26") for n in (1, 7, 60, 150, 300, 65_000, 9_999_999)
        ]
        serials = [*books.notes, *beyond]
        known = Knowledge.parse(whole)
        for told in changes:
            known = known.changed(told)
        cases.append([whole, changes, [str(serial) for serial in serials]])
        expected.append(look(known, serials))
    assert differences(cases, expected, ask(page, served, LOOK, cases)) == []


def test_a_snapshot_stays_as_it_was_when_it_is_brought_up_to_date(page: Page, served: str) -> None:
    books = Books.made(1)
    whole = books.whole()
    told = {"cursor": "0.2.a", "redeemed": [str(each) for each in books.notes], "given_back": []}
    each = """([whole, told, serials]) => {
      const before = snapshot.Snapshot.of(whole), spent = () => serials.filter((serial) => before.isRedeemed(serial)).length;
      const count = spent();
      return [count, spent(), before.changed(told) === before, before.cursor];
    }"""
    ((count, after, is_same, cursor),) = ask(page, served, each, [[whole, told, [str(each) for each in books.notes]]])
    assert (count, is_same, cursor) == (after, False, "0.1.a")
    assert count == len(books.spent)


def test_blocked_notes_of_which_nothing_more_is_told_are_held(page: Page, served: str) -> None:
    """That claims less than that they are void."""
    whole = Books.made(2).whole()
    del whole["held"]
    serials = [span["first"] for span in whole["blocked"]]
    (given,) = ask(page, served, LOOK, [[whole, [], serials]])
    assert {state for state, *_ in given[1:]} == {"held"}
    assert given == look(Knowledge.parse(whole), [Serial(text[:5], int(text[5:12])) for text in serials])


# --- judging


def outcome(known: Knowledge, case: dict[str, Any]) -> dict[str, Any]:
    """What the core makes of a visit, in the shape of the page's answer."""
    spent_here = {Serial(text[:5], int(text[5:12])) for text in case["spentHere"]}
    at = datetime.fromtimestamp(case["now"] / 1000, UTC)
    offer = case["offer"]
    only = "CWL" if offer and offer["local_only"] else None
    facts = known.facts(case["texts"], spent_here=spent_here, at=at, only_programme=only)
    judged = apart.judge_all(facts, notes_left=case["notesLeft"])
    is_open = bool(offer) and (offer["from"] is None or 9 <= at.astimezone(LONDON).hour < 17)
    decision, said = apart.decide(judged, Offer(offer["hours"], is_open, offer["most_notes"]) if offer else None)
    read = [tokens.read(text) for text in case["texts"]]
    serials = [str(each.serial if isinstance(each, tokens.Token) else each) if each else None for each in read]

    def notes(said: list[Verdict]) -> list[dict[str, Any]]:
        here = [
            word is Verdict.ALREADY_REDEEMED and serial in case["spentHere"]
            for word, serial in zip(said, serials, strict=True)
        ]
        return [
            {"serial": serial, "verdict": word, "first_redeemed_at": None, "first_venue": "Pool" if mine else None}
            for serial, word, mine in zip(serials, said, here, strict=True)
        ]  # fmt: skip

    accepted = decision.outcome is Outcome.ACCEPTED
    visit = {
        "outcome": decision.outcome,
        "reason": decision.reason,
        "hours": len(said) if accepted else 0,
        "notes": notes(said),
    }
    return {"judged": notes(judged), "visit": visit}


JUDGE = """async ([whole, told]) => {
  const known = whole && snapshot.Snapshot.of(whole);
  const asked = {
    ...told, snapshot: known, spentHere: new Set(told.spentHere), now: new Date(told.now),
    about: { venue: { id: 1, name: "Pool", kind: "community", programme: "CWL" } },
  };
  return { judged: await judge.judgeApart(asked), visit: await judge.visitApart(asked) };
}"""


def visit_to(books: Books) -> dict[str, Any]:
    luck = books.luck
    hours = luck.choice([(None, None), ("09:00", "17:00")])
    offer = {
        "id": 1, "name": "Swim", "hours": luck.choice([1, 1, 2]), "days": None, "from": hours[0], "until": hours[1],
        "most_notes": luck.choice([None, None, 1, 3]), "local_only": luck.random() < 0.3,
    }  # fmt: skip
    count = luck.choice([1, 1, 2, 4])
    issued = [
        each for each in books.notes if plain(Span(each.series, each.number, each.number)) in books.standing["issued"]
    ]
    unspent = [each for each in issued if each not in books.spent]
    some = [books.token(each) for each in luck.sample(unspent, min(count, len(unspent)))]
    texts = some if some and luck.random() < 0.4 else [books.text() for _ in range(count)]
    midnight = datetime(2026, 11, 26, tzinfo=LONDON)
    at = midnight + luck.choice(
        [timedelta(hours=12), timedelta(days=1, milliseconds=-1), timedelta(days=1), timedelta(days=70)]
    )
    return {
        "texts": [*texts, *(texts[:1] if luck.random() < 0.1 else [])], "offer": luck.choice([None, offer]),
        "spentHere": [str(each) for each in luck.sample(books.notes, 3)], "notesLeft": luck.choice([0, 1, 3, 20]),
        "now": int(at.timestamp() * 1000),
    }  # fmt: skip


def test_the_page_judges_by_itself_as_the_core_does(page: Page, served: str) -> None:
    cases: list[Any] = []
    expected = []
    for seed in range(100, 140):
        books = Books.made(seed)
        whole = books.whole() if seed % 10 else None
        known = Knowledge.parse(whole) if whole else NOTHING
        for _ in range(40):
            told = visit_to(books)
            cases.append([whole, told])
            expected.append(outcome(known, told))
    given = ask(page, served, JUDGE, cases)
    assert differences([told for _, told in cases], expected, given) == []
    said = {note["verdict"] for each in expected for note in each["judged"]}
    assert said == {*Verdict} - {Verdict.UNKNOWN, Verdict.GOOD, Verdict.ACCEPTED}
    assert {each["visit"]["reason"] for each in expected} == {
        None, "note_refused", "offer_closed", "offer_limit", "wrong_hours",
    }  # fmt: skip


# --- the books of the service


@pytest.fixture
def desk(client: FlaskClient, world: World) -> FlaskClient:
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {world.key}"
    return client


def test_the_page_follows_the_books_of_the_service(
    page: Page, served: str, app: Flask, desk: FlaskClient, world: World
) -> None:
    store = app.extensions["hournote_books"]
    whole = desk.get("/api/v1/desk/snapshot").json
    assert whole is not None
    changes: list[dict[str, Any]] = []

    def follow() -> None:
        since = changes[-1]["cursor"] if changes else whole["cursor"]
        changes.append(desk.get("/api/v1/desk/snapshot", query_string={"since": since}).json or {})

    visit = uuid4()
    assert desk.put(f"/api/v1/redemptions/{visit}", json=_visit(world.token(20), world.token(21))).status_code == 201
    follow()
    desk.post(f"/api/v1/redemptions/{visit}/reversal", json={"reason": "scanned by mistake", "at": now().isoformat()})
    desk.put(f"/api/v1/redemptions/{uuid4()}", json=_visit(world.token(22)))
    follow()
    for kind, named, more in (
        (Kind.HOLD, "CWL26 30-31", {"reason": "stolen"}), (Kind.VOID, "CWL26 32", {"reason": "lost"}),
        (Kind.ISSUE, "CWL26 51-55", {"organisation": "YMCA Cornwall"}),
    ):  # fmt: skip
        custody.move_span(store, kind=kind, named=named, actor="cli:test", now=now(), request_id=uuid4(), **more)
    follow()
    serials = [Serial(series, number) for series in ("CWL26", "LAN26") for number in range(1, 63)]
    again = Knowledge.parse(desk.get("/api/v1/desk/snapshot").json or {})
    (given,) = ask(page, served, LOOK, [[whole, changes, [str(serial) for serial in serials]]])
    assert given == look(again, serials)
    state = {number: given[number][:2] for number in (9, 20, 22, 30, 32, 51, 56, 61)}
    assert state == {
        9: ["ordered", False], 20: ["issued", False], 22: ["issued", True], 30: ["held", False], 32: ["void", False],
        51: ["issued", False], 56: ["ordered", False], 61: [None, False],
    }  # fmt: skip


def _visit(*notes: str) -> dict[str, Any]:
    return {"notes": notes, "offer": None, "scanned_at": now().isoformat(), "offline": False, "practice": False}
