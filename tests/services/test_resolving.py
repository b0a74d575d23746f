"""Conflicts are findings until a person resolves them; nothing is overwritten, and all of it is in the log."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.core.errors import BadInput, HournoteError, NotAllowed, NotFound, Refused
from app.services import journal, log, log_audit, resolving
from app.services.journal import Redeem, Reverse
from app.services.resolving import Conflict
from tests.services.test_audit_pack import judged, packed
from tests.services.test_log import KEY
from tests.world import HALL, LEISURE, World


def conflict(world: World, token: str, desk: str = "Front desk") -> UUID:
    """A visit that a desk accepted offline an hour ago, with a note that the pool had spent."""
    world.redeem(token, desk="Pool")
    visit = Redeem(uuid4(), [token], None, world.now - timedelta(hours=1), True, False)
    journal.enter(world.store, desk=world.desk(desk), entries=[visit], now=world.now)
    return visit.id


def resolve(world: World, made: UUID, reason: str = "written_off", **more: object) -> Conflict:
    return resolving.resolve_conflict(
        world.store, redemption_id=made, reason=reason, actor="office@example.org", now=world.now, **more  # type: ignore[arg-type]
    )  # fmt: skip


def programme_id(world: World, place: str) -> int:
    return next(world.desk(desk).venue.programme_id for desk in world.keys if world.desk(desk).venue.name == place)


def test_a_conflict_is_a_finding_until_somebody_resolves_it(world: World) -> None:
    made = conflict(world, world.token(11))
    (finding,) = world.findings()
    assert (finding.check, finding.concerns) == ("offline_conflict", (str(made), world.serial(11)))
    resolve(world, made)
    assert world.findings() == []
    assert world.state(11) == "redeemed"


def test_what_was_come_to_stays(world: World) -> None:
    made = conflict(world, world.token(11))
    first = resolve(world, made, note="Paid by the fund.")
    world.later(days=1)
    assert resolve(world, made, note=" Paid  by the fund. ") == first, "again gives the same"
    for other in ({"reason": "found"}, {"note": "No."}, {}):
        with pytest.raises(Refused, match=r"office@example.org resolved this conflict already, as 'written_off'"):
            resolve(world, made, **other)
    assert resolving.offline_conflicts(world.store, resolved_too=True) == [first]


def test_only_a_conflict_is_resolved_and_with_a_word(world: World) -> None:
    made = conflict(world, world.token(11))
    with pytest.raises(NotFound, match="is no conflict"):
        resolve(world, UUID(world.redeem(12)["id"]))
    with pytest.raises(NotFound, match="is no conflict"):
        resolve(world, uuid4())
    for wrong in ({"reason": " "}, {"reason": "x" * 41}, {"note": "x" * 501}):
        with pytest.raises(BadInput):
            resolve(world, made, **wrong)
    assert resolving.offline_conflicts(world.store)[0].resolution is None


def test_an_office_sees_and_resolves_what_its_venues_have_a_part_in(world: World) -> None:
    cornish, lancastrian = programme_id(world, LEISURE), programme_id(world, HALL)
    ours, both = conflict(world, world.token(11)), conflict(world, world.token(12), desk="Box office")

    def seen(programme: int) -> set[UUID]:
        return {each.redemption_id for each in resolving.offline_conflicts(world.store, programme_id=programme)}

    assert seen(cornish) == {ours, both}
    assert seen(lancastrian) == {both}
    with pytest.raises(NotAllowed):
        resolve(world, ours, programme_id=lancastrian)
    assert resolve(world, both, programme_id=lancastrian).resolution is not None


def test_two_people_do_not_resolve_one_conflict_differently(world: World) -> None:
    made = conflict(world, world.token(11))

    def attempt(reason: str) -> Conflict | HournoteError:
        try:
            return resolve(world, made, reason)
        except HournoteError as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(attempt, ["written_off", "found", "paid", "lost"]))
    assert [type(each) for each in told].count(Conflict) == 1
    assert all(isinstance(each, Conflict | Refused) for each in told)


def test_conflicts_and_what_they_came_to_are_in_the_log(world: World) -> None:
    resolve(world, conflict(world, world.token(11)))
    token, now = world.token(12), world.now
    world.redeem(token, desk="Pool")
    visit = Redeem(uuid4(), [token], None, now, True, False)
    journal.enter(world.store, desk=world.desk(), entries=[visit, Reverse(visit.id, "wrong note", now)], now=now)
    log.sequence(world.store, key=KEY, clock=lambda: world.now)
    assert log_audit.verify(world.store, key=KEY.public, now=world.now).findings == []
    kinds = [proof["fact"].split('"fact":"')[1].split('"')[0]
             for proof in log.prove(world.store, key=KEY.public, ref=str(visit.id))]  # fmt: skip
    assert sorted(kinds) == ["conflict", "redemption", "resolution"]
    assert world.findings() == []


def test_a_stranger_verifies_a_pack_with_conflicts(world: World, tmp_path: Path) -> None:
    resolve(world, conflict(world, world.token(11)), note="Paid once by the fund.")
    conflict(world, world.token(12))
    log.sequence(world.store, key=KEY, clock=lambda: world.now)
    folder = packed(world, tmp_path)
    assert '"fact":"conflict"' in (folder / "facts.jsonl").read_text("ascii")
    code, said = judged(folder)
    assert (code, "all agree" in said) == (0, True), said
