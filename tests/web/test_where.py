"""Where can I spend it: the search, the map, and the page of a venue."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.coordinates import parse
from app.services import directory, listing
from app.services.books import Store
from app.web import atlas, towns
from app.web.projection import project
from tests.web.conftest import now

HERE, ELSEWHERE = "Carn Brea Leisure Centre", "Chorley Little Theatre"
SAID: dict[str, dict[str, str]] = {
    HERE: {
        "town": "Redruth", "at": "50.2287,-5.2653", "name_cy": "Canolfan Hamdden Carn Brea", "postcode": "TR15 3QS",
        "telephone": "01209 714766", "web": "centre.example.org", "email": "desk@centre.example", "text": "Two pools.",
    },
    ELSEWHERE: {"town": "Chorley", "at": "53.6536,-2.6300"},
}  # fmt: skip


@pytest.fixture
def store(app: Flask) -> Store:
    """The books, in which the venues say where they are."""
    books: Store = app.extensions["hournote_books"]
    for venue, fields in SAID.items():
        listing.set_place(books, venue=venue, actor="cli:test", now=now(), **fields)
    return books


def _id(store: Store, name: str) -> int:
    return next(venue.id for venue, _offers in directory.venues_with_offers(store) if venue.name == name)


def _listed(page: str) -> list[str]:
    return re.findall(r'<h3><a href="/where/\d+">([^<]+)', page)


def test_somebody_finds_the_nearest_from_a_town_that_they_type(store: Store, client: FlaskClient) -> None:
    page = client.get("/where?town=truro").text
    assert _listed(page) == [HERE, ELSEWHERE]
    assert "16 km from Truro" in page
    assert "412 km from Truro" in page
    assert _listed(client.get("/where?town=Preston").text) == [ELSEWHERE, HERE]


def test_a_town_that_is_not_known_is_said_with_those_that_look_like_it(store: Store, client: FlaskClient) -> None:
    page = client.get("/where?town=Trurro").text
    assert "We do not know the town Trurro." in page
    assert 'href="/where?town=Truro"' in page
    assert _listed(page) == [HERE, ELSEWHERE]
    page = client.get("/where?town=Bangor").text
    assert 'href="/where?town=Bangor,+Wales"' in page or "Bangor,%20Wales" in page
    assert 'href="/where?q=swim&amp;town=Falmouth"' in client.get("/where?q=swim+Falmouth").text


def test_a_region_lists_what_is_on_its_map(store: Store, client: FlaskClient) -> None:
    page = client.get("/where?region=south-west").text
    assert _listed(page) == [HERE]
    assert "South West England" in page
    assert 'aria-current="true">South West England' in page


def test_marks_are_links_with_names_and_lie_apart(store: Store, client: FlaskClient) -> None:
    page = client.get("/where").text
    assert f'aria-label="{HERE}, Redruth"' in page
    assert f'class="pin corporate" href="/where/{_id(store, ELSEWHERE)}"' in page
    for number in range(30):
        made = directory.add_venue(store, programme="CWL", name=f"Hall {number}")
        listing.set_place(
            store, venue=str(made.id), actor="cli:test", now=now(), town="Truro", at=f"50.26{number:02},-5.05"
        )
    for address in ("/where", "/where?region=south-west", "/where?town=Truro", "/where?town=Truro&wide=8"):
        page = client.get(address).text
        at = [tuple(map(float, each)) for each in re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="21"', page)]
        at += [tuple(map(float, each)) for each in re.findall(r'finger" cx="([\d.]+)" cy="([\d.]+)"', page)]
        assert all(abs(complex(*one) - complex(*two)) > 45 for one in at for two in at if one != two), address
    country = client.get("/where").text
    assert 'href="/where?town=Truro&amp;wide=300" aria-label="31 venues around Truro"' in country
    assert "Page 1 of 2" in country
    assert len(_listed(country)) == 24
    assert len(_listed(client.get("/where?page=2").text)) == 8
    assert len(_listed(client.get("/where?page=99").text)) == 8
    assert len(_listed(client.get("/where?all=1").text)) == 32


@pytest.mark.parametrize(
    ("town", "near", "label"),
    [
        ("Newport", "50.70", "Newport, Gosport"),
        ("Newport", "51.58", "Newport, Wales"),
        ("Truro", "51.58", "Newport, Wales"),
    ],
)
def test_a_mark_leads_to_the_town_of_that_name_that_is_there(
    store: Store, client: FlaskClient, town: str, near: str, label: str
) -> None:
    """Newport of the Isle of Wight is not the larger one in Wales, and nobody's typing error leads to Cornwall."""
    east = "-1.29" if near == "50.70" else "-2.99"
    for number in range(2):
        made = directory.add_venue(store, programme="CWL", name=f"Hall {number}")
        listing.set_place(
            store, venue=str(made.id), actor="cli:test", now=now(), town=town, at=f"{near}0{number},{east}"
        )
    assert f'aria-label="2 venues around {label}"' in client.get("/where").text


