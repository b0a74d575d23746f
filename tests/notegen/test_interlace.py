"""Interlace: cords that close, cross by turns over and under, and keep within their border; and what a draft may say."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.errors import BadDesign
from notegen import design
from notegen.engraving import engrave
from notegen.engraving.curve import Curve
from notegen.engraving.interlace import Interlace

drafts = st.lists(st.text("x-|", min_size=1, max_size=4), min_size=1, max_size=3).map(tuple)
rings = st.builds(
    Interlace,
    columns=st.integers(1, 8).map(lambda half: 2 * half),
    rows=st.integers(2, 5),
    draft=drafts,
    closed=st.just(True),
)


def passes(cord: Curve, lattice: Interlace) -> list[bool]:
    """Whether a cord lies over or under at each crossing that it goes through, in its order."""
    overs, found = lattice.crossings(), []
    steps = np.vstack((cord[:-1], cord[:1]))
    for before, after in pairwise(steps):
        way, wide = after - before, lattice.columns
        way[0] = (way[0] + wide / 2) % wide - wide / 2
        for over in overs:
            middle, along = over[len(over) // 2], over[-1] - over[0]
            ahead = middle - before
            ahead[0] = (ahead[0] + wide / 2) % wide - wide / 2
            if 0 <= ahead @ way < way @ way - 1e-9 and abs(ahead[0] * way[1] - ahead[1] * way[0]) < 1e-6:
                found.append(bool(abs(along[0] * way[1] - along[1] * way[0]) < 1e-6))
    return found


@given(rings)
def test_every_cord_of_a_ring_closes(lattice: Interlace) -> None:
    for cord in lattice.cords():
        turns = (cord[-1, 0] - cord[0, 0]) / lattice.columns
        assert turns == pytest.approx(round(turns))
        assert cord[-1, 1] == pytest.approx(cord[0, 1])


@given(rings)
def test_cords_keep_between_the_edges(lattice: Interlace) -> None:
    for cord in lattice.cords():
        assert cord[:, 1].min() > 0
        assert cord[:, 1].max() < lattice.rows


@settings(max_examples=30)
@given(rings)
def test_a_cord_passes_over_and_under_by_turns(lattice: Interlace) -> None:
    for cord in lattice.cords():
        found = passes(cord, lattice)
        assert len(found) % 2 == 0
        assert all(one != other for one, other in pairwise(found))


@settings(max_examples=30)
@given(rings)
def test_at_every_crossing_two_cords_meet(lattice: Interlace) -> None:
    assert sum(len(passes(cord, lattice)) for cord in lattice.cords()) == 2 * len(lattice.crossings())


def test_a_trefoil_is_one_cord_with_three_crossings() -> None:
    trefoil = Interlace(columns=6, rows=2, closed=True)
    assert len(trefoil.cords()) == 1
    assert len(trefoil.crossings()) == 3


def test_a_plait_of_four_has_four_loose_ends_at_either_side() -> None:
    ends = np.array([end for cord in Interlace(columns=20, rows=4).cords() for end in (cord[0], cord[-1])])
    assert sorted(np.round(ends[:, 0]).tolist()) == pytest.approx([0] * 4 + [20] * 4, abs=1)


PLAIT = {
    "kind": "plait-ring",
    "centre_mm": [60, 30],
    "radii_mm": [10, 14],
    "columns": 20,
    "rows": 3,
    "inks": ["slate"],
    "cord_mm": 0.6,
}
CARTHEN = {"kind": "carthen", "face": "slate", "back": "slate", "box_mm": [0, 0, 50, 50]}
BAD_DRAFTS: list[tuple[str, dict[str, Any], str]] = [
    ("a sign that no draft has", {**PLAIT, "draft": ["xo"]}, "draft has 'o'; write it with x - | alone"),
    ("no draft at all", {**PLAIT, "draft": []}, "draft is []; write rows of the same length"),
    ("rows of unlike length", {**CARTHEN, "draft": ["#.", "#"]}, "write rows of the same length"),
    ("a cloth of other signs", {**CARTHEN, "draft": ["#x"]}, "draft has 'x'; write it with # . alone"),
    ("cords that are no cords", {**PLAIT, "cord_mm": 0}, "cord_mm is 0; use 0.1 to 20"),
]


@pytest.mark.parametrize(("layer", "says"), [case[1:] for case in BAD_DRAFTS], ids=[case[0] for case in BAD_DRAFTS])
def test_a_draft_that_cannot_be_woven_is_named(layer: dict[str, Any], says: str) -> None:
    gwynedd = design.find("gwynedd", design.default_folder())
    with pytest.raises(BadDesign) as fault:
        engrave(replace(gwynedd, layers=(layer,)))
    assert says in str(fault.value)


def test_a_ring_of_an_odd_number_of_columns_is_engraved_all_the_same() -> None:
    gwynedd = design.find("gwynedd", design.default_folder())
    assert engrave(replace(gwynedd, layers=({**PLAIT, "columns": 19},))) == engrave(replace(gwynedd, layers=(PLAIT,)))
