"""The service's own log: a line for each request, warning and error, as JSON or plain, and never a secret in it."""

import logging
import re
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

import msgspec
from flask import g, has_request_context
from flask.logging import default_handler

REQUESTS = "app.requests"
"""The logger of the lines for requests; the numbers of each are in the record's `facts`."""

_SERVERS = ("_granian", "granian")
"""The loggers of the servers in front of the application, which bring handlers of their own."""

_TOKEN = re.compile(r"([nNbB](?:/|%2[fF])[A-Za-z0-9]{13})[A-Za-z0-9]+")
_SECRET = re.compile(r"(?<![A-Za-z0-9_\-])(?=[a-z0-9_\-]*[A-Z])[A-Za-z0-9_\-]{24,}|[A-Za-z0-9]{64,}")
"""A run as long as no word is: keys, codes and session cookies (24 and more with a capital in it), bare signatures."""

_QUERY = re.compile(r"((?:https?://|/)[^\s?#\"']*)\?[^\s\"']*")


def hide(text: str) -> str:
    """The text without secrets: tokens cut to their serial, keys and codes to a dot, addresses without their query."""
    return _SECRET.sub("…", _TOKEN.sub(r"\1…", _QUERY.sub(r"\1?…", text)))


def set_up(kind: str, stream: TextIO | None = None) -> None:
    """Write what this process logs to `stream` (standard error) as `kind`; call it in each process that serves."""
    handler = logging.NullHandler() if kind == "off" else logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Json() if kind == "json" else _Plain())
    handler.set_name("hournote")
    root = logging.getLogger()
    root.handlers = [each for each in root.handlers if each.get_name() != "hournote"] + [handler]
    for name in _SERVERS:
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    logging.getLogger("app").removeHandler(default_handler)
    requests = logging.getLogger(REQUESTS)
    requests.setLevel(logging.INFO if kind != "off" else logging.CRITICAL)


def request_id() -> str | None:
    """The id of the request that is being answered, if one is."""
    return g.get("request_id") if has_request_context() else None


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """What a record says, in the order in which it is read."""
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    told: dict[str, Any] | None = getattr(record, "facts", None)
    if told is not None:
        return {"time": at, "level": record.levelname.lower(), "message": record.msg, **told}
    facts: dict[str, Any] = {"time": at, "level": record.levelname.lower(), "message": hide(record.getMessage())}
    facts |= {"request_id": request_id(), "logger": record.name}
    if record.exc_info:
        facts["exception"] = hide(logging.Formatter().formatException(record.exc_info))
    elif record.exc_text:
        facts["exception"] = hide(record.exc_text)
    return facts


class _Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON, without secrets."""
        return msgspec.json.encode(_facts(record)).decode()


class _Plain(logging.Formatter):
    """A line that people read."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as words, without secrets."""
        facts = {name: value for name, value in _facts(record).items() if value is not None}
        exception = facts.pop("exception", None)
        words = " ".join(f"{value}" if name in ("time", "level", "message") else f"{name}={value}"
                         for name, value in facts.items())  # fmt: skip
        return f"{words}\n{exception}" if exception else words
