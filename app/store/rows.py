"""Many rows and many keys in one statement, whose text stays the same however many they are.

PostgreSQL takes all rows as one JSON document and keeps the plan: its driver would spend more on arrays than the server on
the rows. SQLite runs a prepared statement for each row without a round trip.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

from app.store.tables import microseconds


def insert(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each with a value for the same columns."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(table.insert(), rows)
        return
    document = json.dumps(rows, default=_plain, separators=(",", ":"))
    connection.execute(_from_document(table, tuple(rows[0])), {"rows": document})


def among(connection: Connection, column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether a column has one of the values that are given as the list `name` when the statement is executed."""
    if connection.dialect.name != "postgresql":
        return column.in_(sa.bindparam(name, expanding=True))
    return column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(column.type)))


@cache
def _from_document(table: sa.Table, names: tuple[str, ...]) -> sa.TextClause:
    kind = postgresql.dialect()  # type: ignore[no-untyped-call]
    columns = ", ".join(names)
    typed = ", ".join(f"{name} {table.c[name].type.compile(kind)}" for name in names)
    return sa.text(
        f"INSERT INTO {table.name} ({columns}) SELECT {columns}"  # noqa: S608 - names of ours
        f" FROM json_to_recordset(CAST(:rows AS json)) AS given ({typed})"
    )


def _plain(value: object) -> object:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be kept")
