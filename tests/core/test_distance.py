"""How far apart two desks were, and what that says of a note that was shown at both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.distance import EARTH_RADIUS_KM, Spot, is_out_of_reach, kilometres

TRURO, PENZANCE, CHORLEY = Spot(50.2632, -5.0510), Spot(50.1188, -5.5376), Spot(53.6533, -2.6326)
SPOTS = st.builds(Spot, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(("one", "other", "far"), [(TRURO, PENZANCE, 38), (TRURO, CHORLEY, 413), (TRURO, TRURO, 0)])
def test_towns_are_as_far_apart_as_on_a_map(one: Spot, other: Spot, far: int) -> None:
    assert kilometres(one, other) == pytest.approx(far, abs=2)


@given(SPOTS, SPOTS)
def test_it_is_as_far_there_as_back_and_never_further_than_round_the_world(one: Spot, other: Spot) -> None:
    assert kilometres(one, other) == pytest.approx(kilometres(other, one))
    assert 0 <= kilometres(one, other) <= 3.1416 * EARTH_RADIUS_KM


@pytest.mark.parametrize(
    ("distance_km", "minutes", "is_out"), [(413, 60, True), (413, 300, False), (413, -60, True), (0.4, 0, False), (2, 0, True)]
)
def test_a_note_that_was_at_two_places_too_soon_is_two_papers(distance_km: float, minutes: float, is_out: bool) -> None:
    assert is_out_of_reach(distance_km, minutes) is is_out
