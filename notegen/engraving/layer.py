"""A layer of the art: what every kind of layer can do, and how it finds the inks and words that it names."""

from typing import Protocol

from app.core.errors import BadDesign
from notegen import lettering
from notegen.design import FILE, Design
from notegen.engraving.plate import Plate
from notegen.ink.cmyk import PAPER, Ink


class Layer(Protocol):
    """One thing to engrave, with its measures in mm from the top left of the trim."""

    def draw(self, plate: Plate, design: Design) -> None:
        """Put it on the plate."""


def ink(design: Design, spoken: str) -> Ink:
    """What is called `spoken` in the design: an ink, thinned if a percentage follows it, or two of them in one place.

    `teal`, `teal 40`, `paper`, `teal + black 40`. Raises BadDesign for an ink there is not, or for more ink than dries.
    """
    mixed = PAPER
    for part in spoken.split("+"):
        mixed = _tint(design, part.strip()).over(mixed)
    if not mixed.printable:
        raise _fault(design, f"{spoken!r} is more ink than dries, over 300 % in all; thin one of them")
    return mixed


def _tint(design: Design, spoken: str) -> Ink:
    name, _, share = spoken.partition(" ")
    inks = {"paper": PAPER, **design.inks}
    if name not in inks or not (share or "100").isdecimal():
        known = ", ".join(inks)
        raise _fault(design, f"{spoken!r} is not an ink here; write one of {known}, with a percentage after it or none")
    return inks[name].tint(int(share or 100) / 100)


def ink_or_none(design: Design, spoken: str) -> Ink | None:
    """As `ink`, and None for no words at all."""
    return ink(design, spoken) if spoken else None


def words(design: Design, spoken: str, face: str) -> str:
    """The line of the design's text called `language.key`, such as `en.hour`, which `face` can set."""
    language, _, key = spoken.partition(".")
    line = design.text.get(language, {}).get(key)
    if line is None:
        raise _fault(design, f"there is no text {spoken!r}; add {key or 'it'} under [text.{language}]")
    if face not in lettering.FACES:
        raise _fault(design, f"{face!r} is not a face; use one of {', '.join(lettering.FACES)}")
    if lacking := lettering.lacking(line, face):
        raise _fault(design, f"text {spoken} has letters that {face} lacks ({lacking}); write it in others")
    return line


def draft(design: Design, rows: tuple[str, ...], signs: str) -> tuple[str, ...]:
    """The rows of a pattern as they stand in the design: one at least, all as long, of no other signs than `signs`."""
    if not rows or not rows[0] or len({len(row) for row in rows}) > 1:
        raise _fault(design, f"draft is {list(rows)}; write rows of the same length, one at the least")
    if strange := "".join(sorted(set("".join(rows)) - set(signs))):
        raise _fault(design, f"draft has {strange!r}; write it with {' '.join(signs)} alone")
    return rows


def _fault(design: Design, words: str) -> BadDesign:
    return BadDesign(f"{design.folder / FILE}: engraving.layer: {words}.")
