"""Confirming: an organisation says what came of a delivery, by link and PIN on a phone or with its keeper's account."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Connection

from app.core.errors import BadInput, NotAllowed, NotFound
from app.core.roles import Deed
from app.services import delivering, rights
from app.services.delivering import NO_DELIVERY, Delivery
from app.store import deliveries
from app.store.access import Account
from app.store.database import Store
from app.store.deliveries import Link

MOST_WRONG = 5
"""Wrong PINs until a link is closed: whoever has the link guesses the PIN in one of 200,000."""

WRONG = (
    "The link and the PIN do not belong together. Look at the delivery note, and ask your programme office for the PIN."
)
CLOSED = "This link is closed: ask your programme office for a new link and PIN."
FOUND = ("here", "missing", "opened")
BY_LINK = "link and PIN"


@dataclass(frozen=True, slots=True)
class Opened:
    """The delivery that a link and its PIN opened, and what tells this link from every other."""

    delivery: Delivery
    key: str


def open_link(store: Store, *, secret: str, pin: str, key: bytes, now: datetime) -> Opened:
    """Look at a delivery by its link and PIN. A wrong PIN counts, and five close the link.

    Raises NotAllowed, and Unavailable while restored books are closed: guesses may have closed the link since the backup.
    """
    secret = "".join(each for each in secret.upper() if each.isalnum())
    hashed = sha256(secret.encode("utf-8", "surrogatepass")).digest()
    digits = "".join(each for each in pin if each.isdecimal() and each.isascii())

    def work(connection: Connection) -> Opened | str:
        delivering.check_books(connection)
        link = deliveries.link(connection, hashed)
        if link is None:
            return WRONG
        if not _is_open(link, now):
            return CLOSED
        if hmac.compare_digest(link.pin_hmac, delivering.pin_hmac(key, secret, digits)):
            return Opened(_delivery(connection, link.delivery_id), hashed.hex())
        return _count(connection, link, now)

    found = store.write(work)
    if isinstance(found, str):
        raise NotAllowed(found)
    return found


def opened(store: Store, *, key: str, now: datetime) -> Delivery:
    """The delivery of a link that was opened before in this browser, if the link is still good. Raises NotAllowed."""
    return store.read(lambda connection: _of_key(connection, key, now, hold=False))


def confirm(store: Store, *, key: str, tallied: Sequence[tuple[str, int]], now: datetime) -> Delivery:
    """Issue what matches and hold the rest, in one transaction; whoever comes second gets the first answer.

    Raises BadInput, NotAllowed, Unavailable while restored books are closed.
    """

    def work(connection: Connection) -> Delivery:
        found = _of_key(connection, key, now, hold=True)
        _check(found, tallied)
        return delivering.receive(connection, found, tallied, actor=BY_LINK, now=now)

    return store.write(work)


def confirm_as_keeper(
    store: Store, *, by: Account, delivery_id: UUID, tallied: Sequence[tuple[str, int]], now: datetime
) -> Delivery:
    """The same by the organisation's keeper. Raises BadInput, NotAllowed, NotFound, Unavailable."""

    def work(connection: Connection) -> Delivery:
        found = _for_keeper(connection, by, delivery_id)
        _check(found, tallied)
        return delivering.receive(connection, found, tallied, actor=by.email, now=now)

    return store.write(work)


def for_keeper(store: Store, *, by: Account, delivery_id: UUID) -> Delivery:
    """A delivery to the keeper's own organisation. Raises NotAllowed, NotFound."""
    return store.read(lambda connection: _for_keeper(connection, by, delivery_id))


def _for_keeper(connection: Connection, by: Account, delivery_id: UUID) -> Delivery:
    rights.require(by, Deed.CONFIRM_DELIVERY)
    found = _delivery(connection, delivery_id)
    reach = {"programme_id": found.programme_id, "organisation_id": found.organisation_id}
    if not rights.reaches(by, Deed.CONFIRM_DELIVERY, **reach):
        raise NotFound(NO_DELIVERY)
    return found


def _of_key(connection: Connection, key: str, now: datetime, *, hold: bool) -> Delivery:
    try:
        link = deliveries.link(connection, bytes.fromhex(key), hold=hold)
    except ValueError:
        link = None
    if link is None or not _is_open(link, now):
        raise NotAllowed(CLOSED)
    return _delivery(connection, link.delivery_id)


def _is_open(link: Link, now: datetime) -> bool:
    return link.closed_at is None and link.wrong < MOST_WRONG and link.expires_at > now


def _count(connection: Connection, link: Link, now: datetime) -> str:
    if deliveries.count_wrong(connection, link) < MOST_WRONG:
        return WRONG
    deliveries.close_links(connection, link.delivery_id, now)
    deliveries.add_event(connection, link.delivery_id, "guessed", BY_LINK, now)
    return CLOSED


def _delivery(connection: Connection, delivery_id: UUID) -> Delivery:
    found = deliveries.by_id(connection, delivery_id)
    if found is None:
        raise NotFound(NO_DELIVERY)
    return found


def _check(found: Delivery, tallied: Sequence[tuple[str, int]]) -> None:
    right = len(tallied) == len(found.parcels) and all(
        word in FOUND and 0 <= counted <= 9_999_999 for word, counted in tallied
    )
    if not right:
        raise BadInput("Say of each bundle whether it is here, not here or opened, and how many notes are in it.")
