"""Separation: colours of screens and cameras as inks of the press, through the profiles of both.

LittleCMS does the work (by Pillow). The intent is relative colorimetric with black point compensation, as prepress programs
have it: paper stays bare, what the press can print keeps its look, and the rest goes to the nearest that it can print.
"""

from functools import cache
from importlib import resources
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from notegen.ink.cmyk import MOST_PERCENT

Values = NDArray[np.float64]
"""Colours, one a row, each part from 0 to 1."""

PRESS_PROFILE = "FOGRA39L_coated.icc"
_INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
_COMPENSATED = ImageCms.Flags.BLACKPOINTCOMPENSATION
_D50 = np.array((0.9642, 1.0, 0.8249))
"""The white of the profile connection space (ICC.1:2010, 7.2.16)."""

_LINEAR_BELOW = 6 / 29
"""Of f(t), where CIE 1976 L*a*b* leaves the cube root (ISO 11664-4)."""


class BadProfile(ValueError):
    """A profile that cannot be read, or is not for the colours it comes with."""


def inked(rgb: NDArray[np.uint8], profile: bytes | None = None) -> NDArray[np.uint8]:
    """Pixels or colours (..., 3) of an RGB profile, sRGB where it is None, as inks (..., 4), 255 being solid.

    No colour has more ink than dries: black stays and the others thin. Raises BadProfile.
    """
    return limited(_converted(rgb, "RGB", _to_press(profile, "RGB"), "CMYK"))


def inked_lab(lab: Values) -> NDArray[np.uint8]:
    """Colours of CIE L*a*b* (D50; 0 to 100, -128 to 127) as inks (..., 4)."""
    eight = np.stack([lab[..., 0] * 2.55, lab[..., 1] % 256, lab[..., 2] % 256], axis=-1)
    return limited(_converted(np.rint(eight).astype(np.uint8), "LAB", _to_press(None, "LAB"), "CMYK"))


