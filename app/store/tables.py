"""The tables.

Facts (only ever added to, guarded by triggers): those named in `FACTS`. State (recomputable from facts): holding,
allocation, tally, wait. `pending_leaf` is the outbox of the log. The rest is reference. Every key of a fact about notes begins with
the series, so that series can be spread over servers.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Table, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def microseconds(at: datetime) -> int:
    """Whole microseconds since 1970 UTC; a time without a zone is refused, because it would be somebody's local time."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be kept")
    whole = at - _EPOCH
    return (whole.days * 86_400 + whole.seconds) * 1_000_000 + whole.microseconds


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Moment(TypeDecorator[datetime]):
    """A time, kept as whole microseconds since 1970 UTC and given back as a datetime in UTC."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To microseconds."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """From microseconds."""
        if value is None:
            return None
        seconds, microseconds = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def _id() -> Column[int]:
    return Column("id", sa.Integer, primary_key=True)


def _to(table: str, *, nullable: bool = False) -> Column[int]:
    return Column(f"{table}_id", sa.Integer, ForeignKey(f"{table}.id"), nullable=nullable)


def _one_of(column: str, *words: str) -> CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _at(name: str = "at", *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Moment, nullable=nullable)


def _span() -> list[sa.schema.SchemaItem]:
    return [
        _to("series"),
        Column("first", sa.Integer, nullable=False),
        Column("last", sa.Integer, nullable=False),
        CheckConstraint("first >= 1 AND first <= last AND last <= 9999999", name="span"),
    ]


programme = Table(
    "programme", metadata, _id(),
    Column("code", sa.String(3), nullable=False, unique=True),
    Column("name", sa.String(120), nullable=False),
    Column("order_alone", sa.Integer, nullable=False, server_default="5000"),
    Column("void_alone", sa.Integer, nullable=False, server_default="200"),
)  # fmt: skip
"""`order_alone`, `void_alone`: notes that one person may order or void in 24 hours; above that another confirms."""

series = Table(
    "series", metadata, _id(), _to("programme"),
    Column("code", sa.String(5), nullable=False, unique=True),
    Column("expires_on", sa.Date),
)  # fmt: skip

organisation = Table(
    "organisation", metadata, _id(), _to("programme"),
    Column("name", sa.String(120), nullable=False),
    Column("site_of_id", sa.Integer, ForeignKey("organisation.id")),
    UniqueConstraint("programme_id", "name"),
)  # fmt: skip

funder = Table("funder", metadata, _id(), Column("name", sa.String(120), nullable=False, unique=True))

funding = Table(
    "funding", metadata, _id(), _to("funder"), _to("programme", nullable=True), _to("organisation", nullable=True),
    UniqueConstraint("funder_id", "programme_id"), UniqueConstraint("funder_id", "organisation_id"),
    CheckConstraint("(programme_id IS NULL) <> (organisation_id IS NULL)", name="one"),
)  # fmt: skip
"""A funder pays for a whole programme, or for one organisation with its sites."""

venue = Table(
    "venue", metadata, _id(), _to("programme"),
    Column("name", sa.String(120), nullable=False),
    Column("kind", sa.String(10), nullable=False),
    _to("organisation", nullable=True),
    Column("keyed_per_day", sa.Integer, nullable=False, server_default="0"),
    Column("offline_notes", sa.Integer, nullable=False, server_default="20"),
    Column("offline_hours", sa.Integer, nullable=False, server_default="24"),
    Column("clear_seconds", sa.Integer, nullable=False, server_default="8"),
    UniqueConstraint("programme_id", "name"),
    _one_of("kind", "community", "corporate"),
)  # fmt: skip

offer = Table(
    "offer", metadata, _id(), _to("venue"),
    Column("name", sa.String(120), nullable=False),
    Column("price_hours", sa.Integer, nullable=False),
    Column("local_only", sa.Boolean(name="local_only"), nullable=False, server_default=sa.false()),
    Column("most_notes", sa.Integer),
    _at("closed_at", nullable=True),
    Column("days", sa.String(7)),
    Column("from_minute", sa.Integer),
    Column("until_minute", sa.Integer),
    Column("name_cy", sa.String(120)),
    Column("text", sa.String(500)),
    Column("text_cy", sa.String(500)),
    UniqueConstraint("venue_id", "name"),
    CheckConstraint("price_hours >= 1 AND price_hours <= 50", name="price"),
)  # fmt: skip
"""`days`: the days of the week on which it is open (1 is Monday, ISO 8601), None for all; `from_minute` to `until_minute`:
its hours on the clock of the venue, in minutes since midnight, None for the whole day."""

place = Table(
    "place", metadata,
    Column("venue_id", sa.Integer, ForeignKey("venue.id"), primary_key=True, autoincrement=False),
    Column("name_cy", sa.String(120)),
    Column("town", sa.String(60)),
    Column("address", sa.String(200)),
    Column("postcode", sa.String(8)),
    Column("latitude_microdegrees", sa.Integer),
    Column("longitude_microdegrees", sa.Integer),
    Column("telephone", sa.String(30)),
    Column("email", sa.String(254)),
    Column("web", sa.String(200)),
    Column("text", sa.String(1000)),
    Column("text_cy", sa.String(1000)),
    CheckConstraint(
        "(latitude_microdegrees IS NULL AND longitude_microdegrees IS NULL)"
        " OR (latitude_microdegrees IS NOT NULL AND longitude_microdegrees IS NOT NULL"
        " AND latitude_microdegrees BETWEEN -90000000 AND 90000000"
        " AND longitude_microdegrees BETWEEN -180000000 AND 180000000)",
        name="coordinates",
    ),
)  # fmt: skip
"""Where a venue is and how to reach it as an organisation, and what the directory says of it; apart from the venue, which
desks read at every visit. `name_cy`: its name in Welsh, where it has another there."""

contact = Table(
    "contact", metadata,
    Column("programme_id", sa.Integer, ForeignKey("programme.id"), primary_key=True, autoincrement=False),
    Column("name", sa.String(120)),
    Column("name_cy", sa.String(120)),
    Column("telephone", sa.String(30)),
    Column("email", sa.String(254)),
    Column("web", sa.String(200)),
    Column("text", sa.String(1000)),
    Column("text_cy", sa.String(1000)),
)  # fmt: skip
"""Whom an organisation or a venue asks that would join a programme: an office, no person."""

directory_event = Table(
    "directory_event", metadata, _id(),
    Column("request_id", sa.Uuid, unique=True),
    Column("programme_id", sa.Integer, ForeignKey("programme.id"), nullable=False, index=True),
    Column("venue_id", sa.Integer, ForeignKey("venue.id"), index=True),
    _to("offer", nullable=True),
    Column("kind", sa.String(10), nullable=False),
    Column("changes", sa.JSON, nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
    _one_of("kind", "added", "changed", "closed", "reopened"),
)  # fmt: skip
"""Who changed what of the directory: of a programme's contact, of a venue, or of an offer there. `changes`: each field with
its value before and after; `request_id`: of what was added, so that it is added once."""

print_shop = Table(
    "print_shop", metadata, _id(),
    Column("name", sa.String(120), nullable=False, unique=True),
)  # fmt: skip
"""A firm that prints notes, for any number of programmes."""

account = Table(
    "account", metadata, _id(),
    Column("email", sa.String(254), nullable=False, unique=True),
    Column("role", sa.String(12), nullable=False),
    _to("programme", nullable=True), _to("organisation", nullable=True), _to("venue", nullable=True),
    Column("password_hash", sa.String(200)),
    Column("session_key", sa.String(43), nullable=False),
    _at("made_at"), _at("closed_at", nullable=True),
    _to("print_shop", nullable=True),
    _one_of("role", "national", "programme", "auditor", "press", "keeper", "venue"),
)  # fmt: skip

session = Table(
    "session", metadata, _id(),
    Column("account_id", sa.Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("secret_sha256", sa.LargeBinary(32), nullable=False, unique=True),
    _at("begun_at"), _at("used_at"),
    Column("second_factor", sa.Boolean(name="second_factor"), nullable=False),
    Column("browser", sa.String(20)),
    Column("system", sa.String(20)),
)  # fmt: skip
"""Somebody of staff is signed in; the row goes when that ends. `browser` and `system` are plain words of a few known ones;
the address that somebody signed in from is kept nowhere."""

second_factor = Table(
    "second_factor", metadata,
    Column("account_id", sa.Integer, ForeignKey("account.id"), primary_key=True, autoincrement=False),
    Column("sealed", sa.LargeBinary, nullable=False),
    Column("last_step", sa.BigInteger, nullable=False, server_default="0"),
    _at("made_at"), _at("confirmed_at", nullable=True),
    Column("session_id", sa.Integer),
)  # fmt: skip
"""What an authenticator app shares with us (RFC 6238), sealed with a key made from the service's secret. It counts from
`confirmed_at` on; `last_step` is the newest step of 30 seconds of which a code was taken; `session_id`, the session
that began it, which may be over."""

recovery_code = Table(
    "recovery_code", metadata,
    Column("account_id", sa.Integer, ForeignKey("account.id"), primary_key=True),
    Column("code_sha256", sa.LargeBinary(32), primary_key=True),
    _at("used_at", nullable=True),
)  # fmt: skip

account_event = Table(
    "account_event", metadata, _id(),
    Column("account_id", sa.Integer, ForeignKey("account.id"), nullable=False, index=True),
    Column("kind", sa.String(24), nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip
"""What was done to an account, and by whom."""

desk_event = Table(
    "desk_event", metadata, _id(),
    Column("desk_id", sa.Integer, ForeignKey("desk.id"), nullable=False, index=True),
    Column("kind", sa.String(24), nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip
"""What was done to a desk, and by whom: its code is what notes are spent with."""

request = Table(
    "request", metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("deed", sa.String(24), nullable=False),
    Column("arguments", sa.JSON, nullable=False),
    _to("programme", nullable=True),
    Column("notes", sa.Integer, nullable=False),
    Column("reason", sa.String(40)),
    Column("note", sa.String(500)),
    _to("account"),
    _at("asked_at"), _at("until", nullable=True),
    Index(None, "deed", "asked_at"), Index(None, "until"), Index(None, "asked_at"),
)  # fmt: skip
"""A deed that somebody of staff asked for in the browser; with `until`, another has to confirm it before then."""

answer = Table(
    "answer", metadata,
    Column("request_id", sa.Uuid, ForeignKey("request.id"), primary_key=True),
    Column("kind", sa.String(10), nullable=False),
    _to("account"),
    Column("result", sa.JSON(none_as_null=True)),
    _at(),
    _one_of("kind", "alone", "confirmed", "declined", "withdrawn"),
)  # fmt: skip
"""What became of a request: one row and never another, so that of two who confirm at once one is second. `result`: what the
deed answered."""

making = Table(
    "making", metadata,
    Column("request_id", sa.Uuid, ForeignKey("request.id"), primary_key=True),
    Column("signed", sa.Integer, nullable=False),
    Column("reason", sa.String(20)),
    Column("problem", sa.String(500)),
    _at(),
)  # fmt: skip
"""How far the press is with an order that was asked for, or why it cannot make it: what a page shows, and no fact."""

desk = Table(
    "desk", metadata, _id(), _to("venue"),
    Column("name", sa.String(80), nullable=False),
    Column("key_sha256", sa.LargeBinary(32), nullable=False, unique=True),
    _at("made_at"), _at("seen_at", nullable=True), _at("revoked_at", nullable=True),
    Column("scope", sa.String(10), nullable=False, server_default="redeem"),
)  # fmt: skip
"""`scope`: what its key may do: *redeem* (and check), or *check* alone; *count* is no device, and has a key that nobody knows:
it stands for the stacks that one person of staff counted at the venue."""

link = Table(
    "link", metadata,
    Column("secret_sha256", sa.LargeBinary(32), primary_key=True),
    Column("purpose", sa.String(10), nullable=False),
    _to("account", nullable=True), _to("desk", nullable=True),
    _at("expires_at"), _at("used_at", nullable=True),
    _one_of("purpose", "password", "enrolment"),
)  # fmt: skip

delivery = Table(
    "delivery", metadata,
    Column("id", sa.Uuid, primary_key=True),
    Column("organisation_id", sa.Integer, ForeignKey("organisation.id"), nullable=False, index=True),
    Column("bundles", sa.JSON, nullable=False),
    Column("notes", sa.Integer, nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
    Index(None, "at"),
)  # fmt: skip
"""Notes on their way to an organisation; each of its `bundles` has an `order`, its number there, `bundle`, and as `spans`
what is in it: pairs of a first and a last serial."""

receipt = Table(
    "receipt", metadata,
    Column("delivery_id", sa.Uuid, ForeignKey("delivery.id"), primary_key=True),
    Column("kind", sa.String(10), nullable=False),
    Column("counts", sa.JSON, nullable=False),
    Column("issued", sa.Integer, nullable=False),
    Column("held", sa.Integer, nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
    _one_of("kind", "confirmed", "handed", "recalled"),
)  # fmt: skip
"""What became of a delivery: one row and never another, so that of two who confirm at once one is second. `counts`: for each
bundle, in its order, what was `found` (*here*, *missing*, *opened*), how many notes were `counted`, and how many `issued`
and `held` for it."""

delivery_event = Table(
    "delivery_event", metadata, _id(),
    Column("delivery_id", sa.Uuid, ForeignKey("delivery.id"), nullable=False, index=True),
    Column("kind", sa.String(24), nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip
"""What was done to the link of a delivery, and by whom."""

delivery_link = Table(
    "delivery_link", metadata,
    Column("secret_sha256", sa.LargeBinary(32), primary_key=True),
    Column("delivery_id", sa.Uuid, ForeignKey("delivery.id"), nullable=False, index=True),
    Column("pin_hmac", sa.LargeBinary(32), nullable=False),
    Column("wrong", sa.Integer, nullable=False, server_default="0"),
    _at("expires_at"), _at("used_at", nullable=True), _at("closed_at", nullable=True),
)  # fmt: skip
"""The one-time link of a delivery, and its PIN under the service's own key; `wrong`: PINs that were not it. It is used when
the delivery is confirmed, and closed by a newer one, by too many wrong PINs or when the delivery is called back."""

shelf_count = Table(
    "shelf_count", metadata, _id(),
    Column("request_id", sa.Uuid, nullable=False, unique=True),
    Column("programme_id", sa.Integer, ForeignKey("programme.id"), nullable=False, index=True),
    Column("organisation_id", sa.Integer, ForeignKey("organisation.id"), index=True),
    Column("expected", sa.JSON, nullable=False),
    Column("seen", sa.JSON, nullable=False),
    Column("odd", sa.JSON, nullable=False),
    Column("notes_expected", sa.Integer, nullable=False),
    Column("notes_seen", sa.Integer, nullable=False),
    Column("notes_missing", sa.Integer, nullable=False),
    Column("notes_odd", sa.Integer, nullable=False),
    Column("edition", sa.Integer, nullable=False),
    Column("note", sa.String(500)),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip
"""A shelf was counted: the stock of a programme, or what an organisation has. `expected`: the spans that the books had there at
that moment; `seen`; `odd`: what was seen and not expected, each with `why`, `holder` and `spans`. The numbers of notes are those
of the parts, so that a list of counts reads no spans; `edition` is that of its sheet."""

count_sheet = Table(
    "count_sheet", metadata,
    Column("id", sa.Uuid, primary_key=True),
    _to("programme"),
    Column("organisation_id", sa.Integer, ForeignKey("organisation.id"), unique=True),
    Column("seen", sa.JSON, nullable=False),
    Column("edition", sa.Integer, nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(), _at("changed_at"),
    Index(
        "uq_count_sheet_stock", "programme_id", unique=True, sqlite_where=sa.text("organisation_id IS NULL"),
        postgresql_where=sa.text("organisation_id IS NULL"),
    ),
)  # fmt: skip
"""A shelf that is being counted, one sheet for each shelf at most: what was scanned so far, and no fact; the row goes when the
count is finished or given up. `edition` tells how often it was changed."""

orders = Table(
    "orders", metadata,
    Column("id", sa.String(12), primary_key=True),
    *_span(),
    Column("design", sa.String(60), nullable=False),
    Column("host", sa.String(30), nullable=False),
    Column("public_key", sa.LargeBinary(32), nullable=False),
    Column("bundle_size", sa.Integer, nullable=False),
    Column("expires_on", sa.Date),
    Column("replaces", sa.String(12), ForeignKey("orders.id")),
    Column("actor", sa.String(254), nullable=False),
    _at("made_at"),
    UniqueConstraint("series_id", "last"),
)  # fmt: skip

job = Table(
    "job", metadata,
    Column("order_id", sa.String(12), ForeignKey("orders.id"), primary_key=True),
    Column("print_shop_id", sa.Integer, ForeignKey("print_shop.id"), index=True),
    Column("sheet", sa.String(20), nullable=False),
    Column("blank_sheets", sa.Integer),
    Column("width_mm", sa.Float, nullable=False),
    Column("height_mm", sa.Float, nullable=False),
    Column("bleed_mm", sa.Float, nullable=False),
)  # fmt: skip
"""What the print shop of an order is asked for: on which sheet, with how many blank ones (None: the usual), and the size of
the note as it was then. Orders from before this was kept have none."""

job_event = Table(
    "job_event", metadata, _id(),
    Column("request_id", sa.Uuid, nullable=False, unique=True),
    Column("order_id", sa.String(12), ForeignKey("orders.id"), nullable=False, index=True),
    Column("kind", sa.String(10), nullable=False),
    Column("turn", sa.Integer),
    Column("notes", sa.Integer),
    Column("named", sa.String(500)),
    Column("spans", sa.JSON(none_as_null=True)),
    Column("withdraws", sa.Uuid, ForeignKey("job_event.request_id"), unique=True),
    Column("actor", sa.String(254), nullable=False),
    _at(),
    UniqueConstraint("order_id", "kind", "turn"),
    _one_of("kind", "taken", "again", "good", "spoiled", "missing", "withdrawn"),
)  # fmt: skip
"""What became of a job at the print shop. Its file is *taken* once because a second row would have the same turn, and
the next turn needs that somebody allowed it *again*. *good*, *spoiled* and *missing* report so many `notes`, the latter two
with their `spans`; *withdrawn* takes a report back, once."""

press_setting = Table(
    "press_setting", metadata,
    Column("order_id", sa.String(12), ForeignKey("orders.id"), primary_key=True),
    Column("sheet", sa.String(20), nullable=False),
    Column("flip", sa.String(5), nullable=False),
    Column("office", sa.Boolean(name="office"), nullable=False),
    Column("separators", sa.Boolean(name="separators"), nullable=False),
    Column("reverse", sa.Boolean(name="reverse"), nullable=False),
    Column("back_offset", sa.String(20)),
    Column("run_sheets", sa.Integer, nullable=False),
)  # fmt: skip
"""How the print shop composes a job: what tells which notes a sheet carries, and no fact."""

movement = Table(
    "movement", metadata, _id(),
    Column("request_id", sa.Uuid, nullable=False, unique=True),
    Column("kind", sa.String(10), nullable=False),
    *_span(),
    Column("span_class", sa.Integer, nullable=False),
    _to("organisation", nullable=True),
    Column("reason", sa.String(40)),
    Column("note", sa.String(500)),
    Column("actor", sa.String(254), nullable=False),
    _at(),
    Index(None, "series_id", "span_class", "first"),
    _one_of("kind", "order", "print", "spoil", "miss", "receive", "dispatch", "issue", "return", "hold", "release",
            "void", "reinstate"),
)  # fmt: skip
"""`span_class` is the bit length of last - first: a movement of class k starts less than 2^k before any note of it."""

holding = Table(
    "holding", metadata, _id(), *_span(),
    Column("previous_last", sa.Integer),
    Column("state", sa.String(10), nullable=False),
    Column("holder_id", sa.Integer, ForeignKey("organisation.id")),
    Column("reason", sa.String(40)),
    _to("movement"),
    Column("was", sa.JSON(none_as_null=True)),
    UniqueConstraint("series_id", "first"),
    UniqueConstraint("series_id", "last"),
    UniqueConstraint("series_id", "previous_last"),
    ForeignKeyConstraint(
        ["series_id", "previous_last"], ["holding.series_id", "holding.last"], deferrable=True, initially="DEFERRED"
    ),
    CheckConstraint(
        "(first = 1 AND previous_last IS NULL) OR (previous_last IS NOT NULL AND previous_last = first - 1)", name="chain"
    ),
    CheckConstraint("state <> 'issued' OR holder_id IS NOT NULL", name="issued_to"),
    _one_of("state", "ordered", "printed", "stocked", "dispatched", "issued", "held", "void"),
)  # fmt: skip
"""First numbers, last numbers and predecessors are unique and each row but the first names the one that ends before
it: with `allocation`, which pins the end, the rows of a series can only be one chain without overlap or gap.
`movement_id` is the movement that wrote the row: since then, the stretch has stood so."""

allocation = Table(
    "allocation", metadata,
    Column("series_id", sa.Integer, ForeignKey("series.id"), primary_key=True),
    Column("last", sa.Integer, nullable=False),
    ForeignKeyConstraint(
        ["series_id", "last"], ["holding.series_id", "holding.last"], deferrable=True, initially="DEFERRED"
    ),
)  # fmt: skip

redemption = Table(
    "redemption", metadata,
    Column("id", sa.Uuid, primary_key=True),
    _to("desk"), _to("venue"), _to("offer", nullable=True),
    Column("request_sha256", sa.LargeBinary(32), nullable=False),
    Column("outcome", sa.String(8), nullable=False),
    Column("reason", sa.String(20)),
    Column("hours", sa.Integer, nullable=False),
    Column("practice", sa.Boolean(name="practice"), nullable=False),
    Column("offline", sa.Boolean(name="offline"), nullable=False),
    Column("answer", sa.JSON, nullable=False),
    _at("scanned_at"), _at(),
    Index(None, "venue_id", "at"),
    _one_of("outcome", "accepted", "refused"),
)  # fmt: skip

redeemed_note = Table(
    "redeemed_note", metadata,
    Column("series_id", sa.Integer, ForeignKey("series.id"), primary_key=True),
    Column("number", sa.Integer, primary_key=True),
    Column("round", sa.Integer, primary_key=True),
    Column("reversed_round", sa.Integer),
    Column("redemption_id", sa.Uuid, ForeignKey("redemption.id"), nullable=False, index=True),
    Column("issued_to_id", sa.Integer, ForeignKey("organisation.id"), nullable=False),
    Column("title_id", sa.Integer, ForeignKey("movement.id"), nullable=False),
    CheckConstraint(
        "(round = 0 AND reversed_round IS NULL)"
        " OR (round > 0 AND reversed_round IS NOT NULL AND reversed_round = round - 1)",
        name="round",
    ),
    ForeignKeyConstraint(
        ["series_id", "number", "reversed_round"],
        ["reversed_note.series_id", "reversed_note.number", "reversed_note.round"],
        use_alter=True,
    ),
    sqlite_with_rowid=False,
)  # fmt: skip
"""A note is spent once because a second live row of it would have the same round: its first life is round 0, and round
n + 1 needs the reversal of round n. `title_id` is the movement as of which the note was seen to be issued: the order of
facts is told by it, not by the clocks of several servers."""

reversal = Table(
    "reversal", metadata,
    Column("redemption_id", sa.Uuid, ForeignKey("redemption.id"), primary_key=True),
    Column("reason", sa.String(200), nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip

reversed_note = Table(
    "reversed_note", metadata,
    Column("series_id", sa.Integer, primary_key=True),
    Column("number", sa.Integer, primary_key=True),
    Column("round", sa.Integer, primary_key=True),
    Column("redemption_id", sa.Uuid, ForeignKey("reversal.redemption_id"), nullable=False, index=True),
    ForeignKeyConstraint(
        ["series_id", "number", "round"],
        ["redeemed_note.series_id", "redeemed_note.number", "redeemed_note.round"],
    ),
    sqlite_with_rowid=False,
)  # fmt: skip

ATTEMPT = "verdict NOT IN ('accepted', 'good')"
"""A scan that was refused: few of all, which have an index of their own."""

scan = Table(
    "scan", metadata, _id(), _to("desk"),
    Column("redemption_id", sa.Uuid, index=True),
    _to("series", nullable=True),
    Column("number", sa.Integer),
    Column("token_sha256", sa.LargeBinary(32)),
    Column("keyed", sa.Boolean(name="keyed"), nullable=False),
    Column("practice", sa.Boolean(name="practice"), nullable=False),
    Column("verdict", sa.String(20), nullable=False),
    _at(),
    Index(None, "series_id", "number"),
    Index(None, "desk_id", "at"),
    Index("ix_scan_attempt", "id", sqlite_where=sa.text(ATTEMPT), postgresql_where=sa.text(ATTEMPT)),
)  # fmt: skip

settlement = Table(
    "settlement", metadata,
    Column("scan_id", sa.Integer, ForeignKey("scan.id"), primary_key=True, autoincrement=False),
    Column("reason", sa.String(40), nullable=False),
    Column("note", sa.String(500)),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip
"""What a person came to about a case: about every attempt with that note up to this scan, and none after it."""

retirement = Table(
    "retirement", metadata, _id(),
    Column("request_id", sa.Uuid, nullable=False, unique=True),
    *_span(),
    Column("note", sa.String(500)),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip

retired_note = Table(
    "retired_note", metadata,
    Column("series_id", sa.Integer, ForeignKey("series.id"), primary_key=True),
    Column("number", sa.Integer, primary_key=True),
    _to("retirement"),
    sqlite_with_rowid=False,
)  # fmt: skip

hand_out = Table(
    "hand_out", metadata, _id(),
    Column("request_id", sa.Uuid, nullable=False, unique=True),
    *_span(), _to("organisation"),
    Column("activity", sa.String(200), nullable=False),
    Column("hours", sa.Integer, nullable=False),
    Column("people", sa.Integer, nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
    Column("given_on", sa.Date),
    CheckConstraint("hours >= 1 AND people >= 1", name="counted"),
    Index(None, "organisation_id", "given_on"), Index(None, "series_id", "first"),
)  # fmt: skip
"""`given_on`: the day of the hours on the clock of the venues, by which they are added up; `at`: when the books were told. Every
row has both: SQLite cannot add a column that must be filled, and the log tells a row without its day from one that has it."""

retraction = Table(
    "retraction", metadata,
    Column("hand_out_request_id", sa.Uuid, ForeignKey("hand_out.request_id"), primary_key=True),
    Column("reason", sa.String(200), nullable=False),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip
"""The counter-entry of a wrong hand-out, which itself stays as it was written: sums leave both out."""

conflict = Table(
    "conflict", metadata,
    Column("redemption_id", sa.Uuid, ForeignKey("redemption.id"), primary_key=True),
    _at(),
)  # fmt: skip
"""A visit that a desk accepted while it was offline and that was refused here, because a note of it was spent before."""

conflict_note = Table(
    "conflict_note", metadata,
    Column("series_id", sa.Integer, ForeignKey("series.id"), primary_key=True),
    Column("number", sa.Integer, primary_key=True),
    Column("redemption_id", sa.Uuid, ForeignKey("conflict.redemption_id"), primary_key=True, index=True),
    Column("first_redemption_id", sa.Uuid, ForeignKey("redemption.id"), nullable=False),
    sqlite_with_rowid=False,
)  # fmt: skip

resolution = Table(
    "resolution", metadata,
    Column("redemption_id", sa.Uuid, ForeignKey("conflict.redemption_id"), primary_key=True),
    Column("reason", sa.String(40), nullable=False),
    Column("note", sa.String(500)),
    Column("actor", sa.String(254), nullable=False),
    _at(),
)  # fmt: skip
"""What a person came to about a conflict."""

closure = Table(
    "closure", metadata, _id(),
    Column("request_id", sa.Uuid, nullable=False, unique=True),
    Column("kind", sa.String(8), nullable=False),
    Column("reason", sa.String(200), nullable=False),
    Column("checkpoint", sa.String(1000)),
    Column("actor", sa.String(254), nullable=False),
    _at(),
    _one_of("kind", "closed", "reopened"),
)  # fmt: skip
"""The books were closed to redemption (they were restored from a backup) or reopened; the newest row tells which they
are now. `checkpoint`: the newest that anyone outside was known to hold."""

tally = Table(
    "tally", metadata,
    Column("month", sa.Integer, primary_key=True, autoincrement=False),
    Column("venue_id", sa.Integer, ForeignKey("venue.id"), primary_key=True),
    Column("series_id", sa.Integer, ForeignKey("series.id"), primary_key=True),
    Column("organisation_id", sa.Integer, ForeignKey("organisation.id"), primary_key=True),
    Column("redeemed", sa.Integer, nullable=False),
    Column("given_back", sa.Integer, nullable=False),
)  # fmt: skip
"""Notes spent and given back by month (202611, on the clock of the venues), venue, series and the organisation that they
were issued to: a summary of the facts that have their place in the log, kept by the sequencer for reports."""

wait = Table(
    "wait", metadata,
    Column("month", sa.Integer, primary_key=True, autoincrement=False),
    Column("organisation_id", sa.Integer, ForeignKey("organisation.id"), primary_key=True),
    Column("offer_id", sa.Integer, primary_key=True, autoincrement=False),
    Column("days", sa.Integer, primary_key=True, autoincrement=False),
    Column("redeemed", sa.Integer, nullable=False),
    Column("given_back", sa.Integer, nullable=False),
)  # fmt: skip
"""Notes spent and given back by month, the organisation that they were issued to, the offer that they were spent on (0: none
was named) and the days since they were issued: exact below four weeks, then to whole weeks. Kept as `tally` is."""

throttle = Table(
    "throttle", metadata,
    Column("key_sha256", sa.LargeBinary(32), primary_key=True),
    Column("hits", sa.Integer, nullable=False),
    _at("expires_at"),
    Index(None, "expires_at"),
)  # fmt: skip
"""How often somebody asked within a window of time; whom it counts is kept as a hash alone."""

pending_leaf = Table(
    "pending_leaf", metadata, _id(),
    Column("kind", sa.String(10), nullable=False),
    Column("ref", sa.String(36), nullable=False),
    Column("leaf_hash", sa.LargeBinary(32), nullable=False),
    UniqueConstraint("kind", "ref"),
)  # fmt: skip
"""Leaves of facts that have no place in the log yet, written with the fact itself."""

log_leaf = Table(
    "log_leaf", metadata,
    Column("leaf_index", sa.Integer, primary_key=True, autoincrement=False),
    Column("kind", sa.String(10), nullable=False),
    Column("ref", sa.String(36), nullable=False),
    Column("leaf_hash", sa.LargeBinary(32), nullable=False),
    UniqueConstraint("kind", "ref"),
)  # fmt: skip

log_tile = Table(
    "log_tile", metadata,
    Column("level", sa.Integer, primary_key=True, autoincrement=False),
    Column("tile_index", sa.Integer, primary_key=True, autoincrement=False),
    Column("hashes", sa.LargeBinary, nullable=False),
)  # fmt: skip
"""Full tiles alone: 256 hashes, those of leaves at level 0 and of whole tiles of the level below elsewhere, so that a
root or a proof reads a few tiles and not every leaf."""

checkpoint = Table(
    "checkpoint", metadata,
    Column("size", sa.Integer, primary_key=True, autoincrement=False),
    Column("note", sa.String(1000), nullable=False),
    _at(),
)  # fmt: skip

log_key = Table(
    "log_key", metadata,
    Column("id", sa.Integer, primary_key=True, autoincrement=False),
    Column("key", sa.String(200), nullable=False),
    CheckConstraint("id = 1", name="one"),
)  # fmt: skip
"""The public key of the first checkpoint: whoever comes with another does not sign this log."""

FACTS = (
    "orders", "movement", "redemption", "redeemed_note", "reversal", "reversed_note", "scan", "retirement",
    "retired_note", "hand_out", "retraction", "conflict", "conflict_note", "resolution", "settlement", "closure", "log_leaf", "log_tile", "checkpoint", "log_key",
    "account_event", "desk_event", "request", "answer", "directory_event",
    "job", "job_event",
    "delivery", "receipt", "delivery_event", "shelf_count",
)  # fmt: skip
"""What no statement may change or remove."""
