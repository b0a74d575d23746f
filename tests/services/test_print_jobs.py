"""Print jobs: each shop sees its own, takes its file once, counts until it balances, and closes; on both engines."""

import csv
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection

from app.core.checkpoint import CheckpointKey
from app.core.count import Counted
from app.core.errors import BadInput, Conflict, HournoteError, IllegalMovement, NotAllowed, NotFound, NotYet, Refused
from app.core.lifecycle import Kind
from app.core.span import Span
from app.services import (
    accounts,
    clearing,
    counting,
    inviting,
    log,
    log_audit,
    making,
    print_jobs,
    printing,
    shops,
    taking,
)
from app.services.accounts import Account
from app.services.counting import Said
from app.services.making import Press
from app.services.print_jobs import PrintJob, Settings, Stage
from app.services.printing import Laying, NoteSize
from app.store import custody
from app.store import log as rows
from notegen import compose as composing
from tests.world import DESIGNS, HOST, World, close_books

TRURO, PRESTON = "Truro Print Works", "Preston Litho"
KEY = CheckpointKey(bytes(range(32)))


@dataclass
class Shop:
    """The world with two print shops, and a job of each beside those that name none."""

    world: World
    people: dict[str, Account]

    @property
    def folder(self) -> Path:
        """Where the press keeps its files."""
        return self.world.folder / "jobs"

    def by(self, who: str) -> Account:
        """One of the people."""
        return self.people[who]

    def see(self, order: str, who: str = "truro") -> PrintJob:
        """A job as somebody sees it."""
        return print_jobs.job_of(self.world.store, account=self.by(who), order=order)

    def list(self, who: str) -> list[str]:
        """The orders that somebody sees."""
        return [each.order for each in print_jobs.listed(self.world.store, account=self.by(who), most=50)]

    def take(self, order: str, who: str = "truro", request_id: UUID | None = None) -> bytes:
        """Take a job file."""
        found = taking.take(
            self.world.store, by=self.by(who), order=order, folder=self.folder, request_id=request_id or uuid4(),
            now=self.world.now,
        )  # fmt: skip
        return found.path.read_bytes()

    def allow(self, order: str, who: str = "national", request_id: UUID | None = None) -> PrintJob:
        """Allow it once more."""
        return taking.allow_again(
            self.world.store, by=self.by(who), order=order, request_id=request_id or uuid4(), now=self.world.now
        )

    def report(
        self, order: str, kind: str, who: str = "truro", request_id: UUID | None = None, **said: Any
    ) -> PrintJob:
        """Report notes."""
        return counting.report(
            self.world.store, by=self.by(who), order=order, said=Said(Counted(kind), **said), designs=DESIGNS,
            request_id=request_id or uuid4(), now=self.world.now,
        )  # fmt: skip

    def withdraw(
        self, order: str, withdrawn: UUID, who: str = "truro", request_id: UUID | None = None
    ) -> PrintJob:  # fmt: skip
        """Take a report back."""
        return counting.withdraw(
            self.world.store, by=self.by(who), order=order, withdrawn=withdrawn, request_id=request_id or uuid4(),
            now=self.world.now,
        )  # fmt: skip

    def close(self, order: str, who: str = "truro", request_id: UUID | None = None) -> tuple[int, int, int]:
        """Close a job; good, spoiled, missing."""
        made = counting.close(
            self.world.store, by=self.by(who), order=order, request_id=request_id or uuid4(), now=self.world.now
        )
        return made.good, made.spoiled, made.missing


@pytest.fixture
def shop(world: World) -> Shop:
    people = {}
    where: dict[str, Any]
    for name in (TRURO, PRESTON):
        shops.add_shop(world.store, name=name)
    for who, role, where in (
        ("national", "national", {}), ("office", "programme", {"programme": "CWL"}), ("other", "programme", {"programme": "LAN"}),
        ("truro", "press", {"shop": TRURO}), ("preston", "press", {"shop": PRESTON}), ("cornish", "press", {"programme": "CWL"}),
        ("keeper", "keeper", {"organisation": "YMCA Cornwall"}),
    ):  # fmt: skip
        people[who], _ = accounts.add_account(
            world.store, email=f"{who}@example.org", role=role, now=world.now, **where
        )
    world.order(quantity=100, bundle_size=10, print_shop=TRURO, blank_sheets=7)
    world.order("LAN26", quantity=30, design="lancashire", print_shop=TRURO.lower())
    world.order("LAN26", quantity=30, design="lancashire", print_shop="2", sheet="a4")
    return Shop(world, people)


