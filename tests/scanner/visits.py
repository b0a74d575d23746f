"""Visits for tests, as they are sent."""

import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scanner.memory.entries import serials_of


@dataclass
class Sent:
    """A visit with its id, the body of its PUT and the serials of its notes."""

    id: str
    body: dict[str, Any] = field(repr=False)
    serials: tuple[str, ...]


def visit_of(*texts: str) -> Sent:
    body: dict[str, Any] = {"notes": list(texts), "offer": None, "scanned_at": "2026-11-22T14:00:00Z"}
    return Sent(str(uuid.uuid4()), {**body, "offline": False, "practice": False}, serials_of(texts))


def signature_in(folder: Path, token: str) -> bool:
    """Whether the signature of a token stands in any file of a folder."""
    return any(token[-60:].encode() in path.read_bytes() for path in folder.iterdir())
