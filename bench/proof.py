"""What a proof costs a note on one core, beside its limit and beside reading the same notes with the art under them.

    python bench/proof.py [notes]

The limit is 1 ms a note for every note of a job. The other way draws whole sheets at 300 dpi with their art and reads
every QR on them with all decoders: what proving every note would cost without a layer of its own for what varies.
"""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.core import job as jobs
from bench.compose import write_job
from notegen import layout, manifest
from notegen.compose import compose
from notegen.proof import Proof, proof
from notegen.readback.cell import Cells
from notegen.readback.eye import eyes
from notegen.readback.film import Film
from notegen.readback.pressfile import ART_DPI

LIMIT_MS = 1.0
SHEETS_WITH_ART = 6


def main(notes: int) -> None:
    """Print what a note takes each way."""
    with tempfile.TemporaryDirectory() as folder:
        job, out = write_job(Path(folder) / "job.zip", notes), Path(folder) / "out"
        compose(job, out)
        art_ms = with_art_ms(out)
        started = time.process_time()
        alone = proof(out, sample="all", workers=1)
        core_ms = (time.process_time() - started) / notes * 1000
        shared = proof(out, sample="all")
    print(f"with the art    {art_ms:8.2f} ms a note   ({SHEETS_WITH_ART} sheets at {ART_DPI} dpi, {names(alone)})")
    print(f"proof           {core_ms:8.2f} ms a note   (limit {LIMIT_MS:.2f}; {alone.read:,} notes good, one core)")
    print(f"ratio           {art_ms / core_ms:8.1f} x")
    print(f"all cores       {shared.seconds:8.1f} s          ({notes / shared.seconds:,.0f} notes/s, wall)")


def with_art_ms(out: Path) -> float:
    """Milliseconds of one core for each note of a few sheets that are drawn whole and read by every eye."""
    job = jobs.from_toml((out / jobs.TOML).read_text("utf-8"))[0]
    cells, found = Cells(job, *layout.read(out)), eyes()
    by_page: dict[int, list[manifest.Entry]] = {}
    for entry in manifest.read(out / manifest.NAME):
        if entry.sheet <= SHEETS_WITH_ART:
            by_page.setdefault(entry.page, []).append(entry)
    name = next(iter(by_page.values()))[0].file
    started = time.process_time()
    with Film(out / name) as film:
        for page, entries in by_page.items():
            with film.leaf(page) as leaf:
                sheet = leaf.shot(ART_DPI)
                for entry in entries:
                    cells.look(entry, sheet.cut(cells.panel(cells.position(entry))), found)
    return (time.process_time() - started) / sum(map(len, by_page.values())) * 1000


def names(proved: Proof) -> str:
    """The decoders of a proof, in words."""
    return " and ".join(proved.eyes)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 24_000)
