"""The guards of the facts in the database itself: no statement changes or removes a row, whoever gives it.

Migrations put them on; what one has done is never changed here afterwards.
"""

from collections.abc import Sequence

from alembic import op

_WHY = "holds facts: nothing in it is changed or removed"


def guard(table: str, keys: Sequence[str]) -> None:
    """Refuse every UPDATE and DELETE (and on PostgreSQL TRUNCATE) of a table.

    `keys`: its unique keys in SQLite, each as names of columns, by any of which REPLACE would take a row away.
    """
    if op.get_bind().dialect.name == "sqlite":
        refused = f"BEGIN SELECT RAISE(ABORT, '{table} {_WHY}'); END"
        for deed in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} {refused}")
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {_taken(table, keys)} {refused}")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '% {_WHY}', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def _taken(table: str, keys: Sequence[str]) -> str:
    """Whether a row is there already that the new one would replace."""
    found = []
    for key in keys:
        same = " AND ".join(f"{name} = NEW.{name}" for name in key.split(", "))
        found.append(f"EXISTS (SELECT 1 FROM {table} WHERE {same})")  # noqa: S608 - names of ours
    return " OR ".join(found)