def test_a_print_shop_sees_its_own_jobs_of_every_programme_and_no_others(shop: Shop) -> None:
    assert set(shop.list("truro")) == {"LAN26-002", "CWL26-003"}
    assert shop.list("preston") == ["LAN26-003"]
    assert set(shop.list("cornish")) == {"CWL25-001", "CWL26-002", "CWL26-001"}, (
        "those of its programme that name no shop"
    )
    assert set(shop.list("office")) == {"CWL26-003", "CWL25-001", "CWL26-002", "CWL26-001"}
    assert len(shop.list("national")) == 8
    with pytest.raises(NotAllowed):
        shop.list("keeper")
    for who, order in (
        ("truro", "LAN26-003"), ("truro", "CWL26-001"), ("preston", "CWL26-003"), ("cornish", "CWL26-003"),
        ("cornish", "LAN26-001"), ("other", "CWL26-003"), ("keeper", "CWL26-001"), ("national", "CWL26-099"), ("national", "x"),
    ):  # fmt: skip
        with pytest.raises(NotFound, match="There is no such job"):
            shop.see(order, who)


def test_what_was_ordered_reaches_the_print_shop(shop: Shop) -> None:
    job = shop.see("CWL26-003")
    laid = print_jobs.layout(job, DESIGNS)
    assert (job.print_shop, job.stage, job.settings.sheet) == (TRURO, Stage.WAITS, "sra3")
    assert laid is not None
    assert (laid.sheets, laid.notes_on_sheet, print_jobs.blank_sheets(job, laid)) == (10, 12, 7)
    other = shop.see("LAN26-003", "preston")
    laid = print_jobs.layout(other, DESIGNS)
    assert laid is not None
    assert (laid.notes_on_sheet, print_jobs.blank_sheets(other, laid)) == (4, 10)


def test_a_job_file_is_taken_once_and_it_is_known_by_whom(shop: Shop) -> None:
    assert shop.take("CWL26-003") == (shop.folder / "CWL26-003.job.zip").read_bytes()
    (event,) = shop.see("CWL26-003").takings
    assert (event.actor, event.at, event.turn) == (
        "truro@example.org",
        shop.world.now.replace(microsecond=event.at.microsecond),
        0,
    )
    assert shop.see("CWL26-003").stage is Stage.TAKEN
    with pytest.raises(Refused, match="taken already"):
        shop.take("CWL26-003")
    log.sequence(shop.world.store, key=KEY, clock=lambda: shop.world.now)
    assert log_audit.verify(shop.world.store, key=KEY.public, now=shop.world.now).findings == []
    with shop.world.store.reading() as connection:
        assert any(leaf.ref == str(event.request_id) for block in rows.leaves(connection) for leaf in block)


def test_the_same_click_gets_the_same_file_for_a_while(shop: Shop) -> None:
    request = uuid4()
    assert shop.take("CWL26-003", request_id=request) == shop.take("CWL26-003", request_id=request)
    assert len(shop.see("CWL26-003").takings) == 1
    with pytest.raises(NotFound):
        shop.take("CWL26-003", "preston", request)
    with pytest.raises(Conflict):
        shop.take("LAN26-002", request_id=request)
    shop.world.later(minutes=3)
    with pytest.raises(Refused, match="taken already"):
        shop.take("CWL26-003", request_id=request)


def test_the_national_office_allows_it_once_more_and_no_more_often(shop: Shop) -> None:
    with pytest.raises(Refused, match="can take this file as it is"):
        shop.allow("CWL26-003")
    shop.take("CWL26-003")
    for who in ("truro", "office"):
        with pytest.raises(NotAllowed):
            shop.allow("CWL26-003", who)
    request = uuid4()
    assert shop.allow("CWL26-003", request_id=request).may_be_taken
    shop.allow("CWL26-003", request_id=request)
    assert shop.allow("CWL26-003", request_id=request).allowed == 1
    with pytest.raises(Refused, match="as it is"):
        shop.allow("CWL26-003")
    shop.take("CWL26-003")
    with pytest.raises(Refused, match="taken already"):
        shop.take("CWL26-003")
    assert [each.kind for each in shop.see("CWL26-003").events] == ["taken", "again", "taken"]


