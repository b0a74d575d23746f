"""Serving: the application under granian, in processes that share a port, and the sequencer beside them."""

import functools
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from granian.constants import Interfaces, SSLProtocols
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from app import logs
from app.beside import Beside
from app.config import Settings
from app.core.errors import BadSettings, Unavailable
from app.factory import create_app
from app.services.books import open_books
from app.web import metrics

THREADS = 16
"""A worker's threads; they wait for the database and for one another's transactions far more than they compute."""

SWITCH_SECONDS = 0.001
"""After so long a thread hands Python's lock over: the one whose transaction all others wait for gets it back soon."""

STOP_SECONDS = 20
LONGEST_HEAD_BYTES = 16 * 1024
AGAIN_SECONDS = 5.0


def serve(
    settings: Settings, host: str, port: int, announce: Callable[[], None], certificate: tuple[Path, Path] | None = None,
    *, with_press: bool = False,
) -> None:  # fmt: skip
    """Serve until stopped, having announced it once the port is ours; `with_press`: with a press beside it.

    Raises BadSettings when the port is taken or the books cannot be served, Unavailable when the press ended by itself.
    """
    open_books(settings.database_url).close()
    address = check_port(host, port)
    cert, key = certificate or (None, None)
    server = Server(
        "hournote", address, port, interface=Interfaces.WSGI, workers=settings.workers, blocking_threads=THREADS,
        respawn_failed_workers=True, workers_kill_timeout=STOP_SECONDS, backlog=1024,
        http1_settings=HTTP1Settings(header_read_timeout=15_000, max_buffer_size=LONGEST_HEAD_BYTES * 2),
        ssl_cert=cert, ssl_key=key, ssl_protocol_min=SSLProtocols.tls12, log_level=LogLevels.error,
    )  # fmt: skip
    logs.set_up(settings.log)
    metrics.prepare(settings.instance)
    server.on_startup(announce)
    threading.Thread(target=_sequence, name="sequencer", daemon=True).start()
    beside = Beside(server.signal_handler_interrupt, lambda: server.interrupt_signal)
    if with_press:
        server.on_startup(beside.start)
    try:
        server.serve(target_loader=functools.partial(_application, settings), wrap_loader=False)
    finally:
        beside.end()
    if beside.fell:
        raise Unavailable(
            "The press ended by itself, and the service was stopped with it: look into the log, and start again."
        )


def _application(settings: Settings) -> Flask:
    """The application, made anew in each worker so that no database connection is shared."""
    logs.set_up(settings.log)
    threading.Thread(target=_end_with, args=(os.getppid(),), name="parent", daemon=True).start()
    sys.setswitchinterval(SWITCH_SECONDS)
    return create_app(settings)


def _end_with(parent: int) -> None:
    """Stop this worker when the process that started it is gone (killed, say): it would keep the port."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _sequence() -> None:
    """Keep a sequencer going, in a process of its own so that no request ever waits for it."""
    while True:
        subprocess.run([sys.executable, "-m", "app.sequencer"], check=False)
        time.sleep(AGAIN_SECONDS)


def check_port(host: str, port: int) -> str:
    """The address of the host, at which the port can be had now. Raises BadSettings when it cannot."""
    try:
        with _listening(host, port) as bound:
            return str(bound.getsockname()[0])
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
        bound.listen(1)
    except OSError:
        bound.close()
        raise
    return bound
