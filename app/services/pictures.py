"""Pictures of the designs: drawn once for as long as a design is the same, and kept in a folder.

What draws them is large, and most processes that serve never draw: it is loaded when it is first needed.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.services.printing import Folders

DPI = 110
"""A note is some 600 pixels wide: enough for a page, and drawn in a third of the time of a print."""

_DRAWING = Lock()
"""One at a time: a page asks for all of them at once, and desks wait for answers meanwhile."""

MOST_REMEMBERED = 32
_DRAWN: dict[str, bytes] = {}


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and what tells it from every other."""

    png: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Specimen:
    """A PDF of a specimen, and what tells it from every other."""

    pdf: bytes
    digest: str


def names(designs: "Folders") -> list[str]:
    """The fronts that an order can name."""
    from app.services import printing

    return printing.design_names(designs)


def picture_of(name: str, designs: "Folders", kept: Path) -> Picture:
    """The front called `name` above the national back, as a specimen; kept in the folder `kept`. Raises BadDesign."""
    from app.services import printing

    digest = printing.digest(name, designs)
    png = _once(kept / f"{digest}-{DPI}.png", lambda: printing.picture(name, designs, dpi=DPI))
    return Picture(png, digest)


def specimen_of(name: str, designs: "Folders", kept: Path) -> Specimen:
    """The same as a PDF to print for training. Raises BadDesign."""
    from app.services import printing

    digest = printing.digest(name, designs)
    return Specimen(_once(kept / f"{digest}-specimen.pdf", lambda: printing.specimen(name, designs)), digest)


def _once(path: Path, draw: Callable[[], bytes]) -> bytes:
    """What is drawn into that file, drawn now where it is not there yet."""
    with _DRAWING:
        drawn = _DRAWN.get(path.name) or _found(path)
        if drawn is None:
            drawn = draw()
            with suppress(OSError):  # it may be read-only: then this process alone remembers
                _keep(path, drawn)
        if len(_DRAWN) >= MOST_REMEMBERED:
            _DRAWN.clear()
        _DRAWN[path.name] = drawn
    return drawn


def remembered(digest: str, draw: Callable[[], bytes]) -> bytes:
    """What `draw` draws, drawn once for as long as this process remembers it by its digest. Raises what `draw` raises."""
    with _DRAWING:
        if digest not in _DRAWN:
            drawn = draw()
            if len(_DRAWN) >= MOST_REMEMBERED:
                _DRAWN.clear()
            _DRAWN[digest] = drawn
        return _DRAWN[digest]


def forget(digest: str, kept: Path) -> None:
    """Delete what was drawn of a design that was withdrawn; to be called in one's turn."""
    for name in [each for each in _DRAWN if each.startswith(digest)]:
        del _DRAWN[name]
    for path in kept.glob(f"{digest}-*"):
        path.unlink(missing_ok=True)


@contextmanager
def turn() -> Iterator[None]:
    """While it lasts, nobody else of this process draws, or reads a picture: both take much memory."""
    with _DRAWING:
        yield


def _found(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _keep(path: Path, png: bytes) -> None:
    """Write it whole, or not at all: another process may be at the same."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(4)}.part")
    draft.write_bytes(png)
    draft.replace(path)
