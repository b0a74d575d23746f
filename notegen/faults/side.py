"""A side as it is looked at: the art in the colours of the press, cut to the bleed, and its plates."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

from pikepdf import Array, Dictionary, Pdf

from notegen.artwork import plates
from notegen.artwork.plates import Plates
from notegen.artwork.scheme import Met
from notegen.design import Design
from notegen.geometry.slot import Box
from notegen.ink import art
from notegen.ink.pdf import POINTS_PER_MM, points

DPI = 300


@dataclass(frozen=True)
class Side:
    """`page` is a PDF of one page of trim and bleed; `met` the RGB colours that the art had."""

    design: Design
    page: bytes
    met: Met

    @property
    def where(self) -> str:
        """What a fault of the art is a fault of."""
        return str(self.design.art)

    @cached_property
    def plates(self) -> Plates:
        """The process inks at 300 dpi."""
        return plates.expose(self.page, DPI)

    def dots(self, box: Box) -> tuple[slice, slice]:
        """The rows and columns of the plates that lie wholly in `box`, in mm from the top left of the trim."""
        left, top, right, bottom = ((edge + self.design.bleed_mm) / 25.4 * DPI for edge in box)
        return slice(max(0, round(top) + 1), round(bottom) - 1), slice(max(0, round(left) + 1), round(right) - 1)

    def place(self, row: int, column: int) -> tuple[float, float]:
        """A dot of the plates as x and y in mm from the top left of the trim."""
        return column / DPI * 25.4 - self.design.bleed_mm, row / DPI * 25.4 - self.design.bleed_mm


def cut(design: Design) -> Side:
    """The side of a design. Raises BadDesign when its art cannot be brought into the colours of the press."""
    met: Met = {}
    bleed = design.bleed_mm
    with Pdf.new() as pdf:
        page = pdf.add_blank_page()
        page.mediabox = Array([0, 0, *(round(side * POINTS_PER_MM, 4) for side in design.page_mm)])
        page.obj.Resources = Dictionary(XObject=Dictionary(Art=art.copy(design, pdf, met)))
        page.obj.Contents = pdf.make_stream(b"q 1 0 0 1 %b cm /Art Do Q\n" % points(bleed, bleed))
        file = BytesIO()
        pdf.save(file, deterministic_id=True)
    return Side(design, file.getvalue(), met)
