"""Deliveries to organisations, what became of them, and the links that confirm them."""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0007"
down_revision = "0006"

GUARDED: dict[str, tuple[str, ...]] = {
    "delivery": ("rowid", "id"),
    "receipt": ("rowid", "delivery_id"),
    "delivery_event": ("rowid",),
}


def upgrade() -> None:
    """From the books of the press. What was dispatched before has no delivery."""
    _make_delivery()
    _make_receipt()
    _make_event()
    _make_link()
    for table, keys in GUARDED.items():
        guards.guard(table, keys)


def _make_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("bundles", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_delivery_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    for column in ("organisation_id", "at"):
        op.create_index(op.f(f"ix_delivery_{column}"), "delivery", [column])


def _make_receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('confirmed', 'handed', 'recalled')", name=op.f("ck_receipt_kind")),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_receipt_delivery_id")),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_receipt")),
    )


def _make_event() -> None:
    op.create_table(
        "delivery_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_event_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_event")),
    )
    op.create_index(op.f("ix_delivery_event_delivery_id"), "delivery_event", ["delivery_id"])


def _make_link() -> None:
    op.create_table(
        "delivery_link",
        sa.Column("secret_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hmac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_link_delivery_id")),
        sa.PrimaryKeyConstraint("secret_sha256", name=op.f("pk_delivery_link")),
    )
    op.create_index(op.f("ix_delivery_link_delivery_id"), "delivery_link", ["delivery_id"])
