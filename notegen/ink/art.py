"""The art of a design, as a form that is placed on paper with the corner of its trim at the origin."""

import pikepdf
from pikepdf import Array, Pdf

from notegen.artwork import brought
from notegen.artwork.scheme import Met
from notegen.design import Design
from notegen.ink.pdf import POINTS_PER_MM


def copy(design: Design, target: Pdf, met: Met | None = None) -> pikepdf.Object:
    """The design's art in the colours of the press, with all that it uses, copied into `target` as one form XObject.

    Its trim's lower left corner lies at (0, 0); what reaches beyond the bleed is clipped. RGB that was turned into inks is
    noted in `met`. Raises BadDesign when the art
    cannot be read, is turned, has not the size that the design says, or has colours that no press has.
    """
    with brought.page(design, met) as source:
        page = source.pages[0]
        left, bottom, right, top = (float(edge) for edge in page.trimbox)
        form = target.copy_foreign(page.as_form_xobject())
    bleed = design.bleed_mm * POINTS_PER_MM
    form.BBox = _array(left - bleed, bottom - bleed, right + bleed, top + bleed)
    form.Matrix = _array(1, 0, 0, 1, -left, -bottom)
    return form


def _array(*values: float) -> Array:
    return Array([round(value, 4) for value in values])
