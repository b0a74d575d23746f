"""A glance: a picture of the front that was chosen, as a specimen, made while people wait for it.

What the composer prints is the same for all fronts in the same languages: it is drawn once, on bare paper, and laid over the
art as ink is. The whole of it, engraved, composed and drawn, takes three times as long.
"""

from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image, ImageChops

from notegen import design, picture
from notegen.design import FILE
from notegen.design.sides import Sides
from notegen.engraving.curve import rectangle
from notegen.engraving.plate import Plate
from notegen.faults.back import NATIONAL
from notegen.ink.cmyk import PAPER
from notegen.specimen import specimen
from notegen.together import folder, front
from notegen.together.choices import Choices
from notegen.together.window import Brought

DPI = 150
_FINER = 2
"""Drawn that much finer and reduced, so that fine lines keep their lightness."""


def glance(choices: Choices, brought: Brought | None, data: bytes, *, dpi: int = DPI) -> bytes:
    """A JPEG of the front, cut to the trim. Raises BadDesign."""
    with TemporaryDirectory(prefix="notegen-") as parent:
        made = design.load(folder.write(choices, brought, data, Path(parent)))
        art = picture.rasterise(made.art.read_bytes(), dpi=dpi * _FINER).reduce(_FINER)
    printed = _printed(choices.languages, dpi)
    return _jpeg(_cut(ImageChops.multiply(art, printed.resize(art.size)), made.bleed_mm, dpi))


@lru_cache(maxsize=1)
def back() -> bytes:
    """A JPEG of the national back, cut to the trim."""
    found = design.find(NATIONAL, design.default_folder())
    return _jpeg(_cut(picture.portray(found.art.read_bytes(), dpi=DPI), found.bleed_mm, DPI))


@lru_cache(maxsize=8)
def _printed(languages: str, dpi: int) -> Image.Image:
    """What is printed into the slots of a front, on bare paper."""
    blank = Choices("blank", title_en="Blank", languages=languages)
    with TemporaryDirectory(prefix="notegen-") as parent:
        target = Path(parent) / blank.name
        target.mkdir()
        text = folder.toml({**front.tables(blank, None), "engraving": {}})
        (target / FILE).write_text(text, encoding="utf-8")
        found = replace(design.read(target), layers=())
        paper = Plate(found.trim_mm, found.bleed_mm, "Blank")
        paper.fill([rectangle(0, 0, *found.trim_mm)], PAPER)
        found.art.write_bytes(paper.proof())
        national = design.find(NATIONAL, design.default_folder())
        return picture.portray(specimen(Sides(found, national)), dpi=dpi)


def _cut(page: Image.Image, bleed_mm: float, dpi: int) -> Image.Image:
    bleed = round(bleed_mm / 25.4 * dpi)
    return page.crop((bleed, bleed, page.width - bleed, page.height - bleed))


def _jpeg(seen: Image.Image) -> bytes:
    file = BytesIO()
    seen.save(file, "JPEG", quality=90, subsampling=0)
    return file.getvalue()
