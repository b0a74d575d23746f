"""Golden pictures: how each design that comes with Hournote looks, small, so that a change to the engraver is seen.

After a change that is meant: `python -m tests.notegen.golden` draws them all anew; look at each before committing it.
"""

from pathlib import Path

from PIL import Image

from notegen.design import Design
from notegen.engraving import engrave
from notegen.picture import portray

FOLDER = Path(__file__).parent
DPI = 75


def picture(design: Design) -> Image.Image:
    """The art of `design` as its layers engrave it now, with its bleed."""
    return portray(engrave(design), dpi=DPI)


def place(design: Design) -> Path:
    """The file of its golden picture."""
    return FOLDER / f"{design.name}.png"
