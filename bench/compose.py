"""Notes a second: `notegen compose` beside the script that everybody writes first, in one run and on one core.

    python bench/compose.py [notes]

Rates are by the clock, and by the processor's time, which neighbours on the machine do not change. The naive script makes a QR with `qrcode` as it comes (best version and mask), a PNG of it with Pillow, and places the
art's picture and that PNG with reportlab's `drawImage`, twelve to a sheet, fronts and backs. Both get the same signed texts.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Self

import qrcode
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.core import job as jobs
from app.core.job import Job, JobFile
from app.core.reference import OrderId
from app.core.signing import OrderKey
from app.core.span import Span
from notegen import design, picture
from notegen.compose import compose
from notegen.geometry import grid, sheet
from notegen.proof import proof

NAIVE_NOTES = 240
DPI = 300


def main(notes: int) -> None:
    """Print both rates, and what a proof adds."""
    with tempfile.TemporaryDirectory() as folder:
        job = write_job(Path(folder) / "job.zip", notes)
        with job.open("rb") as stream, JobFile(stream) as file:
            texts = list(islice(file.texts(), NAIVE_NOTES))
        naive = Rate.of(len(texts), lambda: naive_script(texts, Path(folder) / "naive.pdf"))
        ours = Rate.of(notes, lambda: compose(job, Path(folder) / "out", workers=1))
        press = sum(file.stat().st_size for file in (Path(folder) / "out" / "press").iterdir())
        size = (Path(folder) / "naive.pdf").stat().st_size
        print(f"{'one core':16}{'notes/s':>10}{'of its time':>13}{'B/note':>9}{'notes':>10}")
        print(f"{'naive script':16}{naive}{size / len(texts):9,.0f}{len(texts):10,}")
        print(f"{'notegen compose':16}{ours}{press / notes:9,.0f}{notes:10,}")
        print(
            f"{'ratio':16}{ours.clock / naive.clock:9,.0f}x{ours.processor / naive.processor:12,.0f}x   (500x wanted)"
        )
        proved = proof(Path(folder) / "out", sample=min(notes, 1200))
        print(f"{'proof':16}{proved.looked_at / proved.seconds:10,.0f} notes/s, read by {' and '.join(proved.eyes)}")


@dataclass(frozen=True)
class Rate:
    """Notes a second, by the clock and by the processor's time."""

    clock: float
    processor: float

    @classmethod
    def of(cls, notes: int, work: Callable[[], object]) -> Self:
        """The rate of one call of `work`."""
        clock, processor = time.perf_counter(), time.process_time()
        work()
        return cls(notes / (time.perf_counter() - clock), notes / (time.process_time() - processor))

    def __str__(self) -> str:
        return f"{self.clock:10,.0f}{self.processor:13,.0f}"


def naive_script(texts: Iterable[str], path: Path) -> None:
    """The script as it is found in many a repository."""
    cells = grid.fit((135, 66), 3, sheet.find("sra3"))
    art = [ImageReader(picture.rasterise(found.art.read_bytes(), dpi=DPI)) for found in sides()]
    canvas = Canvas(str(path), pagesize=(450 * mm, 320 * mm))
    waiting = list(texts)
    for start in range(0, len(waiting), len(cells)):
        for place, text in enumerate(waiting[start : start + len(cells)]):
            left, _, _, bottom = cells.front(place)
            canvas.drawImage(art[0], (left - 3) * mm, (320 - bottom - 3) * mm, 141 * mm, 72 * mm)
            png = BytesIO()
            qrcode.make(text).save(png, "PNG")
            canvas.drawImage(ImageReader(png), (left + 95) * mm, (320 - bottom + 15) * mm, 29 * mm, 29 * mm)
            canvas.drawString((left + 60) * mm, (320 - bottom + 5) * mm, text[26:39])
        canvas.showPage()
        for place in range(len(cells)):
            left, _, _, bottom = cells.front(place)
            canvas.drawImage(art[1], (left - 3) * mm, (320 - bottom - 3) * mm, 141 * mm, 72 * mm)
        canvas.showPage()
    canvas.save()


def sides() -> list[design.Design]:
    """The front and the back that both ways print."""
    return [design.find(name, design.default_folder()) for name in ("cornwall", "national")]


def write_job(path: Path, notes: int) -> Path:
    """A job file of so many signed notes."""
    key, span = OrderKey(), Span("CWL26", 1, notes)
    moment, last = datetime(2026, 1, 1, tzinfo=UTC), date(2029, 9, 30)
    job = Job(OrderId("CWL26", 1), span, "cornwall", "NOTES.EXAMPLE.ORG", key.public_key, 50, moment, last)
    pairs = zip(("front", "back"), sides(), strict=True)
    members = {f"{side}/{file.name}": file.read_bytes() for side, one in pairs for file in one.folder.iterdir()}
    with path.open("wb") as stream:
        jobs.write(stream, job, key.sign_span(span), members)
    return path


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
