"""Art as a picture of pixels: TIFF, PNG or JPEG, which fills the trim and the bleed."""

from pathlib import Path

import numpy as np
from pikepdf import Array, Dictionary, Pdf
from PIL import Image, ImageOps

from notegen.artwork import pixels
from notegen.artwork.pixels import MOST_PIXELS, BadPicture, Pixels
from notegen.artwork.refusal import examine_shape, refused
from notegen.artwork.scheme import Scheme
from notegen.artwork.silence import tiff_unheard, unwarned
from notegen.artwork.space import Grey, Process, Rgb, Space
from notegen.design import Design
from notegen.ink.pdf import POINTS_PER_MM, number

SUFFIXES = (".tif", ".tiff", ".png", ".jpg", ".jpeg")
_FORMATS = ("TIFF", "PNG", "JPEG")
FINEST_DPI = 600
"""More is thrown away, as no press shows it: an eighth of the bytes and of the time."""


def page(design: Design, target: Pdf, scheme: Scheme) -> None:
    """Add a page of trim and bleed to `target` that the picture fills. Raises BadDesign."""
    try:
        with unwarned(), opened(design.art) as picture, tiff_unheard(picture.format == "TIFF"):
            upright = ImageOps.exif_transpose(picture)
            examine_shape(design, upright.width, upright.height)
            found, space = _read(_reduced(upright, dpi(design, upright)))
            turned = pixels.turned(found, space, scheme) if not scheme.keeps(space) else found
    except BadPicture as error:
        raise refused(design, "art", f"{error}.") from error
    except (OSError, SyntaxError, ValueError, ArithmeticError, LookupError, MemoryError, TypeError) as error:
        raise refused(design, "art", "is damaged, or no TIFF, PNG or JPEG: save it again.") from error
    image = pixels.new(target, turned, scheme.space)
    width, height = design.page_mm
    added = target.add_blank_page()
    added.mediabox = Array([0, 0, round(width * POINTS_PER_MM, 4), round(height * POINTS_PER_MM, 4)])
    added.obj.Resources = Dictionary(XObject=Dictionary(Picture=image))
    size = (number(width * POINTS_PER_MM), number(height * POINTS_PER_MM))
    added.obj.Contents = target.make_stream(b"q %b 0 0 %b 0 0 cm /Picture Do Q\n" % size)


def opened(path: Path) -> Image.Image:
    """The picture at `path`, of which no pixel is read yet. Raises BadPicture when it has too many; OSError."""
    with unwarned():
        try:
            picture = Image.open(path, formats=_FORMATS)
        except Image.DecompressionBombError as error:
            raise BadPicture(
                f"has more than the {MOST_PIXELS // 10**6} million pixels allowed: 600 dpi are enough"
            ) from error
    if picture.width * picture.height > MOST_PIXELS:
        size = f"has {picture.width} x {picture.height} pixels, more than the {MOST_PIXELS // 10**6} million allowed"
        picture.close()
        raise BadPicture(f"{size}: 600 dpi are enough")
    return picture


def dpi(design: Design, picture: Image.Image) -> float:
    """Dots per inch of a picture that fills the trim and the bleed."""
    return picture.width / design.page_mm[0] * 25.4


def _reduced(picture: Image.Image, found_dpi: float) -> Image.Image:
    """A picture with no more dots than serve; one of black and white alone keeps its edges."""
    if picture.mode == "1" or found_dpi < 2 * FINEST_DPI:
        return picture
    if picture.mode in ("P", "PA"):
        picture = picture.convert("RGBA")
    profile = picture.info.get("icc_profile")
    fewer = picture.reduce(int(found_dpi // FINEST_DPI))
    fewer.info["icc_profile"] = profile
    return fewer


def _read(picture: Image.Image) -> tuple[Pixels, Space]:
    """The pixels on paper, and their space; what is see-through shows the paper."""
    profile = picture.info.get("icc_profile") or None
    if picture.mode == "CMYK":
        return np.asarray(picture), Process(profiled=True)
    if picture.mode in ("I;16", "I;16L", "I;16B", "I"):
        wide = np.asarray(picture).astype(np.int64)
        return np.clip(wide >> 8, 0, 255).astype(np.uint8)[..., None], Grey(True, profile)
    if picture.mode in ("1", "L") and "transparency" not in picture.info:
        return np.asarray(picture.convert("L"))[..., None], Grey(True, profile)
    if picture.mode not in ("1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX"):
        raise BadPicture(f"is of a kind ({picture.mode}) that is not read: save it in CMYK, RGB or greyscale")
    seen = picture.convert("RGBA")
    paper = Image.new("RGBA", seen.size, "white")
    grey = picture.mode in ("LA", "La", "L", "1")
    flat = np.asarray(Image.alpha_composite(paper, seen).convert("RGB"))
    return (flat[..., :1], Grey(True, profile)) if grey else (flat, Rgb(profile))
