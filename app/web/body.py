"""The body of a JSON request, checked field by field before anything is done with it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from flask import request
from werkzeug.exceptions import BadRequest

from app.core.errors import BadInput
from app.core.visit import MOST_NOTES

T = TypeVar("T")
LONGEST_TEXT = 2000
_LARGEST_ID = 2**31 - 1
_UNFIT = re.compile("[\\x00\\ud800-\\udfff]")


class Fields:
    """The fields of a JSON object. Raises BadInput (422) naming the first that is wrong."""

    def __init__(self, fields: object, what: str = "An entry") -> None:
        if not isinstance(fields, dict):
            raise BadInput(f"{what} must be a JSON object.")
        self._fields = fields

    def notes(self) -> list[str]:
        """`notes`: 1 to 50 texts."""
        notes = self._fields.get("notes")
        if not isinstance(notes, list) or not 1 <= len(notes) <= MOST_NOTES:
            raise BadInput(f"`notes` must be a list of 1 to {MOST_NOTES} tokens or serials.")
        if not all(isinstance(note, str) and len(note) <= LONGEST_TEXT for note in notes):  # judged, never kept
            raise BadInput(f"Each of `notes` must be text of at most {LONGEST_TEXT} characters.")
        return notes

    def number(self, name: str) -> int | None:
        """A whole number above zero, or null."""
        found: int | None = self._optional(
            name, lambda value: type(value) is int and 0 < value <= _LARGEST_ID, "a whole number or null"
        )
        return found

    def flag(self, name: str) -> bool:
        """true or false; false when left out."""
        found = self._optional(name, lambda value: isinstance(value, bool), "true or false")
        return bool(found)

    def text(self, name: str, *, required: bool = True) -> str | None:
        """Text of at most 2000 characters."""
        if required and self._fields.get(name) is None:
            raise BadInput(f"`{name}` is missing: it must be text.")
        found: str | None = self._optional(name, _is_text, "text")
        return found

    def moment(self, name: str) -> datetime | None:
        """A time with its zone (RFC 3339), or null."""
        text = self.text(name, required=False)
        if text is None:
            return None
        try:
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                raise ValueError("no zone")
            return at.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise BadInput(f"`{name}` must be a time with its zone, like 2026-03-01T10:00:00Z.") from error

    def uuid(self, name: str) -> UUID:
        """The id of a deed, made by the desk."""
        return uuid_of(self.text(name) or "")

    def _optional(self, name: str, fits: Callable[[Any], bool], what: str) -> Any:
        value = self._fields.get(name)
        if value is not None and not fits(value):
            raise BadInput(f"`{name}` must be {what}.")
        return value


class Body(Fields):
    """The fields of a request's body. Raises BadInput (400) when it is no JSON."""

    def __init__(self) -> None:
        try:
            fields = request.get_json()
        except (BadRequest, RecursionError) as error:
            raise BadInput("The body is not JSON.", status=getattr(error, "code", 400)) from error
        super().__init__(fields, "The body")

    def entries(self, most: int) -> list[object]:
        """`entries`: a list of 1 to `most` values."""
        entries = self._fields.get("entries")
        if not isinstance(entries, list) or not 1 <= len(entries) <= most:
            raise BadInput(f"`entries` must be a list of 1 to {most} entries.")
        return entries


def _is_text(value: object) -> bool:
    """Text that a database can keep: JSON may hold halves of characters and NULs, which it cannot."""
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and not _UNFIT.search(value)


def uuid_of(text: str) -> UUID:
    """The id of a deed, from a path. Raises BadInput when it is no UUID."""
    try:
        found = UUID(text)
    except ValueError as error:
        raise BadInput("The id of a redemption is a UUID, made by the desk.") from error
    if str(found) != text.lower():
        raise BadInput("The id of a redemption is a UUID, written with its hyphens.")
    return found
