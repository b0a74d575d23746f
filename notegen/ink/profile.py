"""A colour profile of the press: what the process colours of a press file are meant for, embedded in it whole."""

from dataclasses import dataclass
from importlib import resources
from io import BytesIO
from pathlib import Path

from PIL import ImageCms

from app.core.errors import BadInput

COLOURS = 4
"""Components of CMYK."""

_HEADER_BYTES = 128
_LARGEST_BYTES = 16 << 20
"""Greater than any printer profile; what is more is some other file."""

_SHIPPED = "FOGRA39L_coated.icc"


@dataclass(frozen=True)
class Profile:
    """`data` is an ICC profile; `condition` names what is printed on and how, as does `info` in words.

    `registry` is where the name of the condition is registered, None for a print shop's own.
    """

    data: bytes
    condition: str
    info: str
    registry: str | None = None


def shipped() -> Profile:
    """Offset on coated stock, the profile that comes with notegen."""
    data = resources.files("notegen.profiles").joinpath(_SHIPPED).read_bytes()
    return Profile(data, "FOGRA39", "Offset on coated stock, ISO 12647-2:2004, FOGRA39", "http://www.color.org")


def read(path: Path) -> Profile:
    """The print shop's own profile. Raises BadInput when it is none that a press file may embed."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"The profile {path} cannot be read ({error.strerror}): name one that is there.") from error
    if fault := wrong(data):
        raise BadInput(f"The profile {path} {fault}: give the CMYK profile of your press, an .icc of version 2 or 4.")
    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(data))).strip()
    except (OSError, ImageCms.PyCMSError) as error:
        raise BadInput(f"The profile {path} is damaged: ask for it again, or leave --profile out.") from error
    return Profile(data, name or path.stem, name or path.stem)


def wrong(data: bytes) -> str | None:
    """What keeps `data` from being the profile of a press, in words that follow its name; None when nothing does.

    ICC.1:2010, 7.2 (the header); ISO 15930-7 takes output profiles alone, the house those of CMYK.
    """
    if len(data) < _HEADER_BYTES or data[36:40] != b"acsp":
        return "is no ICC profile"
    if int.from_bytes(data[:4], "big") != len(data):
        return "is not whole"
    if data[12:16] != b"prtr":
        return "is not of a printer"
    if data[16:20] != b"CMYK":
        return "is not of CMYK"
    if data[8] > 4:
        return f"is of version {data[8]}, which PDF/X-4 does not know"
    return None
