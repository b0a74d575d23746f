"""What forms send, read so that nothing in it can surprise anybody."""

from uuid import UUID, uuid4

from flask import request
from flask_babel import gettext as _

from app.core.errors import BadInput, Conflict, HournoteError

LONGEST_FIELD = 500


def field(name: str, most: int = LONGEST_FIELD) -> str:
    """A field of the form, empty where it is not there."""
    return request.form.get(name, "").replace("\0", "")[:most]


def whole_field(name: str, most: int) -> str:
    """A list in the form, never cut: what was left out of it would be done by nobody. Raises BadInput beyond `most` characters."""
    text = request.form.get(name, "").replace("\0", "")
    if len(text) > most:
        raise BadInput(str(_("This list is too long to be sent at once: do it in parts. Nothing was changed.")))
    return text


def request_id() -> UUID:
    """The id that the page gave the deed when it was shown: sent twice, it is done once. Raises BadInput."""
    try:
        return UUID(field("request_id"))
    except ValueError as error:
        raise BadInput("This page is too old or came from elsewhere: load it again and repeat.") from error


def fresh_id(error: HournoteError | None = None) -> UUID:
    """The id of the deed that a form sends: the one it has already, unless that was found to stand for another; else a
    new one."""
    try:
        if isinstance(error, Conflict):
            return uuid4()
        return UUID(field("request_id"))
    except ValueError:
        return uuid4()
