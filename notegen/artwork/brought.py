"""Art as it was brought, opened as one PDF page in the colours of the press."""

from collections.abc import Callable
from io import BytesIO

import pikepdf
from pikepdf import Array, Pdf

from app.core.errors import BadDesign
from notegen.artwork import drawing, photograph, scheme
from notegen.artwork.function import UnknownFunction
from notegen.artwork.pixels import BadPicture
from notegen.artwork.recolour import recolour
from notegen.artwork.refusal import examine_shape, refused
from notegen.artwork.scheme import Met
from notegen.artwork.space import UnknownSpace
from notegen.design import Design
from notegen.ink.pdf import POINTS_PER_MM
from notegen.unpacking import TooMuch

LARGEST_BYTES = 64 * 1024 * 1024
TOLERANCE_MM = 0.1


def page(design: Design, met: Met | None = None) -> Pdf:
    """A PDF whose first page is the design's art, upright, its trim in a TrimBox, in inks and spot colours alone.

    What RGB was turned into inks is noted in `met`. Raises BadDesign, whose evidence `rule` says what kind of fault it is:
    the art cannot be read, has not the size that the design says, or has colours that cannot be turned.
    """
    _examine_bytes(design)
    opening = _OPENINGS.get(design.art.suffix.lower(), _document)
    return opening(design, met)


def _examine_bytes(design: Design) -> None:
    try:
        size = design.art.stat().st_size
    except OSError as error:
        raise refused(design, "art", f"cannot be read ({error.strerror}): see that it is there.") from error
    if size > LARGEST_BYTES:
        most = LARGEST_BYTES // 1024 // 1024
        raise refused(
            design, "art", f"has {size // 1024 // 1024} MB, more than {most}: save it at 300 dpi, or in vectors."
        )


def _photograph(design: Design, met: Met | None) -> Pdf:
    made = Pdf.new()
    photograph.page(design, made, scheme.press(met))
    return _trimmed(design, made)


def _drawing(design: Design, met: Met | None) -> Pdf:
    return _trimmed(design, _recoloured(design, drawing.page(design), met))


def _trimmed(design: Design, made: Pdf) -> Pdf:
    """A page that is trim and bleed, said so."""
    bleed = design.bleed_mm * POINTS_PER_MM
    width, height = (float(edge) for edge in made.pages[0].mediabox[2:])
    made.pages[0].trimbox = Array([round(edge, 4) for edge in (bleed, bleed, width - bleed, height - bleed)])
    return made


def _document(design: Design, met: Met | None) -> Pdf:
    found = _opened(design)
    try:
        if not len(found.pages):
            raise refused(design, "art", "has no page: save it again.")
        first = found.pages[0]
        if int(first.obj.get("/Rotate", 0)) % 360 or "/UserUnit" in first.obj:
            raise refused(design, "size", "is turned or scaled as a page: save it upright and 1:1.")
        first.trimbox = Array([round(edge, 4) for edge in _trim(design, first)])
    except BadDesign:
        raise
    except Exception as error:  # whatever pikepdf meets in a page that is not one
        raise refused(design, "art", "is not a PDF that can be read: save it again.") from error
    return _recoloured(design, found, met)


def _opened(design: Design) -> Pdf:
    try:
        return pikepdf.open(BytesIO(design.art.read_bytes()))
    except pikepdf.PasswordError as error:
        raise refused(design, "art", "is locked: save it without a password.") from error
    except (pikepdf.PdfError, OSError, ValueError) as error:
        raise refused(design, "art", "is not a PDF that can be read: save it again.") from error


def _recoloured(design: Design, found: Pdf, met: Met | None) -> Pdf:
    advice = "convert the colours to CMYK in your program and save it again"
    try:
        recolour(found, found.pages[0], scheme.press(met))
    except UnknownSpace as error:
        raise refused(
            design, "rgb", f"has colours that cannot be turned into inks here ({error}): {advice}."
        ) from error
    except UnknownFunction as error:
        raise refused(design, "rgb", f"has a gradient that cannot be turned into inks here: {advice}.") from error
    except TooMuch as error:
        raise refused(design, "art", f"has {error}, more than are looked through: simplify it.") from error
    except BadPicture as error:
        raise refused(design, "rgb", f"has {error}, which cannot be turned into inks here: {advice}.") from error
    except Exception as error:  # whatever pikepdf meets in a PDF that is damaged
        raise refused(design, "art", "has something in it that cannot be read: save it again as PDF/X-4.") from error
    return found


def _trim(design: Design, page: pikepdf.Page) -> list[float]:
    """The trim of the art in its own points, of the exact size: its TrimBox, or its page less the bleed."""
    media = [float(edge) for edge in page.mediabox.as_list()]
    if "/TrimBox" not in page.obj:
        _examine_page(design, media)
        return _centred(media, design)
    trim = [float(edge) for edge in page.obj.TrimBox.as_list()]
    for side, length in enumerate(design.trim_mm):
        found = (trim[side + 2] - trim[side]) / POINTS_PER_MM
        spare = min(trim[side] - media[side], media[side + 2] - trim[side + 2]) / POINTS_PER_MM
        if abs(found - length) > TOLERANCE_MM or spare < design.bleed_mm - TOLERANCE_MM:
            rule = "size" if abs(found - length) > TOLERANCE_MM else "no-bleed"
            raise refused(
                design, rule, f"has a trim of {found:.1f} mm with {spare:.1f} mm of bleed where {length:g} mm with "
                f"{design.bleed_mm:g} mm is said: make the art or design.toml fit the other."
            )  # fmt: skip
    return _centred(trim, design)


def _examine_page(design: Design, media: list[float]) -> None:
    """Raise BadDesign for a page that does not say where its trim is, and is not the trim with its bleed."""
    width, height = (round((media[side + 2] - media[side]) / POINTS_PER_MM, 1) for side in (0, 1))
    examine_shape(design, width, height)
    page = design.page_mm
    if max(abs(width - page[0]), abs(height - page[1])) > 2 * TOLERANCE_MM:
        said = f"is {width:g} x {height:g} mm: draw it {page[0]:g} x {page[1]:g} mm, which is the note and its bleed"
        raise refused(design, "size", f"{said}.")


def _centred(trim: list[float], design: Design) -> list[float]:
    """A trim of the exact size that shares its centre with the art's."""
    width, height = (side * POINTS_PER_MM for side in design.trim_mm)
    left, bottom = (trim[0] + trim[2] - width) / 2, (trim[1] + trim[3] - height) / 2
    return [left, bottom, left + width, bottom + height]


_OPENINGS: dict[str, Callable[[Design, Met | None], Pdf]] = {
    **dict.fromkeys(photograph.SUFFIXES, _photograph),
    **dict.fromkeys(drawing.SUFFIXES, _drawing),
}
