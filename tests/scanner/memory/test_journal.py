"""The journal on its disk: what is in it stays, nobody else reads it, and an older one goes on."""

import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from app.core.errors import Refused, Unavailable
from scanner.memory import books, owed
from scanner.memory.books import Books
from scanner.memory.desk import Desk
from scanner.memory.entries import Deed, Entry, State, claims
from scanner.memory.journal import Journal, NewVisit
from scanner.memory.presence import Presence, alone
from scanner.memory.told import epoch, merged
from tests.scanner.cards import Order
from tests.scanner.memory.conftest import Counter
from tests.scanner.memory.faulty import unplugged
from tests.scanner.visits import signature_in

ORDER = Order()


def new(*numbers: int, owner: str = "me:1", offer: int | None = None, attended: bool = True) -> NewVisit:
    notes = tuple(ORDER.token(number) for number in numbers)
    return NewVisit(
        owner, 1, 1000, "2026-11-26T14:00:00.000Z", notes, tuple(note[28:41] for note in notes), offer, attended
    )


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(Books(tmp_path / "journal.sqlite3"))


def test_the_owner_alone_can_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        Journal(Books(tmp_path / "journal.sqlite3")).begin(new(1), {"me"})
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
        assert len(list(tmp_path.iterdir())) == 3  # the books, their log and its index
    finally:
        os.umask(old)


