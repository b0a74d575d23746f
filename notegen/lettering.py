"""The typefaces of the notes: their names, how they are registered for ink, and how wide text runs."""

from functools import cache
from importlib import resources

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FACES = {
    "Hyperlegible": "AtkinsonHyperlegibleNext-Regular.ttf",
    "Hyperlegible-Bold": "AtkinsonHyperlegibleNext-Bold.ttf",
    "Bodoni-Bold": "LibreBodoni-Bold.ttf",
}
"""Name in a design.toml to file in `notegen/fonts`."""

CAP_HEIGHT = {"Hyperlegible": 0.668, "Hyperlegible-Bold": 0.668, "Bodoni-Bold": 0.754}
"""Height of a capital as a part of the size, from each font's OS/2 table."""

MM_PER_POINT = 25.4 / 72


@cache
def register() -> None:
    """Make every face known to reportlab under its name; the files are read once a process."""
    folder = resources.files("notegen.fonts")
    for name, file in FACES.items():
        with resources.as_file(folder / file) as path:
            pdfmetrics.registerFont(TTFont(name, str(path)))


def width_mm(text: str, face: str, size_pt: float, spacing_pt: float = 0.0) -> float:
    """How far `text` runs, in mm, with `spacing_pt` between each two letters."""
    register()
    run_pt = float(pdfmetrics.stringWidth(text, face, size_pt)) + spacing_pt * max(len(text) - 1, 0)
    return run_pt * MM_PER_POINT


def cap_height_mm(face: str, size_pt: float) -> float:
    """Height of a capital above its baseline, in mm."""
    return CAP_HEIGHT[face] * size_pt * MM_PER_POINT


def lacking(text: str, face: str) -> str:
    """The letters of `text` that `face` cannot set, each once, in order."""
    register()
    known = pdfmetrics.getFont(face).face.charToGlyph
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in known))
