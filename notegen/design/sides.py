"""The two sides of a note: the front and the back that were put into a job."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.core.errors import BadDesign
from notegen import design
from notegen.design import Design
from notegen.design.file import parsed


@dataclass(frozen=True)
class Sides:
    """A front and a back of the same trim and bleed."""

    front: Design
    back: Design

    def __post_init__(self) -> None:
        front, back = self.front, self.back
        if front.side != "front" or back.side != "back":
            raise BadDesign(f"{front.name} and {back.name} are not a front and a back: name one design of each side.")
        if not _alike(front, back):
            raise BadDesign(f"{front.name} and {back.name} differ in trim_mm or bleed_mm: make them the same.")


def unpack(members: Mapping[str, bytes], folder: Path) -> Sides:
    """Write the members of a job's `design/` below `folder` and load both sides. Raises BadDesign."""
    return Sides(_unpack("front", members, folder), _unpack("back", members, folder))


def beside(found: Design) -> Sides | None:
    """`found` with its other side from the folder that it stands in: the one back, or for a back the first front that fits.

    None when there is no such other side.
    """
    fronts, backs = _designs(found.folder.parent)
    if found.side == "back":
        return next((Sides(front, found) for front in fronts if _alike(front, found)), None)
    return Sides(found, backs[0]) if len(backs) == 1 and _alike(found, backs[0]) else None


def _designs(folder: Path) -> tuple[list[Design], list[Design]]:
    """The fronts and the backs of a folder of designs; what cannot be loaded is not among them."""
    found = []
    for name in design.names(folder):
        with suppress(BadDesign):
            found.append(design.load(folder / name))
    return [one for one in found if one.side == "front"], [one for one in found if one.side == "back"]


def _alike(one: Design, other: Design) -> bool:
    return (one.trim_mm, one.bleed_mm) == (other.trim_mm, other.bleed_mm)


def _unpack(side: str, members: Mapping[str, bytes], folder: Path) -> Design:
    """A design's folder is called as the design is, so the name is read before it is loaded."""
    files = {name.removeprefix(f"{side}/"): data for name, data in members.items() if name.startswith(f"{side}/")}
    if design.FILE not in files:
        raise BadDesign(f"The job has no {side}: {side}/{design.FILE} is not in it; ask for a job with both sides.")
    target = folder / side / _name(files[design.FILE], side)
    for name, data in files.items():
        path = target / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_bytes(data)
    try:
        return design.load(target)
    except BadDesign as error:
        raise BadDesign(error.sentence.replace(f"{folder}/", "The job's ")) from error


def _name(toml: bytes, side: str) -> str:
    try:
        table = parsed(toml)
    except ValueError as error:
        raise BadDesign(
            f"The job's {side} is not TOML that can be read ({error}): ask for a job with a sound design."
        ) from error
    name = table.get("name")
    if not isinstance(name, str) or name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
        raise BadDesign(f"The job's {side} has no name that a folder could have: ask for a job with a sound design.")
    return name
