"""The condition of the books, for those who watch over the service."""

from app.store import condition
from app.store.condition import Condition
from app.store.database import Store

__all__ = ["Condition"]


def of_books(store: Store) -> Condition:
    """How the books stand as a whole. Raises Unavailable when they cannot be read."""
    return store.read(condition.read)
