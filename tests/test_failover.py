"""The database dies under load: nothing acknowledged is lost, nothing is spent twice, nobody is told off by their own note."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier, Event
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from app.core.checkpoint import CheckpointKey
from app.core.errors import Unavailable
from app.core.lifecycle import Kind
from app.services import books, log, log_audit, redeeming
from app.store.tables import redeemed_note, redemption
from tests import failover, postgres
from tests import world as worlds
from tests.failover import Server, Three, wait_until
from tests.world import CHORLEY, World

KEY = CheckpointKey(bytes(range(32)))
CLIENTS, OWN, SHARED = 8, 400, 40
"""Each client has notes of its own, and all of them fight for some."""


@pytest.fixture
def three() -> Iterator[Three]:
    programs = postgres.programs()
    if programs is None:
        pytest.skip(postgres.NOT_INSTALLED)
    with failover.three(programs) as running:
        yield running


class Clients:
    """Desks that spend one note after another, and ask again under the same id until they are answered."""

    def __init__(self, world: World, tokens: list[str]) -> None:
        self._world, self._desk, self._tokens = world, world.desk("Box office"), tokens
        self._given_up = Event()
        self._pool, self._stopped, self._start = ThreadPoolExecutor(CLIENTS), Event(), Barrier(CLIENTS + 1)
        self.answered: dict[UUID, str] = {}
        self.asked_again = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """While this lasts; at the end every client has its last answer."""
        running: list[Future[None]] = [self._pool.submit(self._spend, number) for number in range(CLIENTS)]
        self._start.wait()
        try:
            yield
        except BaseException:
            self._given_up.set()
            raise
        finally:
            self._stopped.set()
            for each in running:
                each.result()
            self._pool.shutdown()

    def go_on(self, more: int) -> None:
        """Until so many more visits were answered."""
        target = len(self.answered) + more
        wait_until(lambda: len(self.answered) >= target, f"{more} more visits")

    def _spend(self, number: int) -> None:
        own = iter(self._tokens[SHARED + number * OWN : SHARED + (number + 1) * OWN])
        shared = iter(self._tokens[:SHARED])
        self._start.wait()
        for place, note in enumerate(own):
            if self._stopped.is_set():
                return
            assert self._visit(note) == "accepted", "nobody else has this note"
            if place % 5 == 0:
                self._visit(next(shared, note))

    def _visit(self, note: str) -> str:
        made = uuid4()
        while True:
            try:
                answer, _is_new = redeeming.redeem_notes(
                    self._world.store, redemption_id=made, desk=self._desk, notes=[note], now=self._world.now
                )
            except Unavailable:
                self.asked_again += 1
                if self._given_up.is_set():
                    raise
                continue
            verdict = str(answer["notes"][0]["verdict"])
            self.answered[made] = verdict
            return verdict


@contextmanager
def opened(url: str, folder: Path) -> Iterator[tuple[World, Clients]]:
    """A small world at `url` with enough notes, and clients that may begin."""
    books.migrate_books(url)
    with worlds.opened(url, folder) as world:
        worlds.settle(world)
        world.order("LAN26", SHARED + CLIENTS * OWN, design="lancashire")
        world.balance("LAN26-002")
        world.move(Kind.RECEIVE, "LAN26-002")
        world.move(Kind.ISSUE, "LAN26-002", organisation=CHORLEY)
        yield world, Clients(world, world.tokens["LAN26"][20:])


def check(world: World, clients: Clients) -> None:
    """Every answer is in the books, no note is spent twice, and nothing contradicts anything."""
    log.sequence(world.store, key=KEY, clock=lambda: world.now)
    with world.store.reading() as connection:
        kept: dict[UUID, Any] = {
            row.id: row.answer["notes"][0]["verdict"]
            for row in connection.execute(sa.select(redemption.c.id, redemption.c.answer))
        }
        spent = Counter(
            tuple(row) for row in connection.execute(sa.select(redeemed_note.c.series_id, redeemed_note.c.number))
        )
    lost = {made: verdict for made, verdict in clients.answered.items() if kept.get(made) != verdict}
    assert lost == {}, "acknowledged, and not in the books"
    assert set(kept) == set(clients.answered), "every visit was answered in the end"
    assert sum(verdict == "accepted" for verdict in kept.values()) == len(spent)
    assert set(spent.values()) == {1}
    assert world.findings() == []
    assert log_audit.verify(world.store, key=KEY.public, now=world.now).findings == []


def test_a_standby_takes_over_and_nothing_acknowledged_is_lost(three: Three, tmp_path: Path) -> None:
    primary, *standbys = three.servers
    primary.ask("CREATE DATABASE books")
    with opened(three.url("books"), tmp_path) as (world, clients):
        with clients.at_work():
            clients.go_on(50)
            primary.kill()
            wait_until(lambda: clients.asked_again > 0, "the clients notice")
            furthest = max(standbys, key=Server.received)
            furthest.promote()
            clients.go_on(200)
        check(world, clients)
    (other,) = set(standbys) - {furthest}
    wait_until(lambda: furthest.streaming() == {other.name}, "the other follows the new primary by itself")
    primary.follow(furthest)
    wait_until(lambda: furthest.streaming() == {other.name, primary.name}, "the old primary, made anew, follows")


def test_a_lone_server_comes_back_and_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    programs = postgres.programs()
    if programs is None:
        pytest.skip(postgres.NOT_INSTALLED)
    with failover.lone(programs) as server:
        server.ask("CREATE DATABASE books")
        with opened(server.url("books"), tmp_path) as (world, clients):
            with clients.at_work():
                for _time in range(2):
                    clients.go_on(30)
                    server.kill()
                    server.start()
                clients.go_on(50)
            check(world, clients)


def test_a_commit_waits_for_a_standby(three: Three) -> None:
    """Without it, what was acknowledged could be lost with the primary: redeeming stops, and goes on when one is back."""
    primary, *standbys = three.servers
    primary.ask("CREATE TABLE kept (number integer)")
    for each in standbys:
        each.kill()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(primary.ask, "INSERT INTO kept VALUES (1) RETURNING number")
        asked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        wait_until(lambda: bool(primary.ask(asked)), "the commit waits")
        assert not waiting.done()
        standbys[0].start()
        assert waiting.result(60) == 1
