"""Counts of shelves, and the sheets of those that are under way."""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0013"
down_revision = "0012"

STOCK = "organisation_id IS NULL"


def upgrade() -> None:
    """From the books in which nobody counted what is on a shelf."""
    _make_count()
    _make_sheet()
    guards.guard("shelf_count", ("rowid", "request_id"))


def _make_count() -> None:
    numbers = ("notes_expected", "notes_seen", "notes_missing", "notes_odd")
    op.create_table(
        "shelf_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("expected", "seen", "odd")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in numbers),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_shelf_count_programme_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_shelf_count_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_count")),
        sa.UniqueConstraint("request_id", name=op.f("uq_shelf_count_request_id")),
    )
    for column in ("programme_id", "organisation_id"):
        op.create_index(op.f(f"ix_shelf_count_{column}"), "shelf_count", [column])


def _make_sheet() -> None:
    op.create_table(
        "count_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_count_sheet_programme_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_count_sheet_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_sheet")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_count_sheet_organisation_id")),
    )
    op.create_index(
        "uq_count_sheet_stock", "count_sheet", ["programme_id"], unique=True, sqlite_where=sa.text(STOCK),
        postgresql_where=sa.text(STOCK),
    )  # fmt: skip
