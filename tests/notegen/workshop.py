"""Real parts in small: plain designs, and job files signed by keys of their own."""

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import zxingcpp
from pikepdf import Array, Pdf
from PIL import Image

from app.core import job as jobs
from app.core.job import Job
from app.core.reference import OrderId
from app.core.signing import OrderKey
from app.core.span import Span

TRIM_MM = (135.0, 66.0)
BLEED_MM = 3.0
MM = 72 / 25.4
HOST = "NOTES.EXAMPLE.ORG"

FRONT = """format = 1
name = "plain"
title = "Plain"
side = "front"
trim_mm = [135, 66]
bleed_mm = 3
safe_mm = 4
art = "art.pdf"

[slots.qr]
x_mm = 95.5
y_mm = 16

[slots.serial]
x_mm = 10
y_mm = 58
font = "Hyperlegible-Bold"
size_pt = 12

[slots.serial_2]
x_mm = 88
y_mm = 30
font = "Hyperlegible"
size_pt = 7
align = "right"
rotation = 90

[slots.expiry]
x_mm = 112
y_mm = 60
font = "Hyperlegible"
size_pt = 8
align = "centre"
text = "Use by {date}"

[slots.braid]
x_mm = 10
y_mm = 30

[slots.address]
x_mm = 10
y_mm = 12
font = "Hyperlegible"
size_pt = 8
width_mm = 40
text = "or go to {host}"
"""

BACK = (
    (FRONT[: FRONT.index("[slots")] + FRONT[FRONT.index("[slots.address]") :])
    .replace('"plain"', '"reverse"')
    .replace('"Plain"', '"Reverse"')
    .replace('side = "front"', 'side = "back"')
    .replace("or go to", "neu ewch i")
)


def write_designs(folder: Path) -> Path:
    """A front and a back, whose art is a tint to the edge of the bleed with the panel of the QR left out."""
    for name, toml in (("plain", FRONT), ("reverse", BACK)):
        (folder / name).mkdir(parents=True)
        (folder / name / "design.toml").write_text(toml)
        draw_art(folder / name / "art.pdf", panel=name == "plain")
    return folder


def draw_art(path: Path, *, panel: bool, bleed_mm: float = BLEED_MM, boxes: bool = True) -> None:
    """A page of trim and bleed without any text; `boxes` says in it where the trim is."""
    width, height = ((side + 2 * bleed_mm) * MM for side in TRIM_MM)
    content = f"0.2 0.05 0 0 k 0 0 {width} {height} re f\n"
    if panel:
        left, low = (bleed_mm + 93) * MM, (bleed_mm + 66 - 13.5 - 34) * MM
        content += f"0 0 0 0 k {left} {low} {34 * MM} {34 * MM} re f\n"
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width, height))
        page.contents_add(content.encode())
        if boxes:
            edge = bleed_mm * MM
            page.trimbox = Array([edge, edge, width - edge, height - edge])
        pdf.save(path, deterministic_id=True)


def write_job(
    path: Path,
    designs: Path,
    *,
    quantity: int = 30,
    first: int = 1,
    bundle_size: int = 5,
    host: str = HOST,
    expires_on: date | None = date(2029, 9, 30),
    back: bool = True,
    ordinal: int = 1,
) -> Path:
    """A job file as the service writes it, signed with a key that is gone afterwards."""
    key, span = OrderKey(), Span("CWL26", first, first + quantity - 1)
    moment = datetime(2026, 11, 22, 12, tzinfo=UTC)
    job = Job(OrderId("CWL26", ordinal), span, "plain", host, key.public_key, bundle_size, moment, expires_on)
    sides = {"front": "plain", "back": "reverse"} if back else {"front": "plain"}
    members = {
        f"{side}/{file.name}": file.read_bytes() for side, name in sides.items() for file in (designs / name).iterdir()
    }
    with path.open("wb") as file:
        jobs.write(file, job, key.sign_span(span), members)
    return path


def qrs_in(picture: Image.Image | np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[zxingcpp.Barcode]:
    """The QRs in a picture, and no phantom of another kind of code, which random modules now and then look like."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
    return list(zxingcpp.read_barcodes(np.asarray(picture), formats))
