"""Each command: what it does, and the keys of the contract under `--json`."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.cli import hournote
from app.core.job import JobFile
from tests.commands.conftest import Office
from tests.world import BODMIN, CHORLEY, HALL, LEISURE, YMCA, World

MOVEMENT = {"movement", "span", "state", "notes", "already_redeemed", "passed_over"}


def test_an_office_is_set_up_from_nothing(office: Office) -> None:
    """A first day, with the words of the contract."""
    assert "was made" in office.run("init")
    assert "is ready" in office.run("init")
    assert "0007" in office.run("migrate")
    assert (office.folder / "secret_key").stat().st_mode & 0o777 == 0o600
    assert office.json("programme", "add", "CWL", "Cornwall").keys() >= {"id", "name"}
    assert office.json("organisation", "add", "CWL", "YMCA Cornwall").keys() >= {"id", "name"}
    assert (
        office.json("organisation", "add", "CWL", "YMCA Penzance", "--site-of", "ymca cornwall")["name"]
        == "YMCA Penzance"
    )
    venue = office.json(
        "venue", "add", "CWL", "Leisure Centre", "--kind", "corporate", "--organisation", "YMCA Cornwall"
    )
    assert venue["name"] == "Leisure Centre"
    assert office.json("offer", "add", "Leisure Centre", "Swim", "--hours", "1")["name"] == "Swim"
    assert "keyed per day" in office.run("venue", "policy", "Leisure Centre", "--keyed-per-day", "5")
    assert office.json("series", "set", "CWL26", "--expires", "2027-12-31") == {
        "series": "CWL26",
        "expires_on": "2027-12-31",
    }
    assert "no last day" in office.run("series", "set", "CWL26", "--expires", "never")
    desk = office.json("desk", "add", "Leisure Centre", "Front desk")
    assert desk.keys() >= {"desk", "venue", "key", "enrolment_url"}
    assert desk["enrolment_url"].startswith("https://notes.example.org/desk/enrol#")
    made = office.json(
        "order", "CWL26", "--quantity", 20, "--design", "cornwall", "--bundle", 10, "--out", office.folder / "jobs"
    )
    assert made.keys() >= {"order", "series", "first", "last", "quantity", "job"}
    assert (made["order"], made["series"], made["quantity"]) == ("CWL26-001", "CWL26", 20)
    with Path(made["job"]).open("rb") as file, JobFile(file) as job:
        assert job.job.bundle_size == 10
        assert str(job.job.span.first_serial) == made["first"]
        assert str(job.job.span.last_serial) == made["last"]
    balance = office.json("printed", "CWL26-001", "--spoiled", "CWL26 1", "--missing", "CWL26 2-3")
    assert (balance["good"], balance["spoiled"], balance["missing"]) == (17, 1, 2)
    assert all(each.keys() >= MOVEMENT for each in balance["movements"])
    assert office.json("receive", "CWL26-001")["passed_over"][0].keys() == {"first", "last"}
    assert office.json("issue", "CWL26 4-20", "--to", "YMCA Cornwall")["state"] == "issued"
    assert office.json("audit") == {"findings": []}
    assert "no finding" in office.run("audit")


def test_each_movement_answers_as_the_contract_says(office: Office, settled: World) -> None:
    steps = [
        (("receive", "CWL26 1-4"), "stocked"),
        (("dispatch", "CWL26 71-75", "--to", YMCA), "dispatched"),
        (("issue", "CWL26 71-75", "--to", YMCA, "--note", "by hand"), "issued"),
        (("return", "CWL26 71-75"), "stocked"),
        (("hold", "CWL26 71-75", "--reason", "lost"), "held"),
        (("release", "CWL26 71-75", "--reason", "found"), "stocked"),
        (("void", "CWL26 71-75", "--reason", "damaged"), "void"),
        (("reinstate", "CWL26 71-75", "--reason", "found", "--confirmed-by", "national@example.org"), "stocked"),
    ]
    for words, state in steps:
        answer = office.json(*words)
        assert answer.keys() >= MOVEMENT
        assert answer["state"] == state
        assert answer["notes"] == (4 if words[0] == "receive" else 5)
        assert answer["span"].keys() == {"first", "last"}
        assert answer["already_redeemed"] == 0
    settled.redeem(11, 12)
    assert office.json("retire", "CWL26 11-12").keys() >= MOVEMENT
    handed = office.json("hand-out", "CWL26 21-30", "--activity", "Beach clean", "--hours", 10, "--people", 4)
    assert (handed["hours"], handed["people"], handed["organisation"]) == (10, 4, YMCA)
    assert handed.keys() >= MOVEMENT
    assert "handed out" in office.run("hand-out", "CWL26 31-40", "--activity", "Bingo", "--hours", 10, "--people", 4)
    life = office.json("show", settled.serial(75))
    assert life["movements"][-1]["note"] == "confirmed by national@example.org"
    assert "by hand" in json.dumps(life["movements"])


def test_a_person_is_answered_in_sentences(office: Office, settled: World) -> None:
    settled.redeem(11)
    assert (
        office.run("void", "CWL26 11-20", "--reason", "stolen")
        == "CWL26 11-20: 10 notes are void now; 1 of them are spent.\n"
    )
    told = office.run("release", f"HTTPS://X.ORG/B/{settled.serial(81)}{settled.serial(90)}", "--reason", "found")
    assert told == "CWL26 81-85: 5 notes are stocked now.\nPassed over, because void: CWL26 86-90.\n"
    assert office.run("printed", "CWL26-002", "--spoiled", "CWL26 101") == "CWL26-002: 9 good, 1 spoiled, 0 missing.\n"


def test_a_note_and_a_span_are_shown(office: Office, settled: World) -> None:
    made = settled.redeem(11)
    settled.redeem(11)
    life = office.json("show", "cwl26 0000011 " + settled.serial(11)[-1])
    assert life.keys() >= {"serial", "state", "holder", "movements", "redemptions", "scans"}
    assert (life["serial"], life["state"], life["holder"]) == (settled.serial(11), "redeemed", YMCA)
    assert [each["kind"] for each in life["movements"]] == ["order", "print", "receive", "issue"]
    assert [each["redemption"] for each in life["redemptions"]] == [made["id"]]
    assert [each["verdict"] for each in life["scans"]] == ["accepted", "already_redeemed"]
    assert LEISURE in office.run("show", settled.serial(11))
    assert "void (stolen)" in office.run("show", settled.serial(86))

    found = office.json("range", "CWL26 1-120")
    assert found.keys() >= {"span", "counts", "holdings"}
    assert sum(found["counts"].values()) == 120
    assert all(each.keys() >= {"first", "last", "state", "holder"} for each in found["holdings"]), found["holdings"][0]
    told = office.run("range", "CWL26 1-120")
    assert "Never ordered: CWL26 111-120." in told
    assert BODMIN in told


def test_cases_are_for_a_person_to_look_at(office: Office, settled: World) -> None:
    settled.redeem(86)
    cases = office.json("cases")["cases"]
    assert [(each["verdict"], each["venue"]) for each in cases] == [("void", LEISURE)]
    assert "Front desk" in office.run("cases")
    assert office.json("audit") == {"findings": []}, "a refused attempt is no finding"


def test_cases_say_when_there_are_more(office: Office, settled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for days in (0, 1, 2):
        settled.now = datetime(2026, 11, 24, 12, tzinfo=UTC) + timedelta(days=days)
        settled.redeem(86 + days)
    newest = office.json("cases", "--most", "2")
    assert ([each["serial"].split()[1] for each in newest["cases"]], newest["cut"]) == (["0000088", "0000087"], True)
    assert "there are more: ask with --most N or --since DATE." in office.run("cases", "--most", "2")
    assert office.json("cases", "--most", "3")["cut"] is False
    assert "there are more" not in office.run("cases")
    assert [len(office.json("cases", "--since", f"2026-11-{day}")["cases"]) for day in (24, 25, 27)] == [3, 2, 0]
    assert office.json("cases", "--keyed", "--since", "2026-11-24") == {"cases": [], "cut": False}
    assert "is no date: write it like 2026-11-26." in office.refuses("cases", "--since", "yesterday")
    for most in ("0", "-1", "many"):
        office.refuses("cases", "--most", most)


def test_what_there_is_can_be_listed(office: Office, settled: World) -> None:
    assert CHORLEY in office.run("organisation", "list")
    assert {each["name"] for each in office.json("organisation", "list")} == {YMCA, BODMIN, CHORLEY}
    assert "Matinee (1 h)" in office.run("venue", "list")
    assert HALL in {each["name"] for each in office.json("venue", "list")}
    assert "Box office" in office.run("desk", "list")
    assert office.json("desk", "revoke", "Pool")["name"] == "Pool"
    assert [each["name"] for each in office.json("desk", "list") if each["revoked_at"]] == ["Pool"]
    assert "revoked" in office.run("desk", "revoke", "Library")


def test_a_name_in_brackets_is_a_name(office: Office, settled: World) -> None:
    office.run("organisation", "add", "CWL", "Friends [/of] the [red]Park")
    assert "Friends [/of] the [red]Park" in office.run("organisation", "list")


def test_an_account_is_given_a_link_or_a_password(office: Office, settled: World) -> None:
    made = office.json("user", "add", "a@cornwall.example", "--role", "programme", "--programme", "CWL")
    assert made["link"].startswith("https://notes.example.org/account/password#")
    assert "Good once" in office.run("user", "add", "b@cornwall.example", "--role", "keeper", "--organisation", YMCA)
    told = office.run(
        "user", "add", "c@cornwall.example", "--role", "national", "--password-stdin", input="pêche melba à la carte\n"
    )
    assert "Good once" not in told
    from app.services import accounts

    assert accounts.sign_in(settled.store, email="c@cornwall.example", password="pêche melba à la carte")


def test_an_audit_with_findings_exits_with_one(office: Office, settled: World) -> None:
    from app.store.tables import holding

    with settled.store.engine.begin() as connection:
        connection.execute(holding.update().where(holding.c.first == 71).values(state="printed"))
    findings = office.json("audit", code=1)["findings"]
    assert findings
    assert all(each.keys() >= {"check", "message", "concerns"} for each in findings)
    assert "replay" in office.run("audit", code=1)


def test_an_order_may_replace_another(office: Office, settled: World) -> None:
    made = office.json(
        "order", "CWL90", "--quantity", 3, "--design", "cornwall", "--replaces", "cwl26-001", "--out", office.folder
    )
    assert made["order"] == "CWL90-001"
    assert settled.findings() == []


def test_an_order_for_a_host_that_nobody_owns_is_warned_of(
    office: Office, settled: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    words = [
        "order",
        "CWL26",
        "--quantity",
        "1",
        "--design",
        "cornwall",
        "--out",
        str(office.folder / "jobs"),
        "--json",
    ]
    warned = CliRunner().invoke(hournote, words)
    assert "set HOURNOTE_NOTE_HOST" in warned.stderr
    json.loads(warned.stdout)
    monkeypatch.setenv("HOURNOTE_NOTE_HOST", "notes.cornwall.example")
    quiet = CliRunner().invoke(hournote, words)
    assert "HOURNOTE_NOTE_HOST" not in quiet.stderr
    with Path(json.loads(quiet.stdout)["job"]).open("rb") as file, JobFile(file) as job:
        assert job.job.host == "NOTES.CORNWALL.EXAMPLE"


@pytest.mark.parametrize(
    "words", [[], *([name] for name in sorted(hournote.commands))], ids=lambda words: " ".join(words) or "hournote"
)
def test_every_command_has_help(office: Office, words: list[str]) -> None:
    told = office.run(*words, "--help")
    assert told.startswith(f"Usage: {' '.join(['hournote', *words])}")
    assert not (office.folder / "hournote.db").exists()


def test_books_are_for_their_owner_alone(office: Office) -> None:
    subprocess.run([sys.executable, "-m", "hournote", "init"], capture_output=True, check=True)
    assert (office.folder / "hournote.db").stat().st_mode & 0o777 == 0o600


def test_a_name_that_the_terminal_cannot_show_is_no_reason_to_fail(office: Office, settled: World) -> None:
    office.run("organisation", "add", "CWL", "Caffè Zürich")
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "hournote", "organisation", "list"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Z\\xfcrich" in done.stdout


def test_python_m_app_is_hournote() -> None:
    done = subprocess.run([sys.executable, "-m", "hournote", "--help"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: hournote ")
    assert done.stderr == ""
