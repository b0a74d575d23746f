"""Whether a design can be printed: sizes, the QR's panel, and slots that the knife and the camera need clear."""

from collections.abc import Callable, Container, Iterator
from itertools import combinations
from typing import Literal

from app.core.errors import BadDesign
from notegen import lettering
from notegen.design.file import Slots
from notegen.geometry.braid import BraidSlot
from notegen.geometry.slot import LONGEST, SMALLEST_QR_MM, Box, QrSlot, Slot, fitted, overlap

TRIM_MM = (50.0, 300.0)
"""Least and greatest width or height of a note."""

BLEED_MM = (2.0, 10.0)
SAFE_MM = (3.0, 15.0)
BRAID_WIDTH_MM = (20.0, 100.0)
BRAID_HEIGHT_MM = (4.0, 20.0)
"""Smaller braids run together, and larger ones are no ornament."""

TYPE_PT = (6.0, 36.0)
"""Sizes that can be read and still fit."""

LEAST_PT = 5.0
"""No line need be set smaller than this to fit, but for a host of uncommonly wide letters."""

Side = Literal["front", "back"]
_HELD = {"serial": {"serial"}, "expiry": {"date"}}
"""What the slots that a front needs must hold; any other slot holds any name."""

SLACK_MM = 0.01
"""Rounding in a design.toml is no fault."""


def sheet_faults(file: str, trim_mm: tuple[float, float], bleed_mm: float, safe_mm: float) -> Iterator[BadDesign]:
    """What is wrong with a trim, bleed or safe zone that no print shop would take."""
    for side in trim_mm:
        yield from _caught(_within, file, "trim_mm", side, TRIM_MM, "mm")
    yield from _caught(_within, file, "bleed_mm", bleed_mm, BLEED_MM, "mm")
    yield from _caught(_within, file, "safe_mm", safe_mm, SAFE_MM, "mm")


def slot_faults(
    file: str, side: Side, safe: Box, slots: Slots, named: Container[str], inks: Container[str]
) -> tuple[list[BadDesign], set[str]]:
    """What is wrong with slots: one that a front lacks, one that cannot be set, one outside `safe` or across another.

    `named` are the slots that the file has, sound or not; `inks` the names of the design's inks. The second answer is the
    names of those that cannot be set.
    """
    faults = list(_lacking(file, named)) if side == "front" else []
    boxes: dict[str, Box] = {}
    for name, slot in slots.all.items():
        found = list(_caught(_examine, file, side, name, slot, inks))
        if not found:
            boxes[name] = slot.box
            found = list(_caught(_examine_place, file, name, slot.box, safe))
        faults += found
    for one, other in combinations(boxes, 2):
        if overlap(boxes[one], boxes[other]):
            faults.append(BadDesign(f"{file}: slots.{one} lies across slots.{other}; move one of them."))
    return faults, set(slots.all) - set(boxes)


def _caught(examine: Callable[..., None], *given: object) -> Iterator[BadDesign]:
    try:
        examine(*given)
    except BadDesign as fault:
        yield fault


def _lacking(file: str, slots: Container[str]) -> Iterator[BadDesign]:
    for name in ("qr", "serial", "expiry"):
        if name not in slots:
            yield BadDesign(f"{file}: slots.{name} is missing; every front needs it, so add [slots.{name}].")


def _examine(file: str, side: Side, name: str, slot: QrSlot | BraidSlot | Slot, inks: Container[str]) -> None:
    if isinstance(slot, QrSlot):
        _examine_qr(file, slot)
    elif isinstance(slot, BraidSlot):
        _examine_braid(file, side, slot)
    else:
        _examine_line(file, side, name, slot, inks)


def _examine_qr(file: str, qr: QrSlot) -> None:
    if not SMALLEST_QR_MM <= qr.size_mm <= 2 * SMALLEST_QR_MM:
        least, most = SMALLEST_QR_MM, 2 * SMALLEST_QR_MM
        raise BadDesign(f"{file}: slots.qr.size_mm is {qr.size_mm:g}; use {least:g} to {most:g} mm.")
    if qr.panel_mm < qr.least_panel_mm - SLACK_MM:
        raise BadDesign(
            f"{file}: slots.qr.panel_mm is {qr.panel_mm:g}, too small for the QR and four clear modules on each side; "
            f"make it {qr.least_panel_mm + 0.05:.1f} or more."
        )


