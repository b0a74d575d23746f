"""Flows: the hours that went from the largest organisations to the largest venues, as far as they are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.core import suppression
from app.core.suppression import Cell
from app.services.impact_books import Books
from app.services.impact_cells import cell

MOST_FLOWS = 10
"""Organisations and venues in the picture of flows."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Hours that went from an organisation to a venue; ids and names."""

    organisation_id: int
    organisation: str
    venue_id: int
    venue: str
    hours: int


def flows(books: Books, gone: frozenset[str]) -> list[Flow]:
    """The largest organisations and venues whose hours are shown, and what went between them; never what would tell a small
    flow."""
    origins = _largest("organisation", books.spent_of, gone)
    goals = _largest("venue", books.spent_at, gone)
    between = {key: hours for key, hours in books.between(origins, goals).items() if hours > 0}
    cells = list(_flow_cells(books, origins, goals, between))
    hide = suppression.hidden(cells)
    return [
        Flow(origin, books.names["organisation"][origin], goal, books.names["venue"][goal], hours)
        for (origin, goal), hours in sorted(between.items(), key=lambda each: -each[1])
        if f"{origin}>{goal}" not in hide
        and not {f"organisation:{origin}", f"venue:{goal}"} & hide
    ]  # fmt: skip


def _largest(kind: str, hours: Mapping[int, int], gone: frozenset[str]) -> list[int]:
    shown = [key for key, told in hours.items() if told >= suppression.LEAST and f"{kind}:{key}" not in gone]
    return sorted(shown, key=lambda key: (-hours[key], key))[:MOST_FLOWS]


def _flow_cells(
    books: Books, origins: list[int], goals: list[int], between: Mapping[tuple[int, int], int]
) -> Iterable[Cell]:
    """The flows between the largest, and all others as one organisation and one venue that no page tells."""
    venues = books.spent_at
    for origin in origins:
        whole = books.spent_of[origin]
        aside = whole - sum(between.get((origin, goal), 0) for goal in goals)
        yield Cell(f"organisation:{origin}", "in", f"o{origin}", whole)
        yield cell(f"{origin}>", f"o{origin}", "others", aside, never_shown=True)
    for goal in goals:
        came = sum(between.get((origin, goal), 0) for origin in origins)
        yield Cell(f"venue:{goal}", f"v{goal}", "in", venues[goal])
        yield cell(f">{goal}", "rest", f"v{goal}", venues[goal] - came, never_shown=True)
    for (origin, goal), hours in between.items():
        yield Cell(f"{origin}>{goal}", f"o{origin}", f"v{goal}", hours)
    inside = sum(between.values())
    all_spent, leaving = sum(books.spent_of.values()), sum(books.spent_of[each] for each in origins)
    arriving = sum(venues[each] for each in goals)
    yield cell("rest", "in", "rest", all_spent - leaving, never_shown=True)
    yield cell("others", "others", "in", all_spent - arriving, never_shown=True)
    yield cell("rest>", "rest", "others", all_spent - leaving - (arriving - inside), never_shown=True)
