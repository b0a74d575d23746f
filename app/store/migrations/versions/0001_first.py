"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    op.create_table(
        "programme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("site_of_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_organisation_programme_id")),
        sa.ForeignKeyConstraint(["site_of_id"], ["organisation.id"], name=op.f("fk_organisation_site_of_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_organisation_programme_id_name")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_series_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("code", name=op.f("uq_series_code")),
    )
    op.create_table(
        "hand_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("activity", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("first >= 1 AND first <= last AND last <= 9999999", name=op.f("ck_hand_out_span")),
        sa.CheckConstraint("hours >= 1 AND people >= 1", name=op.f("ck_hand_out_counted")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_hand_out_organisation_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_hand_out_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_out")),
        sa.UniqueConstraint("request_id", name=op.f("uq_hand_out_request_id")),
    )
    op.create_table(
        "movement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("span_class", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('order', 'print', 'spoil', 'miss', 'receive', 'dispatch', 'issue', 'return', 'hold', 'release', 'void', 'reinstate')",
            name=op.f("ck_movement_kind"),
        ),
        sa.CheckConstraint("first >= 1 AND first <= last AND last <= 9999999", name=op.f("ck_movement_span")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_movement_organisation_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_movement_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_movement")),
        sa.UniqueConstraint("request_id", name=op.f("uq_movement_request_id")),
    )
    op.create_index(
        op.f("ix_movement_series_id_span_class_first"), "movement", ["series_id", "span_class", "first"], unique=False
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("design", sa.String(length=60), nullable=False),
        sa.Column("host", sa.String(length=30), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("bundle_size", sa.Integer(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("replaces", sa.String(length=12), nullable=True),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("first >= 1 AND first <= last AND last <= 9999999", name=op.f("ck_orders_span")),
        sa.ForeignKeyConstraint(["replaces"], ["orders.id"], name=op.f("fk_orders_replaces")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_orders_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("series_id", "last", name=op.f("uq_orders_series_id_last")),
    )
    op.create_table(
        "retirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=True),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("first >= 1 AND first <= last AND last <= 9999999", name=op.f("ck_retirement_span")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_retirement_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retirement")),
        sa.UniqueConstraint("request_id", name=op.f("uq_retirement_request_id")),
    )
    op.create_table(
        "venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("keyed_per_day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("offline_notes", sa.Integer(), server_default="20", nullable=False),
        sa.Column("offline_hours", sa.Integer(), server_default="24", nullable=False),
        sa.Column("clear_seconds", sa.Integer(), server_default="8", nullable=False),
        sa.CheckConstraint("kind IN ('community', 'corporate')", name=op.f("ck_venue_kind")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_venue_organisation_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_venue_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_venue_programme_id_name")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("venue_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("session_key", sa.String(length=43), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role IN ('national', 'programme', 'auditor', 'press', 'keeper', 'venue')", name=op.f("ck_account_role")
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_account_organisation_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_account_programme_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_account_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "desk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("key_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_desk_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
        sa.UniqueConstraint("key_sha256", name=op.f("uq_desk_key_sha256")),
    )
    op.create_table(
        "holding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("previous_last", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("movement_id", sa.Integer(), nullable=False),
        sa.Column("was", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("state <> 'issued' OR holder_id IS NOT NULL", name=op.f("ck_holding_issued_to")),
        sa.CheckConstraint(
            "state IN ('ordered', 'printed', 'stocked', 'dispatched', 'issued', 'held', 'void')",
            name=op.f("ck_holding_state"),
        ),
        sa.CheckConstraint(
            "(first = 1 AND previous_last IS NULL) OR (previous_last IS NOT NULL AND previous_last = first - 1)",
            name=op.f("ck_holding_chain"),
        ),
        sa.CheckConstraint("first >= 1 AND first <= last AND last <= 9999999", name=op.f("ck_holding_span")),
        sa.ForeignKeyConstraint(["holder_id"], ["organisation.id"], name=op.f("fk_holding_holder_id")),
        sa.ForeignKeyConstraint(["movement_id"], ["movement.id"], name=op.f("fk_holding_movement_id")),
        sa.ForeignKeyConstraint(
            ["series_id", "previous_last"],
            ["holding.series_id", "holding.last"],
            name=op.f("fk_holding_series_id_previous_last"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_holding_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holding")),
        sa.UniqueConstraint("series_id", "first", name=op.f("uq_holding_series_id_first")),
        sa.UniqueConstraint("series_id", "last", name=op.f("uq_holding_series_id_last")),
        sa.UniqueConstraint("series_id", "previous_last", name=op.f("uq_holding_series_id_previous_last")),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("price_hours", sa.Integer(), nullable=False),
        sa.Column("local_only", sa.Boolean(name="local_only"), server_default=sa.false(), nullable=False),
        sa.Column("most_notes", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("price_hours >= 1 AND price_hours <= 50", name=op.f("ck_offer_price")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_offer_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("venue_id", "name", name=op.f("uq_offer_venue_id_name")),
    )
    op.create_table(
        "retired_note",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("retirement_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["retirement_id"], ["retirement.id"], name=op.f("fk_retired_note_retirement_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_retired_note_series_id")),
        sa.PrimaryKeyConstraint("series_id", "number", name=op.f("pk_retired_note")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "allocation",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["series_id", "last"],
            ["holding.series_id", "holding.last"],
            name=op.f("fk_allocation_series_id_last"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_allocation_series_id")),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_allocation")),
    )
    op.create_table(
        "link",
        sa.Column("secret_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("desk_id", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("purpose IN ('password', 'enrolment')", name=op.f("ck_link_purpose")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_link_account_id")),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_link_desk_id")),
        sa.PrimaryKeyConstraint("secret_sha256", name=op.f("pk_link")),
    )
    op.create_table(
        "redemption",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=True),
        sa.Column("request_sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("practice", sa.Boolean(name="practice"), nullable=False),
        sa.Column("offline", sa.Boolean(name="offline"), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("scanned_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("outcome IN ('accepted', 'refused')", name=op.f("ck_redemption_outcome")),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_redemption_desk_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_redemption_offer_id")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_redemption_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
    )
    op.create_index(op.f("ix_redemption_venue_id_at"), "redemption", ["venue_id", "at"], unique=False)
    op.create_table(
        "scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("desk_id", sa.Integer(), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("token_sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("keyed", sa.Boolean(name="keyed"), nullable=False),
        sa.Column("practice", sa.Boolean(name="practice"), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["desk_id"], ["desk.id"], name=op.f("fk_scan_desk_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_scan_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    op.create_index(op.f("ix_scan_desk_id_at"), "scan", ["desk_id", "at"], unique=False)
    op.create_index(op.f("ix_scan_redemption_id"), "scan", ["redemption_id"], unique=False)
    op.create_index(op.f("ix_scan_series_id_number"), "scan", ["series_id", "number"], unique=False)
    op.create_table(
        "redeemed_note",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reversed_round", sa.Integer(), nullable=True),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("issued_to_id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(round = 0 AND reversed_round IS NULL) OR (round > 0 AND reversed_round IS NOT NULL AND reversed_round = round - 1)",
            name=op.f("ck_redeemed_note_round"),
        ),
        sa.ForeignKeyConstraint(["issued_to_id"], ["organisation.id"], name=op.f("fk_redeemed_note_issued_to_id")),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.id"], name=op.f("fk_redeemed_note_redemption_id")),
        sa.ForeignKeyConstraint(
            ["series_id", "number", "reversed_round"],
            ["reversed_note.series_id", "reversed_note.number", "reversed_note.round"],
            name=op.f("fk_redeemed_note_series_id_number_reversed_round"),
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_redeemed_note_series_id")),
        sa.ForeignKeyConstraint(["title_id"], ["movement.id"], name=op.f("fk_redeemed_note_title_id")),
        sa.PrimaryKeyConstraint("series_id", "number", "round", name=op.f("pk_redeemed_note")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_redeemed_note_redemption_id"), "redeemed_note", ["redemption_id"], unique=False)
    op.create_table(
        "reversal",
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["redemption_id"], ["redemption.id"], name=op.f("fk_reversal_redemption_id")),
        sa.PrimaryKeyConstraint("redemption_id", name=op.f("pk_reversal")),
    )
    op.create_table(
        "reversed_note",
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("redemption_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["reversal.redemption_id"], name=op.f("fk_reversed_note_redemption_id")
        ),
        sa.ForeignKeyConstraint(
            ["series_id", "number", "round"],
            ["redeemed_note.series_id", "redeemed_note.number", "redeemed_note.round"],
            name=op.f("fk_reversed_note_series_id_number_round"),
        ),
        sa.PrimaryKeyConstraint("series_id", "number", "round", name=op.f("pk_reversed_note")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_reversed_note_redemption_id"), "reversed_note", ["redemption_id"], unique=False)
    if op.get_bind().dialect.name != "sqlite":  # SQLite has it in the table, and cannot add it
        op.create_foreign_key(
            op.f("fk_redeemed_note_series_id_number_reversed_round"),
            "redeemed_note",
            "reversed_note",
            ["series_id", "number", "reversed_round"],
            ["series_id", "number", "round"],
        )
