"""The guards of the facts in the database itself: no statement changes or removes a row, whoever gives it.

Migrations put them on; what one has done is never changed here afterwards.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from alembic import op

_WHY = "holds facts: nothing in it is changed or removed"


def guard(table: str, keys: Sequence[str]) -> None:
    """Refuse every UPDATE and DELETE (and on PostgreSQL TRUNCATE) of a table.

    `keys`: its unique keys in SQLite, each as names of columns, by any of which REPLACE would take a row away.
    """
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            _refuse(table, deed)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {_taken(table, keys)} {_refusal(table)}"
        )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% {_WHY}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


@contextmanager
def lifted(table: str) -> Iterator[None]:
    """Let a migration fill the column that it has just added to a table of facts; everything else is refused as before."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {table}_no_update")
        yield
        _refuse(table, "UPDATE")
        return
    op.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change")
    yield
    op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_no_change")


def _refuse(table: str, deed: str) -> None:
    op.execute(f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} {_refusal(table)}")


def _refusal(table: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{table} {_WHY}'); END"


def _taken(table: str, keys: Sequence[str]) -> str:
    """Whether a row is there already that the new one would replace."""
    found = []
    for key in keys:
        same = " AND ".join(f"{name} = NEW.{name}" for name in key.split(", "))
        found.append(f"EXISTS (SELECT 1 FROM {table} WHERE {same})")  # noqa: S608 - names of ours
    return " OR ".join(found)
