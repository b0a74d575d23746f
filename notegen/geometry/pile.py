"""The pile of a run: its sheets, and the slips between them, in the order in which they go through the press.

Sheet 1 is the top of the pile. A machine that lays its sheets face up buries the first under all others; for it they go
through in reverse, slips and all, so that the pile on its tray is the same.
"""

from collections.abc import Iterator
from typing import NamedTuple

from notegen.geometry.imposition import Imposition, Run


class Paper(NamedTuple):
    """A sheet of paper: the `leaf`th sheet of the run (from 0), or the slip that lies on it."""

    leaf: int
    slip: bool


def papers(imposition: Imposition, run: Run, *, separators: bool, reverse: bool) -> Iterator[Paper]:
    """The papers of a run as they are printed; `separators` are slips wherever a bundle begins."""
    for leaf in reversed(range(run.height)) if reverse else range(run.height):
        both = [Paper(leaf, slip=False)]
        if separators and begins_bundle(imposition, run, leaf):
            both.insert(1 if reverse else 0, Paper(leaf, slip=True))
        yield from both


def begins_bundle(imposition: Imposition, run: Run, leaf: int) -> bool:
    """Whether in any pile a bundle, or what a pile begins with of one, starts at a sheet (from 0)."""
    if leaf == 0:
        return True
    numbers = (run.number(position, leaf) for position in range(len(imposition.grid)))
    return any(number is not None and imposition.begins(number) for number in numbers)


def pages(imposition: Imposition, run: Run, *, separators: bool, reverse: bool) -> list[int]:
    """The page (from 1) of each sheet's front in the file of a run; fronts and backs take turns, slips count too."""
    found = [0] * run.height
    for at, paper in enumerate(papers(imposition, run, separators=separators, reverse=reverse)):
        if not paper.slip:
            found[paper.leaf] = 2 * at + 1
    return found


def slips(imposition: Imposition) -> int:
    """Slips of a whole job."""
    return sum(begins_bundle(imposition, run, leaf) for run in imposition.runs for leaf in range(run.height))
