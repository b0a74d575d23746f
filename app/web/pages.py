"""What every page has at hand: words, times and numbers as people read them, and the other language."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from babel.dates import format_date, format_datetime
from flask import Flask, request
from flask_babel import LazyString, get_locale
from flask_login import current_user
from markupsafe import Markup

from app.core.errors import BadSerial
from app.core.serial import parse_canonical
from app.core.wall_clock import LONDON
from app.web import camera, charts, desk_words, languages, ways, words


def furnish(app: Flask) -> None:
    """Give the templates what they use."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.add_template_filter(local, "local")
    app.add_template_filter(day, "day")
    app.add_template_filter(charts.month, "month")
    app.add_template_filter(number, "number")
    app.add_template_filter(printed, "printed")
    app.add_template_filter(said, "said")
    app.add_template_filter(pairs, "pairs")
    app.jinja_env.globals["words"] = words
    app.jinja_env.globals["ways"] = ways.ways
    app.jinja_env.globals["desk_words"] = desk_words.table
    app.jinja_env.globals["camera_in_page"] = camera.in_page
    app.context_processor(_at_hand)
    app.after_request(languages.remember)


def local(at: datetime | str) -> Markup:
    """A time of the books as a `time` element in the local time of the venues."""
    moment = datetime.fromisoformat(at) if isinstance(at, str) else at
    text = format_datetime(moment.astimezone(LONDON), "EEE d MMM y, HH:mm", locale=get_locale())
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="seconds"), text)


def day(on: Any) -> str:
    """A day in full."""
    return format_date(on, "d MMMM y", locale=get_locale())


def number(value: int) -> str:
    """A whole number with its thousands apart, as both languages write it (Unicode CLDR); a table may have thousands of them."""
    return f"{value:,}"


def printed(serial: str) -> str:
    """A serial as it stands on the note."""
    try:
        return parse_canonical(serial).printed
    except BadSerial:
        return serial


def said(word: str, table: Mapping[str, LazyString]) -> str:
    """The word of a table; one that is not in it is somebody's own and stays as it is."""
    return str(table.get(word, word))


def pairs(many: Iterable[Any], key: str) -> list[tuple[Any, str]]:
    """What is chosen from: each one's key and name."""
    return [(getattr(each, key), each.name) for each in many]


def local_path(path: str | None) -> str | None:
    """The path if it leads to a page here, and nowhere else."""
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return None
    return path


def _at_hand() -> dict[str, Any]:
    account = current_user.account if current_user.is_authenticated else None
    return {"account": account, "language": str(get_locale()), "other_languages": _other_languages()}


def _other_languages() -> list[tuple[str, str, str]]:
    """Code, name and link of each other language; the link keeps the path by saying nothing of it."""
    kept = {name: value for name, value in request.args.items() if name in _KEPT_ARGUMENTS and len(value) < 200}
    return [
        (code, name, "?" + "&".join(f"{key}={quote(value, safe='')}" for key, value in {**kept, "lang": code}.items()))
        for code, name in languages.LANGUAGES.items()
        if code != str(get_locale())
    ]


_KEPT_ARGUMENTS = (
    "q", "programme", "next", "number", "design", "quantity", "bundle", "replaces", "still", "shop", "sheet", "blank_sheets", "from", "to", "stretch",
    "town", "region", "kind", "hours", "wide", "page", "all",
    "month",
)  # fmt: skip
