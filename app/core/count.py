"""The count of a job at the print shop: ordered = good + spoiled + missing, and what is still open.

Good notes are counted, spoiled and missing ones are named; only so can the sum be wrong, and show that somebody has to
count again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.core import span as spans
from app.core.errors import BadInput, Refused
from app.core.span import Span


class Counted(StrEnum):
    """What a print shop reports."""

    GOOD = "good"
    SPOILED = "spoiled"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Report:
    """So many notes were counted; which, where they are spoiled or missing."""

    kind: Counted
    notes: int
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many notes of a job were ordered, and how many are accounted for by now."""

    ordered: int
    good: int = 0
    spoiled: int = 0
    missing: int = 0

    @property
    def open(self) -> int:
        """Notes that nobody has accounted for; below nothing, where more are reported than were ordered."""
        return self.ordered - self.good - self.spoiled - self.missing

    @property
    def bad(self) -> int:
        """Notes that have to be printed again."""
        return self.spoiled + self.missing


def count(ordered: int, reports: Iterable[Report]) -> Count:
    """What reports come to."""
    sums = dict.fromkeys(Counted, 0)
    for report in reports:
        sums[report.kind] += report.notes
    return Count(ordered, sums[Counted.GOOD], sums[Counted.SPOILED], sums[Counted.MISSING])


def check(ordered: Span, before: Sequence[Report], new: Report) -> None:
    """Refuse a report that cannot be: of no notes, of notes of another order, or of notes that were reported before.

    Raises BadInput, Refused.
    """
    if not 1 <= new.notes <= len(ordered):
        raise BadInput(f"A report is of 1 to {len(ordered):,} notes: count again.", notes=len(ordered))
    for span in new.spans:
        if not ordered.covers(span):
            raise BadInput(f"The notes {span} are not of this order, which is {ordered}.", span=span, ordered=ordered)
    for span in new.spans:
        _check_new(span, [other for report in before for other in report.spans])


def notes_of(named: Iterable[Span]) -> tuple[Span, ...]:
    """The notes that several spans name, each once and in order."""
    return tuple(spans.merge(named))


def _check_new(span: Span, reported: Iterable[Span]) -> None:
    for other in reported:
        twice = span.intersection(other)
        if twice is not None:
            raise Refused(f"The notes {twice} were reported already: withdraw that report first.", span=twice)
