"""The slug as ink: which sheet of which order it is, on both sides; only the first line of fronts differs in a run."""

from functools import cache

from notegen.geometry.imposition import Run
from notegen.geometry.slot import Slot, fitted
from notegen.geometry.slug import slug
from notegen.ink import forme
from notegen.ink.edition import Edition


class SlugMaker:
    """Sets the slugs of an edition; nothing on single notes, which have no margin."""

    def __init__(self, edition: Edition) -> None:
        self._edition = edition
        self._job, self._imposition = edition.job, edition.imposition
        self._height = edition.imposition.grid.sheet.height_mm
        self._slots = slug(edition.imposition.grid)
        self._set = cache(self._set_once)
        if self._slots.sheet is not None:
            longest = self._sheet(self._imposition.runs[-1], self._imposition.sheets)
            self._line = edition.typecase.setter(fitted(self._slots.sheet, longest), (0, 0), self._height)

    def front(self, run: Run, leaf: int) -> bytes:
        """The slug of the `leaf`th sheet of a run, from 0."""
        if self._slots.sheet is None:
            return b""
        return self._line(self._sheet(run, run.sheets_before + leaf + 1)) + self._set(self._run(run), self._slots.run)

    def back(self, run: Run) -> bytes:
        """The same on all backs of a run, so that these are one object of the file."""
        words = f"{self._job.order}, run {run.ordinal}, back"
        return forme.BLACK + self._set(words, self._slots.sheet) + self._set(self._run(run), self._slots.run)

    def _sheet(self, run: Run, number: int) -> str:
        return f"{self._job.order}, sheet {number} of {self._imposition.sheets}, run {run.ordinal}, front"

    def _run(self, run: Run) -> str:
        """What is alike on both sides of every sheet of a run."""
        (first, last), sheet = self._imposition.stacks(run), self._imposition.grid.sheet
        return (
            f"Stacks {first}-{last}, notes {run.span}, {run.height} sheets of "
            f"{sheet.width_mm:g} x {sheet.height_mm:g} mm, job of {self._job.created_at:%Y-%m-%d}, "
            "print at 100 %: do not scale"
        )

    def _set_once(self, words: str, slot: Slot | None) -> bytes:
        if slot is None:
            return b""
        return self._edition.typecase.line(words, fitted(slot, words), (0, 0), self._height)