def test_whoever_has_the_page_open_still_takes_it_once_more(shop: Shop) -> None:
    """The form of an open page sends the id of the first taking again, and takes a new one where that is refused as used."""
    request = uuid4()
    shop.take("CWL26-003", request_id=request)
    shop.allow("CWL26-003")
    for minutes in (0, 3):
        shop.world.later(minutes=minutes)
        with pytest.raises(Conflict, match="may be taken once more"):
            shop.take("CWL26-003", request_id=request)
    shop.take("CWL26-003")
    assert len(shop.see("CWL26-003").takings) == 2


def test_nobody_but_the_print_shop_takes_a_job_file(shop: Shop) -> None:
    for who in ("national", "office"):
        with pytest.raises(NotAllowed):
            shop.take("CWL26-003", who)


def test_of_two_who_take_it_at_once_one_gets_it(shop: Shop) -> None:
    came: list[object] = []

    def work() -> None:
        try:
            came.append(shop.take("CWL26-003"))
        except Refused as error:
            came.append(error.sentence)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(each, bytes) for each in came) == 1
    assert len(shop.see("CWL26-003").takings) == 1


def test_a_file_that_is_not_the_one_is_not_taken(shop: Shop) -> None:
    path = shop.folder / "CWL26-003.job.zip"
    whole, other = path.read_bytes(), (shop.folder / "LAN26-002.job.zip").read_bytes()
    for wrong in (whole[:-40], other, None):
        path.unlink()
        if wrong is not None:
            path.write_bytes(wrong)
        with pytest.raises(Refused, match="nothing was taken"):
            shop.take("CWL26-003")
    assert shop.see("CWL26-003").takings == ()


def test_restored_books_give_no_file_away(shop: Shop) -> None:
    close_books(
        shop.world.store, reason="restored", actor="cli:me", now=shop.world.now, request_id=uuid4(), key=KEY.public
    )
    with pytest.raises(NotYet):
        shop.take("CWL26-003")


# --- counting


def test_a_job_closes_when_it_balances_and_not_before(shop: Shop) -> None:
    order = "CWL26-003"
    with pytest.raises(Refused, match="still open"):
        shop.close(order)
    assert shop.report(order, "good", good=90).count.open == 10
    assert shop.report(order, "spoiled", serials="111-112, CWL26 200").stage is Stage.COUNTING
    with pytest.raises(Refused, match="still open"):
        shop.close(order)
    shop.report(order, "good", good=9)
    with pytest.raises(Refused, match="More notes are reported"):
        shop.close(order)
    wrong = shop.see(order).reports[-1]
    shop.withdraw(order, wrong.request_id)
    shop.withdraw(order, wrong.request_id)
    shop.report(order, "good", good=6)
    job = shop.report(order, "missing", serials=f"{Span('CWL26', 150, 150).first_serial}")
    assert (job.count.open, job.stage) == (0, Stage.BALANCED)
    assert shop.world.counts("CWL26 111-210") == {"ordered": 100}
    request = uuid4()
    assert shop.close(order, request_id=request) == (96, 3, 1)
    assert shop.close(order, request_id=request) == (96, 3, 1), "sent twice, done once"
    assert shop.world.counts("CWL26 111-210") == {"printed": 96, "void": 4}
    job = shop.see(order)
    assert (job.stage, job.count.open, job.count.bad) == (Stage.CLOSED, 0, 4)
    assert job.closed_by is not None
    assert job.closed_by.actor == "truro@example.org"
    left = job.reports[0].request_id
    refused: list[Callable[[], object]] = [
        lambda: shop.report(order, "good", good=1), lambda: shop.close(order), lambda: shop.withdraw(order, left),
        lambda: shop.take(order), lambda: shop.allow(order),
    ]  # fmt: skip
    for deed in refused:
        with pytest.raises(Refused, match="closed"):
            deed()
    assert shop.world.findings() == []


def test_reports_are_told_to_the_books_once(shop: Shop) -> None:
    request = uuid4()
    shop.report("CWL26-003", "spoiled", serials="111-112", request_id=request)
    assert shop.report("CWL26-003", "spoiled", serials="111-112", request_id=request).count.spoiled == 2
    with pytest.raises(Conflict):
        shop.report("CWL26-003", "spoiled", serials="111-113", request_id=request)
    with pytest.raises(Refused, match="reported already"):
        shop.report("CWL26-003", "missing", serials="112")


