"""Print shops, the jobs that they get, and what becomes of these there."""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0006"
down_revision = "0005"

GUARDED: dict[str, tuple[str, ...]] = {
    "job": ("rowid", "order_id"),
    "job_event": ("rowid", "request_id", "order_id, kind, turn", "withdraws"),
}


def upgrade() -> None:
    """From the books with a press. Orders that are there name no print shop."""
    op.create_table(
        "print_shop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_shop")),
        sa.UniqueConstraint("name", name=op.f("uq_print_shop_name")),
    )
    # As SQL, because for Alembic a column of SQLite with a reference is a new table with everything copied over.
    op.execute(
        "ALTER TABLE account ADD COLUMN print_shop_id INTEGER "
        "CONSTRAINT fk_account_print_shop_id REFERENCES print_shop (id)"
    )
    _make_job()
    _make_job_event()
    _make_press_setting()
    for table, keys in GUARDED.items():
        guards.guard(table, keys)


def _make_job() -> None:
    op.create_table(
        "job",
        sa.Column("order_id", sa.String(length=12), nullable=False),
        sa.Column("print_shop_id", sa.Integer(), nullable=True),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("blank_sheets", sa.Integer(), nullable=True),
        sa.Column("width_mm", sa.Float(), nullable=False),
        sa.Column("height_mm", sa.Float(), nullable=False),
        sa.Column("bleed_mm", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_job_order_id")),
        sa.ForeignKeyConstraint(["print_shop_id"], ["print_shop.id"], name=op.f("fk_job_print_shop_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_job")),
    )
    op.create_index(op.f("ix_job_print_shop_id"), "job", ["print_shop_id"])


def _make_job_event() -> None:
    kinds = "'taken', 'again', 'good', 'spoiled', 'missing', 'withdrawn'"
    op.create_table(
        "job_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Integer(), nullable=True),
        sa.Column("named", sa.String(length=500), nullable=True),
        sa.Column("spans", sa.JSON(), nullable=True),
        sa.Column("withdraws", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(f"kind IN ({kinds})", name=op.f("ck_job_event_kind")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_job_event_order_id")),
        sa.ForeignKeyConstraint(["withdraws"], ["job_event.request_id"], name=op.f("fk_job_event_withdraws")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_event")),
        sa.UniqueConstraint("request_id", name=op.f("uq_job_event_request_id")),
        sa.UniqueConstraint("withdraws", name=op.f("uq_job_event_withdraws")),
        sa.UniqueConstraint("order_id", "kind", "turn", name=op.f("uq_job_event_order_id_kind_turn")),
    )
    op.create_index(op.f("ix_job_event_order_id"), "job_event", ["order_id"])


def _make_press_setting() -> None:
    op.create_table(
        "press_setting",
        sa.Column("order_id", sa.String(length=12), nullable=False),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("flip", sa.String(length=5), nullable=False),
        sa.Column("office", sa.Boolean(name="office"), nullable=False),
        sa.Column("separators", sa.Boolean(name="separators"), nullable=False),
        sa.Column("reverse", sa.Boolean(name="reverse"), nullable=False),
        sa.Column("back_offset", sa.String(length=20), nullable=True),
        sa.Column("run_sheets", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_press_setting_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_press_setting")),
    )
