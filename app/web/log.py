"""The log's public face: its newest checkpoint, its key, and proofs that one checkpoint continues another, for people
outside to keep and compare."""

from flask import Blueprint, Response, jsonify, request

from app.core.checkpoint import CheckpointKey
from app.core.errors import BadInput, shown
from app.services import log as logs
from app.web.site import books, settings

FRESH_SECONDS = 5
"""For so long anybody may keep an answer, so that a crowd asks the database once."""

MOST_DIGITS = 15

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


@log.get("/consistency")
def consistency() -> Response:
    """That the checkpoint of `old` facts is continued by that of `new` ones (the newest where it is left out), as JSON."""
    old, new = (_size(name) for name in ("old", "new"))
    if old is None:
        raise BadInput("Say with old=N of how many facts the earlier checkpoint is.")
    key = CheckpointKey(settings().checkpoint_key).public
    return _fresh(jsonify(logs.prove_growth(books(), key=key, old=old, new=new)))


def _size(name: str) -> int | None:
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise BadInput(
            f"{shown(text)} is no size of a checkpoint: {name} is a whole number of at most {MOST_DIGITS} digits."
        )
    return int(text)


def _plain(text: str, status: int = 200) -> Response:
    return _fresh(Response(text, status, mimetype="text/plain"))


def _fresh(answer: Response) -> Response:
    answer.cache_control.public, answer.cache_control.max_age = True, FRESH_SECONDS
    return answer
