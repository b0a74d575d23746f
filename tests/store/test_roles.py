"""The role of the service on PostgreSQL: it lives a whole life, and can change no fact nor take a guard away."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from app.core.checkpoint import CheckpointKey
from app.core.count import Counted
from app.core.errors import NotAllowed, NotFound, Refused
from app.core.lifecycle import Kind
from app.core.roles import Deed
from app.services import (
    accounts,
    asking,
    audit_pack,
    closing,
    counting,
    desks,
    directory,
    granting,
    handing_out,
    inviting,
    listing,
    log,
    log_audit,
    offering,
    second_factor,
    sessions,
    shops,
    taking,
    taking_back,
    venues,
)  # fmt: skip
from app.services.counting import Said
from app.services.print_jobs import Settings
from app.store.roles import RIGHTS
from app.store.tables import FACTS, metadata
from tests import staff
from tests.world import ACTOR, DESIGNS, LEISURE, World, close_books, opened

APP = Path(__file__).parents[2] / "app"
KEY = CheckpointKey(bytes(range(32)))
EXETER = "Exeter Food Action"
_NOT_PERMITTED = "42501"


@pytest.fixture
def role(postgresql_world: World) -> Iterator[str]:
    """A role of the server that was given nothing yet."""
    name = f"Service {uuid4().hex[:8]}"
    with postgresql_world.store.engine.begin() as connection:
        connection.execute(sa.text(f'CREATE ROLE "{name}" LOGIN'))
    yield name
    with postgresql_world.store.engine.begin() as connection:
        connection.execute(sa.text(f'DROP OWNED BY "{name}"'))
        connection.execute(sa.text(f'DROP ROLE "{name}"'))


@pytest.fixture
def serving(postgresql_world: World, role: str) -> Iterator[World]:
    """The same books, as the service sees them."""
    granting.grant_role(postgresql_world.store, role=role)
    url = postgresql_world.store.engine.url.set(username=role).render_as_string(hide_password=False)
    known = {
        "tokens": postgresql_world.tokens,
        "keys": postgresql_world.keys,
        "codes": postgresql_world.codes,
        "offers": postgresql_world.offers,
    }
    with opened(url, postgresql_world.folder, **known) as world:
        yield world


def test_the_role_lives_a_whole_life(serving: World) -> None:
    """Every verb that changes anything, in one go."""
    world = serving
    directory.add_programme(world.store, code="DEV", name="Devon")
    directory.add_organisation(world.store, programme="DEV", name=EXETER)
    venue = directory.add_venue(world.store, programme="DEV", name="Pyramids")
    directory.add_offer(world.store, venue=str(venue.id), name="Swim", hours=1)
    directory.set_policy(world.store, venue=LEISURE, keyed_per_day=3)
    listed(world)
    directory.set_series(world.store, series="DEV26", expires_on=None)
    made = desks.add_desk(world.store, venue=LEISURE, name="Second desk", now=world.now)
    key = desks.enrol(world.store, code=made.code or "", name="Enrolled", now=world.now).key
    desks.desk_of_key(world.store, key, now=world.later(minutes=5))
    desks.revoke_desk(world.store, desk=str(made.desk.id), now=world.now)
    _account, secret = accounts.add_account(
        world.store, email="office@devon.example", role="programme", programme="DEV", now=world.now
    )
    accounts.set_password(world.store, secret=secret or "", password="a long enough password", now=world.now)
    office_life(world)
    world.order("DEV26", 20)
    world.order("DEV26", 20)
    world.balance("DEV26-001", spoiled=["DEV26 1"])
    press_life(world)
    moves: list[tuple[Kind, str, dict[str, Any]]] = [
        (Kind.RECEIVE, "DEV26 2-20", {}), (Kind.DISPATCH, "DEV26 2-10", {"organisation": EXETER}),
        (Kind.ISSUE, "DEV26 2-10", {"organisation": EXETER}), (Kind.RETURN, "DEV26 10", {}),
        (Kind.HOLD, "DEV26 9", {"reason": "lost"}), (Kind.RELEASE, "DEV26 9", {"reason": "found"}),
        (Kind.VOID, "DEV26 9", {"reason": "stolen"}),
    ]  # fmt: skip
    for kind, named, more in moves:
        world.move(kind, named, **more)
    first = world.redeem(11, 12)
    world.reverse(first["id"])
    world.redeem(11)
    world.redeem("garbage")
    world.retire("CWL26 11")
    handing_out.hand_out(
        world.store, named="CWL26 51-55", activity="Gardening", hours=5, people=3, actor=ACTOR, now=world.now,
        request_id=uuid4(),
    )  # fmt: skip
    taking_back.take_back(world.store, hand_out=1, reason="twice", actor=ACTOR, now=world.now)
    closed: dict[str, Any] = {"actor": ACTOR, "now": world.now, "key": KEY.public}
    close_books(world.store, reason="restored", request_id=uuid4(), **closed)
    closing.reopen_books(world.store, reason="all are in", request_id=uuid4(), **closed)
    assert log.sequence(world.store, key=KEY, clock=lambda: world.now) > 0
    assert world.findings() == []
    assert log_audit.verify(world.store, key=KEY.public, now=world.now).findings == []
    with (world.folder / "pack.zip").open("wb") as file:
        assert audit_pack.write(world.store, file, key=KEY, now=world.now) > 0


def listed(world: World) -> None:
    """What the directory says, first and again."""
    given: dict[str, Any] = {"actor": ACTOR, "now": world.now}
    for at in ("50.2,-5.2", "50.3,-5.1"):
        listing.set_place(world.store, venue=LEISURE, at=at, **given)
        listing.set_contact(world.store, programme="CWL", text=f"We are at {at}.", **given)


def office_life(world: World) -> None:
    """What staff do with accounts, sessions and second factors, and one deed of two people."""
    store, key = world.store, bytes(32)
    ann, bob = (
        accounts.add_account(store, email=f"{name}@devon.example", role="national", now=world.now)[0]
        for name in ("ann", "bob")
    )
    directory.set_limits(store, programme="CWL", void_alone=0, actor="cli:test", now=world.now)
    secret, _codes = staff.set_up(store, ann, key=key, now=world.now)
    second_factor.check(
        store, key=key, account=ann, code=second_factor.code_at(secret, world.now), now=world.now
    )  # fmt: skip
    asked = asking.ask_to_move(
        store, by=staff.present(store, ann, now=world.now), deed=Deed.VOID, named="CWL26 71", reason="lost", note=None,
        request_id=uuid4(), now=world.now,
    )  # fmt: skip
    asking.confirm(store, by=staff.present(store, bob, now=world.now), request_id=asked.id, now=world.now)
    staff.present(store, bob, now=world.later(minutes=6))
    sessions.end_others(store, account_id=bob.id)
    inviting.new_link(store, by=ann, account_id=bob.id, now=world.now)
    inviting.close(store, by=ann, account_id=bob.id, now=world.now)
    second_factor.reset_account(store, account=ann, actor=ACTOR, now=world.now)
    keep_directory(world, ann)


def keep_directory(world: World, by: accounts.Account) -> None:
    """What staff do with a venue and its offers."""
    given: dict[str, Any] = {"by": by, "now": world.now}
    lido = venues.add(
        world.store, programme="CWL", name="Lido", kind="community", said={"town": "Truro"}, request_id=uuid4(), **given
    )
    venues.change(world.store, venue_id=lido.id, said={"text": "Cold."}, name="The lido", kind="corporate", **given)
    wanted = offering.read({"name": "Dip", "hours": "1"}, ["6"], local_only=False)
    made = offering.add(world.store, venue_id=lido.id, wanted=wanted, request_id=uuid4(), **given)
    offering.change(
        world.store, offer_id=made.id, wanted=offering.read({"name": "Dip", "hours": "2"}, [], local_only=True), **given
    )
    offering.close(world.store, offer_id=made.id, **given)
    offering.reopen(world.store, offer_id=made.id, **given)


def press_life(world: World) -> None:
    """What a print shop does with a job: it is composed otherwise twice, taken, counted and closed."""
    store = world.store
    given: dict[str, Any] = {"order": "DEV26-003", "now": world.now}
    shops.add_shop(store, name="Exeter Press")
    shop, _ = accounts.add_account(store, email="p@exeter.example", role="press", shop="Exeter Press", now=world.now)
    world.order("DEV26", 20, print_shop="Exeter Press")
    for sheet in ("a4", "a3"):
        counting.keep_settings(store, by=shop, order="DEV26-003", settings=Settings(sheet), designs=DESIGNS)
    taking.take(store, by=shop, folder=world.folder / "jobs", request_id=uuid4(), **given)
    for said in (Said(Counted.GOOD, 19), Said(Counted.SPOILED, sheets="1"), Said(Counted.MISSING, serials="60")):
        made = counting.report(store, by=shop, said=said, designs=DESIGNS, request_id=uuid4(), **given)
    counting.withdraw(store, by=shop, withdrawn=made.reports[1].request_id, request_id=uuid4(), **given)
    counting.close(store, by=shop, request_id=uuid4(), **given)


@pytest.mark.parametrize("table", [*FACTS])
def test_the_role_changes_no_fact_and_switches_no_guard_off(serving: World, table: str) -> None:
    column = next(iter(metadata.tables[table].c)).name
    for deed in (
        f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE",  # noqa: S608
        f"ALTER TABLE {table} DISABLE TRIGGER ALL", f"DROP TABLE {table} CASCADE",
        f"DROP TRIGGER {table}_no_change ON {table}", f"ALTER TABLE {table} ADD COLUMN mine integer",
        f"CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION refuse_change()",
    ):  # fmt: skip
        assert refusal(serving, deed) == _NOT_PERMITTED, deed


@pytest.mark.parametrize(
    "deed",
    [
        "CREATE TABLE mine (id integer)", "CREATE TEMPORARY TABLE mine (id integer)", "CREATE SCHEMA mine",
        "SET session_replication_role = replica", "UPDATE programme SET name = 'Mine'", "DELETE FROM desk",
        "UPDATE desk SET venue_id = 1", "UPDATE venue SET programme_id = 1", "UPDATE offer SET venue_id = 1",
        "UPDATE account SET role = 'national'", "DELETE FROM allocation", "UPDATE holding SET state = 'issued'",
        "UPDATE alembic_version SET version_num = '0001'", "UPDATE pending_leaf SET ref = 'mine'",
        "ALTER FUNCTION refuse_change() OWNER TO CURRENT_USER",
    ],
)  # fmt: skip
def test_the_role_does_nothing_that_the_service_does_not(serving: World, deed: str) -> None:
    assert refusal(serving, deed) == _NOT_PERMITTED


def refusal(world: World, deed: str) -> str | None:
    """The SQLSTATE with which a statement is refused."""
    with pytest.raises(ProgrammingError) as refused, world.store.engine.begin() as connection:
        connection.exec_driver_sql(deed)
    return getattr(refused.value.orig, "sqlstate", None)


def test_granting_again_takes_back_what_was_added_by_hand(postgresql_world: World, role: str) -> None:
    granting.grant_role(postgresql_world.store, role=role)
    with postgresql_world.store.engine.begin() as connection:
        connection.execute(sa.text(f'GRANT UPDATE, TRUNCATE ON movement TO "{role}"'))
        connection.execute(sa.text("GRANT DELETE ON scan TO PUBLIC"))
    granting.grant_role(postgresql_world.store, role=role)
    may = sa.text(
        "SELECT has_table_privilege(:role, 'movement', 'UPDATE') OR has_table_privilege(:role, 'scan', 'DELETE')"
    )
    with postgresql_world.store.reading() as connection:
        assert connection.scalar(may, {"role": role}) is False


@pytest.mark.parametrize("how", ["ALTER ROLE {} SUPERUSER", "GRANT postgres TO {}", "GRANT pg_write_all_data TO {}"])
def test_a_role_that_can_change_facts_all_the_same_is_refused(postgresql_world: World, role: str, how: str) -> None:
    with postgresql_world.store.engine.begin() as connection:
        connection.execute(sa.text(how.format(f'"{role}"')))
    with pytest.raises(Refused, match="give the service a role of its own"):
        granting.grant_role(postgresql_world.store, role=role)


def test_only_the_owner_grants(serving: World, role: str) -> None:
    with pytest.raises(NotAllowed, match="Only the owner of the database grants"):
        granting.grant_role(serving.store, role=role)


def test_a_role_that_is_not_there_is_named(postgresql_world: World) -> None:
    with pytest.raises(NotFound, match="createuser --pwprompt nobody"):
        granting.grant_role(postgresql_world.store, role="nobody")


def test_sqlite_has_no_roles(sqlite_world: World) -> None:
    with pytest.raises(Refused, match="SQLite has no roles"):
        granting.grant_role(sqlite_world.store, role="service")


def test_every_table_is_in_the_list() -> None:
    """A table that is new is given its rights by a person who has thought of it."""
    assert set(RIGHTS) == {*metadata.tables, "alembic_version"}


def test_the_list_is_what_the_code_does() -> None:
    """Every `table.update()` and `table.delete()` in the source has its right, and hardly a right is without one."""
    updates = {name for name, right in RIGHTS.items() if right.updates}
    deletes = {name for name, right in RIGHTS.items() if right.deletes}
    updated, deleted = written("update"), written("delete")
    assert updated <= updates
    assert deleted <= deletes
    assert not (updates | deletes) & set(FACTS)
    assert (updates | deletes) - updated - deleted <= ELSEWHERE


ELSEWHERE = {"making", "offer", "press_setting", "tally", "throttle", "wait"}
"""Changed by INSERT ... ON CONFLICT, or (an offer that is closed) in the schema and by no verb yet."""


def written(deed: str) -> set[str]:
    """The tables on which a method is called that changes rows."""
    names = set(metadata.tables)
    calls = (
        node.func
        for path in APP.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    )
    found = {each.value.id for each in calls if each.attr == deed and isinstance(each.value, ast.Name)}
    return found & names
