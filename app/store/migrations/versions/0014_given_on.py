"""The day on which notes were given for hours, which may be earlier than the one on which the books were told."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

from app.core.wall_clock import day_of
from app.store.migrations import guards

revision = "0014"
down_revision = "0013"

HAND_OUT = sa.table(
    "hand_out", sa.column("id", sa.Integer), sa.column("at", sa.BigInteger), sa.column("given_on", sa.Date)
)
BATCH = 5000
WHY = "hand_out has a day: start this program anew, it is older than its books"


def upgrade() -> None:
    """From the books in which a hand-out was of the day on which it was recorded: those there are stay so."""
    op.add_column("hand_out", sa.Column("given_on", sa.Date(), nullable=True))
    with guards.lifted("hand_out"):
        _fill(op.get_bind())
    _require(op.get_bind().dialect.name)
    op.drop_index(op.f("ix_hand_out_organisation_id_at"), "hand_out")
    op.create_index(op.f("ix_hand_out_organisation_id_given_on"), "hand_out", ["organisation_id", "given_on"])


def _require(dialect: str) -> None:
    """Refuse a hand-out without a day, as a program that was started before this would write: no month would count it, nobody
    could mend it, and SQLite cannot make a column that is there NOT NULL."""
    if dialect == "sqlite":
        op.execute(
            "CREATE TRIGGER hand_out_has_day BEFORE INSERT ON hand_out WHEN NEW.given_on IS NULL "
            f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION refuse_no_day() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WHY}' USING ERRCODE = 'not_null_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER hand_out_has_day BEFORE INSERT ON hand_out "
        "FOR EACH ROW WHEN (NEW.given_on IS NULL) EXECUTE FUNCTION refuse_no_day()"
    )


def _fill(connection: sa.Connection) -> None:
    mine = HAND_OUT.update().where(HAND_OUT.c.id == sa.bindparam("row")).values(given_on=sa.bindparam("day"))
    rows = connection.execute(sa.select(HAND_OUT.c.id, HAND_OUT.c.at)).all()
    for start in range(0, len(rows), BATCH):
        filled = [{"row": row.id, "day": _day(row.at)} for row in rows[start : start + BATCH]]
        connection.execute(mine, filled)


def _day(microseconds: int) -> date:
    return day_of(datetime.fromtimestamp(microseconds // 1_000_000, UTC))
