"""The demo world: two programmes a month into their life, made by the same verbs as everything else."""

import json
import os
import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app.core import job as jobs
from app.core import span as spans
from app.core.lifecycle import Kind
from app.core.roles import Deed
from app.services import (
    accounts,
    asking,
    balancing,
    custody,
    desks,
    directory,
    funding,
    handing_out,
    listing,
    press,
    printing,
    redeeming,
    retiring,
    reversing,
    second_factor,
    sessions,
    shops,
)
from app.services.books import Store, exist, migrate_books, open_books, publish, unpublished
from app.services.desks import AtVenue
from app.services.press import OrderRequest
from app.services.sessions import Present

__all__ = ["Access", "access", "exist", "make"]

ACTOR = "demo"
_PROGRAMMES = {"CWL": "Cornwall", "LAN": "Lancashire", "SPC": "Specimens"}
_ORGANISATIONS = [
    ("CWL", "YMCA Cornwall", None), ("CWL", "Bodmin Way Time Bank", None), ("CWL", "Penzance Street Food Project", None),
    ("LAN", "Chorley Council Time Credits", None), ("LAN", "Lancashire Care Network", None),
    ("LAN", "Brindle Lodge", "Lancashire Care Network"), ("LAN", "Astley Village Library", None),
]  # fmt: skip
_VENUES = [
    ("CWL", "Carn Brea Leisure Centre", "corporate", {"Swim": 1, "Gym and swim": 2}),
    ("CWL", "Hall for Cornwall", "corporate", {"Matinee": 2}),
    ("CWL", "Bodmin Way Time Bank", "community", {"Coffee morning": 1, "Bingo night": 1}),
    ("LAN", "All Seasons Leisure Centre", "corporate", {"Swim": 1, "Badminton court": 2}),
    ("LAN", "Astley Hall and Museum", "corporate", {"Entry": 1}),
    ("LAN", "Buckshaw Community Centre", "community", {"Craft group": 1}),
]  # fmt: skip
_SAID: dict[str, dict[str, str]] = {
    "Carn Brea Leisure Centre": {
        "town": "Redruth", "address": "Station Road, Pool", "postcode": "TR15 3QS", "at": "50.2287,-5.2653",
        "text": "Two pools, a gym and courts. Bring a pound for the locker.", "name_cy": "Canolfan Hamdden Carn Brea",
        "text_cy": "Dau bwll, campfa a chyrtiau. Dewch â phunt ar gyfer y locer.",
    },
    "Hall for Cornwall": {
        "town": "Truro", "address": "Back Quay", "postcode": "TR1 2LL", "at": "50.2630,-5.0502",
        "text": "A theatre on Lemon Quay. Say that you pay with notes when you book.", "name_cy": "Neuadd i Gernyw",
    },
    "Bodmin Way Time Bank": {"town": "Bodmin", "at": "50.4715,-4.7243"},
    "All Seasons Leisure Centre": {
        "town": "Chorley", "address": "Water Street", "postcode": "PR7 1EX", "at": "53.6556,-2.6337",
        "name_cy": "Canolfan Hamdden All Seasons",
    },
    "Astley Hall and Museum": {"town": "Chorley", "address": "Astley Park", "postcode": "PR7 1NP", "at": "53.6585,-2.6468"},
    "Buckshaw Community Centre": {"town": "Buckshaw Village", "at": "53.6747,-2.6601"},
}  # fmt: skip
"""Where the venues are, roughly; how to reach them is left out, because the demo must not make anybody's telephone ring."""

_WELSH = {
    "Swim": "Nofio", "Gym and swim": "Campfa a nofio", "Matinee": "Perfformiad prynhawn", "Coffee morning": "Bore coffi",
    "Bingo night": "Noson bingo", "Badminton court": "Cwrt badminton", "Entry": "Mynediad", "Craft group": "Grŵp crefftau",
}  # fmt: skip
"""The offers in Welsh."""

_CONTACTS = {
    "CWL": {
        "name": "Hournote in Cornwall", "email": "office@cornwall.example",
        "text": "Tell us who you are, where, and what people could do with you or at your place.",
        "name_cy": "Hournote yng Nghernyw",
        "text_cy": "Dywedwch wrthym pwy ydych chi, ble, a beth allai pobl ei wneud gyda chi neu yn eich lle.",
    },
    "LAN": {"name": "Hournote in Lancashire", "email": "office@lancashire.example"},
}  # fmt: skip
_ACCOUNTS = [
    ("national@hournote.example", "national", None, {}),
    ("deputy@hournote.example", "national", None, {}),
    ("office@cornwall.example", "programme", "CWL", {}),
    ("office@lancashire.example", "programme", "LAN", {}),
    ("auditor@cornwall.example", "auditor", "CWL", {}),
    ("press@cornwall.example", "press", "CWL", {}),
    ("print@truro.example", "press", None, {"shop": "Truro Print Works"}),
    ("keeper@cornwall.example", "keeper", "CWL", {"organisation": "YMCA Cornwall"}),
    ("desk@cornwall.example", "venue", "CWL", {"venue": "Carn Brea Leisure Centre"}),
]  # fmt: skip
_DESK_AT = "Carn Brea Leisure Centre"


