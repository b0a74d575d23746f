"""The report of a proof: one page that a print shop keeps with the job, whole in itself and readable by its owner alone."""

import base64
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from PIL import Image

from app.core.errors import BadInput
from app.core.job import Job
from notegen import delivery
from notegen.delivery import whole_file
from notegen.geometry.slot import QUIET_MODULES, QrSlot
from notegen.manifest import Entry
from notegen.readback import backs, gauge, pressfile
from notegen.readback.cell import Cells
from notegen.readback.cover import covered
from notegen.readback.extremes import Extreme
from notegen.readback.eye import eyes
from notegen.readback.film import Film, Pixels
from notegen.readback.pressfile import PressReader

if TYPE_CHECKING:
    from notegen.proof import Proof

END_DPI = 150


@dataclass(frozen=True, slots=True)
class Shown:
    """A note in the report: its place, and its picture where there is one."""

    entry: Entry
    picture: bytes | None


def shown(reader: PressReader, entry: Entry) -> Shown:
    """A note as it looks with its art, its QR covered."""
    return Shown(entry, _pictured(reader, entry))


def _pictured(reader: PressReader, entry: Entry) -> bytes | None:
    cells, pixels = Cells(reader.job, reader.grid, reader.qr), None
    with suppress(BadInput), Film(reader.folder / entry.file) as film:
        if cells.fits(entry) and entry.page <= len(film):
            with film.leaf(entry.page) as leaf:
                position = cells.position(entry)
                shot = leaf.shot(END_DPI, cells.trim(position), colour=True)
                pixels = covered(shot, cells.symbol(position), eyes())
    return None if pixels is None else _jpeg(pixels)


def _jpeg(pixels: Pixels) -> bytes:
    """A picture that is looked at and no more: art is large as a PNG."""
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=85)
    return file.getvalue()


def write(
    folder: Path, job: Job, proved: "Proof", pictures: Mapping[str, bytes], ends: list[Shown], qr: QrSlot
) -> None:
    """Write the report below `folder`, whole or not at all. Raises BadInput when it cannot be written."""
    page = _template().render(
        job=job,
        proof=proved,
        pictures={serial: _inline(picture) for serial, picture in pictures.items()},
        ends=[(one.entry, _inline(one.picture) if one.picture else "") for one in ends],
        layers=_layers(proved, qr),
        dpi=(pressfile.DPI, pressfile.ART_DPI, backs.DPI),
        now=datetime.now(UTC),
    )
    with whole_file(folder / delivery.REPORT) as file:
        file.write(page.encode("utf-8"))


def _layers(proved: "Proof", qr: QrSlot) -> list[tuple[str, list[tuple[str, str, str, Extreme]]]]:
    """For each layer what was measured: its name, its limit in words, how to write it, and its extremes."""
    lines = (
        ("Width of a module, mm", f"{qr.module_mm:.3f}, within 2 %", "{:.3f}", "module_mm"),
        ("Distance of the QR from its place, mm", "at most 0.5", "{:.2f}", "off_mm"),
        ("Bare paper around the QR, modules", f"at least {QUIET_MODULES}", "{:.1f}", "clear_modules"),
        ("Modules lost of its fixed patterns", "none", "{}", "damaged_modules"),
        ("Contrast of the QR", f"at least {gauge.LEAST_CONTRAST:.0%}, grade A", "{:.0%}", "contrast"),
    )
    layers = (
        (f"What varies, {pressfile.DPI} dpi", proved.measures),
        (f"With the art, {pressfile.ART_DPI} dpi", proved.measures_with_art),
    )
    return [
        (name, [(what, limit, form, found[key]) for what, limit, form, key in lines if key in found])
        for name, found in layers
    ]


def _inline(picture: bytes) -> str:
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"


def _template() -> jinja2.Template:
    text = resources.files("notegen.readback").joinpath("report.html").read_text(encoding="utf-8")
    room = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    room.filters["spaced"] = _spaced
    return room.from_string(text)


def _spaced(number: Any) -> str:
    return f"{number:,}"
