"""The one door to notegen: designs, pictures of a note, press files, and the papers of a delivery."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from app.core.errors import BadDesign
from app.core.span import Span
from notegen import check as checking
from notegen import compose as composing
from notegen import design as designs
from notegen import preview as previews
from notegen.paper import consignment

BACK = "national"
"""The one back that every front is printed with."""

LARGEST_FILE_BYTES = 32 * 1024 * 1024


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


def picture(name: str, folder: Path, *, dpi: int = 200) -> bytes:
    """A PNG of the front called `name` above the national back, as a specimen. Raises BadDesign."""
    return previews.preview(designs.find(name, folder), designs.find(BACK, folder), dpi=dpi)


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