@dataclass(frozen=True, slots=True)
class Access:
    """How to get into the demo world: one password for every account, what the apps of those with a second factor share, a
    desk's key, and an enrolment code."""

    password: str
    accounts: dict[str, str]
    desk: str
    key: str
    code: str
    second_factors: dict[str, str] = field(default_factory=dict)

    def codes(self, now: datetime) -> dict[str, str]:
        """What an authenticator app would show for each account now."""
        return {email: second_factor.code_at(secret, now) for email, secret in self.second_factors.items()}


def access(folder: Path, url: str) -> Access | None:
    """How to get in, as it was kept when the world was made; None when the books at `url` are no demo, or another."""
    try:
        kept = json.loads((folder / "access.json").read_text("utf-8"))
    except FileNotFoundError:
        return None
    return Access(**kept) if kept.pop("books") == _digest(url) else None


def _digest(url: str) -> str:
    """Which books these are, without their password."""
    return sha256(url.encode()).hexdigest()


def make(url: str, folder: Path, *, host: str, designs: Path, key: bytes, now: datetime) -> None:
    """Make the world, with its press files, a picture of a note and notes to try in `folder`; all or nothing on SQLite.
    `key` seals the second factors."""
    draft, workshop = unpublished(url), folder.with_name(f".{folder.name}.part")
    shutil.rmtree(workshop, ignore_errors=True)  # what an interrupted demo left
    workshop.mkdir(mode=0o700, parents=True)
    migrate_books(draft)
    store = open_books(draft)
    try:
        world = _World(store, workshop, host, designs, key, now)
        _write(workshop / "access.json", json.dumps({"books": _digest(url), **asdict(world.people())}))
        world.cornwall()
        world.lancashire()
        world.specimens()
        world.next_year()
        world.paper()
    finally:
        store.close()
    _set_aside(folder, now)
    workshop.rename(folder)
    publish(url)


def _set_aside(folder: Path, now: datetime) -> None:
    """A demo of books that are gone keeps its files, under another name."""
    if folder.exists():
        folder.rename(folder.with_name(f"{folder.name}-before-{now:%Y%m%dT%H%M%S}"))