NONSENSE: list[tuple[str, dict[str, Any], str]] = [
    ("spoiled", {}, "Say which notes"),
    ("spoiled", {"serials": " , "}, "Say which notes"),
    ("spoiled", {"serials": "1-5"}, "not of this order"),
    ("spoiled", {"serials": "LAN26 1"}, "not of this order"),
    ("spoiled", {"serials": "120-111"}, "runs upwards"),
    ("spoiled", {"serials": "0"}, "number"),
    ("spoiled", {"serials": "the first"}, "is not a span"),
    ("spoiled", {"sheets": "11"}, "the sheets 1 to 10"),
    ("spoiled", {"sheets": "0"}, "the sheets 1 to 10"),
    ("spoiled", {"sheets": "two"}, "Write the numbers of sheets"),
    ("spoiled", {"serials": "111," * 200}, "list of notes"),
    ("good", {}, "Say how many"),
    ("good", {"good": 0}, "1 to 100"),
    ("good", {"good": 101}, "1 to 100"),
]


def test_a_withdrawal_under_the_id_of_another_deed_is_refused(shop: Shop) -> None:
    request = uuid4()
    job = shop.report("CWL26-003", "good", good=5, request_id=request)
    with pytest.raises(Conflict, match="asked for something else"):
        shop.withdraw("CWL26-003", job.reports[0].request_id, request_id=request)
    assert shop.see("CWL26-003").count.good == 5


def test_a_report_that_makes_no_sense_is_refused(shop: Shop) -> None:
    for kind, said, says in NONSENSE:
        with pytest.raises(BadInput, match=says):
            shop.report("CWL26-003", kind, **said)
    assert shop.see("CWL26-003").events == ()


def test_only_its_print_shop_and_the_national_office_count_a_job(shop: Shop) -> None:
    for who in ("preston", "cornish", "office", "keeper"):
        for refused in (
            lambda who: shop.report("CWL26-003", "good", who, good=1), lambda who: shop.close("CWL26-003", who),
            lambda who: shop.withdraw("CWL26-003", uuid4(), who),
        ):  # fmt: skip
            with pytest.raises((NotFound, NotAllowed)):
                refused(who)


def test_a_spoiled_sheet_is_what_the_manifest_says(shop: Shop, tmp_path: Path) -> None:
    """By a job that was really composed, on other paper than was ordered."""
    composing.compose(shop.folder / "CWL26-003.job.zip", tmp_path / "out", sheet_name="a4", office=True, run_sheets=4)
    counting.keep_settings(
        shop.world.store, by=shop.by("truro"), order="CWL26-003", settings=Settings("a4", office=True, run_sheets=4),
        designs=DESIGNS,
    )  # fmt: skip
    with (tmp_path / "out" / "manifest.csv").open() as file:
        rows = [(row["serial"], int(row["sheet"])) for row in csv.DictReader(file)]
    job = shop.report("CWL26-003", "spoiled", sheets="3, 5-6", serials="")
    named = {str(serial) for span in job.reports[0].spans for serial in span.serials()}
    assert named == {serial for serial, sheet in rows if sheet in (3, 5, 6)}
    assert job.count.spoiled == len(named)
    assert job.reports[0].named == "sheet 3, 5-6"


def test_press_settings_that_cannot_be_are_refused(shop: Shop) -> None:
    wrong: list[dict[str, Any]] = [{"sheet": "a9"}, {"sheet": "100x100"}, {"run_sheets": 0}, {"flip": "up"}]
    for each in wrong:
        with pytest.raises(BadInput):
            counting.keep_settings(
                shop.world.store, by=shop.by("truro"), order="CWL26-003", settings=replace(Settings("a4"), **each), designs=DESIGNS
            )  # fmt: skip
    assert shop.see("CWL26-003").kept is None


def test_notes_that_were_made_void_meanwhile_stay_so(shop: Shop) -> None:
    shop.report("CWL26-003", "spoiled", serials="111-115")
    shop.report("CWL26-003", "good", good=95)
    shop.world.move(Kind.VOID, "CWL26 114-120", reason="stolen")
    shop.close("CWL26-003")
    assert shop.world.counts("CWL26 111-210") == {"printed": 90, "void": 10}
    job = shop.see("CWL26-003")
    assert (job.stage, job.count.spoiled, job.count.good) == (Stage.CLOSED, 3, 90)
    assert shop.world.findings() == []


