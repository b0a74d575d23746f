"""What people came to about cases, and an index of the attempts that make them."""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0012"
down_revision = "0010"

ATTEMPT = "verdict NOT IN ('accepted', 'good')"


def upgrade() -> None:
    """From the books in which a case was a line of a list."""
    op.create_table(
        "settlement",
        sa.Column("scan_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_settlement_scan_id")),
        sa.PrimaryKeyConstraint("scan_id", name=op.f("pk_settlement")),
    )
    guards.guard("settlement", ("rowid",))
    op.create_index(
        "ix_scan_attempt", "scan", ["id"], sqlite_where=sa.text(ATTEMPT), postgresql_where=sa.text(ATTEMPT)
    )  # fmt: skip
