"""Charts as plain shapes, in a box of WIDTH by the chart's own height: pages draw them as SVG and reports as PDF, so that a
chart is thought out once. Tones are told apart by hatching as well, for print in black and white."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from babel.dates import format_date
from flask_babel import get_locale

from app.core.wall_clock import begin_of_month

WIDTH = 600.0
TEXT, LINE = 15.0, 26.0
LETTER = 7.6
"""The width of a letter at that size, about."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in a tone: 0 to 3."""

    x: float
    y: float
    width: float
    height: float
    tone: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A text whose baseline is at `y`; `anchor`: start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Band:
    """A flow from the left edge at `y` to the right at `to`, `height` thick at both ends."""

    x: float
    y: float
    end: float
    to: float
    height: float
    tone: int = 0


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn, in the order of drawing; whether the newest is at its right end, which is to be seen first."""

    height: float
    boxes: list[Box] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    width: float = WIDTH
    newest_last: bool = False


def month(number: int) -> str:
    """A month like 202611 as people write it."""
    return str(format_date(begin_of_month(number), "MMM y", locale=get_locale()))


def columns(figures: Sequence[tuple[str, int | None]], height: float = 180.0) -> Chart:
    """A column for each figure with its number on top and its name below; no column where it is not shown."""
    most = max([value or 0 for _name, value in figures] or [0]) or 1
    chart = Chart(height + 2 * LINE, newest_last=True)
    room = WIDTH / max(len(figures), 1)
    every = int((LETTER * 8.5) // room) + 1
    for place, (name, value) in enumerate(figures):
        tall = (value or 0) * height / most
        middle = room * (place + 0.5)
        if value:
            chart.boxes.append(Box(middle - room * 0.35, LINE + height - tall, room * 0.7, tall))
        if value and room >= LETTER * len(f"{value:,}"):
            chart.labels.append(Label(middle, LINE + height - tall - 5, f"{value:,}"))
        if place % every == 0:
            half = LETTER * len(name) / 2 + 4
            chart.labels.append(Label(min(max(middle, half), WIDTH - half), height + LINE + 18, name))
    chart.boxes.append(Box(0, LINE + height, WIDTH, 1.2, 3))
    return chart


def bars(figures: Sequence[tuple[str, int | None]]) -> Chart:
    """A bar from left to right for each figure, under its name and with its number behind it."""
    most = max([value or 0 for _name, value in figures] or [0]) or 1
    tall = LINE * 1.7
    chart = Chart(tall * max(len(figures), 1) + 4)
    for place, (name, value) in enumerate(figures):
        top = place * tall
        long = (value or 0) * (WIDTH - 90) / most
        chart.labels.append(Label(0, top + 15, cut(name, 70), "start"))
        if value:
            chart.boxes.append(Box(0, top + 21, max(long, 1), 18))
            chart.labels.append(Label(max(long, 1) + 6, top + 35, f"{value:,}", "start"))
    return chart


def cut(text: str, most: int) -> str:
    """As much of a text as there is room for; it is whole in the table."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
