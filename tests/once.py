"""What costs much and comes out the same every time: made once in a session, and kept for every test after.

Each test has books, an application and passwords of its own all the same. What is kept are the statements that SQLAlchemy
compiled, the templates that Jinja compiled and the rules that Werkzeug compiled; a program in service makes them once too,
and it is only the tests that open a hundred books and applications in one process. Passwords are hashed for a moment, not
for as long as in service.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine, event
from werkzeug.routing import Rule

from app.services import accounts

MEMORY = Path("/dev/shm")  # noqa: S108
ROOM_BYTES = 4 * 1024**3
STATEMENTS = 5000
_Builder = Callable[..., tuple[str, str]]


def be_thrifty() -> None:
    """Have the folders of tests in memory where there is room for them: nothing that a test keeps must outlive the machine,
    and most of the time of a small transaction is the disk's. Programs that a test starts are compiled once."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and _is_roomy(os.statvfs(MEMORY)):
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _is_roomy(found: os.statvfs_result) -> bool:
    return found.f_bavail * found.f_frsize > ROOM_BYTES and not found.f_flag & os.ST_NOEXEC


@contextmanager
def kept() -> Iterator[None]:
    """Keep all of it while the tests run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sa, "create_engine", _engines(sa.create_engine))
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": _Templates()})
        patch.setattr(Flask, "url_rule_class", _Rule)
        patch.setattr(accounts, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


def _engines(make: Callable[..., Engine]) -> Callable[..., Engine]:
    """Makes engines that share what they learned of a kind of database, and the statements that they compiled for it."""
    first: dict[str, Engine] = {}

    def made(*arguments: Any, **more: Any) -> Engine:
        engine = make(*arguments, query_cache_size=STATEMENTS, **more)
        kind = engine.url.drivername
        if kind in first:
            engine.dialect = engine.pool._dialect = first[kind].dialect
            engine._compiled_cache = first[kind]._compiled_cache
        else:  # once it has asked its server what it must know
            event.listen(engine, "connect", lambda *_connected: first.setdefault(kind, engine))
        return engine

    return made


class _Templates(BytecodeCache):
    """The compiled templates of every application, by the text that they were compiled from."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key, bucket.checksum] = bucket.code


class _Rule(Rule):
    """A rule that is compiled once, however many applications have it."""

    _built: dict[object, _Builder] = {}  # noqa: RUF012

    def _compile_builder(self, append_unknown: bool = True) -> _Builder:
        known = (self.rule, repr(self.defaults), append_unknown)
        if known not in self._built:
            self._built[known] = super()._compile_builder(append_unknown)
        return self._built[known]
