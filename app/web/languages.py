"""English and Welsh: asked for in the address, remembered in a cookie, else what the browser prefers."""

from flask import request

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
COOKIE = "hournote_language"


def choose() -> str:
    """The language of this request."""
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    return asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"
