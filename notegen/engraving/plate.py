"""The plate of one side of a note: everything that puts ink on it, in CMYK, by vectors but for pictures, with nothing transparent."""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from reportlab import rl_config
from reportlab.lib.colors import CMYKColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from notegen import lettering
from notegen.engraving import path
from notegen.engraving.curve import Curve, Pieces, joined, smooth
from notegen.engraving.setting import Setting
from notegen.ink.cmyk import Ink

Row = NDArray[np.float64]
POINTS_PER_MM = 72 / 25.4
FILL, STROKE, CLIP = 0, 1, 7
"""Ways to render text (ISO 32000-1, table 106)."""

IRIS_BANDS = 28
"""Steps in which one ink passes into another across a note; the eye sees none of them at 5 mm each."""


class Plate:
    """A page of trim and bleed; places in mm from the top left of the trim, y downward."""

    def __init__(self, trim_mm: tuple[float, float], bleed_mm: float, title: str) -> None:
        lettering.register()
        rl_config.useA85 = 0
        self.trim_mm, self.bleed_mm, self._file = trim_mm, bleed_mm, BytesIO()
        width, height = (side * POINTS_PER_MM for side in (trim_mm[0] + 2 * bleed_mm, trim_mm[1] + 2 * bleed_mm))
        edge = bleed_mm * POINTS_PER_MM
        self._canvas = Canvas(
            self._file,
            pagesize=(width, height),
            pageCompression=1,
            invariant=1,
            initialFontName="Hyperlegible",
            bleedBox=(0, 0, width, height),
            trimBox=(edge, edge, width - edge, height - edge),
        )
        self._canvas.setTitle(title)
        self._canvas.setCreator("notegen")

    @property
    def span_mm(self) -> tuple[float, float]:
        """Where the bleed begins on the left and ends on the right."""
        return -self.bleed_mm, self.trim_mm[0] + self.bleed_mm

    def fill(self, outlines: Sequence[Curve], ink: Ink) -> None:
        """Fill closed outlines of straight sides."""
        self._draw(f"{path.colour(ink, 'k')}\n{path.polygons(outlines)}\nf")

    def fill_bends(self, pieces: Pieces, ink: Ink) -> None:
        """Fill closed outlines of Bézier pieces, each of which ends where it starts."""
        self._draw(f"{path.colour(ink, 'k')}\n{path.bends(pieces)}\nf")

    def stroke(self, lines: Sequence[Curve], ink: Ink, width_mm: float, to: Ink | None = None) -> None:
        """Draw open lines of straight parts; given `to`, each line is of the ink that `bend` has at its middle."""
        middles = np.array([line[:, 0].mean() for line in lines])
        for mixed, here in self._iris(middles, ink, to):
            chosen = [line for line, there in zip(lines, here, strict=True) if there]
            self._draw(f"{self._pen(mixed, width_mm)}\n{path.strokes(chosen)}\nS")

    def bend(self, curves: Sequence[Curve], ink: Ink, width_mm: float, to: Ink | None = None) -> None:
        """Draw smooth curves; given `to`, the ink passes into it from the left of the note to the right."""
        pieces = self._seen(joined(smooth(curve) for curve in curves))
        for mixed, here in self._iris(pieces[:, :, 0].mean(axis=1), ink, to):
            self._draw(f"{self._pen(mixed, width_mm)}\n{path.bends(pieces[here])}\nS")

    def grade(self, box: tuple[float, float, float, float], inks: Sequence[Ink], *, upright: bool = False) -> None:
        """Fill `box` (left, top, right, bottom) with inks that pass into each other, rightward or (upright) downward."""
        left, top, right, bottom = box
        with self.clipped([np.array([(left, top), (right, top), (right, bottom), (left, bottom)])]):
            start, end = self._point(left, top), self._point(*((left, bottom) if upright else (right, top)))
            self._canvas.linearGradient(*start, *end, [CMYKColor(*ink.parts) for ink in inks])

    def lay(self, inks: NDArray[np.uint8], box: tuple[float, float, float, float]) -> None:
        """Lay a picture in inks (rows, columns, 4), 255 being solid, into `box` (left, top, right, bottom)."""
        left, top, right, bottom = box
        x, y = self._point(left, bottom)
        size = (right - left) * POINTS_PER_MM, (bottom - top) * POINTS_PER_MM
        picture = Image.fromarray(np.ascontiguousarray(inks), "CMYK")
        self._canvas.drawImage(ImageReader(picture), x, y, *size)

    def stamp(self, cut: NDArray[np.bool_], box: tuple[float, float, float, float], ink: Ink) -> None:
        """Lay `ink` where `cut` (rows, columns) is true; elsewhere stays what is there."""
        left, top, right, bottom = box
        x, y = self._point(left, bottom)
        wide, high = (right - left) * POINTS_PER_MM, (bottom - top) * POINTS_PER_MM
        bits = zlib.compress(np.packbits(~cut, axis=1).tobytes(), 4).hex()
        kept = "\n".join(bits[at : at + 200] for at in range(0, len(bits), 200))
        head = f"/W {cut.shape[1]} /H {cut.shape[0]} /BPC 1 /IM true /F [/AHx /Fl]"
        placed = f"q {path.colour(ink, 'k')} {wide:.4f} 0 0 {high:.4f} {x:.4f} {y:.4f} cm"
        self._canvas.addLiteral(f"{placed}\nBI {head}\nID {kept}>\nEI Q")

    @contextmanager
    def clipped(self, outlines: Sequence[Curve]) -> Iterator[None]:
        """While it lasts, ink lands only inside the outlines (the even-odd rule, so an outline in another is a hole)."""
        self._canvas.saveState()
        self._canvas.addLiteral(f"{self._scale()}\n{path.polygons(outlines)}\nW* n\n{self._scale(back=True)}")
        yield
        self._canvas.restoreState()

    @contextmanager
    def clipped_to(self, line: Setting) -> Iterator[None]:
        """While it lasts, ink lands only inside the letters of `line`."""
        self._canvas.saveState()
        self._write(line, CLIP)
        yield
        self._canvas.restoreState()

    def letter(self, line: Setting, ink: Ink) -> None:
        """Set a line of type."""
        self._canvas.setFillColor(CMYKColor(*ink.parts))
        self._write(line, FILL)

    def edge(self, line: Setting, ink: Ink, width_mm: float) -> None:
        """Draw the edges of the letters of a line, half of `width_mm` on either side of them."""
        self._canvas.saveState()  # how text is rendered outlasts the text, and reportlab never says "fill" again
        self._canvas.setStrokeColor(CMYKColor(*ink.parts))
        self._canvas.setLineWidth(width_mm * POINTS_PER_MM)
        self._write(line, STROKE)
        self._canvas.restoreState()

    def proof(self) -> bytes:
        """The finished page, as a PDF; the same bytes for the same art."""
        self._canvas.save()
        return self._file.getvalue()

    def _write(self, line: Setting, mode: int) -> None:
        cosine, sine = float(np.cos(line.angle)), float(np.sin(line.angle))
        type_ = self._canvas.beginText()
        type_.setTextTransform(cosine, sine, -sine, cosine, *self._point(*line.at_mm))
        type_.setFont(line.face, line.size_pt)
        type_.setCharSpace(line.spacing_pt)
        type_.setTextRenderMode(mode)
        type_.textOut(line.text)
        self._canvas.drawText(type_)

    def _iris(self, x_mm: Row, ink: Ink, to: Ink | None) -> Iterator[tuple[Ink, NDArray[np.bool_]]]:
        """Each ink between `ink` and `to`, with which of the things at `x_mm` (n,) are drawn in it."""
        if to is None:
            yield ink, np.ones(len(x_mm), dtype=bool)
            return
        left, right = self.span_mm
        band = np.floor((x_mm - left) / (right - left) * IRIS_BANDS).clip(0, IRIS_BANDS - 1)
        for number in np.unique(band):
            yield ink.toward(to, float(number) / (IRIS_BANDS - 1)), band == number

    def _seen(self, pieces: Pieces) -> Pieces:
        """The pieces that reach into the page; the rest would only make art large."""
        edge, (width, height) = self.bleed_mm + 1, self.trim_mm
        low, high = pieces.min(axis=1), pieces.max(axis=1)
        seen: Pieces = pieces[((high >= -edge) & (low <= (width + edge, height + edge))).all(axis=1)]
        return seen

    def _pen(self, ink: Ink, width_mm: float) -> str:
        return f"{path.colour(ink, 'K')} {width_mm * path.UNITS_PER_MM:.1f} w 1 j"

    def _draw(self, operators: str) -> None:
        self._canvas.addLiteral(f"q {self._scale()}\n{operators}\nQ")

    def _scale(self, *, back: bool = False) -> str:
        """The step from points upward to hundredths of a mm downward from the top left of the trim, or back."""
        unit = POINTS_PER_MM / path.UNITS_PER_MM
        x, y = self._point(0, 0)
        if back:
            return f"{1 / unit:.6f} 0 0 {-1 / unit:.6f} {-x / unit:.4f} {y / unit:.4f} cm"
        return f"{unit:.8f} 0 0 {-unit:.8f} {x:.4f} {y:.4f} cm"

    def _point(self, x: float, y: float) -> tuple[float, float]:
        """A place in mm as points from the bottom left of the page."""
        height = self.trim_mm[1] + 2 * self.bleed_mm
        return (x + self.bleed_mm) * POINTS_PER_MM, (height - y - self.bleed_mm) * POINTS_PER_MM
