"""The schema's revisions: brought to the newest by Alembic, and checked before anything is served."""

from functools import cache
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from app.core.errors import BadSettings
from app.store import facts, log, tallies, waits
from app.store.database import Store

BEFORE_THE_LOG = "0001"
"""The revision whose facts have yet to enter the log."""

BEFORE_TALLIES = "0002"
"""The revision whose facts in the log have yet to be tallied."""


WITH_WAITS = "0009"
"""The first revision with waits; the facts in the log of older ones have yet to be counted there."""


def migrate(store: Store) -> tuple[str | None, str]:
    """Bring the database to the newest revision, all or nothing; gives the revision before and after.

    Raises BadSettings when a newer program made it.
    """

    return store.write(upgrade), newest()


def upgrade(connection: Connection) -> str | None:
    """The same within a transaction that does more; gives the revision before."""
    before = revision(connection)
    if before is None:
        refuse_strangers(connection)
    if before is not None and not is_known(before):
        raise _newer(before)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if before == BEFORE_THE_LOG:  # here and not in its migration, because it needs the newest tables
        facts.enter_all(connection)
    if before == BEFORE_TALLIES:
        for block in log.leaves(connection, block=10_000):
            tallies.add(connection, [(leaf.kind, leaf.ref) for leaf in block])
    if before is not None and before < WITH_WAITS:
        for block in log.leaves(connection, block=10_000):
            waits.add(connection, [(leaf.kind, leaf.ref) for leaf in block])
    return before


def check(store: Store) -> None:
    """Raise BadSettings unless the database is of this program's revision, naming the way out."""
    found, wanted = store.read(revision), newest()
    if found is None:
        store.read(refuse_strangers)
        raise BadSettings("The database is empty: run `hournote init` (or `make run`) first.")
    if found != wanted:
        if not is_known(found):
            raise _newer(found)
        raise BadSettings(
            f"The database is of revision {found} and this program needs {wanted}: run `hournote migrate`."
        )


def is_empty(store: Store) -> bool:
    """Whether nothing was ever set up in this database."""
    return store.read(revision) is None


def revision(connection: Connection) -> str | None:
    """The revision of a database, None where there is none."""
    return MigrationContext.configure(connection).get_current_revision()


def refuse_strangers(connection: Connection) -> None:
    """Raise BadSettings for a database that has tables and does not say of which revision they are."""
    if set(inspect(connection).get_table_names()) - {"alembic_version"}:
        raise BadSettings(
            "The database has tables, and does not say of which revision: restore it from a backup, or name another."
        )


def is_known(found: str) -> bool:
    """Whether this program knows a revision."""
    return found in {script.revision for script in _scripts().walk_revisions()}


def _newer(found: str) -> BadSettings:
    return BadSettings(
        f"The database is of revision {found} and this program knows {newest()} as the newest: "
        "use the newer Hournote that made it."
    )


@cache
def newest() -> str:
    """The revision that this program needs."""
    return str(_scripts().get_current_head())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("app.store") / "migrations"))
    return config
