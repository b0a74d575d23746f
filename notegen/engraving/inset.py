"""An inset: a picture that somebody brought, in a window of the note."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from app.core.errors import BadDesign
from notegen.artwork import photograph, separation
from notegen.artwork.pixels import BadPicture
from notegen.artwork.silence import tiff_unheard, unwarned
from notegen.design import FILE, Design
from notegen.engraving import tones
from notegen.engraving.curve import Curve, polar, rectangle, regular
from notegen.engraving.layer import ink
from notegen.engraving.plate import Plate

DPI, FINE_DPI = 400, 900
"""Of pictures in inks, and of those that are cut with lines alone."""

MM_PER_INCH = 25.4
MOST_DOTS = 6000
"""Along a side of a window: a whole note is no more than 5000 at the fine measure."""

_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_CROP = (-4.0, 5.0)
"""How far a crop may go beyond its picture."""


@dataclass(frozen=True)
class Inset:
    """The part `crop` (left, top, right, bottom, in parts of the picture; paper beyond it) of `file` in `box_mm`.

    `shows` it as a photograph in four inks, as a duotone from paper through `inks`, or cut in the first of `inks` alone:
    engraved in lines that swell, or drawn, its strokes and nothing else. The window is a box or round.
    """

    file: str
    box_mm: tuple[float, float, float, float]
    inks: tuple[str, ...]
    shows: Literal["photograph", "duotone", "engraved", "drawing"] = "photograph"
    crop: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    is_round: bool = False

    def draw(self, plate: Plate, design: Design) -> None:
        """Lay the picture into its window."""
        mixed = [ink(design, spoken) for spoken in self.inks]
        if not mixed:
            raise ValueError("inks is empty")
        with plate.clipped([self._outline()]):
            if self.shows in ("engraved", "drawing"):
                seen = self._seen(design, FINE_DPI)
                dots = FINE_DPI / MM_PER_INCH
                cut = tones.engraved(tones.greys(seen), dots) if self.shows == "engraved" else tones.drawn(seen, dots)
                plate.stamp(cut, self.box_mm, mixed[0])
            elif self.shows == "duotone":
                plate.lay(tones.duotone(tones.greys(self._seen(design, DPI)), mixed), self.box_mm)
            else:
                plate.lay(_photographed(self._seen(design, DPI)), self.box_mm)

    def _outline(self) -> Curve:
        left, top, right, bottom = self.box_mm
        if not self.is_round:
            return rectangle(left, top, right, bottom)
        angle = regular(360)
        across = (right - left) / 2
        edge = polar((0.0, 0.0), np.full_like(angle, across), angle)
        oval: Curve = edge * (1, (bottom - top) / (right - left)) + ((left + right) / 2, (top + bottom) / 2)
        return oval

    def _seen(self, design: Design, dpi: int) -> Image.Image:
        """What of the picture is seen, in RGB on paper, at so many dots an inch."""
        left, top, right, bottom = self.box_mm
        size = tuple(round(side / MM_PER_INCH * dpi) for side in (right - left, bottom - top))
        if min(size) < 1 or max(size) > MOST_DOTS:
            raise ValueError("box_mm is left, top, right and bottom, of a window on the note")
        return cropped(opened(self._path(design)), self.crop, (size[0], size[1]))

    def _path(self, design: Design) -> Path:
        path = design.folder / self.file
        place = f"{design.folder / FILE}: engraving.layer: file is {self.file!r}"
        is_inside = "\0" not in self.file and path.resolve().parent == design.folder.resolve()
        if not is_inside or path.suffix.lower() not in _SUFFIXES:
            raise BadDesign(f"{place}; name a PNG, JPEG or TIFF beside design.toml.")
        if not path.is_file():
            raise BadDesign(f"{place}, which is not there; add it.")
        return path


def opened(path: Path) -> Image.Image:
    """The picture at `path`, upright, in RGB, paper where it is see-through. Raises ValueError."""
    try:
        with unwarned(), photograph.opened(path) as found, tiff_unheard(found.format == "TIFF"):
            seen = ImageOps.exif_transpose(found).convert("RGBA")
    except (BadPicture, OSError, SyntaxError, ArithmeticError, MemoryError, TypeError) as error:
        raise ValueError(f"{path.name} is no picture that can be read") from error
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")


def cropped(picture: Image.Image, crop: tuple[float, float, float, float], size: tuple[int, int]) -> Image.Image:
    """The part `crop` of a picture in `size` pixels, white beyond its edges. Raises ValueError."""
    left, top, right, bottom = crop
    if not (_CROP[0] <= left < right <= _CROP[1] and _CROP[0] <= top < bottom <= _CROP[1]):
        raise ValueError("crop is left, top, right and bottom in parts of the picture")
    wide, high = picture.size
    scale_x, scale_y = size[0] / ((right - left) * wide), size[1] / ((bottom - top) * high)
    inside = (max(left, 0) * wide, max(top, 0) * high, min(right, 1) * wide, min(bottom, 1) * high)
    paper = Image.new("RGB", size, "white")
    if inside[2] - inside[0] < 1 or inside[3] - inside[1] < 1:
        return paper
    to = (max(round((inside[2] - inside[0]) * scale_x), 1), max(round((inside[3] - inside[1]) * scale_y), 1))
    part = picture.resize(to, Image.Resampling.BICUBIC, box=inside, reducing_gap=2)
    paper.paste(part, (round((inside[0] - left * wide) * scale_x), round((inside[1] - top * high) * scale_y)))
    return paper


def _photographed(picture: Image.Image) -> NDArray[np.uint8]:
    """Inks of a photograph, after the profile of the press."""
    return separation.inked(np.asarray(picture))
