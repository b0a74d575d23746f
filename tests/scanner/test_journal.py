"""The journal forgets nothing that waits, and keeps no token longer than it must."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import Unavailable
from scanner.journal import KEPT, Journal, Visit
from tests.scanner.cards import Order
from tests.scanner.conftest import environment

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)


def visit_of(*texts: str) -> Visit:
    body: dict[str, Any] = {"notes": list(texts), "offer": None, "scanned_at": "2026-11-22T14:00:00Z"}
    return Visit(str(uuid.uuid4()), {**body, "offline": False, "practice": False})


def signature_in(folder: Path, token: str) -> bool:
    """Whether the signature of a token stands in any file of the journal."""
    return any(token[-60:].encode() in path.read_bytes() for path in folder.iterdir())


def test_a_visit_comes_back_as_it_was_written(tmp_path: Path, order: Order) -> None:
    visit = visit_of(order.token(1))
    journal = Journal(tmp_path / "journal.sqlite3")
    journal.add(visit, NOW)
    journal.close()
    journal = Journal(tmp_path / "journal.sqlite3")
    assert journal.next_waiting() == visit
    journal.close()


def test_the_owner_alone_can_read_it(tmp_path: Path, order: Order) -> None:
    old = os.umask(0)
    try:
        journal = Journal(tmp_path / "journal.sqlite3")
        journal.add(visit_of(order.token(1)), NOW)
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
        assert len(list(tmp_path.iterdir())) == 3  # the books, their log and its index
    finally:
        os.umask(old)


def test_the_answer_takes_the_place_of_the_token(tmp_path: Path, order: Order) -> None:
    journal, visit = Journal(tmp_path / "journal.sqlite3"), visit_of(order.token(1))
    journal.add(visit, NOW)
    assert signature_in(tmp_path, order.token(1))
    journal.answered(visit, {"outcome": "accepted"})
    assert (journal.count("waiting"), journal.count("answered"), journal.next_waiting()) == (0, 1, None)
    journal.close()
    assert not signature_in(tmp_path, order.token(1))
    assert b"CWL260000001K" in (tmp_path / "journal.sqlite3").read_bytes()


def test_what_was_tried_least_is_sent_next(tmp_path: Path, order: Order) -> None:
    journal, old, new = Journal(tmp_path / "journal.sqlite3"), visit_of(order.token(1)), visit_of(order.token(2))
    journal.add(old, NOW)
    journal.tried(old)
    journal.add(new, NOW + timedelta(seconds=1))
    assert (found := journal.next_waiting()) is not None
    assert found.id == new.id
    journal.answered(new, {})
    assert (found := journal.next_waiting()) is not None
    assert (found.id, found.tries) == (old.id, 1)


def test_answered_visits_stay_sixty_days_and_waiting_ones_for_ever(tmp_path: Path, order: Order) -> None:
    journal, done, waiting = Journal(tmp_path / "journal.sqlite3"), visit_of(order.token(1)), visit_of(order.token(2))
    journal.add(done, NOW)
    journal.add(waiting, NOW)
    journal.answered(done, {})
    journal.forget(NOW + KEPT)
    assert journal.count("answered") == 1
    journal.forget(NOW + KEPT + timedelta(seconds=1))
    assert (journal.count("answered"), journal.count("waiting")) == (0, 1)


def test_no_log_ever_holds_a_token(order: Order) -> None:
    assert order.token(1)[-60:] not in repr(visit_of(order.token(1)))


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from scanner.journal import Journal
from tests.scanner.test_journal import visit_of
journal = Journal(Path(sys.argv[1]))
while True:
    visit = visit_of(sys.argv[2])
    journal.add(visit, datetime.now(UTC))
    print(visit.id, flush=True)
"""


def test_what_was_written_survives_a_kill(tmp_path: Path, order: Order) -> None:
    """Killed in the middle of writing: every visit that `add` returned from is there, and the journal is sound."""
    path = tmp_path / "journal.sqlite3"
    words = [sys.executable, "-c", WRITER, str(path), order.token(1)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as writer:
        assert writer.stdout is not None
        written = [writer.stdout.readline().strip() for _ in range(20)]
        writer.send_signal(signal.SIGKILL)
        written += writer.stdout.read().split()
    journal = Journal(path)
    assert journal.count() >= len(written) >= 20
    found = set()
    while visit := journal.next_waiting():
        found.add(visit.id)
        journal.answered(visit, {})
    assert set(written) <= found


@pytest.mark.parametrize("content", [b"hello, this is no journal" * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_journal_is_named_with_the_way_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "journal.sqlite3").write_bytes(content)
    with pytest.raises(Unavailable, match="move it away") as refusal:
        Journal(tmp_path / "journal.sqlite3").count()
    assert str(tmp_path) in refusal.value.sentence


def test_a_journal_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").mkdir()
    with pytest.raises(Unavailable, match="cannot be opened"):
        Journal(tmp_path / "journal.sqlite3")


def test_a_note_that_waits_is_found_for_the_same_offer(tmp_path: Path, order: Order) -> None:
    journal, visit = Journal(tmp_path / "journal.sqlite3"), visit_of(order.token(1))
    journal.add(visit, NOW)
    assert journal.waiting_for(order.token(1), None) == visit.id
    assert journal.waiting_for(order.token(1), 7) is None
    assert journal.waiting_for(order.token(2), None) is None
    journal.answered(visit, {})
    assert journal.waiting_for(order.token(1), None) is None
    journal.close()


def test_the_log_holds_no_token_of_an_answered_visit_once_it_is_folded_in(tmp_path: Path, order: Order) -> None:
    journal, visit = Journal(tmp_path / "journal.sqlite3"), visit_of(order.token(1))
    journal.add(visit, NOW)
    journal.answered(visit, {})
    journal.fold()
    assert not signature_in(tmp_path, order.token(1))
    journal.close()


def test_a_journal_of_a_newer_scanner_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 2")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(Unavailable, match="newer scanner: update"):
        Journal(path)
    assert path.read_bytes() == before


def test_a_journal_of_before_versions_were_counted_goes_on(tmp_path: Path, order: Order) -> None:
    path, visit = tmp_path / "journal.sqlite3", visit_of(order.token(1))
    journal = Journal(path)
    journal.add(visit, NOW)
    journal.close()
    with sqlite3.connect(path) as old:
        old.execute("PRAGMA user_version = 0")
    old.close()
    journal = Journal(path)
    assert journal.next_waiting() == visit
    journal.close()


def test_a_journal_that_another_holds_is_named_with_the_way_out(
    tmp_path: Path, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.journal._PRAGMAS", ("journal_mode = WAL", "busy_timeout = 50"))
    journal = Journal(tmp_path / "journal.sqlite3")
    other = sqlite3.connect(tmp_path / "journal.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="end the other scanner"):
        journal.add(visit_of(order.token(1)), NOW)
    other.close()
    journal.close()
