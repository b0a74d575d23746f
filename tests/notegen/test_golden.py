"""Each design looks as its golden picture does, and unlike every other front, to eyes of every kind."""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageChops

from notegen import design
from notegen.picture import portray
from tests.notegen import golden

NAMES = design.names(design.default_folder())
FRONTS = [name for name in NAMES if design.find(name, design.default_folder()).side == "front"]
RENEW = "look at it, and if it is meant: python -m tests.notegen.golden"
MOST_UNLIKE = 1.0
"""Of 255, on the average over a picture: renderers round lines finer than a dot in their own ways."""

MOST_UNLIKE_PATCH = 12.0
"""The same for the worst patch of about 5 mm, where a small thing would be missing."""

PATCH = 15

# What the eye has left of red, green and blue in linear light without its long, middle or short cones
# (Vienot, Brettel and Mollon 1999 for the first two; Machado, Oliveira and Fernandes 2009 for the third).
EYES = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}


def patches(difference: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean of each whole patch of a picture (h, w, 3)."""
    rows, columns = (side // PATCH for side in difference.shape[:2])
    whole = difference[: rows * PATCH, : columns * PATCH]
    means: NDArray[np.float64] = whole.reshape(rows, PATCH, columns, PATCH, -1).mean(axis=(1, 3, 4))
    return means


@pytest.mark.parametrize("name", NAMES)
def test_a_design_looks_like_its_golden_picture(name: str) -> None:
    found = design.find(name, design.default_folder())
    assert golden.place(found).is_file(), f"{name} has no golden picture; {RENEW}"
    with Image.open(golden.place(found)) as kept:
        seen = golden.picture(found)
        assert kept.size == seen.size, f"{name} has another size; {RENEW}"
        unlike = np.asarray(ImageChops.difference(kept.convert("RGB"), seen), dtype=float)
    assert unlike.mean() < MOST_UNLIKE, f"{name} looks otherwise; {RENEW}"
    assert patches(unlike).max() < MOST_UNLIKE_PATCH, f"a part of {name} looks otherwise; {RENEW}"


def test_every_golden_picture_is_of_a_design() -> None:
    assert sorted(path.stem for path in golden.FOLDER.glob("*.png")) == NAMES


@pytest.mark.parametrize("eye", EYES)
def test_fronts_are_told_apart_by_their_picture_and_colour_to_a_colour_blind_eye(eye: str) -> None:
    seen = {}
    for name in FRONTS:
        art = design.find(name, design.default_folder()).art.read_bytes()
        picture = np.asarray(portray(art, dpi=25), dtype=float)[:, :50] / 255  # the left third, which shows the picture
        seen[name] = np.clip(picture**2.2 @ np.array(EYES[eye]).T, 0, 1) ** (1 / 2.2) * 255
    for one, other in combinations(FRONTS, 2):
        assert np.abs(seen[one] - seen[other]).mean() > 20, f"{one} looks like {other}"
