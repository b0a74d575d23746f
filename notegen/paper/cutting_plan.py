"""The cutting plan: the sheet to scale, seen from its front with sheet 1 on top, its piles and its cuts numbered."""

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from app.core.span import Span
from notegen.geometry.cutting import Cut, cuts
from notegen.geometry.grid import Grid
from notegen.paper import a4, parcels

_ROOM_MM = (a4.WIDTH_MM, 150.0)
_FRAME_MM = 12.0
"""Around the sheet, for the numbers of the cuts."""

_RADIUS_MM = 2.5
_NEAR_MM, _FAR_MM = 3.6, 9.0
"""From the edge of the sheet to the numbers, which stand in two rows so that those of a gutter do not meet."""


class CuttingPlan(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Draws `grid` with its cuts; `piles` are the spans of the piles of the first run, blank places being None."""

    def __init__(self, grid: Grid, piles: list[Span | None]) -> None:
        super().__init__()
        self._grid, self._piles, self._cuts = grid, piles, cuts(grid)
        sheet = grid.sheet
        width, height = (room - 2 * _FRAME_MM for room in _ROOM_MM)
        self._scale = min(width / sheet.width_mm, height / sheet.height_mm)
        self.width = (sheet.width_mm * self._scale + 2 * _FRAME_MM) * mm
        self.height = (sheet.height_mm * self._scale + 2 * _FRAME_MM) * mm
        self.hAlign = "CENTER"

    def draw(self) -> None:
        """Called by reportlab with the origin at the lower left corner."""
        self.canv.setFont(a4.BOLD, a4.SMALLEST_PT)
        self._sheet(self.canv)
        for place, pile in enumerate(self._piles):
            self._pile(self.canv, place, pile)
        for cut in self._cuts:
            self._cut(self.canv, cut, far=self._is_far(cut))

    def _point(self, x_mm: float, y_mm: float) -> tuple[float, float]:
        """A place of the sheet, from its top left, on the paper."""
        return (_FRAME_MM + x_mm * self._scale) * mm, self.height - (_FRAME_MM + y_mm * self._scale) * mm

    def _sheet(self, canvas: Canvas) -> None:
        left, top = self._point(0, 0)
        right, low = self._point(self._grid.sheet.width_mm, self._grid.sheet.height_mm)
        canvas.setStrokeColor(a4.BLACK)
        canvas.setFillColor(a4.BLACK)
        canvas.setLineWidth(1)
        canvas.rect(left, low, right - left, top - low)

    def _pile(self, canvas: Canvas, place: int, pile: Span | None) -> None:
        left, top, right, bottom = self._grid.front(place)
        (x, y), (across, low) = self._point(left, top), self._point(right, bottom)
        canvas.setFillColor(a4.TINT)
        canvas.rect(x, low, across - x, y - low, stroke=0, fill=1)
        canvas.setFillColor(a4.BLACK)
        middle, height = (x + across) / 2, (y + low) / 2
        if pile is None:
            canvas.setFont(a4.PLAIN, a4.SMALLEST_PT)
            canvas.drawCentredString(middle, height - 3, "blank")
            return
        canvas.setFont(a4.BOLD, 20)
        canvas.drawCentredString(middle, height - 1, str(place + 1))
        canvas.setFont(a4.PLAIN, a4.SMALLEST_PT)
        canvas.drawCentredString(middle, height - 13, parcels.numbers(pile))

    def _is_far(self, cut: Cut) -> bool:
        """Whether the number of a cut stands in the outer row: every second one along its axis."""
        along = sorted(other.at_mm for other in self._cuts if other.axis == cut.axis)
        return along.index(cut.at_mm) % 2 == 1

    def _cut(self, canvas: Canvas, cut: Cut, *, far: bool) -> None:
        """A broken line right over the sheet, with the number of the cut at both ends."""
        sheet, out = self._grid.sheet, (_FAR_MM if far else _NEAR_MM) * mm
        if cut.axis == 0:
            (x1, y1), (x2, y2) = self._point(cut.at_mm, 0), self._point(cut.at_mm, sheet.height_mm)
            ends = ((x1, y1 + out), (x2, y2 - out))
        else:
            (x1, y1), (x2, y2) = self._point(0, cut.at_mm), self._point(sheet.width_mm, cut.at_mm)
            ends = ((x1 - out, y1), (x2 + out, y2))
        canvas.setLineWidth(0.5)
        canvas.setDash(3, 2)
        canvas.line(*ends[0], *ends[1])
        canvas.setDash()
        for end in ends:
            self._number(canvas, cut.ordinal, *end)

    def _number(self, canvas: Canvas, number: int, x: float, y: float) -> None:
        canvas.setFillColorCMYK(0, 0, 0, 0)
        canvas.circle(x, y, _RADIUS_MM * mm, stroke=1, fill=1)
        canvas.setFillColor(a4.BLACK)
        canvas.setFont(a4.BOLD, a4.SMALLEST_PT)
        canvas.drawCentredString(x, y - 3, str(number))
