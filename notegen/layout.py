"""The layout of a delivery, `layout.toml`: what the sheets are like, for the print shop to read and `proof` to find cells."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from app.core.errors import BadInput
from notegen.geometry import pile
from notegen.geometry.colourbar import colour_bar
from notegen.geometry.grid import Flip, Grid
from notegen.geometry.marks import crop_marks, registration_marks
from notegen.geometry.offset import Offset
from notegen.geometry.sheet import Sheet
from notegen.geometry.slot import Box, QrSlot
from notegen.geometry.slug import slug
from notegen.ink.edition import Edition

NAME = "layout.toml"
LAST_SHEET = "last sheet"
"""What goes through the press first when sheets come out face up."""


def write(edition: Edition, allowance_sheets: int) -> str:
    """The layout of an edition as TOML; lengths in mm, `allowance_sheets` blank sheets beyond those counted."""
    grid, imposition = edition.imposition.grid, edition.imposition
    cuts = [", ".join(f"{round(cut, 3):g}" for cut in axis) for axis in grid.cuts_mm]
    left_out = ", ".join(f'"{mark}"' for mark, there in _marks(grid).items() if not there)
    marks = ", ".join(f'"{mark}"' for mark, there in _marks(grid).items() if there)
    pairs = {
        "sheet": f'"{grid.sheet.name}"',
        "sheet_mm": f"[{grid.sheet.width_mm:g}, {grid.sheet.height_mm:g}]",
        "flip": f'"{edition.flip}"',
        "columns": str(grid.columns),
        "rows": str(grid.rows),
        "trim_mm": f"[{grid.trim_mm[0]:g}, {grid.trim_mm[1]:g}]",
        "bleed_mm": f"{grid.bleed_mm:g}",
        "qr_mm": f"[{edition.qr.x_mm:g}, {edition.qr.y_mm:g}, {edition.qr.size_mm:g}, {edition.qr.panel_mm:g}]",
        "front_words": _quoted(edition.words[0]),
        "back_words": _quoted(edition.words[1]),
        "margin_mm": f"{grid.sheet.margin_mm:g}",
        "cuts_from_left_mm": f"[{cuts[0]}]",
        "cuts_from_top_mm": f"[{cuts[1]}]",
        "marks": f"[{marks}]",
        "marks_left_out": f"[{left_out}]",
        "backs": '"upside down"' if grid.upside_down(edition.flip) else '"upright"',
        "back_offset_mm": f"[{edition.back_offset.x_mm:g}, {edition.back_offset.y_mm:g}]",
        "printed_first": f'"{LAST_SHEET if edition.reverse else "sheet 1"}"',
        "sheets": str(imposition.sheets),
        "runs": f"[{', '.join(str(run.height) for run in imposition.runs)}]",
        "slips": str(pile.slips(imposition) if edition.separators else 0),
        "allowance_sheets": str(allowance_sheets),
        "identity": f'"{edition.identity}"',
    }
    return "".join(f"{key} = {value}\n" for key, value in pairs.items())


def read(folder: Path) -> tuple[Grid, QrSlot]:
    """The grid of a delivery and where on each note the QR is. Raises BadInput."""
    table = tables(folder)
    try:
        width, height = table["sheet_mm"]
        grid_trim = (float(table["trim_mm"][0]), float(table["trim_mm"][1]))
        sheet = Sheet(str(table["sheet"]), float(width), float(height))
        grid = Grid(sheet, grid_trim, float(table["bleed_mm"]), int(table["columns"]), int(table["rows"]))
        x, y, size, panel = map(float, table["qr_mm"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise BadInput(f"{folder / NAME} is incomplete: compose the job again.") from error
    return grid, QrSlot(x, y, size, panel)


def words(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The lines that are printed alike on every front and on every back; none in a delivery that does not say. Raises BadInput."""
    table = tables(folder)
    front, back = (table.get(key, []) for key in ("front_words", "back_words"))
    if not all(isinstance(line, str) for line in (*front, *back)):
        raise BadInput(f"{folder / NAME} is incomplete: compose the job again.")
    return tuple(front), tuple(back)


def backs(folder: Path) -> list[Box]:
    """Where the back of each position is printed, from the top left of the back as it is looked at. Raises BadInput."""
    table, (grid, _) = tables(folder), read(folder)
    flip: Flip = "short" if table.get("flip") == "short" else "long"
    try:
        x, y = map(float, table["back_offset_mm"])
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{folder / NAME} is incomplete: compose the job again.") from error
    return [Offset(x, y).moved(grid.back(position, flip)) for position in range(len(grid))]


def _quoted(lines: Iterable[str]) -> str:
    """An array of TOML strings, which are written as those of JSON."""
    return json.dumps(list(lines), ensure_ascii=False).replace("\x7f", "\\u007f")


def identity(folder: Path) -> str | None:
    """The digest of the job and the choices that a delivery was made with, None where there is none."""
    return str(tables(folder).get("identity")) if (folder / NAME).is_file() else None


def _marks(grid: Grid) -> dict[str, bool]:
    """Each kind of printer's mark, and whether this grid has it."""
    return {
        "crop": bool(crop_marks(grid)),
        "registration": len(registration_marks(grid)) > 0,
        "colour bar": bool(colour_bar(grid)),
        "slug": slug(grid).sheet is not None,
    }


def tables(folder: Path) -> dict[str, Any]:
    """What the layout says. Raises BadInput when it is missing or damaged."""
    try:
        return tomllib.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"{folder / NAME} cannot be read: name the folder that compose wrote, or compose again."
        ) from error
