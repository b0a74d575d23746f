"""The camera of the pages that take labels and notes: what its script says, and leave for the answer's page to use it."""

from typing import Any

from flask import Response, after_this_request
from flask_babel import get_locale, ngettext
from flask_babel import lazy_gettext as _l

from app.web import desk_words, security

SENTENCES = {
    "added": _l("{what} added."),
    "twice": _l("{what} is there already."),
    "strange": _l("That is no code of ours: scan the label of a bundle or a note."),
    "no_label": _l("That is a label: scan the notes one by one."),
    "no_note": _l("That is a note: scan the label of its bundle."),
    "not_here": _l("{what} is no bundle of this delivery."),
    "camera": _l("Camera {number}"),
    "short_added": _l("Added"),
    "short_twice": _l("There already"),
    "short_no": _l("Not taken"),
}


def in_page() -> dict[str, Any]:
    """What the script says, in the language of the request. The page that says it is one that may use the camera."""
    after_this_request(_allow)
    return {
        "language": str(get_locale()),
        "trouble": {word: str(text) for word, text in desk_words.CAMERA.items()},
        "sentences": {word: str(text) for word, text in SENTENCES.items()},
        "so_far": desk_words.forms(lambda n: ngettext("{num} so far.", "{num} so far.", n)),
    }


def _allow(answer: Response) -> Response:
    answer.headers["Permissions-Policy"] = security.WITH_CAMERA
    return answer
