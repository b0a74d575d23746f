"""The service's contract (`/api/v1`) as a desk uses it, one function a call."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from app.core.errors import BadInput, Conflict, HournoteError, NotAllowed, NotFound, Refused, Unavailable
from scanner import about
from scanner.answers import Answer, NoteAnswer, note_answers, visit_answer
from scanner.home import Enrolment
from scanner.wire import Deaf, Ear, Wire

COUNTER_SECONDS = 4.0
"""How long a person at the counter is kept waiting."""

PATIENT_SECONDS = 120.0
"""Journals are entered visit by visit, and snapshots come over the line of a village hall."""

ASIDE_SECONDS = 15.0
"""For what a desk only asks about itself."""

_CODE = re.compile(r"[!-~]{1,500}")
_LOCAL = ("127.0.0.1", "::1", "localhost")


class Client:
    """A desk's calls. Each raises what `Wire.call` raises; an answer of another shape is Unavailable too."""

    def __init__(self, enrolment: Enrolment, *, most_seconds: float = COUNTER_SECONDS, ear: Ear | None = None) -> None:
        self._wire = Wire(enrolment.server, enrolment.key, most_seconds=most_seconds, ear=ear)

    def desk(self, most_seconds: float = ASIDE_SECONDS) -> dict[str, Any]:
        """Which desk this is and what it may take notes for, as `about` reads it."""
        raw = self._wire.call("GET", "desk", most_seconds=most_seconds)
        try:
            about.parse(raw)
        except BadInput as error:
            raise _garbled() from error
        return raw

    def snapshot(self, since: str | None = None) -> dict[str, Any]:
        """What is known of all notes; with the cursor `since`, what changed. Refused (410): take the whole again."""
        path = f"desk/snapshot?since={quote(since, safe='')}" if since is not None else "desk/snapshot"
        raw = self._wire.call("GET", path, most_seconds=PATIENT_SECONDS)
        if not isinstance(raw.get("cursor"), str) or not isinstance(
            raw.get("redeemed"), dict if since is None else list
        ):
            raise _garbled()
        return raw

    def redeem(self, visit_id: str, body: Mapping[str, object], serials: Sequence[str]) -> Answer:
        """Spend the notes of one visit, all or none; the same id again gets the first answer."""
        raw = self._wire.call("PUT", f"redemptions/{visit_id}", body)
        return visit_answer(raw, visit_id, serials)

    def check(self, notes: Sequence[str]) -> tuple[NoteAnswer, ...]:
        """The same question without spending; `notes` are 1 to 50 tokens or serials."""
        raw = self._wire.call("POST", "checks", {"notes": list(notes)})
        try:
            answers = note_answers(raw)
        except (KeyError, TypeError, ValueError) as error:
            raise _garbled() from error
        if len(answers) != len(notes):
            raise _garbled()
        return answers

    def batch(self, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Hand over a journal, in its order; an answer for each of its lines."""
        raw = self._wire.call("POST", "redemptions/batch", {"entries": list(lines)}, most_seconds=PATIENT_SECONDS)
        answers = raw.get("answers")
        if not isinstance(answers, list) or len(answers) != len(lines):
            raise _garbled()
        if any(
            not isinstance(each, dict) or each.get("id") != line["id"]
            for each, line in zip(answers, lines, strict=True)
        ):
            raise _garbled()
        return answers

    def is_open(self) -> bool:
        """Whether redemption is open, as far as the service says so. What stands before it may answer in its place (503), which
        says nothing of the network."""
        try:
            return self._wire.call("GET", f"{self._wire.origin}/readyz", ear=Deaf()).get("redemption") == "open"
        except HournoteError:
            return False

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
