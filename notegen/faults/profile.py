"""CMYK that was made for another press: its numbers are kept, so it looks otherwise."""

from collections.abc import Iterator
from io import BytesIO

import numpy as np
import pikepdf
from PIL import Image

from notegen.artwork import photograph, separation
from notegen.artwork.pixels import BadPicture
from notegen.artwork.separation import BadProfile
from notegen.artwork.silence import tiff_unheard, unwarned
from notegen.faults.shift import MOST_DELTA_E
from notegen.faults.side import Side
from notegen.preflight import Fault

_PATCHES = np.array(
    [
        [cyan, magenta, yellow, black]
        for cyan in (0, 255)
        for magenta in (0, 255)
        for yellow in (0, 255)
        for black in (0, 128)
    ],
    np.uint8,
)


def faults(side: Side) -> Iterator[Fault]:
    """Profiles of other presses, when their inks look otherwise than those of this one."""
    for profile in dict.fromkeys(_profiles(side)):
        try:
            shift = float(
                separation.difference(separation.lab_of_inks(_PATCHES, profile), separation.lab_of_inks(_PATCHES)).max()
            )
            name = separation.described(profile)
        except BadProfile:
            yield Fault(
                "profile", "Its colour profile cannot be read: save it with FOGRA39 (ISO Coated v2).", side.where
            )
            continue
        if shift > MOST_DELTA_E:
            message = f"Its CMYK was made for {name!r} and is printed as FOGRA39 with the same numbers, up to delta E {shift:.0f} off"
            yield Fault("other-press", f"{message}: convert it to FOGRA39 (ISO Coated v2).", side.where)


def _profiles(side: Side) -> Iterator[bytes]:
    art = side.design.art
    if art.suffix.lower() in photograph.SUFFIXES:
        with unwarned(), _picture(side) as picture, tiff_unheard(picture.format == "TIFF"):
            if picture.mode == "CMYK" and picture.info.get("icc_profile"):
                yield picture.info["icc_profile"]
    elif art.suffix.lower() == ".pdf":
        with pikepdf.open(BytesIO(art.read_bytes())) as pdf:
            for item in pdf.objects:
                if isinstance(item, pikepdf.Stream) and item.get("/N") == 4 and "/Type" not in item:
                    yield bytes(item.read_bytes())


def _picture(side: Side) -> Image.Image:
    try:
        return photograph.opened(side.design.art)
    except (BadPicture, OSError):
        return Image.new("L", (1, 1))
