"""Printer's marks as ink: crop marks, registration marks and the colour bar, alike on both sides of every sheet."""

from notegen.geometry.colourbar import Patch, colour_bar
from notegen.geometry.grid import Grid
from notegen.geometry.marks import RADIUS_MM, REACH_MM, WIDTH_PT, Line, Target, crop_marks, registration_marks
from notegen.ink import pdf

_BOW = 0.5522847498
"""Of a Bezier curve for a quarter of a circle of radius 1."""


def content(grid: Grid) -> bytes:
    """Operators for a side of a sheet; marks in the colour space /All (registration), which is on every plate."""
    height = grid.sheet.height_mm
    bar = b"".join(_patch(patch, height) for patch in colour_bar(grid))
    lines = b"".join(_line(line, height) for line in crop_marks(grid))
    targets = b"".join(_target(target, height) for target in registration_marks(grid))
    return bar + b"/All CS 1 SCN %b w\n" % pdf.number(WIDTH_PT) + lines + targets


def _line(line: Line, height_mm: float) -> bytes:
    x1, y1, x2, y2 = line
    return b"%b m %b l S\n" % (pdf.points(x1, height_mm - y1), pdf.points(x2, height_mm - y2))


def _target(target: Target, height_mm: float) -> bytes:
    """A crosshair and its circle."""
    (x, y), reach = target, REACH_MM
    cross = _line((x - reach, y, x + reach, y), height_mm) + _line((x, y - reach, x, y + reach), height_mm)
    return cross + _circle(x, height_mm - y, RADIUS_MM)


def _circle(x: float, y: float, radius: float) -> bytes:
    quarters = []
    for along, across in ((1, 0), (0, 1), (-1, 0), (0, -1)):  # the ends of each quarter, anticlockwise
        near = (x + radius * (along - _BOW * across), y + radius * (across + _BOW * along))
        far = (x + radius * (_BOW * along - across), y + radius * (_BOW * across + along))
        quarters.append(b"%b c\n" % pdf.points(*near, *far, x - radius * across, y + radius * along))
    return b"%b m\n%bs\n" % (pdf.points(x + radius, y), b"".join(quarters))


def _patch(patch: Patch, height_mm: float) -> bytes:
    left, top, right, bottom = patch.box
    inks = b" ".join(pdf.number(share / 100) for share in patch.inks)
    return b"%b k %b re f\n" % (inks, pdf.points(left, height_mm - bottom, right - left, bottom - top))