def _examine_braid(file: str, side: Side, braid: BraidSlot) -> None:
    if side == "back":
        raise BadDesign(
            f"{file}: slots.braid differs from note to note, so it stands on the front alone; move it there."
        )
    _within(file, "slots.braid.width_mm", braid.width_mm, BRAID_WIDTH_MM, "mm")
    _within(file, "slots.braid.height_mm", braid.height_mm, BRAID_HEIGHT_MM, "mm")


def _examine_line(file: str, side: Side, name: str, slot: Slot, inks: Container[str]) -> None:
    place = f"slots.{name}"
    if slot.font not in lettering.FACES:
        raise BadDesign(f"{file}: {place}.font is {slot.font!r}; use one of {', '.join(lettering.FACES)}.")
    _within(file, f"{place}.size_pt", slot.size_pt, TYPE_PT, "pt")
    _examine_names(file, place, side, name, slot)
    _examine_ink(file, place, slot, inks)
    if lacking := lettering.lacking(slot.text.replace("\n", ""), slot.font):
        raise BadDesign(f"{file}: {place}.text has no letter {lacking} in {slot.font}; write it in others.")
    if "host" in slot.names and slot.width_mm is None:
        raise BadDesign(f"{file}: {place}.width_mm is missing; hosts are long and short, so say how far one may run.")
    if (size := fitted(slot, slot.widest).size_pt) < LEAST_PT:
        raise BadDesign(
            f"{file}: {place}.width_mm is {slot.width_mm:g}, where the longest line would be set in {size:.1f} pt; "
            f"make it wide enough for {LEAST_PT:g} pt, or the text shorter."
        )


def _may_hold(side: Side, name: str) -> set[str]:
    """What differs from note to note stands on the front alone, so that one back does for all."""
    return {"date", "host"} if side == "back" else _HELD.get(name, set(LONGEST))


def _examine_names(file: str, place: str, side: Side, name: str, slot: Slot) -> None:
    """The serial and the last day must be where they are looked for; the serial stands alone, as it alone is varied."""
    may_hold = _may_hold(side, name)
    known = set(LONGEST) if "serial" in may_hold else {"date", "host"}
    must = name in _HELD and side == "front"
    if (must and not slot.names & may_hold) or not slot.names <= known:
        wanted = " or ".join(f"{{{each}}}" for each in LONGEST if each in may_hold)
        wish = f"it must hold {wanted}" if must else f"it may hold {wanted}, keys of [text.{slot.language}]"
        raise BadDesign(f"{file}: {place}.text is {slot.text!r}; {wish} and no other name in braces.")
    if "serial" in slot.names and slot.text != "{serial}" and (len(slot.names) > 1 or "\n" in slot.text):
        raise BadDesign(f"{file}: {place}.text is {slot.text!r}; let {{serial}} stand in a slot of its own.")
    if not slot.text.strip():
        raise BadDesign(f"{file}: {place}.text is empty; write what it says, or take the slot away.")


def _examine_ink(file: str, place: str, slot: Slot, inks: Container[str]) -> None:
    """What the composer fills in is black alone, so that it is sharp, and readable by any reader."""
    if slot.ink is not None and slot.names:
        raise BadDesign(
            f"{file}: {place}.ink is {slot.ink!r}; what stands in braces is printed in black, so leave it out."
        )
    if slot.ink is not None and slot.ink not in inks:
        raise BadDesign(f"{file}: {place}.ink is {slot.ink!r}; name one of [inks], or add it there.")


def _examine_place(file: str, name: str, box: Box, safe: Box) -> None:
    left, top, right, bottom = (f"{edge:.1f}" for edge in box)
    inside = all(inner >= outer - SLACK_MM for inner, outer in zip(box[:2], safe[:2], strict=True))
    inside &= all(inner <= outer + SLACK_MM for inner, outer in zip(box[2:], safe[2:], strict=True))
    if not inside:
        raise BadDesign(
            f"{file}: slots.{name} covers x {left} to {right} and y {top} to {bottom} mm, which leaves the safe zone; "
            f"keep it within x {safe[0]:g} to {safe[2]:g} and y {safe[1]:g} to {safe[3]:g}."
        )


def _within(file: str, key: str, value: float, limits: tuple[float, float], unit: str) -> None:
    least, most = limits
    if not least <= value <= most:
        raise BadDesign(f"{file}: {key} is {value:g}; use {least:g} to {most:g} {unit}.")
