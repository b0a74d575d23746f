"""Where venues are and how to reach them, Welsh names and texts, whom to ask in a programme, and who changed which of it."""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """From the books with orders in the making. No venue has a place until somebody says where it is."""
    _make_place()
    _make_contact()
    for name, length in (("name_cy", 120), ("text", 500), ("text_cy", 500)):
        op.add_column("offer", sa.Column(name, sa.String(length=length), nullable=True))
    _make_directory_event()
    guards.guard("directory_event", ("rowid", "request_id"))


def _make_place() -> None:
    op.create_table(
        "place",
        sa.Column("venue_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("name_cy", sa.String(length=120), nullable=True),
        sa.Column("town", sa.String(length=60), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("latitude_microdegrees", sa.Integer(), nullable=True),
        sa.Column("longitude_microdegrees", sa.Integer(), nullable=True),
        sa.Column("telephone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("web", sa.String(length=200), nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=True),
        sa.Column("text_cy", sa.String(length=1000), nullable=True),
        sa.CheckConstraint(
            "(latitude_microdegrees IS NULL AND longitude_microdegrees IS NULL)"
            " OR (latitude_microdegrees IS NOT NULL AND longitude_microdegrees IS NOT NULL"
            " AND latitude_microdegrees BETWEEN -90000000 AND 90000000"
            " AND longitude_microdegrees BETWEEN -180000000 AND 180000000)",
            name=op.f("ck_place_coordinates"),
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_place_venue_id")),
        sa.PrimaryKeyConstraint("venue_id", name=op.f("pk_place")),
    )


def _make_contact() -> None:
    op.create_table(
        "contact",
        sa.Column("programme_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("name", sa.String(length=120), nullable=True),
        sa.Column("name_cy", sa.String(length=120), nullable=True),
        sa.Column("telephone", sa.String(length=30), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("web", sa.String(length=200), nullable=True),
        sa.Column("text", sa.String(length=1000), nullable=True),
        sa.Column("text_cy", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_contact_programme_id")),
        sa.PrimaryKeyConstraint("programme_id", name=op.f("pk_contact")),
    )


def _make_directory_event() -> None:
    op.create_table(
        "directory_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('added', 'changed', 'closed', 'reopened')", name=op.f("ck_directory_event_kind")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_directory_event_programme_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_directory_event_venue_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_directory_event_offer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_event")),
        sa.UniqueConstraint("request_id", name=op.f("uq_directory_event_request_id")),
    )
    op.create_index(op.f("ix_directory_event_venue_id"), "directory_event", ["venue_id"])
    op.create_index(op.f("ix_directory_event_programme_id"), "directory_event", ["programme_id"])
