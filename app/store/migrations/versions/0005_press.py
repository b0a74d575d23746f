"""How far the press is with the orders that were asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """From the books with requests. It is no fact and has no guards."""
    op.create_table(
        "making",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_making_request_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_making")),
    )
