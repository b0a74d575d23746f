"""A scanner and its service without a camera: becoming a desk, sending what waits, fetching the keyring."""

from app.core.errors import NotAllowed
from scanner.client import Client, enrol, parted
from scanner.courier import Courier
from scanner.events import Tell
from scanner.home import Enrolment, Home
from scanner.journal import open_journal


def become(home: Home, link: str, name: str) -> Enrolment:
    """Enrol with a one-time link and keep the desk's key. Raises BadInput, NotAllowed, Unavailable."""
    refuse_with_waiting(home, parted(link)[0])
    home.try_to_write()  # the link counts once: a key that cannot be kept would be lost
    enrolment = enrol(link, name)
    home.keep_enrolment(enrolment)
    return enrolment


def send(home: Home, tell: Tell) -> bool:
    """Send what waits; True when everything was sent. Raises what ended it early."""
    client = Client(home.enrolment())
    try:
        with open_journal(home) as journal:
            courier = Courier(journal, client, tell)
            courier.start()
            try:
                return courier.finish()
            finally:
                courier.stop()
    finally:
        client.close()


def refresh(home: Home) -> int:
    """Fetch and keep what the service knows of all notes; gives the number of keys. Raises Unavailable, NotAllowed."""
    client = Client(home.enrolment())
    try:
        home.keep_snapshot(client.snapshot())
    finally:
        client.close()
    return len(home.keyring().keys)


def refuse_with_waiting(home: Home, server: str) -> None:
    """Tokens that wait for one service are never sent to another; a new desk of the same one may send them."""
    if not home.journal.exists() or not home.is_enrolled() or home.enrolment().server == server:
        return
    with open_journal(home) as journal:
        waiting = journal.count()
    if waiting:
        raise NotAllowed(
            f"{waiting} visits still wait to be sent to {home.enrolment().server}: run `scanner sync` first."
        )
