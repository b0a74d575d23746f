"""Serving: the application under gunicorn, on a socket that is ours before any worker starts."""

import logging
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from app import sequencer
from app.config import Settings
from app.core.errors import BadSettings, Unavailable
from app.factory import create_app
from app.services.books import open_books

_LOGGER = logging.getLogger(__name__)
THREADS = 8
"""A worker's threads; they wait for the database and the network far more than they compute."""


def serve(
    settings: Settings, host: str, port: int, announce: Callable[[], None], certificate: tuple[Path, Path] | None = None
) -> None:
    """Serve until stopped, having announced it once the port is ours. Raises BadSettings when the port is taken or the books cannot be served."""
    open_books(settings.database_url).close()
    bound = _bind(host, port)
    announce()
    options: dict[str, Any] = {
        "bind": f"fd://{bound.fileno()}",
        "workers": settings.workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": 60,
        "graceful_timeout": 20,
        "keepalive": 15,
        "loglevel": "warning",
        "limit_request_line": 4094,
        "proc_name": "hournote",
    }
    if certificate is not None:
        options.update(certfile=str(certificate[0]), keyfile=str(certificate[1]))
    _Gunicorn(settings, options).run()


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our application, made anew in each worker so that no database connection is shared."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings, self._options = settings, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        application = _made(self._settings)
        sequencer.start(self._settings)
        return application


def _made(settings: Settings) -> Flask:
    """The application, as soon as its books answer: gunicorn ends altogether when one worker does not start."""
    while True:
        try:
            return create_app(settings)
        except Unavailable as error:
            _LOGGER.error("A worker waits: %s", error.sentence)
            time.sleep(1)


def check_port(host: str, port: int) -> None:
    """Raise BadSettings when the port cannot be had now."""
    _bind(host, port).close()


def _bind(host: str, port: int) -> socket.socket:
    try:
        return _listening(host, port)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadSettings(
            f"Port {port} of {host} cannot be used ({reason}): stop what uses it, or choose another with --port (PORT= for make)."
        ) from error


def _listening(host: str, port: int) -> socket.socket:
    family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        bound.listen(1024)
    except OSError:
        bound.close()
        raise
    return bound
