"""Browsers in plain words: what somebody knows theirs by, and nothing finer."""

from collections.abc import Iterable

BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chromium", "Chromium"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
"""What stands in a user agent string and the name that people know; the first that fits, for each copies those before it."""

SYSTEMS = (
    ("iPad", "iPad"), ("iPhone", "iPhone"), ("Android", "Android"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def in_words(user_agent: str) -> tuple[str | None, str | None]:
    """The browser and the system, each None where it is not known."""
    return _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)


def _first(known: Iterable[tuple[str, str]], text: str) -> str | None:
    return next((name for mark, name in known if mark in text), None)
