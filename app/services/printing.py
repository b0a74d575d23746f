"""The one door to notegen: designs, pictures of a note, press files, and the papers of a delivery."""

import shutil
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from app.core.errors import BadDesign, BadInput, Refused
from app.core.span import Span
from notegen import check as checking
from notegen import compose as composing
from notegen import design as designs
from notegen import picture as pictures
from notegen import preview as previews
from notegen import specimen as specimens
from notegen.design.sides import Sides
from notegen.geometry import allowance, grid, imposition, offset, sheet
from notegen.geometry.imposition import RUN_SHEETS, Imposition
from notegen.paper import consignment
from notegen.readback import eye
from notegen.together import folder as choosing
from notegen.together import glance, judged, votes, zipped
from notegen.together.choices import LANGUAGES, LETTERINGS, SHOWS, WINDOWS, ZOOM, Choices
from notegen.together.judged import Remark
from notegen.together.palettes import PALETTES, Palette
from notegen.together.patterns import GROUNDS
from notegen.together.received import MOST_BYTES, received
from notegen.together.window import Brought

__all__ = [
    "GROUNDS", "LANGUAGES", "LETTERINGS", "MOST_BYTES", "PALETTES", "SHOWS", "WINDOWS", "ZOOM", "Brought", "Choices", "Palette", "Remark",
    "received",
]  # fmt: skip

BACK = "national"
"""The one back that every front is printed with."""

LARGEST_FILE_BYTES = 32 * 1024 * 1024
SHEETS = tuple(sheet.SHEETS)
"""The names of the usual sheets."""

USUAL_RUN_SHEETS = RUN_SHEETS
MOST_RUN_SHEETS = 100_000


@dataclass(frozen=True, slots=True)
class NoteSize:
    """The trim and the bleed of a note, in mm."""

    width_mm: float
    height_mm: float
    bleed_mm: float


