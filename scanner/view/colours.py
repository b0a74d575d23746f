"""The colours of the window: those of the desk's page, by day."""

from dataclasses import dataclass

Colour = tuple[int, int, int]

PAPER, SURFACE, INK, QUIET = (246, 241, 228), (255, 253, 247), (20, 48, 47), (74, 95, 91)
LINE, STRONG_LINE, TEAL, NIGHT, WHITE = (201, 191, 165), (109, 125, 118), (12, 89, 86), (8, 20, 20), (255, 255, 255)
HALO, STRIPE, GOOD_SIGN = (255, 210, 77), (31, 21, 0), (46, 139, 74)


@dataclass(frozen=True, slots=True)
class Field:
    """A ground, and what stands on it."""

    ground: Colour
    ink: Colour


FIELDS = {
    "good": Field((20, 96, 43), WHITE),
    "attention": Field((245, 198, 74), (31, 21, 0)),
    "no": Field((143, 26, 22), WHITE),
    "asking": Field(SURFACE, INK),
}
"""By the family of an answer."""
