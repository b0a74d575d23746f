"""Funders and what they fund, how long notes wait to be spent and on what, and indices of hand-outs."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """None of it is a fact. What the log has is counted by the schema, because that needs the newest tables."""
    op.create_table(
        "funder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funder")),
        sa.UniqueConstraint("name", name=op.f("uq_funder_name")),
    )
    _make_funding()
    _make_wait()
    op.create_index(op.f("ix_hand_out_organisation_id_at"), "hand_out", ["organisation_id", "at"])
    op.create_index(op.f("ix_hand_out_series_id_first"), "hand_out", ["series_id", "first"])


def _make_funding() -> None:
    op.create_table(
        "funding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("funder_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["funder_id"], ["funder.id"], name=op.f("fk_funding_funder_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_funding_programme_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_funding_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding")),
        sa.UniqueConstraint("funder_id", "programme_id", name=op.f("uq_funding_funder_id_programme_id")),
        sa.UniqueConstraint("funder_id", "organisation_id", name=op.f("uq_funding_funder_id_organisation_id")),
        sa.CheckConstraint("(programme_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_funding_one")),
    )


def _make_wait() -> None:
    op.create_table(
        "wait",
        sa.Column("month", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("days", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("redeemed", sa.Integer(), nullable=False),
        sa.Column("given_back", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_wait_organisation_id")),
        sa.PrimaryKeyConstraint("month", "organisation_id", "offer_id", "days", name=op.f("pk_wait")),
    )
