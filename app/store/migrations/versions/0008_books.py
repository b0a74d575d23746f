"""Hand-outs taken back."""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0008"
down_revision = "0007"

GUARDED: dict[str, tuple[str, ...]] = {"retraction": ("rowid", "hand_out_request_id")}


def upgrade() -> None:
    """From the books of the press."""
    op.create_table(
        "retraction",
        sa.Column("hand_out_request_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["hand_out_request_id"], ["hand_out.request_id"], name=op.f("fk_retraction_hand_out_request_id")
        ),
        sa.PrimaryKeyConstraint("hand_out_request_id", name=op.f("pk_retraction")),
    )
    for table, keys in GUARDED.items():
        guards.guard(table, keys)
