"""The axes: what can be wrong with one picture of one note, a number each. All at their defaults is a clean picture."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Axes:
    """Angles in degrees; blur and gain in modules; noise in grey levels of 255; the others as said."""

    distance: float = 4.0
    """Pixels a module: a symbol of 29.0 mm has 49."""
    tilt: float = 0.0
    tilt_about: float = 0.0
    """The axis about which the note is tilted, in degrees against its long edge."""
    turn: float = 0.0
    defocus: float = 0.0
    """Standard deviation of the blur."""
    motion: float = 0.0
    """Length of the smear."""
    motion_along: float = 0.0
    noise: float = 0.0
    light: float = 1.0
    """Share of a well lit picture; less light means more noise for the signal that is left."""
    glare: float = 0.0
    """0 none, 1 a lamp that washes out half of the symbol."""
    fold: float = 0.0
    """0 flat, 1 both halves stand up by 22 degrees, with a crease that lost its ink."""
    stain: float = 0.0
    pen: float = 0.0
    """Share of the symbol under pen strokes."""
    hole: float = 0.0
    """Share of the symbol that is torn away or covered by a thumb."""
    fading: float = 0.0
    """Share of the ink that is gone."""
    gain: float = 0.0
    """How far ink has spread over each edge; negative where it has shrunk."""
    jpeg: float = 95.0
    """Quality as libjpeg counts it."""
    lens: float = 0.0
    """Barrel distortion: the share by which the corner of a frame is drawn in."""
