"""The log, and the guards of the facts.

Facts that are older than the log enter it here, in the order of their times.
"""

import sqlalchemy as sa
from alembic import op

from app.store import facts, log

revision = "0002"
down_revision = "0001"

GUARDED = (
    "orders", "movement", "redemption", "redeemed_note", "reversal", "reversed_note", "scan", "retirement",
    "retired_note", "hand_out", "log_leaf", "log_tile", "checkpoint",
)  # fmt: skip
_WHY = "holds facts: nothing in it is changed or removed"


def upgrade() -> None:
    """From the first schema."""
    _make_tables()
    connection = op.get_bind()
    for entry in facts.all_facts(connection):
        log.enter(connection, entry.kind, entry.ref, entry.line)
    for table in GUARDED:
        _guard(table)


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


def _guard(table: str) -> None:
    """Refuse every UPDATE and DELETE (and on PostgreSQL TRUNCATE) of a table, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} {_WHY}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% {_WHY}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
