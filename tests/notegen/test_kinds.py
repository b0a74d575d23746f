"""Kinds of layer that draw living things, cloth and water: each keeps to the measures it is given."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pikepdf
import pytest
from numpy.typing import NDArray

from app.core.errors import BadDesign
from notegen import design
from notegen.engraving import engrave
from notegen.engraving.bluebells import Bluebells
from notegen.engraving.canopy import Canopy
from notegen.engraving.curve import FINEST_MM, evenly, ribbon, traced
from notegen.engraving.lace import Lace, LaceEdge
from notegen.engraving.layer import ink
from notegen.engraving.limb import Limb
from notegen.engraving.plumes import Plumes
from notegen.engraving.ripples import Ripples
from notegen.engraving.sails import Sails
from notegen.ink.cmyk import MOST_PERCENT, PAPER, Ink

Steps = list[pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage]
NAMES = design.names(design.default_folder())


def reach(curves: list[NDArray[np.float64]], centre: tuple[float, float]) -> float:
    """How far the farthest point lies from `centre`, mm."""
    return max(float(np.hypot(*(curve - centre).T).max()) for curve in curves)


def widths(steps: Steps) -> list[float]:
    """Of each line that is drawn, how wide it is, mm."""
    scale, outer, found = 25.4 / 72, [], []
    for step in steps:
        match str(step.operator):
            case "q":
                outer.append(scale)
            case "Q":
                scale = outer.pop()
            case "cm":
                scale *= abs(float(step.operands[0]))
            case "w":
                found.append(float(step.operands[0]) * scale)
    return found


def test_six_sided_lace_has_three_threads_at_each_knot() -> None:
    lace = Lace(box_mm=(0, 0, 30, 20), mesh_mm=1.0, ink="", sag_mm=0)
    ends: Counter[tuple[float, float]] = Counter()
    for thread in lace.threads():
        for start, end in pairwise(thread):
            assert 0.86 <= np.hypot(*(end - start)) <= 1.01
            ends.update({tuple(start.round(3)): 1, tuple(end.round(3)): 1})
    inner = [count for (x, y), count in ends.items() if 2 < x < 27 and 1 < y < 18]
    assert len(inner) > 300
    assert set(inner) == {3}


@pytest.mark.parametrize("every", [1, 3, 4])
def test_tallies_lie_each_in_the_middle_of_a_mesh(every: int) -> None:
    lace = Lace(box_mm=(0, 0, 40, 30), mesh_mm=1.0, ink="", tally_every=every, sag_mm=0)
    knots = np.vstack(lace.threads())
    tallies = lace.tallies()
    assert len(tallies) > 10
    for tally in tallies:
        assert np.hypot(*(knots - tally.mean(axis=0)).T).min() == pytest.approx(1.0, abs=0.02)


def test_scallops_of_a_lace_edge_hang_on_the_right_of_its_way_and_meet() -> None:
    edge = LaceEdge(start_mm=(0, 2), end_mm=(60, 2), height_mm=4, scallops=10, ink="", gimp="")
    arches = edge.arches(1.0)
    assert len(arches) == 10
    assert max(float(arch[:, 1].max()) for arch in arches) == pytest.approx(6, abs=0.01)
    for left, right in pairwise(arches):
        assert left[-1] == pytest.approx(right[0])


def test_hoops_of_a_limb_thicken_away_from_the_light() -> None:
    trunk = Limb(axis_mm=((0, 30), (0, 20), (0, 0)), half_mm=(3, 3, 3), ink="", light=-1, tone=(0.2, 0.8))
    left, right = trunk.sides()
    assert np.ptp(left[:, 0]) == pytest.approx(0, abs=1e-6)
    assert right[0, 0] - left[0, 0] == pytest.approx(6)
    lit = [np.ptp(hoop[hoop[:, 0] < -2][:, 1]) for hoop in trunk.hoops()]
    dark = [np.ptp(hoop[hoop[:, 0] > 1][:, 1]) for hoop in trunk.hoops()]
    assert np.mean(dark) > np.mean(lit)
    assert reach(trunk.hoops(), (0, 15)) < 20


def test_plumes_reach_from_their_roots_to_their_tips() -> None:
    wing = Plumes(roots_mm=((0, 0), (0, 5)), tips_mm=((20, -4), (24, 9)), count=7, width_mm=3, ink="")
    shafts = wing.shafts()
    assert len(shafts) == 7
    assert shafts[0][0] == pytest.approx((0, 0))
    assert shafts[-1][-1] == pytest.approx((24, 9))
    for shaft in shafts:
        vane = wing.vane(shaft)
        away = np.hypot(*(vane[:, None] - shaft[None]).transpose(2, 0, 1)).min(axis=1)
        assert away.max() <= 1.5 + 1e-6


def test_a_wood_grows_between_its_skyline_and_its_foot_and_is_always_the_same() -> None:
    wood = Canopy(skyline_mm=((0, 10), (40, 14)), foot_mm=((0, 22), (40, 22)), rows=6, radius_mm=1.2, ink="", under="")
    rows = wood.crowns()
    assert len(rows) == 6
    for x, y, radius in np.vstack(rows).tolist():
        assert -1 < x < 41
        assert 10 + x / 10 - 1 < y < 23
        assert 0.5 < radius < 2.5
    assert all((one == other).all() for one, other in zip(rows, wood.crowns(), strict=True))


def test_a_bluebell_nods_to_one_side_and_its_last_bell_is_the_smallest() -> None:
    plant = Bluebells(at_mm=((0, 0),), heights_mm=(1,), ink="", edge="", leaf="", bells=6)
    bells = plant.hung()
    sizes = [float(np.hypot(*np.ptp(bell, axis=0))) for bell in bells]
    assert len(bells) == 6
    assert sizes[-1] == min(sizes)
    assert np.mean([bell[:, 0].mean() for bell in bells]) > 0.1


def test_ripples_widen_and_stay_on_the_water_before_them() -> None:
    rings = Ripples(centre_mm=(0, 0), from_mm=(5, 1), to_mm=(20, 8), count=9, ink="", arc_deg=(10, 170))
    strokes = rings.strokes()
    assert reach(strokes, (0, 0)) < 20.5
    assert min(float(stroke[:, 1].min()) for stroke in strokes) > 0


def test_a_windmill_has_four_sails_alike() -> None:
    sails = Sails(centre_mm=(5, 5), length_mm=6, ink="", turn_deg=20, bars=8)
    tips = np.array([whip[-1] - (5, 5) for whip in sails.whips()])
    assert np.hypot(*tips.T) == pytest.approx(np.full(4, 6))
    assert tips[0] == pytest.approx(-tips[2])
    assert len(sails.lattice()) == 4 * (8 + 2)


def test_a_traced_path_passes_through_its_points_and_its_steps_are_even() -> None:
    given = np.array([(0, 0), (4, 3), (9, 2), (12, 8)], dtype=float)
    path = traced(given, 0.1)
    for point in given:
        assert np.hypot(*(path - point).T).min() < 0.06
    assert np.ptp(np.hypot(*np.diff(path, axis=0).T)) < 0.01
    assert evenly(given[:2], 1.0)[[0, -1]].tolist() == given[:2].tolist()


def test_a_line_that_would_be_too_fine_is_as_fine_as_can_be_or_breaks() -> None:
    line = np.column_stack((np.arange(10.0), np.zeros(10)))
    (whole,) = ribbon(line, np.full(10, FINEST_MM * 0.6))
    assert np.ptp(whole[:, 1]) == pytest.approx(FINEST_MM)
    assert ribbon(line, np.full(10, FINEST_MM * 0.4)) == []


def test_an_ink_over_another_lays_down_both_and_no_more_than_a_plate_holds() -> None:
    assert Ink(100, 20, 45, 10).over(Ink(0, 0, 0, 50)) == Ink(100, 20, 45, 60)
    assert Ink(0, 0, 0, 80).over(Ink(0, 0, 0, 80)) == Ink(0, 0, 0, 100)
    assert PAPER.over(Ink(1, 2, 3, 4)) == Ink(1, 2, 3, 4)


def test_a_layer_may_name_two_inks_and_is_refused_more_than_dries() -> None:
    cornwall = design.find("cornwall", design.default_folder())
    assert ink(cornwall, "teal + black 40").black == 50
    assert ink(cornwall, "teal 50 + black") == cornwall.inks["teal"].tint(0.5).over(Ink(0, 0, 0, 100))
    with pytest.raises(BadDesign, match="more ink than dries"):
        ink(cornwall, "teal + ember + gold + black")
    with pytest.raises(BadDesign, match="'mauve 20' is not an ink here"):
        ink(cornwall, "teal + mauve 20")


@pytest.mark.parametrize("name", NAMES)
def test_no_design_has_more_than_three_inks_and_black(name: str) -> None:
    assert len(set(design.find(name, design.default_folder()).inks) - {"black"}) <= 3


@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_too_fine_and_no_ink_too_heavy_for_a_press(name: str) -> None:
    with pikepdf.open(design.find(name, design.default_folder()).art) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
    covers = [sum(map(float, step.operands)) for step in steps if str(step.operator) in {"k", "K"}]
    assert min(widths(steps)) >= FINEST_MM - 1e-6
    assert max(covers) <= MOST_PERCENT / 100 + 1e-6


LIMB = {"kind": "limb", "axis_mm": [[1, 1], [1, 9], [2, 12]], "half_mm": [1, 1, 1], "ink": "teal"}
WOOD = {"kind": "canopy", "skyline_mm": [[9, 1], [1, 1]], "foot_mm": [[9, 9], [1, 9]], "rows": 2, "radius_mm": 1}
SHORT_LISTS = [
    ("widths for fewer places", {**LIMB, "half_mm": [1, 1]}),
    ("an axis of one place", {**LIMB, "axis_mm": [[1, 1]], "half_mm": [1]}),
    ("no place at all", {"kind": "dots", "at_mm": [], "radius_mm": 1, "ink": "teal"}),
    ("a skyline from right to left", {**WOOD, "ink": "teal", "under": "gold"}),
    (
        "heights for fewer plants",
        {
            "kind": "bluebells",
            "at_mm": [[1, 1], [2, 2]],
            "heights_mm": [9],
            "ink": "teal",
            "edge": "teal",
            "leaf": "gold",
        },
    ),
]


@pytest.mark.parametrize("layer", [case[1] for case in SHORT_LISTS], ids=[case[0] for case in SHORT_LISTS])
def test_a_layer_whose_lists_do_not_agree_is_named(layer: dict[str, object]) -> None:
    cornwall = design.find("cornwall", design.default_folder())
    with pytest.raises(BadDesign, match=r"engraving\.layer 1 \(\w+\) cannot be drawn"):
        engrave(replace(cornwall, layers=(layer,)))
