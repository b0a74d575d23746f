"""A picture as it comes from somebody's phone or scanner: decoded within bounds, turned upright, and without what else was in it."""

from contextlib import suppress
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from app.core.errors import BadInput
from notegen.artwork.silence import unwarned

MOST_BYTES = 12 << 20
MOST_PIXELS = 25_000_000
"""Of any picture: a progressive JPEG keeps all its coefficients, some 6 bytes a pixel, however coarsely it is decoded."""

LEAST_SIDE, LONGEST_SIDE = 200, 2400
"""Fewer pixels are no picture in print; more than 2400 are finer than a window of a note needs."""

_FORMATS = ("JPEG", "PNG", "WEBP")
_NOT_READ = "That is no picture that can be read here: bring a JPEG, a PNG or a WebP."
_TOO_LARGE = "The picture is too large: bring one of at most 12 MB and 25 million pixels."
_TOO_SMALL = "The picture is too small: bring one of at least 200 pixels each way."


def received(data: bytes) -> tuple[bytes, int, int]:
    """The picture as a JPEG in sRGB on white paper, with its width and height; place, time and camera are gone.

    Raises BadInput for what is no picture, or too large or small.
    """
    if len(data) > MOST_BYTES:
        raise BadInput(_TOO_LARGE)
    try:
        with unwarned(), Image.open(BytesIO(data), formats=_FORMATS) as found:
            _examine(found)
            found.draft("RGB", _needed(found.size))
            seen = _upright(found)
    except BadInput:
        raise
    except Image.DecompressionBombError as error:
        raise BadInput(_TOO_LARGE) from error
    except Exception as error:  # whatever Pillow meets in a file that is made to be met
        raise BadInput(_NOT_READ) from error
    file = BytesIO()
    seen.save(file, "JPEG", quality=92, subsampling=0)
    return file.getvalue(), seen.width, seen.height


def _examine(found: Image.Image) -> None:
    """Raise BadInput for a size that is not decoded; only the head of the file is read yet."""
    if found.width * found.height > MOST_PIXELS:
        raise BadInput(_TOO_LARGE)
    if min(found.size) < LEAST_SIDE:
        raise BadInput(_TOO_SMALL)


def _needed(size: tuple[int, int]) -> tuple[int, int]:
    """The size that is kept: a JPEG is decoded no larger than twice that."""
    longest = max(*size, LONGEST_SIDE)
    return size[0] * LONGEST_SIDE // longest, size[1] * LONGEST_SIDE // longest


def _upright(found: Image.Image) -> Image.Image:
    found.load()
    profile, turn = found.info.get("icc_profile"), found.getexif().get(0x0112)
    mode = "RGBA" if found.mode in ("P", "PA", "LA", "La", "RGBA", "RGBa") else "RGB"
    seen = found if found.mode == mode else found.convert(mode)  # a copy of a large picture would be as large
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=3)
    if seen.mode == "RGBA":
        seen = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
    if profile and found.mode in ("RGB", "RGBA"):
        with suppress(ImageCms.PyCMSError, OSError):  # then it is taken for sRGB
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            seen = ImageCms.profileToProfile(seen, given, ImageCms.createProfile("sRGB")) or seen
    plain = Image.frombytes("RGB", seen.size, seen.tobytes())
    plain.getexif()[0x0112] = turn or 1
    return ImageOps.exif_transpose(plain)