def test_a_job_that_is_balanced_at_the_command_line_is_closed(shop: Shop) -> None:
    shop.world.balance("CWL26-003", spoiled=["CWL26 111"])
    job = shop.see("CWL26-003")
    assert (job.stage, job.count.good, job.count.spoiled) == (Stage.CLOSED, 99, 1)
    with pytest.raises(Refused, match="closed"):
        shop.report("CWL26-003", "good", good=1)


# --- its file goes


def test_the_file_goes_when_the_job_is_closed_and_no_other_does(shop: Shop) -> None:
    (shop.folder / "CWL26-010.job.zip").write_bytes(b"not in the books")
    (shop.folder / "CWL26-001.job.zip").write_bytes((shop.folder / "LAN26-002.job.zip").read_bytes())
    shop.report("CWL26-003", "good", good=100)
    shop.close("CWL26-003")
    assert clearing.clear(shop.world.store, shop.folder) == ["CWL26-003"]
    kept = sorted(path.name.partition(".")[0] for path in shop.folder.glob("*.zip"))
    assert kept == ["CWL26-001", "CWL26-010", "LAN26-002", "LAN26-003"]


def test_a_crash_before_the_file_is_gone_is_mended_by_the_press(shop: Shop) -> None:
    """The books are written and the power fails; the press starts, and looks."""
    shop.report("CWL26-003", "missing", serials="111-210")
    shop.close("CWL26-003")
    assert (shop.folder / "CWL26-003.job.zip").exists()
    press = Press(shop.world.store, HOST, DESIGNS, shop.folder, 1, lambda: shop.world.now, threading.Event())
    making.open_jobs(press)
    assert not (shop.folder / "CWL26-003.job.zip").exists()
    assert (shop.folder / "LAN26-002.job.zip").exists()


def test_closing_is_all_or_nothing(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.report("CWL26-003", "spoiled", serials="111-112")
    shop.report("CWL26-003", "good", good=98)
    add = custody.add_movement

    def fails(connection: Connection, series_id: int, moved: Any, **fact: Any) -> int:
        if moved.kind is Kind.PRINT:
            raise IllegalMovement("a power cut")
        return add(connection, series_id, moved, **fact)

    with monkeypatch.context() as broken:
        broken.setattr(custody, "add_movement", fails)
        with pytest.raises(IllegalMovement):
            shop.close("CWL26-003")
    assert shop.world.counts("CWL26 111-210") == {"ordered": 100}
    assert shop.close("CWL26-003") == (98, 2, 0)


# --- whose they are


def test_a_print_shop_s_account_names_its_shop_alone(shop: Shop) -> None:
    given: dict[str, Any] = {"email": "new@example.org", "now": shop.world.now}
    wrongs: list[dict[str, Any]] = [
        {"role": "press", "shop": TRURO, "programme": "CWL"},
        {"role": "auditor", "shop": TRURO},
    ]
    for wrong in wrongs:
        with pytest.raises(BadInput, match="names its shop alone"):
            accounts.add_account(shop.world.store, **given, **wrong)
    with pytest.raises(NotFound):
        accounts.add_account(shop.world.store, **given, role="press", shop="Nobody")


def test_the_national_office_alone_invites_to_a_print_shop(shop: Shop) -> None:
    made, _ = inviting.invite(
        shop.world.store, by=shop.by("national"), email="a@example.org", role="press", shop=TRURO, now=shop.world.now
    )
    assert (made.print_shop_id, made.programme_id) == (shop.by("truro").print_shop_id, None)
    with pytest.raises(NotAllowed):
        inviting.invite(shop.world.store, by=shop.by("office"), email="b@example.org", role="press", now=shop.world.now)
    with pytest.raises(NotFound):
        inviting.new_link(shop.world.store, by=shop.by("office"), account_id=shop.by("truro").id, now=shop.world.now)


def test_a_print_shop_has_a_name_of_its_own(shop: Shop) -> None:
    with pytest.raises(Refused):
        shops.add_shop(shop.world.store, name="truro print  works")
    with pytest.raises(NotAllowed):
        shops.enter_shop(shop.world.store, by=shop.by("office"), name="Another")
    with pytest.raises(HournoteError):
        shop.world.order(print_shop="Nobody")


def test_sheets_carry_what_the_page_says_for_every_size() -> None:
    span, note = Span("CWL26", 1, 5000), NoteSize(135.0, 66.0, 3.0)
    for sheet in printing.SHEETS:
        laid = printing.laid_out(span, 50, note, Laying(sheet))
        found = printing.on_sheets(span, 50, note, Laying(sheet), first=1, last=laid.sheets)
        assert found == [span]
