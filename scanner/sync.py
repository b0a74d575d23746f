"""A scanner and its service without a camera: becoming a desk, sending what is owed, learning what is new."""

from app.core.errors import HournoteError, NotAllowed, Unavailable
from scanner.client import enrol, parted
from scanner.events import Tell
from scanner.home import Enrolment, Home
from scanner.memory.books import Books
from scanner.memory.desk import Desk
from scanner.memory.rounds import finish
from scanner.turnstile import kept_sentence


def become(home: Home, link: str, name: str) -> Enrolment:
    """Enrol with a one-time link and keep the desk's key. Raises BadInput, NotAllowed, Unavailable."""
    refuse_with_waiting(home, parted(link)[0])
    home.try_to_write()  # the link counts once: a key that cannot be kept would be lost
    enrolment = enrol(link, name)
    home.keep_enrolment(enrolment)
    return enrolment


def sync(home: Home, tell: Tell) -> tuple[int, int]:
    """Send what is owed and fetch what is new: how many visits were answered, and how many entries are owed still (those of
    other venues too). Raises what ended it early."""
    desk = Desk(home, tell)
    try:
        is_done, left = finish(desk, lambda: True), sum(desk.owed())
        if not (is_done or left):
            raise Unavailable(
                "The service gave no answer, so nothing new is known: try again when the network is back."
            )
        return desk.sent, left
    except NotAllowed as error:
        raise NotAllowed(kept_sentence(error, sum(desk.owed()))) from error
    finally:
        desk.close()


def learn(home: Home) -> None:
    """Fetch what a desk must know, once. Raises HournoteError."""
    desk = Desk(home)
    try:
        desk.learn()
    finally:
        desk.close()


def status(home: Home) -> dict[str, object]:
    """Which desk this is, what waits, what it knows, and whether the service answers now."""
    desk = Desk(home)
    try:
        desk.open()
        found, enrolment = desk.condition(), home.enrolment()
        age = None if found.known_at is None else desk.clock.now_ms() / 1000 - found.known_at.timestamp()
        return {
            "desk": desk.about.desk, "venue": desk.about.venue, "server": enrolment.server, "home": str(home.folder),
            "online": desk.online, "enrolled": desk.is_enrolled, "waiting": found.owed + found.owed_elsewhere,
            "waiting_notes": found.waiting_notes, "notices": len(found.notices),
            "snapshot_age_seconds": None if age is None else max(0, round(age)),
            "offline_notes_left": found.notes_left, "offline": str(found.leave), "keys": len(desk.keyring().keys),
            "trouble": found.trouble,
        }  # fmt: skip
    finally:
        desk.close()


def refuse_with_waiting(home: Home, server: str) -> None:
    """Tokens that wait for one service are never sent to another; a new desk of the same one may send them."""
    if not home.journal.exists() or not home.is_enrolled() or _server(home) == server:
        return
    books = Books(home.journal)
    with books.read() as page:
        waiting = len(page.open())
    books.close()
    if waiting:
        raise NotAllowed(f"{waiting} visits still wait to be sent to {_server(home)}: run `scanner sync` first.")


def _server(home: Home) -> str:
    """Of a damaged enrolment nothing is known, so that nothing may be sent elsewhere."""
    try:
        return home.enrolment().server
    except HournoteError:
        return "an unknown service"
