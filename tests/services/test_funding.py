"""Funders, what they pay for, and whose hours that comes to."""

from typing import Any

import pytest

from app.core.errors import BadInput, HournoteError, NotAllowed, NotFound, Refused
from app.services import directory, funding
from app.store import directory_events, funders, parties
from app.store.funders import Cut
from tests.world import ACTOR, BODMIN, CHORLEY, YMCA, World


def earners(world: World, cut: Cut) -> set[str] | None:
    selected: Any = funders.earners(cut)
    if selected is None:
        return None
    ids = world.store.read(lambda connection: {int(row[0]) for row in connection.execute(selected)})
    return {each.name for each in world.store.read(parties.organisations) if each.id in ids}


def test_a_funder_pays_for_programmes_and_for_single_organisations_with_their_sites(world: World) -> None:
    site = directory.add_organisation(world.store, programme="CWL", name="Penryn Day Centre", site_of=YMCA)
    single = funding.add_funding(world.store, funder="Kernow Health", organisation=YMCA)
    whole = funding.add_funding(world.store, funder="kernow health", programme="LAN")
    assert single.funder_id == whole.funder_id
    assert earners(world, Cut(funder_id=single.funder_id)) == {YMCA, site.name, CHORLEY}
    assert earners(world, Cut(funder_id=single.funder_id, programme_id=whole.programme_id)) == {CHORLEY}
    assert earners(world, Cut(organisation_id=site.site_of_id)) == {YMCA, site.name}
    assert earners(world, Cut(organisation_id=site.id)) == {site.name}
    assert earners(world, Cut()) is None
    assert funding.add_funding(world.store, funder="Kernow Health", programme="LAN") == whole, "again changes nothing"
    funding.end_funding(world.store, funding_id=whole.id)
    assert earners(world, Cut(funder_id=single.funder_id)) == {YMCA, site.name}
    with pytest.raises(NotFound):
        funding.end_funding(world.store, funding_id=whole.id)


def test_who_pays_and_who_is_a_site_leave_a_trace(world: World) -> None:
    by = (ACTOR, world.now)
    for _twice in range(2):
        paid = funding.add_funding(world.store, funder="Kernow Health", organisation=YMCA, by=by)
        directory.set_site(world.store, organisation=BODMIN, site_of=YMCA, by=by)
    funding.end_funding(world.store, funding_id=paid.id, by=by)
    directory.set_site(world.store, organisation=BODMIN, site_of=None, by=by)
    events = world.store.read(lambda connection: directory_events.of_contact(connection, paid.programme_id, 9))
    pays, site = f"Kernow Health · {YMCA}", f"{BODMIN} · {YMCA}"
    assert [dict(each.changes) for each in reversed(events)] == [
        {"funder": [None, pays]}, {"site": [None, site]}, {"funder": [pays, None]}, {"site": [site, None]},
    ]  # fmt: skip
    assert {(each.actor, each.at) for each in events} == {by}


@pytest.mark.parametrize(
    ("named", "error"),
    [
        ({}, BadInput), ({"programme": "CWL", "organisation": YMCA}, BadInput), ({"programme": "XYZ"}, NotFound),
        ({"organisation": "Nobody"}, NotFound), ({"programme": "LAN", "programme_id": 1}, NotAllowed),
        ({"organisation": CHORLEY, "programme_id": 1}, NotFound), ({"programme": "CWL", "funder": " "}, BadInput),
    ],
)  # fmt: skip
def test_what_a_funder_cannot_pay_for(world: World, named: dict[str, str], error: type[HournoteError]) -> None:
    with pytest.raises(error):
        funding.add_funding(world.store, **{"funder": "Kernow Health", **named})  # type: ignore[arg-type]
    assert funding.fundings(world.store) == []


def test_an_organisation_becomes_a_site_and_none_again(world: World) -> None:
    made = directory.set_site(world.store, organisation=BODMIN, site_of=YMCA)
    assert earners(world, Cut(organisation_id=made.site_of_id)) == {YMCA, BODMIN}
    for organisation, head in ((YMCA, BODMIN), (YMCA, YMCA)):
        with pytest.raises(Refused):
            directory.set_site(world.store, organisation=organisation, site_of=head)
    with pytest.raises(NotFound):
        directory.set_site(world.store, organisation=BODMIN, site_of=CHORLEY)
    assert directory.set_site(world.store, organisation=BODMIN, site_of=None).site_of_id is None
