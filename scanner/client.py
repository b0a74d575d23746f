"""The service's contract (`/api/v1`) as a desk uses it, one function a call."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.core.errors import BadInput, Conflict, NotAllowed, NotFound, Refused, Unavailable
from scanner.answers import Answer, NoteAnswer, note_answers, visit_answer
from scanner.home import Enrolment
from scanner.wire import Wire

SNAPSHOT_SECONDS = 120.0
"""Megabytes, over the line of a village hall."""

_CODE = re.compile(r"[!-~]{1,500}")
_LOCAL = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Venue:
    """What the service says of this desk: its name, its venue's name, its offers (id to name)."""

    desk: str
    venue: str
    offers: dict[str, str]


class Client:
    """A desk's calls. Each raises what `Wire.call` raises; an answer of another shape is Unavailable too."""

    def __init__(self, enrolment: Enrolment, *, most_seconds: float = 10.0) -> None:
        self._wire = Wire(enrolment.server, enrolment.key, most_seconds=most_seconds)

    def desk(self) -> Venue:
        """Which desk this is and what it may take notes for."""
        raw = self._wire.call("GET", "desk")
        try:
            offers = {str(offer["id"]): str(offer["name"]) for offer in raw.get("offers", [])}
            return Venue(_name(raw["desk"]), _name(raw["venue"]), offers)
        except (KeyError, TypeError) as error:
            raise _garbled() from error

    def snapshot(self) -> dict[str, Any]:
        """What is known of all notes: keyring, issued, blocked and redeemed ones."""
        return self._wire.call("GET", "desk/snapshot", most_seconds=SNAPSHOT_SECONDS)

    def redeem(self, visit_id: str, body: Mapping[str, object], serials: Sequence[str]) -> Answer:
        """Spend the notes of one visit, all or none; the same id again gets the first answer."""
        raw = self._wire.call("PUT", f"redemptions/{visit_id}", body)
        return visit_answer(raw, visit_id, serials)

    def check(self, notes: Sequence[str]) -> tuple[NoteAnswer, ...]:
        """The same question without spending; `notes` are 1 to 50 tokens or serials."""
        raw = self._wire.call("POST", "checks", {"notes": list(notes)})
        try:
            return note_answers(raw)
        except (KeyError, TypeError, ValueError) as error:
            raise _garbled() from error

    def close(self) -> None:
        """Hang up."""
        self._wire.close()


def enrol(link: str, name: str) -> Enrolment:
    """Use an enrolment link, `http://127.0.0.1:8000/desk/enrol#<code>`, once. Raises BadInput, NotAllowed, Unavailable."""
    origin, code = parted(link)
    wire = Wire(origin)
    try:
        raw = wire.call("POST", "desks/enrolments", {"code": code, "name": name})
        return Enrolment(origin, _name(raw["desk"]), _name(raw["venue"]), str(raw["key"]))
    except (KeyError, TypeError) as error:
        raise _garbled() from error
    except (NotFound, NotAllowed, Conflict, Refused) as error:
        raise NotAllowed("The link does not count: it was used already, or is too old. Ask for a new one.") from error
    finally:
        wire.close()


def is_private(origin: str) -> bool:
    """Whether nobody between here and the service can listen: https, or this very computer."""
    parts = urlsplit(origin)
    return parts.scheme == "https" or parts.hostname in _LOCAL


def parted(link: str) -> tuple[str, str]:
    """The origin and the code of an enrolment link; the code is in the fragment, which browsers never send. Raises BadInput."""
    try:
        parts = urlsplit(link.strip())
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or "@" in parts.netloc or not _CODE.fullmatch(parts.fragment):
        raise BadInput(
            "That is not an enrolment link: copy the whole of it, like https://notes.example.org/desk/enrol#code."
        )
    return f"{parts.scheme}://{parts.netloc}", parts.fragment


def _name(value: Any) -> str:
    """A desk or venue is given by its name, or as an object that has one."""
    return str(value["name"]) if isinstance(value, dict) else str(value)


def _garbled() -> Unavailable:
    return Unavailable("The service's answer cannot be understood: is this scanner of the same version?")
