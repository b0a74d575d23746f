"""An edition: a job laid out for one kind of sheet, with all that a press run needs to be written by itself."""

import hashlib
import string
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.job import Job
from notegen.design import wording
from notegen.design.sides import Sides
from notegen.design.wording import Line
from notegen.geometry import slug
from notegen.geometry.braid import BraidSlot
from notegen.geometry.grid import Flip
from notegen.geometry.imposition import Imposition, Run
from notegen.geometry.offset import NOT_MOVED, Offset
from notegen.geometry.slot import QrSlot, Slot, fitted
from notegen.ink import forme, typecase
from notegen.ink import profile as profiles
from notegen.ink.marking import Marking
from notegen.ink.overprint import Overprint
from notegen.ink.profile import Profile
from notegen.ink.typecase import Typecase

MARGIN_FACE = slug.FACE
"""Of what is for the print shop: slips, and the line beside the notes that says which sheet it is."""

MARGIN_LETTERS = string.ascii_letters + string.digits + " –-,.:%"
_SERIAL = string.ascii_uppercase + string.digits + " "


@dataclass(frozen=True)
class Edition:
    """`forme` is the PDF of what is alike on all sheets; `identity` is a digest of the job and these choices."""

    job: Job
    imposition: Imposition
    flip: Flip
    separators: bool
    reverse: bool
    back_offset: Offset
    marking: Marking
    qr: QrSlot
    braid: BraidSlot | None
    serial_slots: tuple[Slot, ...]
    typecase: Typecase
    forme: bytes
    identity: str

    def file_name(self, run: Run) -> str:
        """The name of a run's file."""
        return f"{self.job.order}-run{run.ordinal:03d}.pdf"

    def run_identity(self, run: Run) -> bytes:
        """The /ID of a run's file: the same 16 bytes for the same job and choices."""
        return hashlib.sha256(f"{self.identity} {run.ordinal}".encode()).digest()[:16]


def prepare(
    job: Job,
    toml: bytes,
    sides: Sides,
    imposition: Imposition,
    flip: Flip,
    *,
    separators: bool = False,
    reverse: bool = False,
    back_offset: Offset = NOT_MOVED,
    marking: Marking = "image",
    overprint: Overprint | None = None,
    profile: Profile | None = None,
) -> Edition:
    """Lay out a job; `toml` is its job.toml as it stands. `overprint` is lettered across both sides.
    `profile` is of the press, None for the one that comes with notegen.

    Raises BadDesign when the art does not fit the design.
    """
    front = sides.front
    if front.qr is None:  # a front without it does not load; this tells the type
        raise AssertionError("a front has a QR")
    holders = [slot for slot in front.slots.values() if "serial" in slot.names]
    serials = tuple(fitted(slot, slot.widest) for slot in holders)
    letters = _letters(serials, [*wording.lines(front, job), *wording.lines(sides.back, job)])
    letters.setdefault(MARGIN_FACE, set()).update(MARGIN_LETTERS)
    if overprint is not None:
        letters.setdefault(overprint.face, set()).update(overprint.words)
    case = typecase.fill(letters)
    made = forme.make(sides, imposition.grid, flip, case, job, profile or profiles.shipped(), overprint)
    heights = [run.height for run in imposition.runs]
    choices = f"{imposition.grid} {heights} {flip} {separators} {reverse} {back_offset} {marking}"
    digest = hashlib.sha256(toml + choices.encode() + made).hexdigest()
    return Edition(
        *(job, imposition, flip, separators, reverse, back_offset, marking),
        *(front.qr, front.braid, serials, case, made, digest),
    )


def _letters(serials: Iterable[Slot], lines: Iterable[Line]) -> dict[str, set[str]]:
    """Face to the letters that are needed of it, for any serial and for the lines that are alike on all notes."""
    letters: dict[str, set[str]] = {}
    for slot, words in [*((slot, slot.text.format(serial=_SERIAL)) for slot in serials), *lines]:
        letters.setdefault(slot.font, set()).update(words)
    return letters
