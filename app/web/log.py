"""The log's public face: its newest checkpoint and its key, for people outside to keep."""

from flask import Blueprint, Response, jsonify, request

from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput
from app.services import log as logs
from app.web.limits import MINUTE, throttled
from app.web.site import books, settings

LONGEST_SIZE = 15
"""Digits of a size of the log."""

FRESH_SECONDS = 5
"""For so long anybody may keep an answer, so that a crowd asks the database once."""

log = Blueprint("log", __name__, url_prefix="/log")


@log.get("/checkpoint")
def checkpoint() -> Response:
    """The newest checkpoint, a signed note; 404 while the log is empty."""
    note = logs.newest_checkpoint(books())
    if note is None:
        return _plain("The log is empty as yet: there is no checkpoint.\n", 404)
    return _plain(note)


@log.get("/consistency")
@throttled("consistency", 60, MINUTE)
def consistency() -> Response:
    """That the log of `old` facts is the beginning of that of `new`, or of all of it: JSON with hashes in hex."""
    sizes = {name: _size(name) for name in ("old", "new") if name in request.args}
    if "old" not in sizes:
        raise BadInput("Say which checkpoint you have: `old` is its number of facts, its second line.")
    answer = jsonify(logs.consistency(books(), **sizes))
    answer.cache_control.public, answer.cache_control.max_age = True, FRESH_SECONDS
    return answer


@log.get("/key")
def key() -> Response:
    """The key that checkpoints are verified with."""
    return _plain(f"{CheckpointKey(settings().checkpoint_key).public}\n")


def _size(name: str) -> int:
    text = request.args[name]
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_SIZE):
        raise BadInput(f"`{name}` is a number of facts, the second line of a checkpoint.")
    return int(text)


def _plain(text: str, status: int = 200) -> Response:
    answer = Response(text, status, mimetype="text/plain")
    answer.cache_control.public, answer.cache_control.max_age = True, FRESH_SECONDS
    return answer
