"""Sheets and grids of every kind, for properties that hold on all of them."""

from hypothesis import strategies as st

from notegen.geometry import grid
from notegen.geometry.grid import Grid
from notegen.geometry.offset import MOST_MM, Offset
from notegen.geometry.sheet import SHEETS, Sheet, find
from notegen.geometry.slot import Box

NOTE = (135.0, 66.0)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """A sheet by its name, or one of a size of its own that takes at least a note."""
    if draw(st.booleans()):
        return draw(st.sampled_from(list(SHEETS.values())))
    return find(f"{draw(st.integers(210, 760))}x{draw(st.integers(210, 1060))}")


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Notes of any sensible size with any bleed on any sheet, with marks or for an office printer."""
    trim, sheet = (draw(st.floats(50, 180)), draw(st.floats(50, 120))), draw(sheets())
    if draw(st.integers(0, 3)) == 0:
        return grid.office(trim, sheet)
    return grid.fit(trim, draw(st.floats(2, 5)), sheet)


offsets = st.builds(Offset, *[st.integers(-10 * int(MOST_MM), 10 * int(MOST_MM)).map(lambda tenths: tenths / 10)] * 2)


def grown(box: Box, more: float) -> Box:
    """A box with so much more on each side."""
    return box[0] - more, box[1] - more, box[2] + more, box[3] + more


def inside(inner: Box, outer: Box) -> bool:
    """Whether one box lies in another, to a millionth."""
    low = inner[0] >= outer[0] - 1e-6 and inner[1] >= outer[1] - 1e-6
    return low and inner[2] <= outer[2] + 1e-6 and inner[3] <= outer[3] + 1e-6


def printable(laid: Grid) -> Box:
    """What the machine prints of a sheet."""
    margin = laid.sheet.margin_mm
    return margin, margin, laid.sheet.width_mm - margin, laid.sheet.height_mm - margin
