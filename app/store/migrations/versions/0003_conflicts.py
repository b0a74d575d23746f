"""Offers with days and hours, scopes of desks, conflicts and what people came to about them, closures, tallies, throttles."""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0003"
down_revision = "0002"

GUARDED: dict[str, tuple[str, ...]] = {
    "conflict": ("rowid", "redemption_id"),
    "conflict_note": ("series_id, number, redemption_id",),
    "resolution": ("rowid", "redemption_id"),
    "closure": ("rowid", "request_id"),
}


def upgrade() -> None:
    """From the books with a log."""
    op.add_column("offer", sa.Column("days", sa.String(length=7), nullable=True))
    op.add_column("offer", sa.Column("from_minute", sa.Integer(), nullable=True))
    op.add_column("offer", sa.Column("until_minute", sa.Integer(), nullable=True))
    op.add_column("desk", sa.Column("scope", sa.String(length=10), nullable=False, server_default="redeem"))
    _make_conflicts()
    _make_closure()
    _make_summaries()
    for table, keys in GUARDED.items():
        guards.guard(table, keys)


def _make_conflicts() -> None:
    op.create_table(
        "conflict",
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.id"], name=op.f("fk_conflict_redemption_id")),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_conflict")),
    )
    op.create_table(
        "conflict_note",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("first_redemption_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_conflict_note_series_id")),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["conflict.redemption_id"], name=op.f("fk_conflict_note_redemption_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_redemption_id"], ["redemption.id"], name=op.f("fk_conflict_note_first_redemption_id")
        ),
        sa.PrimaryKeyConstraint("series_id", "number", "redemption_id", name=op.f("pk_conflict_note")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_conflict_note_redemption_id"), "conflict_note", ["redemption_id"])
    op.create_table(
        "resolution",
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["conflict.redemption_id"], name=op.f("fk_resolution_redemption_id")
        ),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_resolution")),
    )


def _make_closure() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("checkpoint", sa.String(length=1000), nullable=True),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('closed', 'reopened')", name=op.f("ck_closure_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
        sa.UniqueConstraint("request_id", name=op.f("uq_closure_request_id")),
    )


def _make_summaries() -> None:
    op.create_table(
        "tally",
        sa.Column("month", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("redeemed", sa.Integer(), nullable=False),
        sa.Column("given_back", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_tally_venue_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_tally_series_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_tally_organisation_id")),
        sa.PrimaryKeyConstraint("month", "venue_id", "series_id", "organisation_id", name=op.f("pk_tally")),
    )
    op.create_table(
        "throttle",
        sa.Column("key_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key_sha256", name=op.f("pk_throttle")),
    )
    op.create_index(op.f("ix_throttle_expires_at"), "throttle", ["expires_at"])
