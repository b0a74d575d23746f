"""The engraver: draws the art of a design from the parameters in its design.toml. Pure geometry first, ink last."""

from notegen.design import Design
from notegen.engraving.kinds import layers
from notegen.engraving.plate import Plate


def engrave(design: Design) -> bytes:
    """The art of `design` as a PDF of one page, the trim with its bleed on every side; the same bytes every time.

    Raises BadDesign when a layer names a kind, an ink, a text or a measure that there is not.
    """
    plate = Plate(design.trim_mm, design.bleed_mm, f"{design.title} ({design.side})")
    for layer in layers(design):
        layer.draw(plate, design)
    return plate.proof()
