"""Many rows and many keys in one statement, whose text stays the same however many they are.

PostgreSQL takes a column as an array and keeps the plan; SQLite runs a prepared statement for each row without a round trip.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import ARRAY


def insert(connection: Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, each with a value for the same columns."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(table.insert(), rows)
        return
    names = tuple(rows[0])
    connection.execute(_from_arrays(table, names), {name: [row[name] for row in rows] for name in names})


def among(connection: Connection, column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Whether a column has one of the values that are given as the list `name` when the statement is executed."""
    if connection.dialect.name != "postgresql":
        return column.in_(sa.bindparam(name, expanding=True))
    return column == sa.any_(sa.bindparam(name, type_=ARRAY(column.type)))


@cache
def _from_arrays(table: sa.Table, names: tuple[str, ...]) -> sa.Insert:
    arrays = [ARRAY(table.c[name].type) for name in names]
    columns = [
        sa.func.unnest(sa.cast(sa.bindparam(name, type_=kind), kind)) for name, kind in zip(names, arrays, strict=True)
    ]
    return table.insert().from_select(names, sa.select(*columns))