class _World:
    """The steps in which the world is made; `_ago` gives the days at which they happened."""

    def __init__(self, store: Store, folder: Path, host: str, designs: Path, key: bytes, now: datetime) -> None:
        self._store, self._folder, self._host, self._designs, self._now = store, folder, host, designs, now
        self._key, self._recovery = key, dict[str, list[str]]()
        self._tokens: dict[str, list[str]] = {}
        self._jobs: dict[str, Path] = {}
        self._desk: AtVenue | None = None

    def people(self) -> Access:
        """Programmes, organisations, venues, offers, accounts and desks."""
        for code, name in _PROGRAMMES.items():
            directory.add_programme(self._store, code=code, name=name)
        for code, name, head in _ORGANISATIONS:
            directory.add_organisation(self._store, programme=code, name=name, site_of=head)
        for code, name, kind, offers in _VENUES:
            venue = directory.add_venue(self._store, programme=code, name=name, kind=kind)
            for offer, hours in offers.items():
                directory.add_offer(
                    self._store, venue=str(venue.id), name=offer, hours=hours, name_cy=_WELSH.get(offer)
                )
            listing.set_place(self._store, venue=str(venue.id), actor=ACTOR, now=self._ago(28), **_SAID[name])
        for code, said in _CONTACTS.items():
            listing.set_contact(self._store, programme=code, actor=ACTOR, now=self._ago(28), **said)
        shops.add_shop(self._store, name="Truro Print Works")
        funding.add_funding(self._store, funder="Kernow Health", programme="CWL")
        directory.set_series(self._store, series="CWL26", expires_on=self._now.date() + timedelta(days=730))
        return self._access()

    def _access(self) -> Access:
        password, factors = "-".join(secrets.token_hex(2) for _ in range(4)), {}
        for email, role, programme, scope in _ACCOUNTS:
            made, _ = accounts.add_account(
                self._store,
                email=email,
                role=role,
                programme=programme,
                password=password,
                now=self._ago(28),
                actor=ACTOR,
                **scope,
            )
            if second_factor.is_required(made):
                factors[email] = self._second_factor(made)
        first = desks.add_desk(self._store, venue=_DESK_AT, name="Front desk", now=self._ago(20))
        enrolled = desks.enrol(self._store, code=first.code or "", name=None, now=self._ago(20))
        second = desks.add_desk(self._store, venue=_DESK_AT, name="Second desk", now=self._now)
        self._desk = desks.desk_of_key(self._store, enrolled.key, now=self._ago(19))
        named = f"{enrolled.desk.name} at {enrolled.venue.name}"
        roles = {email: role for email, role, _programme, _scope in _ACCOUNTS}
        return Access(password, roles, named, enrolled.key, second.code or "", factors)

    def _second_factor(self, account: accounts.Account) -> str:
        """Set one up as the person would, who then knows ten recovery codes; gives what their app shares."""
        given: dict[str, Any] = {"key": self._key, "account": account, "now": self._ago(28)}
        secret = second_factor.set_up(self._store, **given).secret
        code = second_factor.code_at(secret, self._ago(28))
        self._recovery[account.email] = second_factor.confirm(self._store, code=code, **given)
        return secret

    def cornwall(self) -> None:
        """400 notes: two spoiled, most issued, some spent; one bundle stolen, one on its way."""
        self._order("CWL26", 400, "cornwall", 27)
        self._printed("CWL26-001", 24, spoiled=["CWL26 211-212"])
        self._move(Kind.RECEIVE, "CWL26-001", 22)
        self._move(Kind.ISSUE, "CWL26 1-100", 20, organisation="YMCA Cornwall")
        self._move(Kind.DISPATCH, "CWL26 101-150", 15, organisation="Bodmin Way Time Bank")
        self._move(Kind.ISSUE, "CWL26 101-150", 13, organisation="Bodmin Way Time Bank")
        self._move(Kind.DISPATCH, "CWL26 151-200", 3, organisation="Penzance Street Food Project")
        self._move(Kind.VOID, "CWL26 141-150", 6, reason="stolen", note="Taken from a car in Bodmin.")
        self._hand_out("CWL26 1-40", "Beach clean at Gwithian", 18, people=16)
        self._spend("CWL26", [range(1, 2), range(2, 4), range(4, 5), range(5, 9), range(9, 10), range(10, 13)])
        self._mistake("CWL26", 20)
        self._twice("CWL26", 1, 141, 160)
        self._retire("CWL26 1-5", 1)
        self._ask("CWL26 149-150")

    def lancashire(self) -> None:
        """300 notes, half of them in stock, one hold."""
        self._order("LAN26", 300, "lancashire", 26)
        self._printed("LAN26-001", 23, missing=["LAN26 300"])
        self._move(Kind.RECEIVE, "LAN26-001", 21)
        self._move(Kind.ISSUE, "LAN26 1-100", 19, organisation="Chorley Council Time Credits")
        self._move(Kind.ISSUE, "LAN26 101-150", 18, organisation="Brindle Lodge")
        self._move(Kind.HOLD, "LAN26 121-130", 2, reason="lost", note="Brindle Lodge is looking for them.")
        self._hand_out("LAN26 1-30", "Chorley Flower Show stewards", 12, people=30)
        self._spend("LAN26", [range(1, 3), range(3, 4), range(4, 6)])

    def specimens(self) -> None:
        """A dozen notes to practise with, which never count."""
        self._order("SPC26", 12, "cornwall", 26)
        self._printed("SPC26-001", 25)

    def paper(self) -> None:
        """The press file of the first order, a picture of each front, and the tokens of a few notes to try."""
        printing.press_files(self._jobs["CWL26"], self._folder / "CWL26-001")
        for name in printing.design_names(self._designs):
            _write(self._folder / f"note-{name}.png", printing.picture(name, self._designs))
        _write(self._folder / "notes-to-try.txt", self._notes_to_try())
        told = "\n\n".join("\n".join([f"# {email}", *codes]) for email, codes in self._recovery.items())
        _write(self._folder / "recovery-codes.txt", f"# Each signs in once, instead of a code.\n\n{told}\n")

    def _ago(self, days: float) -> datetime:
        return self._now - timedelta(days=days)

    def _order(self, series: str, quantity: int, design: str, days_ago: float) -> None:
        made = press.order_notes(
            self._store, request=OrderRequest(series, quantity, design), host=self._host, designs=self._designs,
            out=self._folder / "jobs", actor=ACTOR, now=self._ago(days_ago), request_id=uuid4(),
        )  # fmt: skip
        self._jobs[series] = made.job
        with made.job.open("rb") as file, jobs.JobFile(file) as job:
            self._tokens[series] = list(job.texts())

    def _printed(self, order: str, days_ago: float, spoiled: Sequence[str] = (), missing: Sequence[str] = ()) -> None:
        balancing.balance_order(
            self._store,
            order=order,
            spoiled=spoiled,
            missing=missing,
            actor=ACTOR,
            now=self._ago(days_ago),
            request_id=uuid4(),
        )

    def _move(self, kind: Kind, named: str, days_ago: float, **more: str) -> None:
        custody.move_span(
            self._store, kind=kind, named=named, actor=ACTOR, now=self._ago(days_ago), request_id=uuid4(), **more
        )

    def _hand_out(self, named: str, activity: str, days_ago: float, people: int) -> None:
        notes = spans.parse(named)
        handing_out.hand_out(
            self._store, named=named, activity=activity, hours=len(notes), people=people, actor=ACTOR,
            now=self._ago(days_ago), request_id=uuid4(),
        )  # fmt: skip

    def _spend(self, series: str, visits: Sequence[range]) -> None:
        for place, numbers in enumerate(visits):
            self._visit(series, numbers, 16 - 2 * place)

    def _visit(self, series: str, numbers: Sequence[int], days_ago: float) -> UUID:
        redemption_id = uuid4()
        notes = [self._tokens[series][number - 1] for number in numbers]
        redeeming.redeem_notes(
            self._store, redemption_id=redemption_id, desk=self._at(), notes=notes, now=self._ago(days_ago)
        )
        return redemption_id

    def _mistake(self, series: str, number: int) -> None:
        """Scanned for the wrong person, and given back at once."""
        made = self._visit(series, [number], 4)
        soon = self._ago(4) + timedelta(minutes=2)
        reversing.reverse_redemption(
            self._store, redemption_id=made, desk=self._at(), reason="scanned by mistake", now=soon
        )

    def _twice(self, series: str, *numbers: int) -> None:
        """Attempts that are refused: spent already, stolen, not issued."""
        for place, number in enumerate(numbers):
            self._visit(series, [number], 2 - place / 10)

    def _retire(self, named: str, days_ago: float) -> None:
        retiring.retire_notes(self._store, named=named, actor=ACTOR, now=self._ago(days_ago), request_id=uuid4())

    def _ask(self, named: str) -> None:
        """The national office asks for stolen notes back that were found; its deputy has yet to confirm."""
        at = self._ago(0.1)
        with self._office(at) as by:
            asking.ask_to_move(
                self._store, by=by, deed=Deed.REINSTATE, named=named, reason="found", note="Handed in at Bodmin police station.",
                request_id=uuid4(), now=at,
            )  # fmt: skip

    def next_year(self) -> None:
        """Notes of next year are asked for; the press makes them as soon as it runs, and a print shop finds them."""
        at, wanted = (
            self._ago(0.05),
            OrderRequest("CWL27", 300, "cornwall", print_shop="Truro Print Works", blank_sheets=12),
        )
        with self._office(at) as by:
            asking.ask_to_order(self._store, by=by, wanted=wanted, note=None, request_id=uuid4(), now=at)

    @contextmanager
    def _office(self, at: datetime) -> Iterator[Present]:
        """Somebody of the national office, signed in."""
        secret = sessions.begin(self._store, self._national(), now=at, second_factor=True)
        by = sessions.present(self._store, secret, now=at)
        if by is None:
            raise AssertionError("whoever has just signed in is there")
        yield by
        sessions.sign_out(self._store, by)

    def _national(self) -> accounts.Account:
        return next(each for each in accounts.all_accounts(self._store) if each.email == _ACCOUNTS[0][0])

    def _at(self) -> AtVenue:
        if self._desk is None:
            raise AssertionError("the people come first")
        return self._desk

    def _notes_to_try(self) -> str:
        cornwall, lancashire = self._tokens["CWL26"], self._tokens["LAN26"]
        forged = cornwall[50][:-8] + "AAAAAAAA"
        lines = [
            ("good", [*cornwall[30:34], *lancashire[40:42]]),
            ("spent already", cornwall[0:1]),
            ("stolen, and void", cornwall[140:141]),
            ("on hold", lancashire[120:121]),
            ("on its way, not yet issued", cornwall[160:161]),
            ("forged", [forged]),
            ("a specimen", self._tokens["SPC26"][:1]),
        ]
        told = "\n\n".join("\n".join([f"# {what}", *tokens]) for what, tokens in lines)
        return f"# What a scanner reads from the QR of these notes: paste a line into the desk page.\n\n{told}\n"


def _write(path: Path, content: str | bytes) -> None:
    """A file for its owner alone, under its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    part.replace(path)
