"""A preview: a picture of a note, front and back beneath it, always a specimen and never worth an hour."""

from dataclasses import replace
from io import BytesIO

from PIL import Image

from app.core.errors import BadDesign
from notegen import picture
from notegen.design import Design, sides
from notegen.design.sides import Sides
from notegen.specimen import HOST, specimen

_GAP_MM = 4.0
_TABLE = (232, 232, 228)
"""What lies around the notes, so that white paper is seen against it."""


def preview(design: Design, back: Design | None = None, *, dpi: int = 200, host: str = HOST) -> bytes:
    """A PNG of a front with its back beneath it, cut to the trim; of a back alone when `design` is one.

    `back` is by default the one that stands beside the front; without any, the front is shown alone. Raises BadDesign.
    """
    both = Sides(design, back) if back is not None else sides.beside(design)
    shown = [0, 1] if both is not None else [0]
    if both is None and design.side == "back":
        raise BadDesign(f"{design.name} is a back with no front beside it to go with: preview a front.")
    if design.side == "back":
        shown = [1]
    pdf = specimen(both or Sides(design, replace(design, side="back")), host=host)
    notes = [_cut(picture.portray(pdf, dpi=dpi, page=page), design.bleed_mm, dpi) for page in shown]
    file = BytesIO()
    _on_table(notes, round(_GAP_MM / 25.4 * dpi)).save(file, "PNG", optimize=True, dpi=(dpi, dpi))
    return file.getvalue()


def _cut(page: Image.Image, bleed_mm: float, dpi: int) -> Image.Image:
    bleed = round(bleed_mm / 25.4 * dpi)
    return page.crop((bleed, bleed, page.width - bleed, page.height - bleed))


def _on_table(notes: list[Image.Image], gap: int) -> Image.Image:
    width = max(note.width for note in notes) + 2 * gap
    height = sum(note.height + gap for note in notes) + gap
    table = Image.new("RGB", (width, height), _TABLE)
    top = gap
    for note in notes:
        table.paste(note, (gap, top))
        top += note.height + gap
    return table
