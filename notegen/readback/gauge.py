"""A gauge for a printed QR: how large its modules are, where it lies, how free its quiet zone is, and its contrast."""

from dataclasses import dataclass
from functools import cache, lru_cache
from math import dist, inf

import numpy as np
from numpy.typing import NDArray

from notegen.geometry.slot import MODULES, QUIET_MODULES, Box, QrSlot
from notegen.ink import symbol
from notegen.readback.eye import Corners
from notegen.readback.film import Shot

LEAST_CONTRAST = 0.70
"""Grade A of symbol contrast (ISO/IEC 15415:2011, 7.8.3). A press can only lose from what its file has."""

GRADES = ((0.70, "A"), (0.55, "B"), (0.40, "C"), (0.20, "D"))
"""The least symbol contrast of each grade, as a part of one; below the last it is F."""

_MODULE_SLACK = 0.02
_OFF_MM = 0.5
"""Less than a module; the corner of a symbol is read to a pixel or so."""

_PAPER = 250
"""A pixel darker than this has ink on it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """`off_mm` is how far the QR's middle lies from its place; `clear_modules` how near the next ink comes to it.

    `contrast` is the reflectance of its darkest light module less that of its lightest dark one, 0 to 1: the symbol
    contrast of ISO/IEC 15415:2011, 7.8.3, taken where it is least.
    """

    module_mm: float
    off_mm: float
    clear_modules: float
    contrast: float
    damaged_modules: int
    """Of the fixed patterns by which a QR is found: its corners and the dotted lines between them (ISO/IEC 18004:2015, 6.3)."""


class Gauge:
    """Measures the QRs of notes that have them where `qr` says."""

    def __init__(self, qr: QrSlot) -> None:
        self._qr = qr

    def measure(self, cell: Shot, trim: Box, corners: Corners) -> Measured:
        """The QR in `cell`, which shows the panel of the note that lies at `trim`; `corners` are in pixels of `cell`."""
        left, top = trim[0] + self._qr.x_mm, trim[1] + self._qr.y_mm
        middle = (left + self._qr.size_mm / 2, top + self._qr.size_mm / 2)
        around = [cell.place_mm(*corner) for corner in corners]
        sides = [dist(around[at], around[(at + 1) % 4]) for at in range(4)]
        found = (sum(x for x, _ in around) / 4, sum(y for _, y in around) / 4)
        look, edge = self._template(cell, left, top), (self._qr.panel_mm - self._qr.size_mm) / 2
        return Measured(
            module_mm=sum(sides) / 4 / MODULES,
            off_mm=dist(found, middle),
            clear_modules=min(look.nearest_mm(cell.pixels), edge) / self._qr.module_mm,
            contrast=look.contrast(cell.pixels),
            damaged_modules=int((look.modules(cell.pixels)[_FIXED] != _fixed()).sum()),
        )

    def modules(self, cell: Shot, trim: Box) -> NDArray[np.bool_]:
        """The modules in `cell` as they are printed, shape (49, 49), True where dark."""
        look = self._template(cell, trim[0] + self._qr.x_mm, trim[1] + self._qr.y_mm)
        return look.modules(cell.pixels).reshape(MODULES, MODULES)

    def fault(self, measured: Measured, cell: Shot) -> str | None:
        """What is wrong with what was measured in `cell`, None when nothing is."""
        least_clear = QUIET_MODULES - 1 / (self._qr.module_mm * min(cell.per_mm))
        if measured.off_mm > _OFF_MM:
            return f"The QR lies {measured.off_mm:.1f} mm from its place."
        if abs(measured.module_mm / self._qr.module_mm - 1) > _MODULE_SLACK:
            return f"The modules of the QR are {measured.module_mm:.3f} mm wide, not {self._qr.module_mm:.3f}."
        if measured.clear_modules < least_clear:
            return (
                f"Ink comes to {measured.clear_modules:.1f} modules from the QR: its quiet zone is {QUIET_MODULES} "
                "modules of bare paper on each side."
            )
        if measured.damaged_modules:
            return f"{measured.damaged_modules} modules of the fixed patterns of the QR are covered or lost."
        if measured.contrast < LEAST_CONTRAST:
            return (
                f"The contrast of the QR is {measured.contrast:.0%}, grade {grade(measured.contrast)}: "
                f"on film it must be {LEAST_CONTRAST:.0%}, grade A."
            )
        return None

    def _template(self, cell: Shot, left: float, top: float) -> "_Template":
        within = (round(left - cell.corner_mm[0], 6), round(top - cell.corner_mm[1], 6))
        return _template(cell.pixels.shape[:2], cell.per_mm, within, self._qr)


def grade(contrast: float) -> str:
    """The grade of a contrast, A to F."""
    return next((letter for least, letter in GRADES if contrast >= least), "F")


@dataclass(frozen=True, slots=True)
class _Template:
    """Which pixels of a picture to look at: the middles of all modules, and those around the symbol with their distance.

    `strips` are the four rectangles that are around it together, for a look that is quick where all is bare.
    """

    middles: NDArray[np.intp]
    strips: tuple[tuple[slice, slice], ...]
    away_mm: NDArray[np.float64]

    def nearest_mm(self, pixels: NDArray[np.uint8]) -> float:
        """How far from the symbol the next ink lies; infinity where there is none."""
        if all(pixels[strip].min(initial=255) >= _PAPER for strip in self.strips):
            return inf
        return min(float(self.away_mm[strip][pixels[strip] < _PAPER].min(initial=inf)) for strip in self.strips)

    def modules(self, pixels: NDArray[np.uint8]) -> NDArray[np.bool_]:
        """Every module, row by row, True where dark."""
        values = pixels.take(self.middles)
        dark: NDArray[np.bool_] = values <= (int(values.max()) + int(values.min())) // 2
        return dark

    def contrast(self, pixels: NDArray[np.uint8]) -> float:
        """Of the darkest light module and the lightest dark one."""
        values = pixels.take(self.middles)
        light = values > (int(values.max()) + int(values.min())) // 2
        if light.all() or not light.any():
            return 0.0
        return float(_REFLECTANCE[values[light].min()] - _REFLECTANCE[values[~light].max()])


@lru_cache(maxsize=256)
def _template(
    shape: tuple[int, ...], per_mm: tuple[float, float], corner_mm: tuple[float, float], qr: QrSlot
) -> _Template:
    """For a picture of so many pixels, with the symbol's top left at `corner_mm` in it."""
    middles = (np.arange(MODULES) + 0.5) * qr.module_mm
    columns, rows = (
        ((middles + corner) * per).astype(np.intp).clip(0, size - 1)
        for corner, per, size in zip(corner_mm, per_mm, shape[::-1], strict=True)
    )
    across, down = (
        (np.arange(size) + 0.5) / per - corner for corner, per, size in zip(corner_mm, per_mm, shape[::-1], strict=True)
    )
    outside = [np.maximum(-at, at - qr.size_mm) for at in (across, down)]
    away = np.maximum(outside[0][None, :], outside[1][:, None])
    (left, right), (top, bottom) = (_ends(at, 1 / min(per_mm)) for at in outside)
    beside = slice(top, bottom)
    strips = (np.s_[:top, :], np.s_[bottom:, :], (beside, slice(left)), (beside, slice(right, None)))
    return _Template((rows[:, None] * shape[1] + columns[None, :]).ravel(), strips, away)


def _ends(outside: NDArray[np.float64], edge_mm: float) -> tuple[int, int]:
    """The first pixel of the symbol along one axis and the one after its last, with an edge of `edge_mm` as it is drawn."""
    within = np.flatnonzero(outside <= edge_mm)
    return int(within[0]), int(within[-1]) + 1


def _fixed_places() -> NDArray[np.intp]:
    """Where the finders, their separators and the timing patterns are, counted row by row."""
    fixed = np.zeros((MODULES, MODULES), dtype=np.bool_)
    fixed[6, :] = fixed[:, 6] = True
    fixed[:8, :8] = fixed[:8, -8:] = fixed[-8:, :8] = True
    return np.flatnonzero(fixed)


_FIXED = _fixed_places()


@cache
def _fixed() -> NDArray[np.bool_]:
    """Those modules as they must be, which are the same in every symbol."""
    return symbol.modules("0").ravel()[_FIXED]


def _reflectances() -> NDArray[np.float64]:
    """Grey values as the reflectance that they stand for (IEC 61966-2-1, the curve of sRGB)."""
    coded = np.arange(256) / 255
    return np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


_REFLECTANCE = _reflectances()
