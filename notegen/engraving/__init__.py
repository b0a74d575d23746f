"""The engraver: draws the art of a design from the parameters in its design.toml. Pure geometry first, ink last."""

from app.core.errors import BadDesign
from notegen.design import FILE, Design
from notegen.engraving.kinds import layers
from notegen.engraving.plate import Plate


def engrave(design: Design) -> bytes:
    """The art of `design` as a PDF of one page, the trim with its bleed on every side; the same bytes every time.

    Raises BadDesign when a layer names a kind, an ink, a text or a measure that there is not.
    """
    plate = Plate(design.trim_mm, design.bleed_mm, f"{design.title} ({design.side})")
    for number, layer in enumerate(layers(design), start=1):
        try:
            layer.draw(plate, design)
        except (ValueError, IndexError) as fault:
            place = f"{design.folder / FILE}: engraving.layer {number} ({design.layers[number - 1]['kind']})"
            raise BadDesign(
                f"{place} cannot be drawn ({fault}); give its lists as many values as they need."
            ) from fault
    return plate.proof()
