"""Check: everything that is known to be wrong with a design, or with the press files that compose wrote."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pikepdf
from pikepdf import Pdf

from app.core.errors import BadDesign, BadInput
from notegen import compose, design, picture, preflight
from notegen.design import Design
from notegen.engraving import engrave
from notegen.ink import art
from notegen.preflight import Fault

_DPI = 300
_LIKENESS_DPI, _UNLIKE = 150, 0.2
"""Of 255, by how much pictures of art may differ on the average before they show different art."""

_PAPER = 253
"""As dark as paper may look where nothing is printed, of 255: a rounding of the renderer is no ink."""


def faults(path: Path) -> list[Fault]:
    """The faults of a design's folder, of a PDF, or of every press file in a folder that compose wrote.

    Raises BadInput when `path` is none of these.
    """
    if (path / design.FILE).is_file():
        return list(_of_design(path))
    if (path / compose.PRESS).is_dir():
        files = sorted((path / compose.PRESS).glob("*.pdf"))
        return [fault for file in files for fault in preflight.of_press_file(file, str(file))]
    if path.suffix.lower() == ".pdf" and path.is_file():
        return preflight.of_press_file(path, str(path))
    raise BadInput(f"{path} is neither a design, nor a PDF, nor a folder that compose wrote: name one of these.")


def _of_design(folder: Path) -> Iterator[Fault]:
    try:
        found = design.load(folder)
        with Pdf.new() as nowhere:
            art.copy(found, nowhere)
    except BadDesign as error:
        yield _said(error, "design", folder)
        return
    with pikepdf.open(found.art) as pdf:
        if len(pdf.pages) > 1:
            yield Fault("pages", f"It has {len(pdf.pages)} pages, of which the first alone is used.", str(found.art))
    yield from preflight.of_art(found.art, str(found.art))
    yield from _panel(found)
    yield from _engraving(found)


def _said(error: BadDesign, rule: str, folder: Path) -> Fault:
    """What was said of a design, its file named once."""
    where = str(folder / design.FILE)
    return Fault(rule, error.sentence.removeprefix(f"{where}: "), where)


def _engraving(found: Design) -> Iterator[Fault]:
    """Where a design has layers, its art must be what they engrave; compared as pictures, as a build of NumPy may differ."""
    if not found.layers:
        return
    again = f"engrave it anew with python -m notegen.engraving {found.folder}"
    try:
        pictures = [picture.rasterise(pdf, dpi=_LIKENESS_DPI) for pdf in (engrave(found), found.art.read_bytes())]
    except BadDesign as error:
        yield _said(error, "engraving", found.folder)
        return
    made, there = (np.asarray(seen, dtype=np.int16) for seen in pictures)
    if made.shape != there.shape or np.abs(made - there).mean() > _UNLIKE:
        yield Fault("engraving", f"The art is not what its layers engrave: {again}.", str(found.art))


def _panel(found: Design) -> Iterator[Fault]:
    """The paper under the QR must be bare, or cameras lose the symbol."""
    if found.qr is None:
        return
    half = (found.qr.panel_mm - found.qr.least_panel_mm) / 2
    left, top, right, bottom = found.qr.box
    box = (left + half, top + half, right - half, bottom - half)
    edges = [round((edge + found.bleed_mm) / 25.4 * _DPI) for edge in box]
    page = picture.rasterise(found.art.read_bytes(), dpi=_DPI).crop(
        (edges[0] + 1, edges[1] + 1, edges[2] - 1, edges[3] - 1)
    )
    darkest = int(np.asarray(page).min())
    if darkest < _PAPER:
        message = f"There is ink under the QR or in its quiet zone (as dark as {darkest} of 255): leave it pure paper."
        yield Fault("qr-panel", message, f"{found.art}, slots.qr")
