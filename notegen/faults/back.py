"""The back: every note has the national one, so that all can be known by it."""

from collections.abc import Iterator

import numpy as np

from app.core.errors import BadDesign
from notegen import design, picture
from notegen.design import Design
from notegen.faults import side
from notegen.preflight import Fault

NATIONAL = "national"
_DRAWN = ("trim_mm", "bleed_mm", "inks")
"""What a picture of art comes from, beside its file."""

_DPI, _UNLIKE = 150, 0.2
"""Of 255, by how much pictures of art may differ on the average before they show different art."""


def faults(back: Design) -> Iterator[Fault]:
    """How a back differs from the national one that comes with Hournote: in size, in what is printed into it, in art."""
    national = design.find(NATIONAL, design.default_folder())
    different = list(_differences(back, national))
    if different:
        message = f"The back is not the national one (its {' and '.join(different)} differ): take designs/{NATIONAL} as it is."
        yield Fault("back", message, str(back.folder))


def beside(front: Design) -> Iterator[Fault]:
    """Whether the one back that stands beside a front, in the same folder of designs, is the national one."""
    backs = list(_backs(front))
    where = str(front.folder.parent)
    if not backs:
        yield Fault("back", f"There is no back beside the front: put designs/{NATIONAL} into the same folder.", where)
    elif len(backs) > 1:
        names = ", ".join(one.name for one in backs)
        yield Fault("back", f"There are several backs beside the front ({names}): leave {NATIONAL} alone there.", where)
    else:
        yield from faults(backs[0])
        if (backs[0].trim_mm, backs[0].bleed_mm) != (front.trim_mm, front.bleed_mm):
            message = f"It differs in trim_mm or bleed_mm from its back, {backs[0].name}: make them the same."
            yield Fault("back", message, str(front.folder))


def _backs(front: Design) -> Iterator[Design]:
    for name in design.names(front.folder.parent):
        found, _ = design.survey(front.folder.parent / name)
        if found is not None and found.side == "back":
            yield found


def _differences(back: Design, national: Design) -> Iterator[str]:
    if (back.trim_mm, back.bleed_mm) != (national.trim_mm, national.bleed_mm):
        yield "size"
    if dict(back.slots) != dict(national.slots) or back.qr or back.braid:
        yield "slots"
    if not alike(back, national):
        yield "art"


def alike(one: Design, other: Design) -> bool:
    """Whether the art of two designs looks the same; that of a copy does, without being drawn."""
    if _is_copy(one, other):
        return True
    try:
        return same(*(side.cut(each).page for each in (one, other)))
    except BadDesign:
        return False


def _is_copy(one: Design, other: Design) -> bool:
    if not (one.art.is_file() and other.art.is_file()) or one.art.suffix != other.art.suffix:
        return False
    same_way = all(getattr(one, what) == getattr(other, what) for what in _DRAWN)
    return same_way and one.art.read_bytes() == other.art.read_bytes()


def same(one: bytes, other: bytes) -> bool:
    """Whether the first pages of two PDFs look the same; compared as pictures, as a build of NumPy may draw a hair otherwise."""
    if one == other:
        return True
    made, there = (np.asarray(picture.rasterise(page, dpi=_DPI), dtype=np.int16) for page in (one, other))
    return made.shape == there.shape and float(np.abs(made - there).mean()) <= _UNLIKE
