"""Finished runs: what an earlier delivery of the same edition has whole, and so need not be made again."""

import os
from pathlib import Path

from notegen import layout
from notegen.geometry.imposition import Run
from notegen.ink.edition import Edition

_TRAILER_BYTES = 256


def keep(out: Path, edition: Edition, folder: str, press: Path) -> set[int]:
    """Take the whole runs of `edition` in `out`/`folder` over into the folder `press`; gives their ordinals."""
    if layout.identity(out) != edition.identity:
        return set()
    runs = {run.ordinal: out / folder / edition.file_name(run) for run in edition.imposition.runs}
    whole = {run.ordinal for run in edition.imposition.runs if _whole(runs[run.ordinal], edition, run)}
    for ordinal in whole:
        os.link(runs[ordinal], press / runs[ordinal].name)
    return whole


def tidy(press: Path) -> bool:
    """Remove what processes that were ended left half-written in the folder `press`; whether anything whole is there."""
    for left in press.glob(".*"):
        left.unlink()
    return any(press.iterdir())


def _whole(path: Path, edition: Edition, run: Run) -> bool:
    """Whether a run's file is there to its end, and is of this edition."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TRAILER_BYTES))
        end = file.read()
    return end.endswith(b"%%EOF\n") and edition.run_identity(run).hex().encode() in end