@dataclass(frozen=True, slots=True)
class Laying:
    """How notes are laid on sheets: `sheet` by name or size, `office` edge to edge, `run_sheets` to a file."""

    sheet: str
    office: bool = False
    run_sheets: int = RUN_SHEETS


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A job on its sheets: how many, with how many notes on each at most."""

    sheets: int
    notes_on_sheet: int


_PROOF_DPI = 200
_MARK = "_made.toml"

Folders = Path | tuple[Path, ...]
"""Where designs are: the folder that comes first has the back, and wins where two have a front of the same name."""


def design_names(folder: Folders) -> list[str]:
    """The fronts that an order can name."""
    first, *others = _folders(folder)
    found = {*designs.names(first), *(name for other in others if other.is_dir() for name in designs.names(other))}
    return sorted(name for name in found if name != BACK and not name.startswith("."))


def _folders(folder: Folders) -> tuple[Path, ...]:
    return (folder,) if isinstance(folder, Path) else folder


def _find(name: str, folder: Folders) -> designs.Design:
    """The design called `name` in the first folder that has it; raises BadDesign with the names that the first has."""
    first, *others = _folders(folder)
    for other in others:
        if name != BACK and name not in designs.names(first) and name in design_names((first, other)):
            return designs.find(name, other)
    return designs.find(name, first)


def design_files(name: str, folder: Folders) -> Mapping[str, bytes]:
    """The front called `name` and the national back as they are now, by their names in a job file.

    Raises BadDesign, also for one that would not print: once it is signed, it is too late.
    """
    front, back = _find(name, folder), _find(BACK, folder)
    if front.side != "front" or back.side != "back":
        raise BadDesign(f"The design {name!r} is no front, or {BACK!r} no back: order with one of the fronts.")
    files = {**_files("front", front.folder), **_files("back", back.folder)}
    for each in (front, back):
        own = b"".join(data for name, data in files.items() if name.startswith(f"{each.side}/"))
        _refuse_unprintable(each.folder, sha256(own).digest())
    return files


@lru_cache(maxsize=64)
def _refuse_unprintable(folder: Path, _digest: bytes) -> None:
    """Looks at the design in `folder` once for as long as its files are the same."""
    fault = checking.gravest(designs.load(folder))
    if fault is not None:
        raise BadDesign(f"{fault.where}: {fault.message} Nothing was ordered; see `notegen check`.")


def press_files(job: Path, out: Path) -> list[Path]:
    """Compose a job file into press-ready PDFs below the folder `out`, on SRA3; gives their paths. Raises BadJob."""
    return [Path(each) for each in composing.compose(job, out).files]


def note_size(name: str, folder: Folders) -> NoteSize:
    """The size of the notes of a front. Raises BadDesign."""
    front = _find(name, folder)
    return NoteSize(*front.trim_mm, front.bleed_mm)


def laid_out(span: Span, bundle_size: int, note: NoteSize, laying: Laying) -> LaidOut:
    """How `notegen compose` lays a job out. Raises BadInput where not one note fits on the sheet."""
    laid = _imposed(span, bundle_size, note, laying)
    return LaidOut(laid.sheets, len(laid.grid))


def on_sheets(
    span: Span, bundle_size: int, note: NoteSize, laying: Laying, *, first: int, last: int
) -> list[Span]:  # fmt: skip
    """The notes on the sheets `first` to `last`, as `manifest.csv` has them. Raises BadInput for sheets that there are not."""
    return _imposed(span, bundle_size, note, laying).on_sheets(first, last)


def blank_sheets(sheets: int) -> int:
    """The blank sheets that are laid out beside so many, where nobody says otherwise."""
    return allowance.allowance_sheets(sheets)


def back_offset(text: str) -> str:
    """A back offset as `notegen compose` takes it. Raises BadInput."""
    return str(offset.parse(text))


def sheet_name(text: str) -> str:
    """The name of a sheet, or its size, as `notegen compose` takes it. Raises BadInput."""
    return sheet.find(text).name


def _imposed(span: Span, bundle_size: int, note: NoteSize, laying: Laying) -> Imposition:
    trim, paper = (note.width_mm, note.height_mm), sheet.find(laying.sheet)
    laid = grid.office(trim, paper) if laying.office else grid.fit(trim, note.bleed_mm, paper)
    if not 1 <= laying.run_sheets <= MOST_RUN_SHEETS:
        raise BadInput(f"A file has 1 to {MOST_RUN_SHEETS:,} sheets; {laying.run_sheets:,} does not fit.")
    return imposition.impose(span, laid, bundle_size, laying.run_sheets)


Bundle = tuple[str, int, tuple[Span, ...]]
"""A bundle of a delivery: its order, its number there, and the notes that are in it."""


def delivery_note(
    bundles: Sequence[Bundle], *, number: str, sender: str, receiver: str, on: date, link: str = "", page: str = ""
) -> bytes:
    """The paper that goes with a delivery to an organisation, as a PDF; `link` confirms receipt."""
    sent = [consignment.Sent(*each) for each in bundles]
    return consignment.note(sent, number=number, sender=sender, receiver=receiver, on=on, link=link, page=page)


def bundle_labels(bundles: Sequence[Bundle], *, number: str, receiver: str, host: str) -> bytes:
    """A label for each bundle of a delivery, as a PDF."""
    sent = [consignment.Sent(*each) for each in bundles]
    return consignment.bundle_labels(sent, number=number, receiver=receiver, host=host)


def picture(name: str, folder: Folders, *, dpi: int = 200) -> bytes:
    """A PNG of the front called `name` above the national back, as a specimen. Raises BadDesign."""
    return previews.preview(_find(name, folder), _find(BACK, folder), dpi=dpi)


def specimen(name: str, folder: Folders) -> bytes:
    """A PDF of that front and the national back as a specimen, a page each, for training. Raises BadDesign."""
    return specimens.specimen(Sides(_find(name, folder), _find(BACK, folder)))


def digest(name: str, folder: Folders) -> str:
    """What tells this front and the back from every other, as they are now: SHA-256 in hex. Raises BadDesign."""
    found = sha256()
    for side in (name, BACK):
        for path, data in _files(side, _find(side, folder).folder).items():
            found.update(f"{path} {len(data)} ".encode() + data)
    return found.hexdigest()


def _files(side: str, folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "_")))
    for path in found:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise BadDesign(f"{path} is larger than {LARGEST_FILE_BYTES // 1024 // 1024} MB: use a smaller file.")
    return {f"{side}/{path.name}": path.read_bytes() for path in found}


def choices_of(given: Mapping[str, object]) -> Choices:
    """What was kept of choices, as choices; what is not known of it any more is left out. Raises BadInput."""
    known = {field.name for field in fields(Choices)}
    return Choices(**{name: value for name, value in given.items() if name in known})  # type: ignore[arg-type]  # read back as written


def remarks(choices: Choices, brought: Brought | None) -> tuple[Remark, ...]:
    """What is wrong with a note as it was chosen, the gravest first."""
    return judged.remarks(choices, brought)


def chosen_front(choices: Choices, brought: Brought | None, data: bytes, *, dpi: int = glance.DPI) -> bytes:
    """A JPEG of a front that was chosen, as a specimen. Raises BadDesign."""
    return glance.glance(choices, brought, data, dpi=dpi)


def national_back() -> bytes:
    """A JPEG of the national back."""
    return glance.back()


def vote_sheet(notes: list[bytes], title: str) -> bytes:
    """A PDF for an office printer, with pictures of variants at true size and room for votes."""
    return votes.sheet(notes, title)


def chosen_zip(choices: Choices, brought: Brought | None, data: bytes) -> bytes:
    """A front that was chosen, for a designer to finish. Raises BadDesign."""
    return zipped.zipped(choices, brought, data)


def save_chosen(
    choices: Choices, brought: Brought | None, data: bytes, *, shipped: Path, saved: Path, mark: Mapping[str, str],
    instead: Callable[[], None] | None = None,
) -> None:  # fmt: skip
    """Put a front that was chosen among the `saved` designs, whole or not at all, with `mark` beside it.

    It passes `check` first, and a specimen of it is read. It takes the place of the one of its name only where `instead`,
    asked at the last moment, raises nothing. Raises BadDesign, and Refused where its name is taken.
    """
    _refuse_taken(choices.name, shipped, saved, instead)
    saved.mkdir(mode=0o700, parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".draft-", dir=saved) as parent:
        shutil.copytree(designs.folder_of(BACK, shipped), Path(parent) / BACK)
        made = choosing.write(choices, brought, data, Path(parent))
        _prove(made)
        (made / _MARK).write_text(choosing.toml(mark), encoding="utf-8")
        try:
            _put(made, saved / choices.name, instead)
        except OSError as error:
            _refuse_taken(choices.name, shipped, saved, instead)
            raise BadDesign(f"The design cannot be kept in {saved} ({error.strerror}).") from error


def _put(made: Path, place: Path, instead: Callable[[], None] | None) -> None:
    """Move a design to its place, and what was there out of the way; back again where that fails."""
    before = made.with_name(".before")
    if instead is not None and place.exists():
        instead()
        place.rename(before)
    try:
        made.rename(place)
    except OSError:
        with suppress(OSError):
            before.rename(place)
        raise


def withdraw_saved(name: str, saved: Path) -> None:
    """Delete a saved design."""
    with TemporaryDirectory(prefix=".gone-", dir=saved) as parent:
        (saved / name).rename(Path(parent) / name)


def saved_mark(name: str, saved: Path) -> Mapping[str, str]:
    """What was put beside a saved design; empty where there is no such thing."""
    with suppress(OSError, ValueError):
        return tomllib.loads((saved / name / _MARK).read_text(encoding="utf-8"))
    return {}


def _refuse_taken(name: str, shipped: Path, saved: Path, instead: object) -> None:
    if name == BACK or name in designs.names(shipped) or (instead is None and (saved / name).exists()):
        raise Refused("There is a design of this name already: give yours another name.")


_TO_A_GROUP = {
    "contrast": "What is printed over the art cannot be read well enough: choose another palette or window.",
    "ink": "Somewhere is more ink than the paper takes: choose a lighter picture or palette.",
    "resolution": "The picture is too coarse for print: bring a larger one, or show it smaller.",
}
_TO_A_DESIGNER = "It would not print right: choose another pattern, palette or picture, or let a designer look at it."
"""What a fault of the check means to people at a table, who have no file to mend; whole sentences, for both languages."""


def _prove(made: Path) -> None:
    """Raise BadDesign for a design that `check` finds fault with, or a specimen of which cannot be read."""
    for fault in checking.faults(made):
        if not fault.warning:
            raise BadDesign(_TO_A_GROUP.get(fault.rule, _TO_A_DESIGNER), fault=str(fault))
    note = specimens.specimen(Sides(designs.load(made), designs.load(made.parent / BACK)))
    seen = np.asarray(pictures.rasterise(note, dpi=_PROOF_DPI).convert("L"))
    if any(specimens.text() not in each.read(seen) for each in eye.eyes()):
        raise BadDesign("The code of a specimen cannot be read: choose another pattern or palette.")
