"""A cell: the place on a sheet that a manifest gives to a note, and what is said of what is found in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.core import serial as serials
from app.core import token as tokens
from app.core.errors import BadToken
from app.core.job import Job
from app.core.verifying import Keyring, Signature
from notegen.geometry.grid import Grid
from notegen.geometry.slot import Box, QrSlot
from notegen.ink import symbol
from notegen.manifest import Entry
from notegen.readback.eye import Eye
from notegen.readback.film import Shot
from notegen.readback.gauge import Gauge, Measured

NO_QR = "{eye} reads no QR there."

_NOTE_CHARACTERS = serials.LENGTH + tokens.SIGNATURE_CHARACTERS
_SERIAL = re.compile(r"[A-Z]{3}[0-9]{2}[0-9]{7}[0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a cell: `why` it is not good (None when it is), what was `measured` and its `text` where a QR was read."""

    why: str | None
    measured: Measured | None = None
    text: str = ""


class Cells:
    """The cells of a job whose notes lie as `grid` says, with their QRs where `qr` says."""

    def __init__(self, job: Job, grid: Grid, qr: QrSlot) -> None:
        self._grid, self._qr = grid, qr
        self._opening = f"HTTPS://{job.host}/N/"
        self._keyring, self._gauge = Keyring([job.key]), Gauge(qr)
        self._trims = [grid.front(position) for position in range(len(grid))]

    def fits(self, entry: Entry) -> bool:
        """Whether a sheet has such a place."""
        return entry.row <= self._grid.rows and entry.column <= self._grid.columns

    def position(self, entry: Entry) -> int:
        """The position of a note on its sheet, from 0."""
        return (entry.row - 1) * self._grid.columns + entry.column - 1

    def trim(self, position: int) -> Box:
        """The trim of a position on the front."""
        return self._trims[position]

    def panel(self, position: int) -> Box:
        """The white panel of the QR there: what a camera would be held over."""
        trim, (left, top, right, bottom) = self.trim(position), self._qr.box
        return trim[0] + left, trim[1] + top, trim[0] + right, trim[1] + bottom

    def symbol(self, position: int) -> Box:
        """Where its QR is meant to be."""
        left, top = self.trim(position)[0] + self._qr.x_mm, self.trim(position)[1] + self._qr.y_mm
        return left, top, left + self._qr.size_mm, top + self._qr.size_mm

    def look(self, entry: Entry, panel: Shot, eyes: Sequence[Eye]) -> Found:
        """What every eye makes of the picture of a note's panel."""
        measured, text = None, ""
        for eye in eyes:
            sights = eye.see(panel.pixels)
            if not sights:
                return Found(NO_QR.format(eye=eye.name))
            why = next(filter(None, (self._wrong(entry, sight.text) for sight in sights)), None)
            if why:
                return Found(why)
            if measured is None:
                text = sights[0].text
                measured = self._gauge.measure(panel, self.trim(self.position(entry)), sights[0].corners)
        return Found(self._gauge.fault(measured, panel) if measured else None, measured, text)

    def damage(self, entry: Entry, panel: Shot, text: str) -> str | None:
        """What error correction would hide: how many modules are not those of a QR of `text`, as `qrcode` makes it."""
        printed = self._gauge.modules(panel, self.trim(self.position(entry)))
        wrong = int((printed != symbol.modules(text)).sum())
        return f"{wrong} modules of its QR are covered or lost." if wrong else None

    def _wrong(self, entry: Entry, text: str) -> str | None:
        """What is wrong with the text of a QR."""
        try:
            token = tokens.parse(text)
        except BadToken as error:
            return f"The QR there is not one of ours: {error.sentence}"
        if token.serial != entry.serial:
            return f"The QR there is that of {token.serial}."
        if _examined(self._keyring, token) is not Signature.GOOD:
            return "The signature in its QR is not good under the key of the job."
        if text != f"{self._opening}{text[-_NOTE_CHARACTERS:]}" or not text.isupper():
            return "The address in its QR is not that of the job."
        return None


@lru_cache(maxsize=4)
def _examined(keyring: Keyring, token: tokens.Token) -> Signature:
    """Both eyes read the same text, which needs to be examined once."""
    return keyring.examine(token)


def printed(entry: Entry, words: str) -> str | None:
    """What is wrong with the serials that stand on the note in letters."""
    serials = set(_SERIAL.findall(re.sub(r"\s", "", words)))
    if not serials:
        return "No serial is printed on it."
    return None if serials == {str(entry.serial)} else f"The serial printed on it is {', '.join(sorted(serials))}."


def lacking(words: str, wanted: Sequence[str]) -> str | None:
    """What is wrong with a side whose `words` must hold each of `wanted`, however they are spaced."""
    bare = re.sub(r"\s", "", words)
    lost = next((line for line in wanted if re.sub(r"\s", "", line) not in bare), None)
    return None if lost is None else f"It does not say “{lost}”, which the job prints on every note."
