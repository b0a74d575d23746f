"""The art of a design, as a form that is placed on paper with the corner of its trim at the origin."""

from pathlib import Path

import pikepdf
from pikepdf import Array, Pdf

from app.core.errors import BadDesign
from notegen.design import Design
from notegen.ink.pdf import POINTS_PER_MM

TOLERANCE_MM = 0.1


def copy(design: Design, target: Pdf) -> pikepdf.Object:
    """The first page of the design's art, copied with all that it uses into `target` as a form XObject.

    Its trim's lower left corner lies at (0, 0); what reaches beyond the bleed is clipped. Raises BadDesign when the
    art cannot be read, is turned, or has not the size that the design says.
    """
    with _open(design.art) as source:
        page = source.pages[0]
        if int(page.obj.get("/Rotate", 0)) % 360 or "/UserUnit" in page.obj:
            raise BadDesign(
                f"{design.art.name} of {design.name} is turned or scaled as a page: save it upright and 1:1."
            )
        left, bottom = _trim_corner(design, page)
        form = target.copy_foreign(page.as_form_xobject())
    bleed = design.bleed_mm * POINTS_PER_MM
    width, height = (side * POINTS_PER_MM for side in design.trim_mm)
    form.BBox = _array(left - bleed, bottom - bleed, left + width + bleed, bottom + height + bleed)
    form.Matrix = _array(1, 0, 0, 1, -left, -bottom)
    return form


def _open(path: Path) -> Pdf:
    try:
        found = pikepdf.open(path)
    except (pikepdf.PdfError, OSError) as error:
        raise BadDesign(f"{path.name} of {path.parent.name} is not a PDF that can be read: save it again.") from error
    if not len(found.pages):
        found.close()
        raise BadDesign(f"{path.name} of {path.parent.name} has no page: save it again.")
    return found


def _trim_corner(design: Design, page: pikepdf.Page) -> tuple[float, float]:
    """The lower left corner of the art's trim in its own points: its TrimBox, or its page less the bleed."""
    media = [float(edge) for edge in page.mediabox.as_list()]
    bleed = design.bleed_mm * POINTS_PER_MM
    whole = [media[0] + bleed, media[1] + bleed, media[2] - bleed, media[3] - bleed]
    trim = [float(edge) for edge in page.obj.TrimBox.as_list()] if "/TrimBox" in page.obj else whole
    for side, length in enumerate(design.trim_mm):
        found = (trim[side + 2] - trim[side]) / POINTS_PER_MM
        spare = min(trim[side] - media[side], media[side + 2] - trim[side + 2]) / POINTS_PER_MM
        if abs(found - length) > TOLERANCE_MM or spare < design.bleed_mm - TOLERANCE_MM:
            raise BadDesign(
                f"{design.art.name} of {design.name} has a trim of {found:.1f} mm with {spare:.1f} mm of bleed where "
                f"{length:g} mm with {design.bleed_mm:g} mm is said: make the art or design.toml fit the other."
            )
    return _centred(trim, design)


def _centred(trim: list[float], design: Design) -> tuple[float, float]:
    """The corner at which a trim of the exact size shares its centre with the art's."""
    width, height = (side * POINTS_PER_MM for side in design.trim_mm)
    return (trim[0] + trim[2] - width) / 2, (trim[1] + trim[3] - height) / 2


def _array(*values: float) -> Array:
    return Array([round(value, 4) for value in values])