def test_it_is_synced_to_the_disk_with_every_change(tmp_path: Path) -> None:
    made = Books(tmp_path / "journal.sqlite3")
    with made.read() as page:
        said = [page._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert said == ["wal", 2]


def test_no_log_ever_holds_a_token(journal: Journal) -> None:
    begun = journal.begin(new(1), {"me"})
    assert ORDER.token(1)[-60:] not in repr(begun) + repr(new(1))


def test_a_visit_whose_end_nobody_was_told_is_asked_about_under_its_old_id(journal: Journal) -> None:
    first = journal.begin(new(1, 2), {"me"})
    again = journal.begin(new(2, 1, owner="other:1"), {"other"})
    assert (again.entry.id, again.before, again.owes) == (first.entry.id, True, False)


def test_for_another_offer_it_is_taken_back_first(journal: Journal) -> None:
    first = journal.begin(new(1), {"me"})
    again = journal.begin(new(1, owner="other:1", offer=7), {"other"})
    assert (again.entry.id != first.entry.id, again.owes) == (True, True)
    (piece, *_) = owed.take_next(journal, 1, 10, {"other"})
    assert [line["type"] for line in piece.lines] == ["redeem", "reverse"]
    assert (piece.lines[0]["practice"], piece.entry.state) == (True, State.WITHDRAWN)


def test_what_nobody_attends_is_asked_about_until_there_is_an_answer(journal: Journal) -> None:
    journal.begin(new(1, attended=False), {"me"})
    assert owed.take_next(journal, 1, 10, {"me"}) == []
    (piece,) = owed.take_next(journal, 1, 10, {"other"})
    assert [(line["type"], line["practice"]) for line in piece.lines] == [("redeem", False)]


def test_what_cannot_be_entered_yet_is_sent_again_and_a_problem_becomes_a_notice(counter: Counter, desk: Desk) -> None:
    counter.line.always = unplugged
    visit = desk.redeem(counter.visit(12))
    with desk._books.read() as page:
        (entry,) = page.open()
    for status, left in ((503, 1), (429, 1), (401, 1), (422, 0)):
        owed.settle(desk._journal, [(entry, {"id": visit.id, "problem": {"status": status, "detail": "No."}})], 5)
        with desk._books.read() as page:
            assert len(page.open()) == left
    (notice,) = desk.condition().notices
    assert (notice.id, notice.reason, notice.state) == (visit.id, "not_taken", State.REFUSED)


NO_ANSWERS: list[dict[str, object]] = [
    {}, {"outcome": None}, {"outcome": "perhaps"}, {"outcome": "reversed"}, {"outcome": "accepted", "hours": "many"},
    {"outcome": "refused", "reason": 7}, {"outcome": "accepted", "notes": "none"}, {"problem": {"status": "422"}},
]  # fmt: skip


@pytest.mark.parametrize("said", NO_ANSWERS)
def test_what_is_no_answer_to_an_entry_leaves_it_owed(counter: Counter, desk: Desk, said: dict[str, object]) -> None:
    counter.line.always = unplugged
    visit = desk.redeem(counter.visit(12))
    with desk._books.read() as page:
        (entry,) = page.open()
    assert owed.settle(desk._journal, [(entry, {"id": visit.id, **said})], 5) == []
    desk.give_back(visit.id, "other")
    with desk._books.read() as page:
        back = page.open()[-1]
    assert owed.settle(desk._journal, [(back, {"id": visit.id, "outcome": "accepted"})], 5) == []


def test_what_restored_books_refuse_though_it_was_accepted_becomes_a_notice(counter: Counter, desk: Desk) -> None:
    visit = desk.redeem(counter.visit(12))
    with desk._books.change() as page:
        owed.tell_again(page, 0)
        (entry,) = page.open()
    owed.settle(desk._journal, [(entry, {"id": visit.id, "outcome": "refused", "reason": "note_refused"})], 5)
    assert [notice.id for notice in desk.condition().notices] == [visit.id]


def test_restored_books_are_told_again_by_serials(counter: Counter, desk: Desk) -> None:
    first = desk.redeem(counter.visit(12))
    back = desk.redeem(counter.visit(13))
    desk.give_back(back.id, "other")
    with desk._books.change() as page:
        owed.tell_again(page, 0)
    pieces = owed.take_next(desk._journal, desk.about.venue_id, 10, {"nobody"})
    told = [line for piece in pieces for line in piece.lines]
    assert [(line["type"], line["id"]) for line in told] == [("redeem", first.id), ("reverse", back.id)]
    assert told[0]["notes"] == [counter.office.serial(12)]
    assert desk.sync()
    assert (counter.state(12), counter.state(13)) == ("redeemed", "issued")


def test_a_note_in_a_visit_that_is_being_asked_about_is_not_taken_anew(journal: Journal) -> None:
    first = journal.begin(new(1, 2), {"me"})
    for again in (new(2, owner="me:2"), new(1, 2, owner="other:1", attended=False)):
        with pytest.raises(Refused, match="being asked about: it is not taken again"):
            journal.begin(again, {"me", "other"})
    journal.end(first.entry)
    assert journal.begin(new(1, 2, owner="me:3"), {"me"}).entry.id == first.entry.id


@pytest.fixture
def like_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody has open is not removed there; here that shows in what this process has open."""
    unlink = Path.unlink

    def refusing(path: Path, missing_ok: bool = False) -> None:
        mine = list(Path("/proc/self/fd").iterdir())
        if any(each.exists() and each.samefile(path) for each in mine):
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refusing)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_where_an_open_file_is_not_removed_the_dead_are_told_from_the_living(
    tmp_path: Path, like_windows: None
) -> None:
    (tmp_path / "dead.alive").touch()
    first, second = Presence(tmp_path), Presence(tmp_path)
    assert first.alive() == {first.id, second.id}
    assert not (tmp_path / "dead.alive").exists()
    second.end()
    assert first.alive() == {first.id}
    with alone(tmp_path / "lock") as mine, alone(tmp_path / "lock") as theirs:
        assert (mine, theirs) == (True, False)
    with alone(tmp_path / "lock") as again:
        assert again
    first.end()
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_claims_are_what_was_done_since_the_snapshot() -> None:
    common = {"venue": 1, "at_ms": 0, "scanned_at": ""}
    spent = Entry(id="a", state=State.WAITING, serials=("x", "y"), **common)  # type: ignore[arg-type]
    back = Entry(id="a", deed=Deed.REVERSE, state=State.WAITING, serials=("x", "y"), **common)  # type: ignore[arg-type]
    again = Entry(id="b", state=State.ASKING, serials=("y",), **common)  # type: ignore[arg-type]
    found = claims([spent, back, again])
    assert (found.spent, found.returned, found.waiting_notes) == ({"y"}, {"x"}, 2)
    assert claims([spent], but="a").spent == set()


def old_journal(path: Path, state: str = "waiting") -> None:
    """As the first scanners kept it."""
    body = {
        "notes": [ORDER.token(7)],
        "offer": None,
        "scanned_at": "2026-11-22T14:00:00.000Z",
        "offline": False,
        "practice": False,
    }
    with sqlite3.connect(path) as old:
        old.execute(
            "CREATE TABLE visits (id TEXT PRIMARY KEY, body TEXT NOT NULL, made_at TEXT NOT NULL, state TEXT NOT NULL, "
            "answer TEXT, tries INTEGER NOT NULL DEFAULT 0) STRICT"
        )
        old.execute(
            "INSERT INTO visits VALUES ('old', ?, '2026-11-22T14:00:00.000+00:00', ?, NULL, 3)",
            (json.dumps(body), state),
        )
        old.execute("PRAGMA user_version = 1")
    old.close()


def test_what_waited_in_an_older_journal_is_still_sent(tmp_path: Path) -> None:
    old_journal(tmp_path / "journal.sqlite3")
    journal = Journal(Books(tmp_path / "journal.sqlite3"))
    (piece,) = owed.take_next(journal, 1, 10, {"me"})
    assert (piece.entry.id, piece.entry.serials, piece.entry.attended) == ("old", (ORDER.token(7)[28:41],), False)
    assert piece.lines[0]["notes"] == [ORDER.token(7)]
    owed.settle(journal, [(piece.entry, {"id": "old", "outcome": "accepted", "hours": 1, "notes": []})], 5)
    journal.books.fold()
    assert not signature_in(tmp_path, ORDER.token(7))


def test_a_journal_of_a_newer_scanner_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    with sqlite3.connect(path) as newer:
        newer.execute("PRAGMA user_version = 3")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(Unavailable, match="newer scanner: update"):
        Books(path)
    assert path.read_bytes() == before


def test_a_journal_that_another_holds_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "PRAGMAS", ("journal_mode = WAL", "busy_timeout = 50"))
    journal = Journal(Books(tmp_path / "journal.sqlite3"))
    other = sqlite3.connect(tmp_path / "journal.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="end the other scanner"):
        journal.begin(new(1), {"me"})
    other.close()


def test_processes_know_of_one_another(tmp_path: Path) -> None:
    first, second = Presence(tmp_path), Presence(tmp_path)
    assert first.alive() == {first.id, second.id}
    second.end()
    assert first.alive() == {first.id}
    with alone(tmp_path / "lock") as here, alone(tmp_path / "lock") as there:
        assert (here, there) == (True, False)


def test_changes_make_the_same_snapshot_as_the_whole(counter: Counter, desk: Desk) -> None:
    before = desk._client.snapshot()
    visit = desk.redeem(counter.visit(12, 13))
    desk.redeem(counter.visit(14))
    between = merged(before, desk._client.snapshot(before["cursor"]))
    desk.give_back(visit.id, "other")
    after, whole = merged(between, desk._client.snapshot(between["cursor"])), desk._client.snapshot()
    trimmed = {series: bits.rstrip("A=") for series, bits in after["redeemed"].items()}
    assert trimmed == {series: bits.rstrip("A=") for series, bits in whole["redeemed"].items()}
    assert {name: value for name, value in after.items() if name != "redeemed"} == {
        name: value for name, value in whole.items() if name != "redeemed"
    }
    assert epoch(after["cursor"]) == epoch(before["cursor"])
