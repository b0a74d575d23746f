"""The charts of the impact report, each with its title; the tables beside them say the same."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.services.impact import Report
from app.services.impact_flows import Flow
from app.web import charts, impact_tables
from app.web.charts import Band, Box, Chart, Label

Titled = tuple[str, Chart]
MOST_BARS = 20
GAP, BAR = 10.0, 14.0


def charts_in(found: Report, view: str) -> list[Titled]:
    """The charts of a view."""
    return charts_of(found).get(view, [])


def charts_of(found: Report) -> dict[str, list[Titled]]:
    """Every chart by its view."""
    organisations = [(row.what, row.spent) for row in found.organisations]
    venues = [(row.what, row.spent) for row in found.venues]
    activities = [(row.what, row.given) for row in found.activities]
    words = [word for word, _means in impact_tables.ways().values()]
    return {
        "months": [
            (str(_("Hours given, by month")), charts.columns([(charts.month(row.what), row.given) for row in found.months])),
            (str(_("Hours spent, by month")), charts.columns([(charts.month(row.what), row.spent) for row in found.months])),
            (str(_("Taking part, by month")), charts.columns([(charts.month(row.what), row.people) for row in found.months])),
            (str(_("Hours spent, in four ways")), charts.bars(list(zip(words, found.way_totals, strict=True)))),
        ],
        "organisations": [(str(_("Hours spent, by organisation")), _largest(organisations))],
        "venues": [(str(_("Hours spent, by venue")), _largest(venues))],
        "activities": [(str(_("Hours given, by activity")), _largest(activities))],
        "waits": [
            (str(_("From issue to spending")), charts.bars([(impact_tables.bucket(place), row.spent) for place, row in enumerate(found.waits)]))
        ],
        "flows": [(str(_("From organisations to venues")), flows(found.flows))] if found.flows else [],
    }  # fmt: skip


def flows(found: Sequence[Flow]) -> Chart:
    """Organisations on the left, venues on the right, and between them bands as thick as the hours are many."""
    sides = (_sums((each.organisation_id, each.organisation, each.hours) for each in found),
             _sums((each.venue_id, each.venue, each.hours) for each in found))  # fmt: skip
    rows = max(len(side) for side in sides)
    scale = 340.0 / sum(each.hours for each in found)
    chart = Chart(340 + (rows + 1) * charts.LINE)
    left, right = charts.WIDTH * 0.33, charts.WIDTH * 0.67
    tops = [
        _stack(chart, side, scale, x, anchor)
        for side, x, anchor in zip(sides, (left, right), ("end", "start"), strict=True)
    ]
    order = list(sides[0])
    for each in sorted(
        found, key=lambda flow: (order.index(flow.organisation_id), list(sides[1]).index(flow.venue_id))
    ):
        begin, end = tops[0][each.organisation_id], tops[1][each.venue_id]
        chart.bands.append(
            Band(left + BAR, begin, right - BAR, end, each.hours * scale, order.index(each.organisation_id) % 3)
        )
        tops[0][each.organisation_id] += each.hours * scale
        tops[1][each.venue_id] += each.hours * scale
    return chart


def _sums(parts) -> dict[int, tuple[str, int]]:  # type: ignore[no-untyped-def]
    found: dict[int, tuple[str, int]] = {}
    for key, name, hours in parts:
        found[key] = (name, found.get(key, (name, 0))[1] + hours)
    return dict(sorted(found.items(), key=lambda each: -each[1][1]))


def _stack(chart: Chart, side: dict[int, tuple[str, int]], scale: float, x: float, anchor: str) -> dict[int, float]:
    """The blocks of one side from the top down, each with its name; gives where each begins."""
    y, begins = GAP, dict[int, float]()
    for key, (name, hours) in side.items():
        tall = hours * scale
        begins[key] = y
        outward = -6 if anchor == "end" else 6
        chart.boxes.append(Box(x if anchor == "end" else x - BAR, y, BAR, tall, 3))
        chart.labels.append(Label(x + outward, y + tall / 2 + 5, f"{charts.cut(name, 22)} {hours:,}", anchor))
        y += max(tall, 0) + charts.LINE * 0.9
    return begins


def _largest(figures: Sequence[tuple[str, int | None]]) -> Chart:
    return charts.bars(sorted(figures, key=lambda each: -(each[1] or 0))[:MOST_BARS])
