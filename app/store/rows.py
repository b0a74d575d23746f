"""Many rows and many keys in one statement, whose text stays the same however many they are.

PostgreSQL takes all rows as one JSON document and keeps the plan: its driver would spend more on arrays than the server on
the rows. SQLite runs a prepared statement for each row without a round trip.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql

from app.store.tables import microseconds

B = TypeVar("B")
BATCH = 1000
"""Rows of one statement: SQLite takes 32,766 values, and a recall may touch ten thousand bundles."""

Rows = tuple[sa.Table, Sequence[Mapping[str, Any]]]
"""A table, and rows for it that have a value for the same columns each."""


def batches(many: Sequence[B], size: int = BATCH) -> Iterator[Sequence[B]]:
    """`many` in parts of `size`, the last one shorter."""
    return (many[start : start + size] for start in range(0, len(many), size))


def joined(engine: str, column: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    """The numbers of a column as one text with commas between, which numpy reads in a fraction of the time of as many rows;
    those of several columns of a statement are in the same order. None where there is no row."""
    if engine == "sqlite":
        return sa.func.group_concat(column, ",")
    return sa.func.string_agg(sa.cast(column, sa.Text), ",")


def insert(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each with a value for the same columns."""
    insert_all(connection, [(table, rows)])


def insert_all(connection: Connection, many: Sequence[Rows]) -> None:
    """Insert rows into several tables; references among them may be in any order."""
    there = [(table, rows) for table, rows in many if rows]
    if connection.dialect.name != "postgresql":
        for table, rows in there:
            connection.execute(table.insert(), rows)
    elif there:
        statement = _from_documents(tuple((table, tuple(rows[0])) for table, rows in there))
        connection.execute(statement, {table.name: _document(rows) for table, rows in there})


def among(connection: Connection, column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether a column has one of the values that are given as the list `name` when the statement is executed."""
    if connection.dialect.name != "postgresql":
        return column.in_(sa.bindparam(name, expanding=True))
    return in_array(column, name)


def in_array(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """The same on PostgreSQL alone, for statements that are made once."""
    return column == sa.any_(sa.bindparam(name, type_=postgresql.ARRAY(column.type)))


@cache
def _from_documents(tables: tuple[tuple[sa.Table, tuple[str, ...]], ...]) -> sa.TextClause:
    """One statement that fills all of the tables; its last insert is the statement's own, the others stand before it."""
    *before, last = [_from_document(table, names) for table, names in tables]
    parts = ", ".join(f"part{place} AS ({text})" for place, text in enumerate(before))
    return sa.text(f"WITH {parts} {last}" if before else last)


def _from_document(table: sa.Table, names: tuple[str, ...]) -> str:
    kind = postgresql.dialect()  # type: ignore[no-untyped-call]
    columns = ", ".join(names)
    typed = ", ".join(f"{name} {table.c[name].type.compile(kind)}" for name in names)
    return (
        f"INSERT INTO {table.name} ({columns}) SELECT {columns}"  # noqa: S608 - names of ours
        f" FROM json_to_recordset(CAST(:{table.name} AS json)) AS given ({typed})"
    )


def _document(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, default=_plain, separators=(",", ":"))


def _plain(value: object) -> object:
    """What JSON has no word for, as PostgreSQL reads it."""
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, datetime):
        return microseconds(value)
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be kept")
