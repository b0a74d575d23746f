"""The log's public face: its newest checkpoint and its key, for people outside to keep."""

from flask import Blueprint, Response

from app.core.checkpoint import CheckpointKey
from app.services import log as logs
from app.web.site import books, settings

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


@log.get("/key")
def key() -> Response:
    """The key that checkpoints are verified with."""
    return _plain(f"{CheckpointKey(settings().checkpoint_key).public}\n")


def _plain(text: str, status: int = 200) -> Response:
    answer = Response(text, status, mimetype="text/plain")
    answer.cache_control.public, answer.cache_control.max_age = True, FRESH_SECONDS
    return answer