def limited(inks: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Inks (..., 4) with no more in all than dries: cyan, magenta and yellow give way (under colour removal)."""
    most = MOST_PERCENT * 2.55
    colours = inks[..., :3].astype(np.float64)
    room = most - inks[..., 3]
    share = np.minimum(1.0, room / np.maximum(colours.sum(axis=-1), 1.0))
    return np.concatenate([np.floor(colours * share[..., None]).astype(np.uint8), inks[..., 3:]], axis=-1)


def blacks(grey: Values, profile: bytes | None = None) -> Values:
    """Greys (0 black, 1 white) of a grey profile, those of sRGB where it is None, as black ink alone.

    They are as light as the press can show them. Raises BadProfile.
    """
    lightness, black = _ramp()
    if profile is None:
        wanted = _lightness_of_greys(np.clip(grey, 0, 1))
    else:
        bytes_of = np.rint(np.clip(grey, 0, 1)[..., None] * 255).astype(np.uint8)
        wanted = _lab(_converted(bytes_of, "L", _to_lab(profile, "L"), "LAB"))[..., 0]
    printable = lightness.min() + wanted * (100 - lightness.min()) / 100
    return np.asarray(np.interp(printable, lightness[::-1], black[::-1]), dtype=np.float64)


def lab_of_inks(inks: NDArray[np.uint8], profile: bytes | None = None) -> Values:
    """What inks (..., 4) look like on their paper, on the press of a profile, ours where it is None: CIE L*a*b*.

    Raises BadProfile.
    """
    return _lab(_converted(inks, "CMYK", _press_to_lab(profile), "LAB"))


def lab_of_rgb(rgb: NDArray[np.uint8], profile: bytes | None = None) -> Values:
    """What RGB colours (..., 3) look like when a press's deepest black is the deepest there is: CIE L*a*b*.

    The darkening that paper cannot follow is taken out, as black point compensation does (ISO 18619:2015), so that what is
    left between this and `lab_of_inks` is a change of colour. Raises BadProfile.
    """
    seen = _xyz(_lab(_converted(rgb, "RGB", _to_lab(profile, "RGB"), "LAB")))
    deepest = _xyz(lab_of_inks(inked(np.zeros((1, 3), np.uint8))))[0, 1]
    return _from_xyz(seen * (1 - deepest) + _D50 * deepest)


def lightness(inks: NDArray[np.uint8]) -> Values:
    """Luminance of inks (..., 4) between 0 and 1, bare paper being 1."""
    return np.asarray(_xyz(lab_of_inks(inks))[..., 1], dtype=np.float64)


def difference(one: Values, other: Values) -> Values:
    """Delta E of CIE 1976 (ISO 11664-4), the one in which ISO 12647-2:2004 states its tolerances."""
    return np.asarray(np.linalg.norm(one - other, axis=-1), dtype=np.float64)


def described(profile: bytes) -> str:
    """What a profile calls itself. Raises BadProfile."""
    return str(ImageCms.getProfileDescription(_opened(profile))).strip()


def press_profile() -> bytes:
    """The profile of the press that comes with Hournote."""
    return (resources.files("notegen.profiles") / PRESS_PROFILE).read_bytes()


def _converted(
    pixels: NDArray[np.uint8], mode: str, transform: ImageCms.ImageCmsTransform, to: str
) -> NDArray[np.uint8]:
    """Pixels of any shape, turned as one row of a picture."""
    flat = np.ascontiguousarray(pixels.reshape(1, -1, pixels.shape[-1]))
    if not flat.size:
        return np.zeros((*pixels.shape[:-1], len(to)), np.uint8)
    picture = Image.frombytes(mode, (flat.shape[1], 1), flat.tobytes())
    done = np.asarray(ImageCms.applyTransform(picture, transform))
    return done.reshape(*pixels.shape[:-1], len(to))


def _opened(profile: bytes) -> ImageCms.ImageCmsProfile:
    try:
        return ImageCms.ImageCmsProfile(BytesIO(profile))
    except (OSError, ImageCms.PyCMSError) as error:
        raise BadProfile("not a profile") from error


def _source(profile: bytes | None, mode: str) -> ImageCms.ImageCmsProfile:
    if profile is not None:
        return _opened(profile)
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB" if mode == "RGB" else "LAB"))


@cache
def _press() -> ImageCms.ImageCmsProfile:
    return _opened(press_profile())


@cache
def _to_press(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform:
    return _transform(_source(profile, mode), _press(), mode, "CMYK", _COMPENSATED)


@cache
def _to_lab(profile: bytes | None, mode: str) -> ImageCms.ImageCmsTransform:
    return _transform(_source(profile, mode), _source(None, "LAB"), mode, "LAB")


@cache
def _press_to_lab(profile: bytes | None) -> ImageCms.ImageCmsTransform:
    return _transform(_press() if profile is None else _opened(profile), _source(None, "LAB"), "CMYK", "LAB")


def _transform(
    source: ImageCms.ImageCmsProfile,
    target: ImageCms.ImageCmsProfile,
    mode: str,
    to: str,
    flags: ImageCms.Flags = ImageCms.Flags.NONE,
) -> ImageCms.ImageCmsTransform:
    try:
        return ImageCms.buildTransform(source, target, mode, to, renderingIntent=_INTENT, flags=flags)
    except ImageCms.PyCMSError as error:
        raise BadProfile("a profile for other colours") from error


@cache
def _ramp() -> tuple[Values, Values]:
    """Lightness of 256 steps of black ink, falling, and the steps."""
    inks = np.zeros((256, 4), np.uint8)
    inks[:, 3] = np.arange(256)
    return np.minimum.accumulate(lab_of_inks(inks)[:, 0]), np.arange(256) / 255


def _lightness_of_greys(grey: Values) -> Values:
    """L* of sRGB greys (IEC 61966-2-1; ISO 11664-4)."""
    linear = np.where(grey <= 0.04045, grey / 12.92, ((grey + 0.055) / 1.055) ** 2.4)
    return 116 * _root(linear) - 16


def _lab(eight: NDArray[np.uint8]) -> Values:
    """Pillow's bytes of L*a*b* as numbers: a* and b* are signed."""
    lab = eight.astype(np.float64)
    return np.stack(
        [lab[..., 0] / 2.55, *(np.where(part > 127, part - 256, part) for part in (lab[..., 1], lab[..., 2]))], -1
    )


def _xyz(lab: Values) -> Values:
    middle = (lab[..., 0] + 16) / 116
    roots = np.stack([middle + lab[..., 1] / 500, middle, middle - lab[..., 2] / 200], axis=-1)
    flat = 3 * _LINEAR_BELOW**2 * (roots - 4 / 29)
    return np.asarray(np.where(roots > _LINEAR_BELOW, roots**3, flat) * _D50, dtype=np.float64)


def _from_xyz(xyz: Values) -> Values:
    roots = _root(xyz / _D50)
    x, y, z = roots[..., 0], roots[..., 1], roots[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def _root(part: Values) -> Values:
    return np.asarray(
        np.where(part > _LINEAR_BELOW**3, np.cbrt(part), part / (3 * _LINEAR_BELOW**2) + 4 / 29), dtype=np.float64
    )
