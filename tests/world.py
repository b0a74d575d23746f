"""A small world, made by the same verbs as everything else, with notes in every state that a span can be in.

| notes of CWL26 | state | with |
| --- | --- | --- |
| 1-4 | printed | the print shop |
| 5-6, 7 | void (spoiled), void (missing) | |
| 8-10 | printed | the print shop |
| 11-50, 51-60 | issued | YMCA Cornwall, Bodmin Way Time Bank |
| 61-70 | dispatched | YMCA Cornwall |
| 71-80 | stocked | |
| 81-85 | held (lost), from stock | |
| 86-90 | void (stolen), from stock | |
| 91-100 | stocked | |
| 101-110 | ordered, a second order | the press |

LAN26 1-20 are issued to Chorley Council; SPC26 1-3 are specimens, in stock; CWL25 1-5 are issued and past their last day.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from app.core import job as jobs
from app.core.checkpoint import PublicKey
from app.core.lifecycle import Kind
from app.services import (
    auditing,
    balancing,
    books,
    closing,
    custody,
    desks,
    directory,
    enquiry,
    press,
    redeeming,
    retiring,
    reversing,
)
from app.services.balancing import Balance
from app.services.books import Store
from app.services.closing import Closed
from app.services.custody import Moved
from app.services.desks import AtVenue
from app.services.press import Made, OrderRequest

HOST = "NOTES.EXAMPLE.ORG"
DESIGNS = Path(__file__).parents[1] / "designs"
ACTOR = "cli:test"

YMCA, BODMIN, CHORLEY = "YMCA Cornwall", "Bodmin Way Time Bank", "Chorley Council"
LEISURE, LIBRARY, HALL = "Carn Brea Leisure Centre", "Bodmin Library", "Chorley Little Theatre"
PLACES = {"ordered": "CWL26 101-110", "printed": "CWL26 1-4", "stocked": "CWL26 71-80", "dispatched": "CWL26 61-70",
          "issued": "CWL26 11-50", "held": "CWL26 81-85", "void": "CWL26 86-90"}  # fmt: skip
"""A stretch of notes in each state."""

ASKED = ("bundle_size", "replaces", "print_shop", "sheet", "blank_sheets")
"""What may be asked of an order beside its series, quantity and design."""


@dataclass
class World:
    """The books of the world, the tokens of its notes, and the keys of its desks; `now` is a clock that a test may set."""

    store: Store
    folder: Path
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    tokens: dict[str, list[str]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    offers: dict[str, int] = field(default_factory=dict)

    def token(self, number: int, series: str = "CWL26") -> str:
        """What a scanner reads from the QR of a note."""
        return self.tokens[series][number - 1]

    def serial(self, number: int, series: str = "CWL26") -> str:
        """The serial of a note, 13 characters."""
        return self.token(number, series).split("/N/")[1][:13]

    def forged(self, number: int, series: str = "CWL26") -> str:
        """A token of that serial with another signature."""
        mine, other = self.token(number, series), self.token(number + 1, series)
        return mine[:-103] + other[-103:]

    def desk(self, name: str = "Front desk") -> AtVenue:
        """A desk that has shown its key just now."""
        return desks.desk_of_key(self.store, self.keys[name], now=self.now)

    def later(self, **by: float) -> datetime:
        """Set the clock forward, as `timedelta` takes it."""
        self.now += timedelta(**by)
        return self.now

    # --- verbs

    def order(self, series: str = "CWL26", quantity: int = 10, **more: Any) -> Made:
        """Sign an order, and keep its tokens."""
        asked = {key: more.pop(key) for key in ASKED if key in more}
        request = OrderRequest(series, quantity, more.pop("design", "cornwall"), **asked)
        given = {"out": self.folder / "jobs", "actor": ACTOR, "now": self.now, "request_id": uuid4(), **more}
        made = press.order_notes(self.store, request=request, host=HOST, **{"designs": DESIGNS, **given})
        with made.job.open("rb") as file, jobs.JobFile(file) as job:
            self.tokens.setdefault(made.order.span.series, []).extend(job.texts())
        return made

    def balance(
        self, order: str, spoiled: list[str] | None = None, missing: list[str] | None = None, request_id: UUID | None = None
    ) -> Balance:  # fmt: skip
        """The print shop balances an order."""
        return balancing.balance_order(
            self.store, order=order, spoiled=spoiled or [], missing=missing or [], actor=ACTOR, now=self.now,
            request_id=request_id or uuid4(),
        )  # fmt: skip

    def move(self, kind: Kind, named: str, *, request_id: UUID | None = None, **more: Any) -> Moved:
        """One movement: `organisation`, `reason` and `note` as its step asks."""
        return custody.move_span(
            self.store, kind=kind, named=named, actor=ACTOR, now=self.now, request_id=request_id or uuid4(), **more
        )

    def redeem(self, *notes: int | str, desk: str = "Front desk", **more: Any) -> dict[str, Any]:
        """Spend notes of CWL26 by number, or whatever text a desk may send; gives the answer."""
        given = {"redemption_id": uuid4(), **more}
        shown = [self.token(note) if isinstance(note, int) else note for note in notes]
        answer, _is_new = redeeming.redeem_notes(self.store, desk=self.desk(desk), notes=shown, now=self.now, **given)
        return answer

    def reverse(self, redemption: str, desk: str = "Front desk", reason: str = "scanned by mistake") -> dict[str, Any]:
        """Give the notes of a redemption back."""
        return reversing.reverse_redemption(
            self.store, redemption_id=UUID(redemption), desk=self.desk(desk), reason=reason, now=self.now
        )

    def retire(self, named: str, request_id: UUID | None = None) -> Moved:
        """Destroy the counted paper of spent notes."""
        return retiring.retire_notes(
            self.store, named=named, actor=ACTOR, now=self.now, request_id=request_id or uuid4()
        )

    def unguard(self, connection: Connection, table: str) -> None:
        """Take the guards off a table of facts, as an administrator of the database can."""
        if connection.dialect.name == "sqlite":
            for deed in ("update", "delete", "replace"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_{deed}")
        else:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}")

    # --- questions

    def verdicts(self, *notes: int | str, **more: Any) -> list[str]:
        """What a desk is told of each note when it tries to spend them together."""
        return [note["verdict"] for note in self.redeem(*notes, **more)["notes"]]

    def state(self, number: int, series: str = "CWL26") -> str:
        """What a note is."""
        return enquiry.life_of(self.store, serial=self.serial(number, series)).state

    def counts(self, named: str) -> dict[str, int]:
        """How many notes of a span are in each state."""
        return enquiry.range_of(self.store, named=named).counts

    def findings(self) -> list[auditing.Finding]:
        """What an audit finds."""
        return auditing.audit_books(self.store, now=self.now)

    def picture(self) -> tuple[object, ...]:
        """Everything that a refused deed must leave as it was."""
        life = [enquiry.range_of(self.store, named=f"{code} 1-{len(notes)}") for code, notes in self.tokens.items()]
        made = enquiry.orders(self.store)
        moves = enquiry.life_of(self.store, serial=self.serial(1)).movements
        return (life, made, moves, enquiry.overview(self.store))


def close_books(
    store: Store, *, reason: str, actor: str, now: datetime, request_id: UUID, key: PublicKey, kept: str | None = None
) -> Closed:
    """Close the books to redemption, as a restore does."""
    return store.write(lambda connection: closing.close(connection, reason, actor, now, request_id, key, kept))


@contextmanager
def opened(url: str, folder: Path, **known: Any) -> Iterator[World]:
    """A world over books that are there; closed at the end."""
    store = books.open_books(url)
    try:
        yield World(store, folder, **known)
    finally:
        store.close()


def settle(world: World) -> None:
    """Make everything in the table above, out of empty books."""
    for code, name in (("CWL", "Cornwall"), ("LAN", "Lancashire"), ("SPC", "Specimens")):
        directory.add_programme(world.store, code=code, name=name)
    for code, name in (("CWL", YMCA), ("CWL", BODMIN), ("LAN", CHORLEY)):
        directory.add_organisation(world.store, programme=code, name=name)
    for code, name, kind in (("CWL", LEISURE, "corporate"), ("CWL", LIBRARY, "community"), ("LAN", HALL, "corporate")):
        directory.add_venue(world.store, programme=code, name=name, kind=kind)
    for name, hours, local_only in (("Swim", 1, False), ("Gym and swim", 2, False), ("Neighbours' lunch", 1, True)):
        made = directory.add_offer(world.store, venue=LEISURE, name=name, hours=hours, local_only=local_only)
        world.offers[name] = made.id
    world.offers["Matinee"] = directory.add_offer(world.store, venue=HALL, name="Matinee", hours=1).id
    for venue, name in ((LEISURE, "Front desk"), (LEISURE, "Pool"), (LIBRARY, "Library"), (HALL, "Box office")):
        made_desk = desks.add_desk(world.store, venue=venue, name=name, now=world.now)
        world.keys[name], world.codes[name] = made_desk.key, made_desk.code or ""
    _cornwall(world)
    _others(world)


def _cornwall(world: World) -> None:
    world.order(quantity=100, bundle_size=10)
    world.balance("CWL26-001", spoiled=["CWL26 5-6"], missing=["CWL26 7"])
    world.move(Kind.RECEIVE, "CWL26 11-100")
    world.move(Kind.ISSUE, "CWL26 11-50", organisation=YMCA)
    world.move(Kind.ISSUE, "CWL26 51-60", organisation=BODMIN)
    world.move(Kind.DISPATCH, "CWL26 61-70", organisation=YMCA)
    world.move(Kind.HOLD, "CWL26 81-85", reason="lost")
    world.move(Kind.VOID, "CWL26 86-90", reason="stolen", note="Taken from a car.")
    world.order(quantity=10, bundle_size=10)


def _others(world: World) -> None:
    for series, quantity, organisation in (("LAN26", 20, CHORLEY), ("SPC26", 3, None), ("CWL25", 5, YMCA)):
        world.order(series, quantity, design="lancashire" if series == "LAN26" else "cornwall")
        world.balance(f"{series}-001")
        world.move(Kind.RECEIVE, f"{series}-001")
        if organisation:
            world.move(Kind.ISSUE, f"{series}-001", organisation=organisation)
    directory.set_series(world.store, series="CWL25", expires_on=(world.now - timedelta(days=3)).date())
