"""Type on the window: Atkinson Hyperlegible Next, made for low vision (SIL Open Font License, in fonts/)."""

from functools import lru_cache
from importlib.resources import as_file, files

from PIL import ImageDraw, ImageFont

from scanner.faces import Colour


@lru_cache(maxsize=64)
def font(size_pixels: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The typeface at a size."""
    name = f"AtkinsonHyperlegibleNext-{'Bold' if bold else 'Regular'}.ttf"
    with as_file(files("scanner") / "fonts" / name) as path:
        return ImageFont.truetype(str(path), size_pixels)


def wrapped(text: str, face: ImageFont.FreeTypeFont, width_pixels: float) -> list[str]:
    """The lines of a text that fit the width; a word too long for it stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and face.getlength(longer) <= width_pixels:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def fitted(
    text: str, width_pixels: float, sizes: range, *, most_lines: int
) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest of `sizes` (downwards) at which a bold text fits the width in so many lines, and the lines."""
    for size in sizes:
        face = font(size, bold=True)
        lines = wrapped(text, face, width_pixels)
        if len(lines) <= most_lines and all(face.getlength(line) <= width_pixels for line in lines):
            break
    return face, lines


def write(
    pen: ImageDraw.ImageDraw, left: float, top: float, lines: list[str], face: ImageFont.FreeTypeFont, colour: Colour
) -> float:
    """Write lines; gives where the next would begin."""
    for line in lines:
        pen.text((left, top), line, fill=colour, font=face)
        top += face.size * 1.22
    return top
