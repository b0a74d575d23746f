"""The log's public face: its newest checkpoint and its key, for people outside to keep."""

from flask import Blueprint, Response

from app.core.checkpoint import CheckpointKey
from app.core.errors import NotFound
from app.services import log as logs
from app.web.site import books, settings

log = Blueprint("log", __name__, url_prefix="/log")


@log.get("/checkpoint")
def checkpoint() -> Response:
    """The newest checkpoint, a signed note. Raises NotFound while the log is empty."""
    note = logs.newest_checkpoint(books())
    if note is None:
        raise NotFound("The log is empty as yet: there is no checkpoint.")
    return Response(note, mimetype="text/plain")


@log.get("/key")
def key() -> Response:
    """The key that checkpoints are verified with."""
    return Response(f"{CheckpointKey(settings().checkpoint_key).public}\n", mimetype="text/plain")
