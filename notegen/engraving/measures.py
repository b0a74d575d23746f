"""What the measures of a layer may be: finer is lost by a press, coarser or more never ends."""

from collections.abc import Iterator, Mapping

from app.core.errors import BadDesign
from notegen.engraving.curve import FINEST_MM

LIMITS: Mapping[str, tuple[float, float]] = {
    "width_mm": (FINEST_MM, 5),
    "pitch_mm": (0.2, 20),
    "size_pt": (1, 72),
    "edge_mm": (0, 5),
    "radius_mm": (0.1, 200),
    "wave_length_mm": (0.5, 500),
    "stone_mm": (0.5, 100),
    "length_mm": (0.5, 500),
    "step_mm": (0.1, 100),
    "strands": (1, 60),
    "waves": (1, 500),
    "lobes": (0, 200),
    "count": (1, 400),
    "rows": (1, 200),
    "columns": (1, 200),
    "lines": (2, 200),
    "petals": (1, 50),
    "mesh_mm": (0.3, 20),
    "sag_length_mm": (0.5, 500),
    "tally_every": (1, 200),
    "scallops": (1, 200),
    "pairs": (8, 60),
    "picots": (1, 60),
    "half_mm": (0.1, 100),
    "bells": (3, 30),
    "bars": (2, 60),
    "turn": (-100, 100),
    "threads": (1, 20),
    "seed": (0, 500),
    "cell_mm": (0.3, 20),
    "cord_mm": (0.1, 20),
    "line_mm": (0.03, 5),
    "wide_mm": (0.5, 100),
    "flank_mm": (0.5, 100),
    "spur_mm": (0.5, 100),
    "depth_mm": (1, 100),
    "grain": (0, 0.9),
    "rise": (0, 2),
    "tilt": (-1, 1),
    "light": (-0.9, 0.9),
    "squash": (0.1, 1),
}
"""Least and greatest of each measure by its name."""

FARTHEST_MM = 500.0
"""No place or size of a note is farther off than this."""


def examine(measures: Mapping[str, object], place: str) -> None:
    """Raise BadDesign for a measure of a layer that cannot be engraved; `place` names the file and the layer."""
    for name, given in measures.items():
        least, most = LIMITS.get(name, (-FARTHEST_MM, FARTHEST_MM))
        for number in _numbers(given):
            if not least <= number <= most:
                raise BadDesign(f"{place}.{name} is {number:g}; use {least:g} to {most:g}.")


def _numbers(given: object) -> Iterator[float]:
    """Every number in a value of TOML, however deep in lists."""
    if isinstance(given, list):
        for item in given:
            yield from _numbers(item)
    elif isinstance(given, int | float):
        yield float(given)
