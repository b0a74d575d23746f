"""Help: a short guide for each of the people, the one of whoever asks first."""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask_babel import LazyString, get_locale
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.core.roles import Role
from app.web.languages import LANGUAGES

helping = Blueprint("helping", __name__, url_prefix="/help")

FOLDER = Path(str(resources.files("app") / "web" / "guides"))
GUIDES: Mapping[str, LazyString] = {
    "holder": _l("Whoever holds a note"),
    "organisation": _l("Organisation"),
    "venue": _l("Front desk"),
    "programme-office": _l("Programme office"),
    "national-office": _l("National office"),
    "print-shop": _l("Print shop"),
    "auditor": _l("Auditor"),
}
_OF_ROLE: Mapping[str, str] = {
    Role.NATIONAL: "national-office",
    Role.PROGRAMME: "programme-office",
    Role.AUDITOR: "auditor",
    Role.PRESS: "print-shop",
    Role.KEEPER: "organisation",
    Role.VENUE: "venue",
}


@helping.get("")
def mine() -> str:
    """The guide of whoever is signed in; of somebody who is not, that for holders of notes."""
    return _page(_OF_ROLE[current_user.account.role] if current_user.is_authenticated else "holder")


@helping.get("/<who>")
def guide(who: str) -> str:
    """The guide of these people."""
    if who not in GUIDES:
        abort(404)
    return _page(who)


@helping.get("/pictures/<language>/<name>.png")
def picture(language: str, name: str) -> Response:
    """A picture of a guide."""
    if language not in LANGUAGES or name not in _names(language):
        abort(404)
    answer = make_response((FOLDER / "pictures" / language / f"{name}.png").read_bytes())
    answer.mimetype = "image/png"
    answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache"
    return answer.make_conditional(request)


def _page(who: str) -> str:
    return render_template("help.html", who=who, guides=GUIDES, text=_text(str(get_locale()), who))


@cache
def _text(language: str, who: str) -> Markup:
    """A guide as HTML. What is written in it is ours; markup in it would be shown as it is typed."""
    reader = MarkdownIt("commonmark", {"html": False})
    tokens = reader.parse((FOLDER / language / f"{who}.md").read_text("utf-8"))
    for each in _pictures(tokens):
        place = Path(str(each.attrs["src"]))
        each.attrs["src"] = url_for("helping.picture", language=place.parent.name, name=place.stem)
        each.attrs["loading"] = "lazy"
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704


@cache
def _names(language: str) -> frozenset[str]:
    return frozenset(path.stem for path in (FOLDER / "pictures" / language).glob("*.png"))


def _pictures(tokens: Iterable[Token]) -> Iterable[Token]:
    return (each for line in tokens for each in line.children or () if each.type == "image")
