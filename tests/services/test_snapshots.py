"""Snapshots: the whole, and changes that come to the same, whatever happens between and however many write at once."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from app.core.checkpoint import CheckpointKey
from app.core.errors import HournoteError, NotFound
from app.core.lifecycle import Kind
from app.core.serial import Serial
from app.services import directory, log, snapshots
from app.services.snapshots import Changes, Snapshot, Standing
from app.store import changes, spending
from tests.world import YMCA, World

KEY = CheckpointKey(bytes(range(32)))


@dataclass
class Carried:
    """What a desk carries: a snapshot, brought up to date by changes."""

    cursor: str
    standing: Standing
    redeemed: set[Serial]

    @classmethod
    def of(cls, whole: Snapshot) -> "Carried":
        spent = {
            Serial(series, 8 * place + bit + 1)
            for series, bits in whole.redeemed.items()
            for place, byte in enumerate(bits)
            for bit in range(8)
            if byte >> bit & 1
        }
        return cls(str(whole.cursor), whole.standing, spent)

    def apply(self, changed: Changes) -> None:
        self.cursor = str(changed.cursor)
        self.standing = changed.standing or self.standing
        self.redeemed = (self.redeemed | set(changed.redeemed)) - set(changed.given_back)


def carried(world: World) -> Carried:
    return Carried.of(snapshots.snapshot(world.store))


def since(world: World, cursor: object) -> Changes:
    return snapshots.changes_since(world.store, since=str(cursor))


def sequence(world: World) -> None:
    log.sequence(world.store, key=KEY, clock=lambda: world.now)


def serials(*numbers: int) -> list[Serial]:
    return [Serial("CWL26", number) for number in numbers]


# --- what changes tell


@pytest.mark.parametrize("sequenced", ["before", "between", "after", "never"])
def test_changes_tell_what_was_spent_and_given_back(world: World, sequenced: str) -> None:
    made = world.redeem(11, 12)["id"]
    if sequenced == "before":
        sequence(world)
    desk = carried(world)
    world.redeem(13)
    if sequenced == "between":
        sequence(world)
    world.reverse(made)
    world.redeem(12)
    if sequenced == "after":
        sequence(world)
    told = since(world, desk.cursor)
    assert (told.redeemed, told.given_back) == (serials(12, 13), serials(11))
    desk.apply(told)
    assert desk == carried(world)


def test_nothing_new_is_nothing_told(world: World) -> None:
    sequence(world)
    desk = carried(world)
    told = since(world, desk.cursor)
    assert (str(told.cursor), told.standing, told.redeemed, told.given_back) == (desk.cursor, None, [], [])


@pytest.mark.parametrize("sequenced", [True, False])
def test_refused_and_practised_visits_change_nothing(world: World, sequenced: bool) -> None:
    sequence(world)
    desk = carried(world)
    world.redeem(86)
    world.redeem(11, practice=True)
    if sequenced:
        sequence(world)
    told = since(world, desk.cursor)
    assert (told.standing, told.redeemed, told.given_back) == (None, [], [])


@pytest.mark.parametrize("sequenced", [True, False])
@pytest.mark.parametrize(
    "deed",
    [
        lambda world: world.move(Kind.VOID, "CWL26 11", reason="stolen"),
        lambda world: world.move(Kind.ISSUE, "CWL26 71", organisation=YMCA),
        lambda world: world.order("CWL27", 5),
        lambda world: directory.set_series(world.store, series="CWL26", expires_on=date(2027, 12, 31)),
    ],
    ids=["void", "issue", "order", "last day"],
)
def test_what_moves_seldom_is_told_when_it_did(world: World, deed: Callable[[World], object], sequenced: bool) -> None:
    sequence(world)
    desk = carried(world)
    deed(world)
    if sequenced:
        sequence(world)
    told = since(world, desk.cursor)
    assert told.standing is not None
    assert told.standing != desk.standing
    desk.apply(told)
    assert desk == carried(world)
    sequence(world)
    assert since(world, carried(world).cursor).standing is None


# --- a visit that commits late


@pytest.mark.parametrize("sequenced", [True, False])
def test_a_visit_that_commits_after_a_later_one_is_not_missed(world: World, sequenced: bool) -> None:
    """While one transaction is open, a desk takes its snapshot, and others may write and be given their places."""
    made = UUID(world.redeem(11, 12)["id"])
    sequence(world)
    begun, done = threading.Event(), threading.Event()

    def give_back_slowly(connection: Connection) -> None:
        spending.add_reversal(connection, made, reason="slow", actor="desk:1", at=world.now)
        begun.set()
        done.wait(30)

    slow = threading.Thread(target=world.store.write, args=(give_back_slowly,))
    slow.start()
    try:
        assert begun.wait(30)
        if world.store.engine.dialect.name == "postgresql":  # SQLite has one writer at a time
            world.redeem(13)
            if sequenced:
                sequence(world)
        desk = carried(world)
        assert serials(11)[0] in desk.redeemed
    finally:
        done.set()
        slow.join()
    if sequenced:
        sequence(world)
    desk.apply(since(world, desk.cursor))
    assert desk == (carried(world) if sequenced else Carried(desk.cursor, *_rest(carried(world))))
    assert not desk.redeemed.intersection(serials(11, 12))


def _rest(whole: Carried) -> tuple[Standing, set[Serial]]:
    return whole.standing, whole.redeemed


# --- the whole again


def test_another_cursor_is_answered_with_take_the_whole_again(world: World) -> None:
    sequence(world)
    now = snapshots.snapshot(world.store).cursor
    for text in (
        "", "0", "x", "2026-11-26T05:49:21+00:00", f"1.{now.size}.{now.last_days}", f"0.{now.size + 1}.{now.last_days}",
        f"0.-1.{now.last_days}", f"0.0{now.size}.{now.last_days}", f"0.{now.size}", f" {now}", f"{now}\n", "0.٣.00000000",
        "0." + "9" * 4000, "\x00", "\ud800",
    ):  # fmt: skip
        with pytest.raises(NotFound, match="take the whole snapshot again, without `since`") as refused:
            since(world, text)
        assert refused.value.evidence["status"] == 410
    assert since(world, f"0.{now.size}.ffffffff").standing is not None, "the last days are others by now"


def test_too_much_to_tell_is_answered_with_take_the_whole_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST_CHANGES", 2)
    sequence(world)
    desk = carried(world)
    world.reverse(world.redeem(11, 12)["id"])
    assert since(world, desk.cursor).given_back == serials(11, 12)
    world.redeem(13)
    for _ in range(2):
        with pytest.raises(NotFound, match="More than 2 notes changed") as refused:
            since(world, desk.cursor)
        assert refused.value.evidence["status"] == 410
        sequence(world)
    world.redeem(86)
    world.redeem(86)
    world.redeem(86)
    assert world.store.read(lambda connection: changes.touched(connection, 0, 2)) is None


# --- any history

NUMBERS = st.integers(11, 20)
DEEDS = st.one_of(
    st.tuples(st.just("redeem"), st.lists(NUMBERS, min_size=1, max_size=3, unique=True)),
    st.tuples(st.just("reverse"), st.integers(0, 50)),
    st.tuples(st.sampled_from(["void", "reinstate", "hold", "release", "return", "receive"]), NUMBERS),
    st.tuples(st.just("issue"), st.integers(71, 80)),
    st.tuples(st.sampled_from(["sequence", "changes", "last day"]), st.integers(1, 28)),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds=st.lists(DEEDS, min_size=5, max_size=25))
def test_the_whole_and_any_chain_of_changes_come_to_the_whole_at_the_end(
    world: World, deeds: list[tuple[str, int | list[int]]]
) -> None:
    desk, visits = carried(world), [world.redeem(11)["id"]]
    for (what, with_), day in zip(deeds, count(1)):
        if what == "changes":
            desk.apply(since(world, desk.cursor))
        elif what == "sequence":
            sequence(world)
        elif isinstance(with_, list):
            visits.append(world.redeem(*with_)["id"])
        else:
            with suppress(HournoteError):
                do(world, what, with_, day, visits)
    desk.apply(since(world, desk.cursor))
    assert desk == carried(world)


def do(world: World, what: str, number: int, day: int, visits: list[str]) -> None:
    if what == "reverse":
        world.reverse(visits[number % len(visits)])
    elif what == "last day":
        directory.set_series(world.store, series="LAN26", expires_on=date(2027, 1, day))
    else:
        more: dict[str, Any] = (
            {"organisation": YMCA} if what == "issue" else {} if what in ("return", "receive") else {"reason": "lost"}
        )
        world.move(Kind(what), f"CWL26 {number}", **more)
