"""The grid of a sheet: how many notes it takes and where each lies, front and back, in mm.

Places are boxes (left, top, right, bottom) of the trim, from the top left of the side that is looked at. Each note
keeps its own bleed, so there are two cuts between neighbours; notes without bleed share one.
"""

from dataclasses import dataclass
from typing import Literal

from app.core.errors import BadInput
from notegen.geometry.sheet import Sheet, single
from notegen.geometry.slot import Box

Flip = Literal["long", "short"]
"""The edge of the sheet about which it is turned to print the back."""

MARK_GAP_MM = 0.3
LEAST_MARK_MM = 2.0
"""A crop mark starts this far outside the bleed, and shorter than this it cannot be seen by the cutter."""


@dataclass(frozen=True, slots=True)
class Grid:
    """`columns` x `rows` notes in the middle of `sheet`; positions count from 0 along the rows of the front.

    `marked` grids have printer's marks in the margin, as far as there is room.
    """

    sheet: Sheet
    trim_mm: tuple[float, float]
    bleed_mm: float
    columns: int
    rows: int
    marked: bool = True

    def __len__(self) -> int:
        return self.columns * self.rows

    @property
    def trims(self) -> Box:
        """The box around all trims; the grid is centred, so it is the same on the back."""
        left, top = self.front(0)[:2]
        return left, top, self.sheet.width_mm - left, self.sheet.height_mm - top

    @property
    def free_mm(self) -> tuple[float, float]:
        """Paper outside the outermost bleeds: at the left and right, at the top and bottom."""
        left, top = self.front(0)[:2]
        return left - self.bleed_mm, top - self.bleed_mm

    @property
    def room_mm(self) -> tuple[float, float]:
        """As much of it as is printable."""
        beside, above = self.free_mm
        return max(0.0, beside - self.sheet.margin_mm), max(0.0, above - self.sheet.margin_mm)

    @property
    def cuts_mm(self) -> tuple[list[float], list[float]]:
        """Where the knife goes down, from the left edge of the front and from its top; one cut where two notes touch."""
        boxes = [self.front(position) for position in range(len(self))]
        left, top = ({round(edge, 6) for box in boxes for edge in box[axis::2]} for axis in (0, 1))
        return sorted(left), sorted(top)

    def row(self, position: int) -> int:
        """The row of a position, from 0."""
        return position // self.columns

    def column(self, position: int) -> int:
        """The column of a position, from 0."""
        return position % self.columns

    def front(self, position: int) -> Box:
        """The trim of a position, on the front."""
        width, height = self.trim_mm
        left = _start(self.sheet.width_mm, width, self.bleed_mm, self.columns, self.column(position))
        top = _start(self.sheet.height_mm, height, self.bleed_mm, self.rows, self.row(position))
        return left, top, left + width, top + height

    def back(self, position: int, flip: Flip) -> Box:
        """The same place of the paper, seen from the back after turning the sheet about the `flip` edge."""
        left, top, right, bottom = self.front(position)
        if self.upside_down(flip):
            return left, self.sheet.height_mm - bottom, right, self.sheet.height_mm - top
        return self.sheet.width_mm - right, top, self.sheet.width_mm - left, bottom

    def upside_down(self, flip: Flip) -> bool:
        """Whether backs stand on their heads: a note is turned like a page of a book, whatever the sheet is turned about.

        The long edge of a lying sheet is level, so turning the sheet about it swaps top and bottom.
        """
        return self.sheet.landscape == (flip == "long")

    @property
    def upright_flip(self) -> Flip:
        """The edge about which sheets are turned when backs stand upright."""
        return "short" if self.upside_down("long") else "long"


def fit(trim_mm: tuple[float, float], bleed_mm: float, sheet: Sheet, *, marked: bool = True) -> Grid:
    """The grid with the most notes on `sheet`, lying or standing; at a draw the widest margin.

    All notes lie alike, so that every cut goes straight through the pile.
    A `marked` grid has room for crop marks. Raises BadInput when not one note fits.
    """
    grids = [_most(trim_mm, bleed_mm, lie, marked=marked) for lie in (sheet, sheet.turned())]
    best = max(grids, key=lambda grid: (len(grid), _margin(grid)))
    if not len(best):
        size = f"{trim_mm[0]:g} x {trim_mm[1]:g} mm"
        more = " with bleed and crop marks" if marked else ""
        raise BadInput(f"A note of {size}{more} does not fit on {sheet.name}: take a larger sheet.")
    return best


def alone(trim_mm: tuple[float, float], bleed_mm: float) -> Grid:
    """One note a page, with bleed and no marks."""
    return Grid(single(trim_mm, bleed_mm), trim_mm, bleed_mm, 1, 1, marked=False)


def office(trim_mm: tuple[float, float], sheet: Sheet) -> Grid:
    """The most notes for a printer in an office and a hand trimmer: no bleed and no marks, neighbours share their cut.

    The edge of the colour is then where to cut. Raises BadInput when not one note fits.
    """
    return fit(trim_mm, 0.0, sheet, marked=False)


def _most(trim_mm: tuple[float, float], bleed_mm: float, sheet: Sheet, *, marked: bool) -> Grid:
    edge = sheet.margin_mm + (LEAST_MARK_MM + MARK_GAP_MM if marked else 0.0)
    columns, rows = (
        max(0, int((side - 2 * edge + 1e-9) // (length + 2 * bleed_mm)))
        for side, length in ((sheet.width_mm, trim_mm[0]), (sheet.height_mm, trim_mm[1]))
    )
    return Grid(sheet, trim_mm, bleed_mm, columns, rows, marked)


def _margin(grid: Grid) -> float:
    """The narrowest paper between a trim and the edge of the sheet, in mm."""
    return min(grid.front(0)[:2]) if len(grid) else 0.0


def _start(sheet_mm: float, note_mm: float, bleed_mm: float, count: int, place: int) -> float:
    pitch = note_mm + 2 * bleed_mm
    return (sheet_mm - (count * pitch - 2 * bleed_mm)) / 2 + place * pitch
