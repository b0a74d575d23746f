"""The file of a draft: what a group has tried so far, its variants and its pictures, in a folder of its own."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from app.core.errors import BadInput, Unavailable

FILE = "draft.json"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that was brought: its file, and its pixels."""

    file: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One way the note could look: the id of whoever asked for it, and what is chosen."""

    id: str
    choices: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a group of one programme has tried; `begun` is a day, as ISO 8601 writes it."""

    id: str
    programme: str
    title: str
    begun: str
    variants: tuple[Variant, ...] = ()
    pictures: tuple[Shot, ...] = ()

    def shot(self, file: object) -> Shot | None:
        """The picture of that name; None where there is none, or it was taken away."""
        return next((each for each in self.pictures if each.file == file), None)

    def put(self, number: int, choices: Mapping[str, Any]) -> "Draft":
        """The draft with another choice for a variant."""
        variants = list(self.variants)
        variants[number] = replace(variants[number], choices=choices)
        return replace(self, variants=tuple(variants))


def read(folder: Path) -> Draft | None:
    """The draft in a folder, None where there is none. Raises Unavailable for one that cannot be read."""
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        variants = tuple(Variant(**each) for each in told.pop("variants"))
        return Draft(**told | {"variants": variants, "pictures": tuple(Shot(**each) for each in told.pop("pictures"))})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Unavailable("This draft cannot be read: ask whoever keeps the server.") from error


def write(folder: Path, draft: Draft) -> None:
    """Write it whole, or not at all."""
    keep(folder / FILE, json.dumps(asdict(draft), ensure_ascii=False).encode())


def keep(path: Path, data: bytes) -> None:
    """Write a file whole, or not at all. Raises BadInput where there is no room."""
    part = path.with_suffix(f".{secrets.token_hex(4)}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise BadInput("This cannot be kept: the disk is full, or nobody may write to it.") from error


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """While it lasts, nobody else changes the draft of the folder."""
    file = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
