"""Relief by line: mountains, turned work, slate, flowers and cloth, each drawn so that a press can hold its lines."""

from itertools import pairwise

import numpy as np
import pytest

from notegen.engraving.carthen import Carthen
from notegen.engraving.curve import Curve
from notegen.engraving.daffodil import Daffodil
from notegen.engraving.ground import Waves
from notegen.engraving.massif import Massif
from notegen.engraving.slabs import Slabs
from notegen.engraving.turned import Turned

PEAK = Massif(
    aretes_mm=(((30.0, 12.0, 24.0), (45.0, 12.0, 4.0)), ((30.0, 12.0, 24.0), (18.0, 10.0, 8.0))),
    foot_mm=50.0,
    ink="",
    under="",
    left_mm=0,
    right_mm=60,
)


def area(outline: Curve) -> float:
    x, y = outline.T
    return abs(float(x @ np.roll(y, 1) - y @ np.roll(x, 1))) / 2


def test_a_mountain_stands_on_its_foot_and_is_highest_at_its_peak() -> None:
    points = np.vstack(PEAK.contours())
    assert points[:, 1].max() < PEAK.foot_mm
    top = points[np.argmin(points[:, 1])]
    assert top[0] == pytest.approx(30, abs=1.5)
    assert top[1] == pytest.approx(50 - 24 - 12 * PEAK.rise, abs=2)


def test_the_side_in_shade_has_more_ink_than_the_side_in_light() -> None:
    lit = sum(area(line) for line in PEAK.contours() if line[:, 0].max() < 29)
    dark = sum(area(line) for line in PEAK.contours() if line[:, 0].min() > 31)
    assert dark > lit * 1.5


def test_contours_never_run_together() -> None:
    for line in PEAK.contours():
        upper, lower = line[: len(line) // 2], line[len(line) // 2 :]
        assert area(line) / max(float(np.ptp(line[:, 0])), 0.2) < PEAK.pitch_mm
        assert len(upper) > 0
        assert len(lower) > 0


def test_the_same_seed_gives_the_same_mountain_and_another_gives_another() -> None:
    same, other = PEAK.contours(), Massif(**{**vars(PEAK), "seed": 2}).contours()
    assert all(np.array_equal(one, two) for one, two in zip(same, PEAK.contours(), strict=True))
    assert len(same) != len(other) or not np.allclose(same[0][:4], other[0][:4])


def test_rings_of_turned_work_keep_within_its_outline() -> None:
    vase = Turned(centre_mm=(20, 30), profile_mm=((-8, 3), (-4, 5), (0, 0.5), (4, 5), (8, 3)), ink="")
    rings, edge = np.vstack(vase.rings()), vase.outline()
    assert rings[:, 0].min() >= edge[:, 0].min() - vase.pitch_mm / 2
    assert rings[:, 0].max() <= edge[:, 0].max() + vase.pitch_mm / 2
    assert np.abs(np.mean(edge[:, 0]) - 20) < 0.1


def test_slabs_stand_beside_each_other_from_end_to_end() -> None:
    fence = Slabs(
        ground_mm=((0.0, 60.0), (40.0, 62.0)),
        high_mm=10,
        wide_mm=3,
        ink="",
        unders=("a", "b"),
        edge="",
        wire="",
        foot_mm=66,
    )
    faces = [np.array(face.outline_mm) for face, _ in fence.slabs()]
    feet = [(float(face[-1, 0]), float(face[-2, 0])) for face in faces]
    assert all(left < right for left, right in feet)
    assert all(before[1] < after[0] for before, after in pairwise(feet))
    assert feet[-1][1] <= 40
    assert {face.under for face, _ in fence.slabs()} == {"a", "b"}


def test_a_daffodil_has_its_petals_within_its_radius() -> None:
    flower = Daffodil(
        centre_mm=(10, 10), radius_mm=5, root_mm=(9, 30), ink="", petal="", trumpet="", stem="", squash=0.8
    )
    veins = np.vstack([line for petal in range(6) for line in flower.veins(petal * np.pi / 3)]) - (10, 10)
    assert np.hypot(veins[:, 0] / 0.8, veins[:, 1]).max() <= 5
    assert np.vstack(flower.stalk())[:, 1].max() == pytest.approx(30, abs=0.5)


CLOTH = Carthen(draft=("##.", "#..", "..#"), face="", back="", box_mm=(0, 0, 40, 24), cell_mm=1.0, threads=2)


def test_a_carthen_is_the_same_from_left_and_right_and_from_above_and_below() -> None:
    cloth = CLOTH.cloth()
    middle_row, middle_column = cloth.shape[0] // 2, cloth.shape[1] // 2
    square = cloth[middle_row - 10 : middle_row + 11, middle_column - 10 : middle_column + 11]
    assert np.array_equal(square, square[::-1])
    assert np.array_equal(square, square[:, ::-1])


def test_every_cell_of_a_carthen_shows_one_of_its_two_webs() -> None:
    upright, level = CLOTH.floats()
    inset = 0.24
    face = sum(float(np.ptp(line[:, 1])) + inset for line in upright) / CLOTH.threads
    back = sum(float(np.ptp(line[:, 0])) + inset for line in level) / CLOTH.threads
    assert face == pytest.approx(CLOTH.cloth().sum())
    assert back == pytest.approx((~CLOTH.cloth()).sum())


def test_lines_part_over_a_dome_and_lie_level_far_from_it() -> None:
    still = {"height_mm": (0.0, 0.0), "pitch_mm": 1.0, "top_mm": 0, "bottom_mm": 40, "ink": ""}
    lines = Waves(**still, domes=((20.0, 20.0, 8.0, 0.5),)).curves(0, 100)  # type: ignore[arg-type]  # a table, as TOML gives it
    heights = np.array([line[:, 1] for line in lines])
    middle = int(np.argmin(np.abs(lines[0][:, 0] - 20)))
    assert np.diff(heights[:, middle]).max() == pytest.approx(1.5, abs=0.05)
    assert np.diff(heights[:, middle]).min() > 0, "no line crosses another"
    assert np.diff(heights[:, -1]) == pytest.approx(1.0)
