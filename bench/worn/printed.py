"""Printed notes: composed by notegen from a signed job, and rasterised as a press lays them down."""

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from nacl.bindings import crypto_sign, crypto_sign_seed_keypair
from numpy.typing import NDArray

from app.core import job as jobs
from app.core.job import Job
from app.core.reference import OrderId
from app.core.signing import OrderKey
from app.core.span import Span
from notegen import design, picture
from notegen.compose import compose
from scanner.reading import Corners

Picture = NDArray[np.uint8]

DPI = 300
DOTS_A_MM = DPI / 25.4
MODULES = 49
HOST = "NOTES.EXAMPLE.ORG"


@dataclass(frozen=True, slots=True)
class Printed:
    """A note on paper: its token, the sheet (H, W, 3) with bleed, and where the symbol lies in mm from its trim."""

    text: str
    sheet: Picture
    trim_mm: tuple[float, float]
    bleed_mm: float
    symbol_mm: tuple[float, float, float]
    """Left, top and side."""

    @property
    def symbol_dots(self) -> Corners:
        """The corners of the symbol on the sheet (4, 2), from its own top left and clockwise."""
        left, top, side = self.symbol_mm
        corner = np.array((left + self.bleed_mm, top + self.bleed_mm))
        square = corner + np.array([(0, 0), (side, 0), (side, side), (0, side)])
        return np.asarray(square * DOTS_A_MM, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Part:
    """Half of the evidence: its designs, its series and the seed that all its pictures come from."""

    designs: tuple[str, ...]
    series: str
    seed: int

    def notes(self, each: int = 6) -> list[Printed]:
        """So many notes of each of its designs; keys, and with them the signatures, are the same every time."""
        return [note for place, name in enumerate(self.designs) for note in _composed(name, self.series, place, each)]


TUNING = Part(("cornwall", "gwynedd"), "CWL26", 11)
HELD_OUT = Part(("lancashire", "buckinghamshire"), "LAN26", 2600)


@lru_cache(maxsize=8)
def _composed(name: str, series: str, place: int, count: int) -> list[Printed]:
    first = 1 + 1000 * place
    span = Span(series, first, first + count - 1)
    front = design.find(name, design.default_folder())
    with tempfile.TemporaryDirectory() as folder:
        job, texts = _job(Path(folder) / "job.zip", span, front)
        made = compose(job, Path(folder) / "out", workers=1, pages=True)
        pdf = (Path(folder) / "out" / made.files[0]).read_bytes()
    assert front.qr is not None
    square = (front.qr.x_mm, front.qr.y_mm, front.qr.size_mm)
    return [
        Printed(text, _sheet(pdf, 2 * number), front.trim_mm, front.bleed_mm, square)
        for number, text in enumerate(texts)
    ]


class _SeededKey(OrderKey):
    """Worth nothing, as anybody can make it: so that the same notes are printed every time."""

    def __init__(self, seed: str) -> None:
        self.public_key, private = crypto_sign_seed_keypair(hashlib.sha256(seed.encode()).digest())
        self._sign = lambda value: crypto_sign(value, private)[:64]


def _sheet(pdf: bytes, page: int) -> Picture:
    return np.ascontiguousarray(np.asarray(picture.rasterise(pdf, dpi=DPI, page=page))[:, :, ::-1])


def _job(path: Path, span: Span, front: design.Design) -> tuple[Path, list[str]]:
    """A job file of the span, and the texts of its notes."""
    key = _SeededKey(span.series)
    moment, last = datetime(2026, 1, 1, tzinfo=UTC), date(2029, 9, 30)
    job = Job(OrderId(span.series, 1), span, front.name, HOST, key.public_key, 50, moment, last)
    back = design.find("national", design.default_folder())
    sides = (("front", front), ("back", back))
    members = {f"{side}/{file.name}": file.read_bytes() for side, one in sides for file in one.folder.iterdir()}
    with path.open("wb") as stream:
        jobs.write(stream, job, key.sign_span(span), members)
    with path.open("rb") as written, jobs.JobFile(written) as file:
        return path, list(file.texts())