def test_a_venue_has_a_page_with_its_offers_and_how_to_reach_it(store: Store, client: FlaskClient) -> None:
    address = f"/where/{_id(store, HERE)}"
    page = client.get(address).text
    for said in ("Swim", "2 hours", "TR15 3QS", 'href="tel:01209714766"', "mailto:desk@centre.example", "Two pools.",
                 'href="https://centre.example.org"'):  # fmt: skip
        assert said in page, said
    assert "Near here" not in page, "the other is 400 km away"
    welsh = client.get(f"{address}?lang=cy").text
    assert "<h1>Canolfan Hamdden Carn Brea</h1>" in welsh
    assert '<span lang="en">Two pools.</span>' in welsh
    assert '<li><span><span lang="en">Swim</span>' in welsh
    assert "<li><span>Swim" in page
    assert client.get("/where/99999").status_code == 404
    assert client.get("/where/99999999999999999999").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["?town=%00", "?wide=x&town=Truro", "?hours=x", "?page=-1", "?page=%C2%B2", "?region=nowhere", "?kind=x", "?q=%27%22%3Cb%3E&programme=%3Cb%3E"],
)  # fmt: skip
def test_nonsense_in_an_address_is_left_out(store: Store, client: FlaskClient, address: str) -> None:
    answer = client.get(f"/where{address}")
    assert answer.status_code == 200
    assert "<b>" not in answer.text


def test_the_map_has_its_towns_where_they_are() -> None:
    """Against the Ordnance Survey's grid, whose false origin lies 400 km west and 100 km north of 49° N 2° W."""
    for town, east_km, north_km in (("Truro", 182.4, 44.9), ("Norwich", 623.0, 308.4), ("Inverness", 266.6, 845.3)):
        (found,) = towns.find(town)
        x, y = project(found.at.latitude, found.at.longitude)
        south = project(49, -2)[1] - 100
        assert abs(x + 400 - east_km) < 3, town
        assert abs((south - y) + 0 - north_km) < 4, town


def test_every_town_of_the_map_is_where_a_venue_may_be() -> None:
    (south, north), (west, east) = listing.MAP_DEGREES
    for town in (each for each in towns.all_towns() if atlas.COUNTRY.holds(each.at)):
        assert south < town.at.latitude < north, town
        assert west < town.at.longitude < east, town


def test_towns_are_found_in_any_spelling_and_in_welsh() -> None:
    assert towns.find("CAERDYDD")[0].label == "Cardiff"
    assert towns.find("st. austell")[0].named("cy") == "St Austell"
    assert {town.label for town in towns.find("bangor")} == {"Bangor, Wales", "Bangor, Northern Ireland"}
    assert towns.find("") == towns.find("nowhere at all") == []
    assert towns.nearest(parse("50.264,-5.05")).label == "Truro"


@pytest.mark.parametrize("window", [atlas.COUNTRY, *(each.window for each in atlas.REGIONS)])
def test_no_coast_is_drawn_beyond_the_map(window: atlas.Window) -> None:
    drawn = atlas.lands(window)
    assert drawn
    for land in drawn:
        numbers = [float(each) for each in re.findall(r"-?\d+\.\d", land.path)]
        assert min(numbers) >= -6.1
        assert max(numbers[::2]) <= atlas.WIDTH + 6.1
        assert max(numbers[1::2]) <= atlas.HEIGHT + 6.1
