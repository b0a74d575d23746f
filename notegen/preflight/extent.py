"""The extent of what is painted: the boxes around it on the page."""

import re
from collections.abc import Iterator
from itertools import pairwise

from notegen.preflight.painting import Matrix, Painting, at

Box = tuple[float, float, float, float]
"""Left, low, right, high in points."""

_STEP = re.compile(rb"([-+.\d\s]*)(m|l|c|v|y|re|h)\b")
_UNIT = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]


def boxes(painting: Painting) -> Iterator[Box]:
    """Boxes around what is painted, on the page: for lines, around each piece of them."""
    if painting.kind == "mask":
        yield _around(painting.matrix, _UNIT)
        return
    subpath: list[tuple[float, float]] = []
    for operands, operator in _STEP.findall(painting.path):
        points = _points(operator, [float(part) for part in operands.split()], subpath)
        if operator == b"m" or (operator == b"re" and painting.kind == "fill"):
            yield from _closed(painting, subpath)
            subpath = points
        elif painting.kind == "fill":
            subpath += points
        else:
            for start, end in _pieces(operator, points, subpath):
                yield _around(painting.matrix, [start, *end])
            subpath += points
    yield from _closed(painting, subpath)


def _points(operator: bytes, numbers: list[float], before: list[tuple[float, float]]) -> list[tuple[float, float]]:
    if operator == b"h":
        return before[:1]
    if operator == b"re":
        x, y, width, height = numbers
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _pieces(
    operator: bytes, points: list[tuple[float, float]], before: list[tuple[float, float]]
) -> Iterator[tuple[tuple[float, float], list[tuple[float, float]]]]:
    """The pieces of a line, each a start and what follows it."""
    if operator == b"re":
        for start, end in pairwise(points):
            yield start, [end]
    elif points and before:
        yield before[-1], points


def _closed(painting: Painting, subpath: list[tuple[float, float]]) -> Iterator[Box]:
    if painting.kind == "fill" and subpath:
        yield _around(painting.matrix, subpath)


def _around(matrix: Matrix, points: list[tuple[float, float]]) -> Box:
    seen = [at(matrix, *point) for point in points]
    xs, ys = [x for x, _ in seen], [y for _, y in seen]
    return min(xs), min(ys), max(xs), max(ys)
