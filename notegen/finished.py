"""Finished runs: what an earlier delivery of the same edition has whole, and so need not be made again."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from app.core.errors import BadInput, Unavailable
from notegen import layout
from notegen.geometry.imposition import Run
from notegen.ink.edition import Edition

Check = Callable[[Path], None]
"""Raises Unavailable for a file that is not as it must be."""

_TRAILER_BYTES = 256


def keep(out: Path, edition: Edition, folder: str, press: Path, check: Check) -> set[int]:
    """Take the sound runs of `edition` in `out`/`folder` over into the folder `press`; gives their ordinals.

    One that `check` refuses is not kept.
    """
    if _identity(out) != edition.identity:
        return set()
    kept = set()
    for run in edition.imposition.runs:
        path = out / folder / edition.file_name(run)
        if _whole(path, edition, run) and _passes(path, check):
            _take(path, press / path.name)
            kept.add(run.ordinal)
    return kept


def tidy(press: Path) -> bool:
    """Remove what processes that were ended left half-written in the folder `press`; whether anything whole is there."""
    for left in press.glob(".*"):
        left.unlink()
    return any(press.iterdir())


def _identity(out: Path) -> str | None:
    """Of the delivery in `out`; None also where its layout is damaged, as nothing of it can be kept."""
    try:
        return layout.identity(out)
    except BadInput:
        return None


def _passes(path: Path, check: Check) -> bool:
    try:
        check(path)
    except Unavailable:
        return False
    return True


def _take(path: Path, target: Path) -> None:
    """The same file under another name, or a copy on a disk that has no such names."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)


def _whole(path: Path, edition: Edition, run: Run) -> bool:
    """Whether a run's file is there to its end, and is of this edition."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TRAILER_BYTES))
        end = file.read()
    return end.endswith(b"%%EOF\n") and edition.run_identity(run).hex().encode() in end
