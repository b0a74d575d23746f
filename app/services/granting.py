"""Granting: the role that the service signs in to PostgreSQL with gets what it needs, and nothing beyond."""

from sqlalchemy import Connection

from app.core.errors import NotAllowed, NotFound, Refused
from app.store import roles
from app.store.database import Store


def grant_role(store: Store, *, role: str) -> None:
    """Give a role of the server the rights of the service, all or none.

    Raises Refused on SQLite, and for a role that could change facts all the same; NotFound; NotAllowed unless the
    database is ours.
    """
    if store.engine.dialect.name == "sqlite":
        raise Refused(
            "SQLite has no roles: whoever can write to its file is its owner, so keep that to the service alone."
        )

    def work(connection: Connection) -> None:
        if not roles.owns(connection):
            raise NotAllowed("Only the owner of the database grants: name them in HOURNOTE_DATABASE_URL for this.")
        if not roles.exists(connection, role):
            raise NotFound(f"The server has no role {role}: make it with `createuser --pwprompt {role}`.")
        roles.grant(connection, role)
        excess = roles.excess(connection, role)
        if excess:
            raise Refused(
                f"The role {role} can still {excess[0]}, as owner, member or superuser: give the service a role of its own."
            )

    store.write(work)
