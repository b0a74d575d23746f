"""Refusals of art, each one sentence with the rule of `check` that it falls under."""

from app.core.errors import BadDesign
from notegen.design import Design

SHAPE_MM = 0.3
"""By how much a picture may be stretched to fit, a pixel or two of a screen."""


def refused(design: Design, rule: str, sentence: str) -> BadDesign:
    """What is wrong with a design's art; `sentence` begins with its verb."""
    return BadDesign(f"{_named(design)}{sentence}", rule=rule)


def said(design: Design, refusal: BadDesign) -> str:
    """The sentence of a refusal for where the art is named beside it."""
    named = _named(design)
    return f"It {refusal.sentence.removeprefix(named)}" if refusal.sentence.startswith(named) else refusal.sentence


def _named(design: Design) -> str:
    return f"{design.art.name} of {design.name} "


def examine_shape(design: Design, width: float, height: float) -> None:
    """Raise BadDesign when art of these proportions cannot be the trim with its bleed."""
    page, trim = design.page_mm, design.trim_mm
    if _fits(page, width, height):
        return
    wanted = f"{page[0]:g} x {page[1]:g} mm, which is the note and {design.bleed_mm:g} mm of bleed on each side"
    if _fits(trim, width, height):
        raise refused(design, "no-bleed", f"has the shape of the trimmed note, so it has no bleed: draw it {wanted}.")
    shape = f"is {width:g} by {height:g}, which is not the shape of the note"
    raise refused(design, "size", f"{shape}: draw it {wanted}.")


def _fits(size_mm: tuple[float, float], width: float, height: float) -> bool:
    return width > 0 and height > 0 and abs(size_mm[0] * height / width - size_mm[1]) <= SHAPE_MM
