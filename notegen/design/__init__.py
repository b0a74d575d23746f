"""A design: one side of a note, as a folder with a design.toml and its art."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, Literal, TypeVar

from app.core.errors import BadDesign
from notegen.design import file as designfile
from notegen.design import soundness
from notegen.design.file import FILE, Slots
from notegen.geometry.braid import BraidSlot
from notegen.geometry.slot import QrSlot, Slot
from notegen.ink.cmyk import Ink

ART = (".pdf", ".svg", ".tif", ".tiff", ".png", ".jpg", ".jpeg")
"""How the names of art end."""

__all__ = ["ART", "FILE", "Design", "default_folder", "find", "folder_of", "load", "names", "read", "survey"]


Part = TypeVar("Part")


@dataclass(frozen=True)
class Design:
    """One side of a note; lengths in mm, places from the top left of the trim."""

    name: str
    title: str
    side: Literal["front", "back"]
    trim_mm: tuple[float, float]
    bleed_mm: float
    safe_mm: float
    art: Path
    qr: QrSlot | None
    braid: BraidSlot | None
    slots: Mapping[str, Slot]
    text: Mapping[str, Mapping[str, str]]
    inks: Mapping[str, Ink]
    layers: tuple[Mapping[str, Any], ...] = field(repr=False)
    folder: Path

    @property
    def page_mm(self) -> tuple[float, float]:
        """Width and height of the art: the trim and the bleed on every side."""
        return self.trim_mm[0] + 2 * self.bleed_mm, self.trim_mm[1] + 2 * self.bleed_mm


def load(folder: Path) -> Design:
    """The design in `folder`, with its art; raises BadDesign with one sentence at the first fault."""
    design = read(folder)
    if not design.art.is_file():
        raise BadDesign(f"{folder / FILE}: art names {design.art.name}, which is not there; engrave it or add it.")
    return design


def read(folder: Path) -> Design:
    """The design in `folder`, whose art need not be there yet (the engraver makes it); raises BadDesign."""
    found, faults = survey(folder)
    if faults or found is None:
        raise faults[0]
    return found


def survey(folder: Path) -> tuple[Design | None, list[BadDesign]]:
    """The design in `folder` without what is wrong in its design.toml, and all that is.

    None where so much is wrong that one cannot even know what it should be: the size or the art.
    """
    file = str(folder / FILE)
    faults: list[BadDesign] = []
    try:
        tables = designfile.tables(folder / FILE)
        head = designfile.head(tables, file)
        art = _inside(folder, head.art, file)
    except BadDesign as fault:
        return None, [fault]
    faults += soundness.sheet_faults(file, head.trim_mm, head.bleed_mm, head.safe_mm)
    if faults:
        return None, faults
    if head.name != folder.resolve().name:
        faults.append(_named_otherwise(file, head.name, folder.resolve().name))
    texts = _heard(faults, partial(designfile.text, tables, file), dict[str, dict[str, str]])
    inks = _heard(faults, partial(designfile.inks, tables, file), dict[str, Ink])
    layers = _heard(faults, partial(designfile.layers, tables, file), tuple[Mapping[str, Any], ...])
    slots, wrong = _heard(faults, partial(designfile.slots, tables, file, texts), lambda: (Slots(None, None, {}), []))
    faults += wrong
    width, height = head.trim_mm
    safe = (head.safe_mm, head.safe_mm, width - head.safe_mm, height - head.safe_mm)
    named = tables.get("slots", {})
    unsound: set[str] = set()
    if isinstance(named, Mapping):
        bad, unsound = soundness.slot_faults(file, head.side, safe, slots, named, inks)
        faults += bad
    found = Design(
        name=head.name,
        title=head.title,
        side=head.side,
        trim_mm=head.trim_mm,
        bleed_mm=head.bleed_mm,
        safe_mm=head.safe_mm,
        art=art,
        qr=None if "qr" in unsound else slots.qr,
        braid=None if "braid" in unsound else slots.braid,
        slots={name: slot for name, slot in slots.lines.items() if name not in unsound},
        text=texts,
        inks=inks,
        layers=layers,
        folder=folder,
    )
    return found, faults


def _heard(faults: list[BadDesign], part: Callable[[], Part], instead: Callable[[], Part]) -> Part:
    """A part of a design, or what `instead` gives when it is not sound, which is noted in `faults`."""
    try:
        return part()
    except BadDesign as fault:
        faults.append(fault)
        return instead()


def _named_otherwise(file: str, name: str, folder: str) -> BadDesign:
    return BadDesign(f"{file}: name is {name!r} in a folder called {folder!r}; make them one.")


def find(name: str, designs: Path) -> Design:
    """The design called `name` in the folder `designs`; raises BadDesign with the names there are."""
    return load(folder_of(name, designs))


def folder_of(name: str, designs: Path) -> Path:
    """The folder of the design called `name`, sound or not; raises BadDesign with the names there are."""
    if name not in names(designs):
        known = ", ".join(names(designs)) or "none"
        raise BadDesign(f"There is no design {name!r} in {designs}; the designs there are: {known}.")
    return designs / name


def names(designs: Path) -> list[str]:
    """The folders in `designs` that hold a design.toml, in order of name."""
    if not designs.is_dir():
        raise BadDesign(f"{designs} is not a folder; name the folder that holds the designs.")
    return sorted(path.parent.name for path in designs.glob(f"*/{FILE}"))


def default_folder() -> Path:
    """The designs that come with Hournote."""
    return Path(str(resources.files("designs")))


def _inside(folder: Path, name: str, file: str) -> Path:
    """The file `name` in `folder`, which it may not leave, not even by a link."""
    path = folder / name
    if path.suffix.lower() not in ART or "\0" in name:
        raise BadDesign(
            f"{file}: art is {name!r}; name a PDF, SVG, TIFF, PNG or JPEG in the same folder, like art.pdf."
        )
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BadDesign(f"{file}: art is {name!r}, which leaves the folder; put it beside design.toml.")
    return path
