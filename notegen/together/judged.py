"""What is wrong with a note as it was chosen, before anything is drawn; what only the press can say, `check` says."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from notegen.together import front, window
from notegen.together.choices import Choices
from notegen.together.window import Brought


class Wrong(StrEnum):
    """What can be wrong."""

    NO_TITLE = "no title"
    TITLE_LONG = "title long"
    PLACE_LONG = "place long"
    GROUP_LONG = "group long"
    COARSE = "coarse"
    POOR = "poor"
    NO_PICTURE = "no picture"


@dataclass(frozen=True)
class Remark:
    """Something that is wrong; `found` in dpi of a picture. What `stops` keeps a design from being saved."""

    wrong: Wrong
    found: int = 0
    stops: bool = False


def remarks(choices: Choices, picture: Brought | None) -> tuple[Remark, ...]:
    """All that is wrong, the gravest first."""
    found = [*_words(choices), *(_picture(choices, picture) if picture else (Remark(Wrong.NO_PICTURE),))]
    return tuple(sorted(found, key=lambda remark: not remark.stops))


def _words(choices: Choices) -> Iterator[Remark]:
    if not (choices.title_en.strip() or choices.title_cy.strip()):
        yield Remark(Wrong.NO_TITLE, stops=True)
    sizes = (
        (front.title_pt(choices), front.SMALLEST_TITLE_PT, Wrong.TITLE_LONG),
        (front.place_pt(choices), front.SMALLEST_LINE_PT, Wrong.PLACE_LONG),
        (front.made_by_pt(choices), front.SMALLEST_LINE_PT, Wrong.GROUP_LONG),
    )
    for size, least, wrong in sizes:
        if size < least:
            yield Remark(wrong, stops=True)


def _picture(choices: Choices, picture: Brought) -> Iterator[Remark]:
    dpi = window.dpi(choices, picture)
    if dpi < window.POOR_DPI:
        yield Remark(Wrong.POOR, dpi, stops=True)
    elif dpi < window.COARSE_DPI:
        yield Remark(Wrong.COARSE, dpi)
