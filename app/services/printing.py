"""The one door to notegen: designs, pictures of a note and press files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from app.core.errors import BadDesign, BadInput
from app.core.span import Span
from notegen import check as checking
from notegen import compose as composing
from notegen import design as designs
from notegen import preview as previews
from notegen import specimen as specimens
from notegen.design.sides import Sides
from notegen.geometry import allowance, grid, imposition, offset, sheet
from notegen.geometry.imposition import RUN_SHEETS, Imposition

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


def design_names(folder: Path) -> list[str]:
    """The fronts that an order can name."""
    return [name for name in designs.names(folder) if name != BACK]


def design_files(name: str, folder: Path) -> Mapping[str, bytes]:
    """The front called `name` and the national back as they are now, by their names in a job file.

    Raises BadDesign, also for one that would not print: once it is signed, it is too late.
    """
    front, back = designs.find(name, folder), designs.find(BACK, folder)
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


def note_size(name: str, folder: Path) -> NoteSize:
    """The size of the notes of a front. Raises BadDesign."""
    front = designs.find(name, folder)
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


def picture(name: str, folder: Path, *, dpi: int = 200) -> bytes:
    """A PNG of the front called `name` above the national back, as a specimen. Raises BadDesign."""
    return previews.preview(designs.find(name, folder), designs.find(BACK, folder), dpi=dpi)


def specimen(name: str, folder: Path) -> bytes:
    """A PDF of that front and the national back as a specimen, a page each, for training. Raises BadDesign."""
    return specimens.specimen(Sides(designs.find(name, folder), designs.find(BACK, folder)))


def digest(name: str, folder: Path) -> str:
    """What tells this front and the back from every other, as they are now: SHA-256 in hex. Raises BadDesign."""
    found = sha256()
    for side in (name, BACK):
        for path, data in _files(side, designs.find(side, folder).folder).items():
            found.update(f"{path} {len(data)} ".encode() + data)
    return found.hexdigest()


def _files(side: str, folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "_")))
    for path in found:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            raise BadDesign(f"{path} is larger than {LARGEST_FILE_BYTES // 1024 // 1024} MB: use a smaller file.")
    return {f"{side}/{path.name}": path.read_bytes() for path in found}
