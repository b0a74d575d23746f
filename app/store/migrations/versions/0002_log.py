"""The log, and the guards of the facts.

Facts that are older than the log enter it at the end of the same transaction (`app.store.schema`): on PostgreSQL the
guards have by then locked their tables against everybody else.
"""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0002"
down_revision = "0001"

GUARDED: dict[str, tuple[str, ...]] = {
    "orders": ("rowid", "id", "series_id, last"),
    "movement": ("rowid", "request_id"),
    "redemption": ("rowid", "id"),
    "redeemed_note": ("series_id, number, round",),
    "reversal": ("rowid", "redemption_id"),
    "reversed_note": ("series_id, number, round",),
    "scan": ("rowid",),
    "retirement": ("rowid", "request_id"),
    "retired_note": ("series_id, number",),
    "hand_out": ("rowid", "request_id"),
    "log_leaf": ("rowid", "kind, ref"),
    "log_tile": ("rowid", "level, tile_index"),
    "checkpoint": ("rowid",),
    "log_key": ("rowid",),
}
"""Each table of facts with its unique keys in SQLite, by any of which REPLACE would take a row away."""


def upgrade() -> None:
    """From the first schema."""
    _make_tables()
    for table, keys in GUARDED.items():
        guards.guard(table, keys)


def _make_tables() -> None:
    for name in ("pending_leaf", "log_leaf"):
        place = "id" if name == "pending_leaf" else "leaf_index"
        op.create_table(
            name,
            sa.Column(place, sa.Integer(), nullable=False, autoincrement=name == "pending_leaf"),
            sa.Column("kind", sa.String(length=10), nullable=False),
            sa.Column("ref", sa.String(length=36), nullable=False),
            sa.Column("leaf_hash", sa.LargeBinary(length=32), nullable=False),
            sa.PrimaryKeyConstraint(place, name=op.f(f"pk_{name}")),
            sa.UniqueConstraint("kind", "ref", name=op.f(f"uq_{name}_kind_ref")),
        )
    op.create_table(
        "log_tile",
        sa.Column("level", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("tile_index", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "tile_index", name=op.f("pk_log_tile")),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoint")),
    )
    op.create_table(
        "log_key",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_key")),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_key_one")),
    )
