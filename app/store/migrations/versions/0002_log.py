"""The log, and the guards of the facts.

Facts that are older than the log enter it at the end of the same transaction (`app.store.schema`): on PostgreSQL the
guards have by then locked their tables against everybody else.
"""

import sqlalchemy as sa
from alembic import op

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

_WHY = "holds facts: nothing in it is changed or removed"


def upgrade() -> None:
    """From the first schema."""
    _make_tables()
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
    op.create_table(
        "log_key",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_key")),
        sa.CheckConstraint("id = 1", name=op.f("ck_log_key_one")),
    )


def _guard(table: str) -> None:
    """Refuse every UPDATE and DELETE (and on PostgreSQL TRUNCATE) of a table, whoever asks."""
    if op.get_bind().dialect.name == "sqlite":
        refused = f"BEGIN SELECT RAISE(ABORT, '{table} {_WHY}'); END"
        for deed in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} {refused}")
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {_taken(table)} {refused}")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% {_WHY}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _taken(table: str) -> str:
    """Whether a row is there already that the new one would replace."""
    found = []
    for key in GUARDED[table]:
        same = " AND ".join(f"{name} = NEW.{name}" for name in key.split(", "))
        found.append(f"EXISTS (SELECT 1 FROM {table} WHERE {same})")  # noqa: S608 - names of ours
    return " OR ".join(found)
