"""English and Welsh: asked for in the address, remembered in a cookie, else what the browser prefers."""

from flask import Response, request

from app.web import site

LANGUAGES = {"en": "English", "cy": "Cymraeg"}
COOKIE = "hournote_language"
COOKIE_SECONDS = 400 * 24 * 3600


def choose() -> str:
    """The language of this request."""
    asked = request.args.get("lang") or request.cookies.get(COOKIE)
    return asked if asked in LANGUAGES else request.accept_languages.best_match(LANGUAGES) or "en"


def remember(response: Response) -> Response:
    """Keep the language that was asked for."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(
            COOKIE, asked, max_age=COOKIE_SECONDS, httponly=True, samesite="Lax", secure=site.cookies_are_secure()
        )
    return response
