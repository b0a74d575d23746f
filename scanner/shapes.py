"""The shapes beside the words, drawn rather than taken from a font, which may lack them."""

from math import cos, pi, sin

from PIL import ImageDraw

from scanner.faces import Colour, Shape


def draw_shape(pen: ImageDraw.ImageDraw, shape: Shape, left: float, top: float, size: float, colour: Colour) -> None:
    """Draw a shape into the square (left, top, size), pixels; each has an outline of its own as well as a sign."""
    _Drawing(pen, left, top, size, colour).draw(shape)


class _Drawing:
    """A square in which places are said in hundredths of its side."""

    def __init__(self, pen: ImageDraw.ImageDraw, left: float, top: float, size: float, colour: Colour) -> None:
        self._pen, self._left, self._top, self._size, self._colour = pen, left, top, size, colour

    def draw(self, shape: Shape) -> None:
        {
            Shape.TICK: self._tick,
            Shape.RING: self._ring,
            Shape.CROSS: self._cross,
            Shape.WARNING: self._warning,
            Shape.DOTS: self._dots,
            Shape.FRAME: self._frame,
        }[shape]()

    def _tick(self) -> None:
        self._ring()
        self._line((28, 52), (44, 68), (73, 35))

    def _cross(self) -> None:
        """In an octagon, as a stop sign is."""
        corners = [(50 + 48 * cos(pi * (k + 0.5) / 4), 50 + 48 * sin(pi * (k + 0.5) / 4)) for k in range(9)]
        self._line(*corners, corners[1], width=6)
        self._line((34, 34), (66, 66))
        self._line((66, 34), (34, 66))

    def _warning(self) -> None:
        self._line((50, 8), (95, 88), (5, 88), (50, 8), (95, 88), width=7)
        self._line((50, 38), (50, 60))
        self._dot(50, 75, 5.5)

    def _dots(self) -> None:
        self._ring()
        for x in (29, 50, 71):
            self._dot(x, 50, 6)

    def _frame(self) -> None:
        """The corners of a picture, where a note is to be held."""
        for x, y in ((8, 8), (92, 8), (92, 92), (8, 92)):
            inward_x, inward_y = (22 if x < 50 else -22), (22 if y < 50 else -22)
            self._line((x + inward_x, y), (x, y), (x, y + inward_y), width=7)

    def _ring(self) -> None:
        box = [*self._at(3, 3), *self._at(97, 97)]
        self._pen.ellipse(box, outline=self._colour, width=self._width(6))

    def _line(self, *points: tuple[float, float], width: float = 10) -> None:
        self._pen.line([self._at(*point) for point in points], self._colour, self._width(width), joint="curve")
        for x, y in (points[0], points[-1]):
            self._dot(x, y, width / 2 - 0.3)

    def _dot(self, x: float, y: float, radius: float) -> None:
        box = [*self._at(x - radius, y - radius), *self._at(x + radius, y + radius)]
        self._pen.ellipse(box, fill=self._colour)

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return self._left + x * self._size / 100, self._top + y * self._size / 100

    def _width(self, hundredths: float) -> int:
        return max(1, round(hundredths * self._size / 100))
