"""The rights of the service on PostgreSQL: a role that may add facts and not change them, nor take their guards away.

The triggers refuse every change of a fact, but who owns a table can switch them off; a role that owns nothing cannot.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.sql.elements import quoted_name

from app.store.tables import FACTS, contact, metadata, offer, place


@dataclass(frozen=True, slots=True)
class Right:
    """What the service does with a table beside reading it; `updates` are the columns that change."""

    inserts: bool = True
    deletes: bool = False
    updates: tuple[str, ...] = ()


_ADDED = Right()

RIGHTS: dict[str, Right] = {
    "alembic_version": Right(inserts=False),
    "programme": Right(updates=("order_alone", "void_alone")),
    "series": Right(updates=("expires_on",)),
    "organisation": Right(updates=("site_of_id",)),
    "funder": _ADDED,
    "funding": Right(deletes=True),
    "venue": Right(
        updates=("keyed_per_day", "offline_notes", "offline_hours", "clear_seconds", "name", "kind", "organisation_id")
    ),
    "offer": Right(updates=tuple(each.name for each in offer.c if each.name not in ("id", "venue_id"))),
    "place": Right(updates=tuple(each.name for each in place.c if not each.primary_key)),
    "contact": Right(updates=tuple(each.name for each in contact.c if not each.primary_key)),
    "print_shop": _ADDED,
    "press_setting": Right(
        updates=("sheet", "flip", "office", "separators", "reverse", "back_offset", "run_sheets"),
    ),
    "account": Right(updates=("password_hash", "session_key", "closed_at")),
    "session": Right(deletes=True, updates=("used_at",)),
    "second_factor": Right(deletes=True, updates=("last_step", "confirmed_at")),
    "recovery_code": Right(deletes=True, updates=("used_at",)),
    "making": Right(updates=("signed", "reason", "problem", "at")),
    "desk": Right(updates=("key_sha256", "name", "scope", "seen_at", "revoked_at")),
    "link": Right(updates=("used_at",)),
    "delivery_link": Right(updates=("wrong", "used_at", "closed_at")),
    "count_sheet": Right(deletes=True, updates=("seen", "edition", "changed_at")),
    "holding": Right(deletes=True),
    "allocation": Right(updates=("last",)),
    "pending_leaf": Right(deletes=True),
    "tally": Right(updates=("redeemed", "given_back")),
    "wait": Right(updates=("redeemed", "given_back")),
    "throttle": Right(deletes=True, updates=("hits", "expires_at")),
    **dict.fromkeys(FACTS, _ADDED),
}
"""Every table with what the service may do to it."""

_NEVER = ("TRUNCATE", "TRIGGER", "REFERENCES")


def exists(connection: Connection, role: str) -> bool:
    """Whether the server knows a role."""
    return connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}) is not None


def owns(connection: Connection) -> bool:
    """Whether whoever asks owns every table: only then does the server grant anything."""
    owned = sa.text(
        "SELECT bool_and(pg_has_role(tableowner, 'USAGE')) FROM pg_tables WHERE schemaname = current_schema()"
    )
    return bool(connection.scalar(owned))


def grant(connection: Connection, role: str) -> None:
    """Give a role exactly the rights of the service, and take every other from it and from everybody."""
    name = _quoted(connection, role)
    database = _quoted(connection, str(connection.scalar(sa.text("SELECT current_database()"))))
    schema = _quoted(connection, str(connection.scalar(sa.text("SELECT current_schema()"))))
    for statement in _statements(name, database, schema):
        connection.exec_driver_sql(statement)


def excess(connection: Connection, role: str) -> list[str]:
    """What a role may do beyond the rights of the service, by owning, by membership or as superuser: in words, few."""
    found = [f"{deed} {table}" for table, deed in _forbidden() if _may(connection, role, table, deed)]
    schema = sa.text("SELECT has_schema_privilege(:role, current_schema(), 'CREATE')")
    return [*found, *(["CREATE tables"] if connection.scalar(schema, {"role": role}) else [])]


def _statements(role: str, database: str, schema: str) -> Iterator[str]:
    for whom in (role, "PUBLIC"):
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {whom}"
        yield f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {whom}"
        yield f"REVOKE CREATE ON SCHEMA {schema} FROM {whom}"
        yield f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM {whom}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"
    for table, right in RIGHTS.items():
        updates = [f"UPDATE ({', '.join(right.updates)})"] if right.updates else []
        deeds = [*(["INSERT"] if right.inserts else []), *(["DELETE"] if right.deletes else []), *updates]
        if deeds:
            yield f"GRANT {', '.join(deeds)} ON {schema}.{table} TO {role}"


def _forbidden() -> Iterator[tuple[str, str]]:
    """Each table with each deed that is not the service's."""
    for table in (*metadata.tables, "alembic_version"):
        right = RIGHTS[table]
        yield from ((table, deed) for deed in _NEVER)
        yield from [] if right.updates else [(table, "UPDATE")]
        yield from [] if right.deletes else [(table, "DELETE")]


def _may(connection: Connection, role: str, table: str, deed: str) -> bool:
    return bool(
        connection.scalar(
            sa.text("SELECT has_table_privilege(:role, CAST(:table AS text), :deed)"),
            {"role": role, "table": table, "deed": deed},
        )
    )


def _quoted(connection: Connection, name: str) -> str:
    """A name as PostgreSQL takes any, whatever is in it."""
    return connection.dialect.identifier_preparer.quote(quoted_name(name, True)).replace("%", "%%")
