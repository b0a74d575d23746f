"""The tables of the impact report in the reader's language; pages, spreadsheets and the PDF show the same ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.core.suppression import LEAST
from app.services.funding import Cut
from app.services.impact import Choices, Report
from app.services.impact_books import BUCKETS
from app.services.impact_rows import Figure, Row
from app.web.charts import month
from app.web.pages import number

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """`columns` in words; each row begins with a name and goes on with numbers, None where one is not shown;
    `summed` where the last row adds up the others."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    summed: bool = False


def titles() -> dict[str, str]:
    """The views, in their order."""
    return {
        "months": str(_("Months")), "organisations": str(_("Organisations")), "venues": str(_("Venues")),
        "activities": str(_("Activities")), "waits": str(_("Time to spend")), "flows": str(_("Flows")),
    }  # fmt: skip


def tables(found: Report, view: str) -> list[Table]:
    """The tables of a view."""
    made = {
        "months": _months, "organisations": _organisations, "venues": _venues, "activities": _activities,
        "waits": _waits, "flows": _flows,
    }  # fmt: skip
    return made[view](found)


SPENT_WHERE = ("venues", "offers", "flows")


def public(found: Report, view: str, cut: Cut) -> list[Table]:
    """The tables of a view that stand in files: where a single organisation's people spend tells of these people."""
    return [each for each in tables(found, view) if cut.organisation_id is None or each.name not in SPENT_WHERE]


def shown(cell: Cell) -> str:
    """A cell in words."""
    if cell is None:
        return str(_("not shown"))
    return number(cell) if isinstance(cell, int) else cell


def rule() -> str:
    """What is left out, and why."""
    return str(
        _(
            "Numbers from 1 to %(most)s are not shown, nor is any number from which one of them could be computed in this report.",
            most=LEAST - 1,
        )
    )


def notes(found: Report) -> list[str]:
    """What a reader has to know of all of it."""
    told = [
        rule(),
        str(_("Hours given are those of hand-outs. Hours spent are notes spent, less those given back in the month.")),
        str(_("People are added up by hand-out: who came twice is counted twice.")),
    ]
    if found.waiting:
        told.append(
            str(
                _(
                    "Facts that still wait for their place in the log are not counted: %(num)s.",
                    num=number(found.waiting),
                )
            )
        )
    return told


def ways() -> dict[str, tuple[str, str]]:
    """The four ways of spending: the word and what it means."""
    return {
        "own": (str(_("Where it was earned")), str(_("at a venue that the organisation which gave the note keeps, or one of its sites"))),
        "other": (
            str(_("Another organisation")),
            str(_("at a community venue of the same programme that another organisation keeps")),
        ),
        "corporate": (str(_("Corporate venue")), str(_("at a corporate venue of the same programme"))),
        "elsewhere": (
            str(_("Elsewhere")),
            str(_("anywhere else in the network: venues of other programmes, and community venues that no organisation keeps")),
        ),
    }  # fmt: skip


def heading(first: int, last: int, cut: Cut, known: Choices) -> list[str]:
    """What the report is of."""
    told = [str(_("Impact")), f"{month(first)} – {month(last)}"]
    for wanted, all_known in (
        (cut.programme_id, known.programmes), (cut.organisation_id, known.organisations), (cut.funder_id, known.funders),
    ):  # fmt: skip
        told += [each.name for each in all_known if each.id == wanted]
    return told


def bucket(place: int) -> str:
    """A stretch of waiting in words."""
    if place == len(BUCKETS) - 1:
        return str(_("%(days)s days or more", days=BUCKETS[place]))
    return str(_("%(first)s to %(last)s days", first=BUCKETS[place], last=BUCKETS[place + 1] - 1))


def _three(what: str) -> tuple[str, ...]:
    return (what, str(_("Hours given")), str(_("People")), str(_("Hours spent")))


def _full(rows: Iterable[Row]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((row.what, row.given, row.people, row.spent) for row in rows)


def _spent(rows: Iterable[Row]) -> tuple[tuple[Cell, ...], ...]:
    return tuple((row.what, row.spent) for row in rows)


def _sum(found: Report) -> tuple[Cell, ...]:
    return (str(_("All")), found.total.given, found.total.people, found.total.spent)


def _months(found: Report) -> list[Table]:
    rows = tuple((month(row.what), row.given, row.people, row.spent) for row in found.months)
    by_way: list[tuple[Cell, ...]] = [
        (month(each), *figures, _spent_in(found, each)) for each, figures in found.ways
    ]  # fmt: skip
    by_way.append((str(_("All")), *found.way_totals, found.total.spent))
    words = [word for word, _means in ways().values()]
    return [
        Table("months", str(_("By month")), _three(str(_("Month"))), (*rows, _sum(found)), True),
        Table(
            "programmes",
            str(_("By programme")),
            _three(str(_("Programme"))),
            (*_full(found.programmes), _sum(found)),
            True,
        ),
        Table(
            "ways", str(_("Hours spent, in four ways")), (str(_("Month")), *words, str(_("All"))), tuple(by_way), True
        ),
    ]


def _spent_in(found: Report, number_of_month: int) -> Figure:
    return next(row.spent for row in found.months if row.what == number_of_month)


def _organisations(found: Report) -> list[Table]:
    return [
        Table("organisations", str(_("By organisation")), _three(str(_("Organisation"))), (*_full(found.organisations), _sum(found)), True)
    ]  # fmt: skip


def _venues(found: Report) -> list[Table]:
    rows: Sequence[tuple[Cell, ...]] = (*_spent(found.venues), (str(_("All")), found.total.spent))
    return [Table("venues", str(_("By venue")), (str(_("Venue")), str(_("Hours spent"))), tuple(rows), True)]


def _activities(found: Report) -> list[Table]:
    given: tuple[tuple[Cell, ...], ...] = tuple((row.what, row.given, row.people) for row in found.activities)
    columns = (str(_("Activity")), str(_("Hours given")), str(_("People")))
    offers = (str(_("Offer")), str(_("Hours spent")))
    return [
        Table("activities", str(_("What hours were given for")), columns, (*given, _sum(found)[:3]), True),
        Table("offers", str(_("What hours were spent on")), offers, _spent(found.offers)),
    ]


def _waits(found: Report) -> list[Table]:
    rows = tuple((bucket(place), row.spent) for place, row in enumerate(found.waits))
    return [Table("waits", str(_("From issue to spending")), (str(_("Time")), str(_("Notes"))), rows)]


def _flows(found: Report) -> list[Table]:
    columns = (str(_("Organisation")), str(_("Venue")), str(_("Hours")))
    rows = tuple((each.organisation, each.venue, each.hours) for each in found.flows)
    return [Table("flows", str(_("From organisations to venues")), columns, rows)]
