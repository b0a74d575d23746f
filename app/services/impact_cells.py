"""The numbers of an impact report as cells that add up, so that small ones stay hidden (see app/core/suppression.py)."""

from collections.abc import Iterable, Mapping

from app.core.suppression import Cell
from app.services.impact_books import Books
from app.services.impact_ways import WAYS


def spent_cells(books: Books) -> list[Cell]:
    """Every number of hours spent, from the programmes round to the offers and back (see app/core/suppression.py)."""
    cells = list(_earned(books, books.spent_of))
    cells.append(cell("total", "earned", "dated", sum(books.spent_of.values())))
    cells += [cell(f"wait:{each}", "dated", "waited", hours) for each, hours in books.buckets().items()]
    for month in books.months:
        told = {way: books.ways.get((month, way), 0) for way in WAYS}
        cells.append(cell(f"month:{month}", "waited", f"m{month}", sum(told.values())))
        cells += [cell(f"cell:{month}:{way}", f"m{month}", way, hours) for way, hours in told.items()]
    for way in WAYS:
        cells.append(cell(f"way:{way}", way, f"at {way}", sum(books.ways.get((m, way), 0) for m in books.months)))
    cells += [
        cell(f"at:{venue}:{way}", f"at {way}", f"v{venue}", hours, never_shown=True)
        for (venue, way), hours in books.at.items()
    ]
    return [*cells, *_offered(books)]


def _offered(books: Books) -> Iterable[Cell]:
    """Venues, each with its offers and what was spent on none that was named."""
    named: dict[int, int] = {}
    for offer, hours in books.offers.items():
        venue = books.offer_at[offer]
        named[venue] = named.get(venue, 0) + hours
        yield cell(f"offer:{offer}", f"o{venue}", "programmes", hours)
    for venue, hours in books.spent_at.items():
        yield cell(f"venue:{venue}", f"v{venue}", f"o{venue}", hours)
        yield cell(f"rest:{venue}", f"o{venue}", "programmes", hours - named.get(venue, 0), never_shown=True)


def given_cells(books: Books, what: str) -> list[Cell]:
    """Every number of hours, or of people, of hand-outs."""
    of = {key: int(getattr(told, what)) for key, told in books.given_of.items()}
    cells = list(_earned(books, of))
    cells.append(cell("total", "earned", "dated", sum(of.values())))
    for month, told in books.given_months.items():
        cells.append(cell(f"month:{month}", "dated", "done", getattr(told, what)))
    for activity, told in books.activities.items():
        cells.append(cell(f"activity:{activity}", "done", "programmes", getattr(told, what)))
    return cells


def _earned(books: Books, of: Mapping[int, int]) -> Iterable[Cell]:
    sums: dict[int, int] = {}
    for organisation, hours in of.items():
        programme = books.programme_of[organisation]
        sums[programme] = sums.get(programme, 0) + hours
        yield cell(f"organisation:{organisation}", f"p{programme}", "earned", hours)
    for programme, hours in sums.items():
        yield cell(f"programme:{programme}", "programmes", f"p{programme}", hours)


def cell(name: str, tail: str, head: str, value: int, *, never_shown: bool = False) -> Cell:
    """A month in which more was given back than spent goes the other way."""
    ends = (tail, head) if value >= 0 else (head, tail)
    return Cell(name, *ends, abs(value), never_shown)
