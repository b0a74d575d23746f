"""Type on the window: Atkinson Hyperlegible Next, made for low vision (SIL Open Font License, in fonts/)."""

from functools import lru_cache
from importlib.resources import as_file, files

import pygame

Colour = tuple[int, int, int]


@lru_cache(maxsize=64)
def font(size: int, *, bold: bool = False) -> pygame.font.Font:
    """The typeface at a size in pixels."""
    pygame.font.init()
    name = f"AtkinsonHyperlegibleNext-{'Bold' if bold else 'Regular'}.ttf"
    with as_file(files("scanner") / "fonts" / name) as path:
        return pygame.font.Font(str(path), size)


@lru_cache(maxsize=2000)
def width(text: str, size: int, *, bold: bool = False) -> int:
    """Of one line, in pixels."""
    return font(size, bold=bold).size(text)[0]


@lru_cache(maxsize=1000)
def line(text: str, size: int, colour: Colour, *, bold: bool = False) -> pygame.Surface:
    """One line, in ink."""
    return font(size, bold=bold).render(text, True, colour)


@lru_cache(maxsize=1000)
def wrapped(text: str, size: int, most: int, *, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text that fit a width in pixels; a word that is too long for it stands alone."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= most:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


@lru_cache(maxsize=1000)
def cut(text: str, size: int, most: int, *, bold: bool = False) -> str:
    """One line that fits a width, with an ellipsis where something had to go."""
    if width(text, size, bold=bold) <= most:
        return text
    while text and width(f"{text}…", size, bold=bold) > most:
        text = text[:-1].rstrip()
    return f"{text}…"


def step(size: int) -> int:
    """From one line to the next."""
    return round(size * 1.26)


def height(text: str, size: int, most: int, *, bold: bool = False) -> int:
    """Of a text in lines that fit a width."""
    return len(wrapped(text, size, most, bold=bold)) * step(size)


@lru_cache(maxsize=500)
def fitted(text: str, largest: int, least: int, most: int, lines: int) -> int:
    """The largest size at which a bold text fits a width in so many lines; `least` where none does."""
    for size in range(largest, least, -2):
        found = wrapped(text, size, most, bold=True)
        if len(found) <= lines and all(width(each, size, bold=True) <= most for each in found):
            return size
    return least
