"""The pixels of pictures in a PDF: read, turned into other colours, and written back without loss."""

import zlib
from dataclasses import replace
from io import BytesIO

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from notegen.artwork.scheme import Scheme
from notegen.artwork.silence import tiff_unheard, unwarned
from notegen.artwork.space import Grey, Lab, Process, Rgb, Space, eight

Pixels = NDArray[np.uint8]
"""Height, width, parts."""

MOST_PIXELS = 60_000_000
"""Of one picture: the largest note at 600 dpi; the memory for more is better refused than asked for."""

_BLOCK = 1 << 18
_PREDICTED = 15
"""PNG's predictors (ISO 32000-1:2008, table 10): rows that say how they differ from the row above deflate better."""

_UP = 2


class BadPicture(Exception):
    """A picture that cannot be read; its text says why."""


def space_of(image: pikepdf.Object) -> Space:
    """The space of a picture that does not say it, but has it in its own data (JPEG 2000)."""
    return _MODES[_decoded(image).mode]


def repaint(image: pikepdf.Object, space: Space, scheme: Scheme) -> None:
    """Turn the pixels of an image XObject of `space` by `scheme`, in place. Raises BadPicture."""
    if isinstance(space, Lab):
        raise BadPicture("a picture in Lab")
    if isinstance(image.get("/Mask"), Array):
        raise BadPicture("a picture with a colour that is see-through")
    found = read(image, space.parts)
    write(image, turned(found, space, scheme), scheme.space)


def turned(found: Pixels, space: Space, scheme: Scheme) -> Pixels:
    """Pixels of `space` turned by `scheme`. A picture without any colour is grey, whatever it is stored as."""
    if isinstance(space, Rgb):
        grey = bool((found[..., :1] == found).all())
        space, found = (Grey(seen=True), found[..., :1]) if grey else (replace(space, greys_black=False), found)
    flat = found.reshape(-1, found.shape[-1])
    blocks = [eight(scheme.turn(space, flat[at : at + _BLOCK] / 255)) for at in range(0, len(flat), _BLOCK)]
    return np.concatenate(blocks).reshape(*found.shape[:2], -1)


def read(image: pikepdf.Object, parts: int) -> Pixels:
    """The pixels of an image XObject whose space has `parts`, 8 bits each. Raises BadPicture."""
    width, height, bits = int(image.Width), int(image.Height), int(image.get("/BitsPerComponent", 8))
    if width * height > MOST_PIXELS:
        raise BadPicture(f"a picture of {width} x {height} pixels")
    filters = image.get("/Filter")
    last = str(filters[-1] if isinstance(filters, Array) and len(filters) else filters)
    if bits in (8, 16) and last not in ("/DCTDecode", "/JPXDecode"):
        data = np.frombuffer(image.read_bytes(), np.uint8)[:: bits // 8]
        if len(data) < width * height * parts:
            raise BadPicture("a picture that ends before its last row")
        found = data[: width * height * parts].reshape(height, width, parts)
    else:
        found = _pixels(_decoded(image))
    if found.shape[2] != parts:
        raise BadPicture("a picture that is not of the colours it says")
    return _mapped(found, image.get("/Decode"))


def inline(image: pikepdf.PdfInlineImage) -> tuple[Pixels, Space]:
    """The pixels of a picture that stands among the drawing, and their space. Raises BadPicture."""
    try:
        picture = image.as_pil_image()
    except Exception as error:  # whatever Pillow and pikepdf meet in a picture that is damaged
        raise BadPicture("a picture that cannot be read") from error
    picture = picture if picture.mode in _MODES else picture.convert("L" if picture.mode == "1" else "RGB")
    return _pixels(picture), _MODES[picture.mode]


def write(image: pikepdf.Object, found: Pixels, space: Name) -> None:
    """Put pixels into an image XObject."""
    _, width, parts = found.shape
    image.write(
        deflated(found),
        filter=Name.FlateDecode,
        decode_parms=Dictionary(Predictor=_PREDICTED, Colors=parts, BitsPerComponent=8, Columns=width),
    )
    image.ColorSpace, image.BitsPerComponent = space, 8
    if "/Decode" in image:
        del image["/Decode"]


def new(pdf: Pdf, found: Pixels, space: Name) -> pikepdf.Object:
    """A new image XObject with these pixels."""
    height, width, _ = found.shape
    image = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height)
    write(image, found, space)
    return image


def deflated(found: Pixels) -> bytes:
    """Rows as their difference from the row above, deflated."""
    rows = found.reshape(found.shape[0], -1)
    less = np.vstack([rows[:1], rows[1:] - rows[:-1]])
    return zlib.compress(np.insert(less, 0, _UP, axis=1).tobytes(), 6)


_MODES: dict[str, Space] = {"L": Grey(), "RGB": Rgb(), "CMYK": Process()}


def _decoded(image: pikepdf.Object) -> Image.Image:
    """What Pillow makes of a picture; CMYK as the numbers stand in the file (ISO 32000-1:2008, 7.4.8)."""
    try:
        with unwarned(), tiff_unheard(_is_fax(image)):
            return _loaded(image)
    except BadPicture:
        raise
    except Exception as error:  # whatever Pillow and pikepdf meet in a picture that is damaged
        raise BadPicture("a picture that cannot be read") from error


def _is_fax(image: pikepdf.Object) -> bool:
    """Whether Pillow reads it as a TIFF."""
    filters = image.get("/Filter")
    return Name.CCITTFaxDecode in (list(filters) if isinstance(filters, Array) else [filters])


def _loaded(image: pikepdf.Object) -> Image.Image:
    if image.get("/Filter") in (Name.DCTDecode, Name.JPXDecode):
        picture: Image.Image = Image.open(BytesIO(image.read_raw_bytes()))
        if picture.width * picture.height > MOST_PIXELS:
            raise BadPicture(f"a picture of {picture.width} x {picture.height} pixels")
    else:
        picture = pikepdf.PdfImage(_stream(image)).as_pil_image()
    if picture.mode == "CMYK" and "adobe" in picture.info:
        picture = Image.fromarray(255 - np.asarray(picture), "CMYK")
    return picture if picture.mode in _MODES else picture.convert("L" if picture.mode in ("1", "I;16") else "RGB")


def _pixels(picture: Image.Image) -> Pixels:
    found = np.asarray(picture, dtype=np.uint8)
    return found[..., None] if found.ndim == 2 else found


def _mapped(found: Pixels, decode: pikepdf.Object | None) -> Pixels:
    """Pixels as /Decode maps them (ISO 32000-1:2008, 8.9.5.2)."""
    if decode is None:
        return found
    limits = np.array([float(part) for part in decode])
    low, high = limits[::2], limits[1::2]
    if len(low) != found.shape[2]:
        raise BadPicture("a picture with a Decode of other colours")
    return eight(low + found / 255 * (high - low))


def _stream(image: pikepdf.Object) -> pikepdf.Stream:
    if not isinstance(image, pikepdf.Stream):
        raise BadPicture("a picture that is no stream")
    return image
