"""Where something is, and how far it is from somewhere else."""

import pytest

from app.core import coordinates
from app.core.coordinates import Coordinates, metres_between
from app.core.errors import BadInput

TRURO, CHORLEY = coordinates.parse("50.2632,-5.0510"), coordinates.parse("53.65, -2.63")


@pytest.mark.parametrize("text", ["50.2632,-5.051", " 50.2632 , -5.0510 ", "50.2632 -5.051"])
def test_coordinates_are_read_as_maps_give_them(text: str) -> None:
    assert coordinates.parse(text) == Coordinates(50_263_200, -5_051_000)
    assert str(coordinates.parse(text)) == "50.263200,-5.051000"


@pytest.mark.parametrize("text", ["", "Truro", "91,0", "0,181", "50.2", "50,1,2", "５０,1", "1e1,2", "nan,nan"])
def test_what_is_no_place_on_the_map_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(
        BadInput, match=r"is no place on the map: write latitude and longitude, like 50\.2632,-5\.0510\.$"
    ):
        coordinates.parse(text)


def test_the_way_between_two_places_is_the_same_in_both_directions() -> None:
    assert metres_between(TRURO, CHORLEY) == metres_between(CHORLEY, TRURO) == 411_457
    assert metres_between(TRURO, TRURO) == 0


def test_a_degree_along_the_equator_is_as_long_as_the_earth_is_round() -> None:
    assert metres_between(Coordinates(0, 0), Coordinates(0, 1_000_000)) == 111_195
    assert metres_between(Coordinates(0, 0), Coordinates(0, 180_000_000)) == 20_015_115
