"""Sessions, second factors, and deeds that two people do: what the office asks for and who answered."""

import sqlalchemy as sa
from alembic import op

from app.store.migrations import guards

revision = "0004"
down_revision = "0003"

GUARDED: dict[str, tuple[str, ...]] = {
    "account_event": ("rowid",),
    "desk_event": ("rowid",),
    "request": ("rowid", "id"),
    "answer": ("rowid", "request_id"),
}


def upgrade() -> None:
    """From the books with conflicts and tallies. Whoever is signed in signs in again."""
    op.add_column("programme", sa.Column("order_alone", sa.Integer(), nullable=False, server_default="5000"))
    op.add_column("programme", sa.Column("void_alone", sa.Integer(), nullable=False, server_default="200"))
    _make_sessions()
    _make_second_factors()
    _make_account_event()
    _make_desk_event()
    _make_requests()
    for table, keys in GUARDED.items():
        guards.guard(table, keys)


def _make_sessions() -> None:
    op.create_table(
        "session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("second_factor", sa.Boolean(name="second_factor"), nullable=False),
        sa.Column("browser", sa.String(length=20), nullable=True),
        sa.Column("system", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_session_secret_sha256")),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"])


def _make_second_factors() -> None:
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("account_id", "code_sha256", name=op.f("pk_recovery_code")),
    )


def _make_account_event() -> None:
    op.create_table(
        "account_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_event_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_event")),
    )
    op.create_index(op.f("ix_account_event_account_id"), "account_event", ["account_id"])


def _make_desk_event() -> None:
    op.create_table(
        "desk_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_desk_event_desk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_event")),
    )
    op.create_index(op.f("ix_desk_event_desk_id"), "desk_event", ["desk_id"])


def _make_requests() -> None:
    op.create_table(
        "request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deed", sa.String(length=24), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_request_programme_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_request_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
    )
    for columns in (["deed", "asked_at"], ["until"], ["asked_at"]):
        op.create_index(op.f(f"ix_request_{'_'.join(columns)}"), "request", columns)
    op.create_table(
        "answer",
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('alone', 'confirmed', 'declined', 'withdrawn')", name=op.f("ck_answer_kind")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_answer_request_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_answer_account_id")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_answer")),
    )
