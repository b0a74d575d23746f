"""An edition: a job laid out for one kind of sheet, with all that a press run needs to be written by itself."""

import hashlib
import string
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.job import Job
from notegen import forme, typecase
from notegen.grid import Flip
from notegen.imposition import Imposition, Run
from notegen.overprint import Overprint
from notegen.sides import Sides
from notegen.slot import QrSlot, Slot
from notegen.typecase import Typecase

SLIP_FACE = "Hyperlegible-Bold"
SLIP_LETTERS = string.ascii_letters + string.digits + " –-,."
_SERIAL = string.ascii_uppercase + string.digits + " "


@dataclass(frozen=True)
class Edition:
    """`forme` is the PDF of what is alike on all sheets; `identity` is a digest of the job and these choices."""

    job: Job
    imposition: Imposition
    flip: Flip
    separators: bool
    qr: QrSlot
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
    overprint: Overprint | None = None,
) -> Edition:
    """Lay out a job; `toml` is its job.toml as it stands. `overprint` is lettered across both sides.

    Raises BadDesign when the art does not fit the design.
    """
    front = sides.front
    if front.qr is None:  # a front without it does not load; this tells the type
        raise AssertionError("a front has a QR")
    letters = letters_of(front.slots.values(), job.expires_on)
    if separators:
        letters.setdefault(SLIP_FACE, set()).update(SLIP_LETTERS)
    if overprint is not None:
        letters.setdefault(overprint.face, set()).update(overprint.words)
    case = typecase.fill(letters)
    made = forme.make(sides, imposition.grid, flip, case, job.expires_on, overprint)
    choices = f"{imposition.grid} {[run.height for run in imposition.runs]} {flip} {separators}"
    digest = hashlib.sha256(toml + choices.encode() + made).hexdigest()
    serials = tuple(slot for slot in front.slots.values() if "{serial}" in slot.text)
    return Edition(job, imposition, flip, separators, front.qr, serials, case, made, digest)


def letters_of(slots: Iterable[Slot], expires_on: date | None) -> dict[str, set[str]]:
    """Face to the letters that `slots` need of it for any serial and this last day."""
    letters: dict[str, set[str]] = {}
    for slot in slots:
        words = slot.text.format(serial=_SERIAL, date=forme.day(expires_on) if expires_on else "")
        letters.setdefault(slot.font, set()).update(words)
    return letters
