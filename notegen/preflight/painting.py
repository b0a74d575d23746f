"""A painting: one thing that is laid on paper, and how."""

from typing import Any, Literal, NamedTuple

from notegen.preflight.colour import Paint

Matrix = tuple[float, float, float, float, float, float]
Kind = Literal["text", "mask", "image", "fill", "stroke", "shading"]

UPRIGHT: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Painting(NamedTuple):
    """What is painted with which colour; `over`: it overprints, a zero of CMYK leaving that plate alone.

    `level` is 0 on the page itself and 1 and more in forms. A mask or an image has `pixels`, an image the `image` too; what is
    filled or stroked in registration colour has its `path`, and so has black that overprints.
    """

    kind: Kind
    paint: Paint
    over: bool
    matrix: Matrix
    level: int
    where: str
    pixels: tuple[int, int] = (0, 0)
    image: Any = None
    path: bytes = b""


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """`inner` seen through `outer` (ISO 32000-1:2008, 8.3.4)."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Where a point comes to lie."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
