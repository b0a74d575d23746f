"""The real command, headless, against a real server: what is spent, told, and kept."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.home import Home
from scanner.memory.books import Books
from tests.scanner.cards import Order
from tests.scanner.conftest import Command, environment, events_in, folder_of
from tests.scanner.service import CODE, KEY, Service, dropped_after_commit, garbage, status
from tests.scanner.test_frames import video_of
from tests.scanner.visits import signature_in
from tests.zbar import but_for_zbar

FIRST, SECOND = "CWL260000001K", "CWL260000002I"


def verdicts(done: "subprocess.CompletedProcess[str]") -> dict[str, str]:
    """The verdict on each serial; fails on anything that must not be printed."""
    assert KEY not in done.stdout + done.stderr
    assert "/N/" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return {event["serial"]: event["verdict"] for event in events_in(done) if event["event"] == "verdict"}


def test_enrol_run_and_run_again(tmp_path: Path, service: Service, order: Order, command: Command) -> None:
    enrolled = command("enrol", f"{service.url}/desk/enrol#{CODE}", "--name", "Café")
    assert (enrolled.returncode, enrolled.stderr) == (0, "")
    assert CODE not in enrolled.stdout
    folder = folder_of(tmp_path, order.token(1), order.token(2))
    first, again = (command("run", "--camera", folder, "--headless") for _ in range(2))
    assert verdicts(first) == {FIRST: "accepted", SECOND: "accepted"}
    assert verdicts(again) == {FIRST: "already_redeemed", SECOND: "already_redeemed"}
    assert (first.returncode, again.returncode) == (0, 0)
    assert [event["event"] for event in events_in(first)][-1] == "synced"
    assert all({"event", "serial", "verdict", "redemption"} <= set(event) for event in events_in(first))


def test_each_scan_is_told_before_its_verdict(tmp_path: Path, home: Home, order: Order, command: Command) -> None:
    done = command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    scan, verdict, synced = events_in(done)
    assert [scan["event"], verdict["event"], synced["event"]] == ["scan", "verdict", "synced"]
    assert scan["redemption"] == verdict["redemption"] != synced["redemption"]
    assert (scan["serial"], scan["verdict"], scan["signature"]) == (FIRST, None, "good")


def test_other_codes_are_never_sent(tmp_path: Path, home: Home, service: Service, command: Command) -> None:
    done = command("run", "--camera", folder_of(tmp_path, "HTTPS://EXAMPLE.ORG/MENU"), "--headless")
    assert next((e["event"], e["serial"], e["verdict"]) for e in events_in(done)) == ("scan", None, "malformed")
    assert (service.puts, done.returncode) == ([], 0)


def test_a_forged_note_is_asked_about_and_refused(tmp_path: Path, home: Home, command: Command) -> None:
    done = command("run", "--camera", folder_of(tmp_path, Order().token(1)), "--headless")
    assert verdicts(done) == {FIRST: "forged"}
    assert events_in(done)[0]["signature"] == "bad"


def test_a_note_held_in_view_of_a_video_is_one_scan(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    clip = video_of(tmp_path / "clip.avi", [order.token(1), order.token(2)], frames_each=8)
    done = command("run", "--camera", clip, "--headless")
    assert verdicts(done) == {FIRST: "accepted", SECOND: "accepted"}
    assert len(service.puts) == 2


def test_what_the_desk_sends_is_the_contract(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless", "--offer", "7")
    ((visit, body),) = service.puts
    assert set(body) == {"notes", "offer", "scanned_at", "offline", "practice"}
    assert (body["notes"], body["offer"], body["offline"], body["practice"]) == ([order.token(1)], 7, False, False)
    assert body["scanned_at"].endswith("Z")
    assert len(visit) == 36


def test_trouble_on_the_way_is_outlasted_under_the_same_id(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    service.tricks = [status(500), garbage(b"<html>", "text/html"), dropped_after_commit, status(429, Retry_After="0")]
    done = command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    assert verdicts(done) == {FIRST: "accepted"}
    told = [event["event"] for event in events_in(done) if event["event"] not in ("offline", "online")]
    assert (told[0], told[-2:]) == ("scan", ["verdict", "synced"])
    assert (len(service.answers), {visit for visit, _ in service.puts}) == (1, set(service.answers))


def test_a_visit_that_never_gets_an_answer_holds_up_no_other(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    unlucky = status(500, Retry_After="0")
    service.always = lambda call: call.command == "PUT" and FIRST in str(call.service.puts[-1]) and unlucky(call)
    done = command("run", "--camera", folder_of(tmp_path, order.token(1), order.token(2)), "--headless")
    assert verdicts(done) == {FIRST: "accepted", SECOND: "accepted"}
    assert "accepted_offline" in done.stdout
    assert (done.returncode, service.spent) == (0, {FIRST, SECOND})


def test_without_the_service_visits_wait_and_sync_sends_them(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    service.always = status(503, Retry_After="0")
    offline = command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    assert (offline.returncode, verdicts(offline)) == (1, {FIRST: "accepted_offline"})
    assert "scanner sync" in offline.stderr
    waiting = json.loads(command("status", "--json").stdout)
    assert (waiting["waiting"], waiting["waiting_notes"], waiting["online"]) == (1, 1, False)
    assert (waiting["offline_notes_left"], waiting["offline"], waiting["snapshot_age_seconds"] >= 0) == (
        19,
        "ready",
        True,
    )
    assert command("sync").returncode == 1
    service.always = None
    synced = command("sync")
    assert (synced.returncode, synced.stderr) == (0, "")
    assert FIRST in synced.stdout
    assert json.loads(command("status", "--json").stdout)["waiting"] == 0
    assert {visit for visit, _ in service.puts} == set(service.answers)
    assert not signature_in(home.folder, order.token(1))
    service.always = status(503, Retry_After="0")
    unheard = command("sync")
    assert (unheard.returncode, unheard.stdout) == (1, "")
    assert "gave no answer, so nothing new is known" in unheard.stderr


def test_a_run_that_is_killed_forgets_nothing(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    """kill -9 between the journal and the answer: the next run sends the visit under its old id."""
    service.always = status(503, Retry_After="0")
    words = [sys.executable, "-m", "scanner", "run", "--headless", "--camera", str(folder_of(tmp_path, order.token(1)))]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment(tmp_path)) as run:
        assert run.stdout is not None
        scan = json.loads(run.stdout.readline())
        run.kill()
    service.always = None
    synced = command("sync")
    assert synced.returncode == 0
    assert service.answers[scan["redemption"]]["outcome"] == "accepted"


def test_a_revoked_desk_stops_and_keeps_what_waits(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    service.always = status(401)
    done = command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    assert (done.returncode, verdicts(done)) == (2, {})
    assert "Enrol again. Visits that wait: 1; keep their notes" in done.stderr
    service.always = None
    assert command("enrol", f"{service.url}/desk/enrol#{CODE}").returncode == 0
    assert FIRST in command("sync").stdout


def test_a_call_that_is_wrong_is_told_and_not_repeated(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    service.tricks = [status(422)]
    done = command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    assert verdicts(done) == {FIRST: None}
    assert (len(service.puts), done.returncode) == (1, 0)


def test_waiting_tokens_are_never_sent_to_another_service(
    tmp_path: Path, home: Home, order: Order, service: Service, command: Command
) -> None:
    service.always = status(503, Retry_After="0")
    command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    refused = command("enrol", "http://127.0.0.1:9/desk/enrol#code")
    assert (refused.returncode, "scanner sync" in refused.stderr) == (2, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_run_cleanly(
    tmp_path: Path, home: Home, service: Service, order: Order, number: signal.Signals
) -> None:
    service.always = status(503, Retry_After="0")
    clip = video_of(tmp_path / "clip.avi", [order.token(1), order.token(2)], frames_each=120)
    words = [sys.executable, "-m", "scanner", "run", "--headless", "--camera", clip]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, text=True, env=environment(tmp_path), **pipes) as run:  # type: ignore[call-overload]
        run.stdout.readline()
        run.send_signal(number)
        assert run.wait(60) == 0
        assert but_for_zbar(run.stderr.read()) == ""
    books = Books(home.journal)
    with books.read() as page:
        assert len(page.open()) == 1
    books.close()


def test_whoever_stops_reading_gets_no_traceback(tmp_path: Path, home: Home, order: Order) -> None:
    words = [sys.executable, "-m", "scanner", "run", "--headless", "--camera", str(folder_of(tmp_path, order.token(1)))]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(words, stdout=writer, stderr=subprocess.PIPE, text=True, env=environment(tmp_path))
    os.close(writer)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)


def test_a_scanner_without_enrolment_says_so(tmp_path: Path, command: Command) -> None:
    for words in (("run", "--headless"), ("sync",), ("status",)):
        done = command(*words)
        assert (done.returncode, done.stdout) == (2, "")
        assert "scanner enrol" in done.stderr


def test_a_window_without_a_display_is_refused_with_the_way_out(
    tmp_path: Path, home: Home, order: Order, command: Command
) -> None:
    folder = folder_of(tmp_path, order.token(1))
    refused = command("run", "--camera", folder, "--window")
    assert (refused.returncode, "--headless" in refused.stderr) == (2, True)
    instead = command("run", "--camera", folder)
    assert (instead.returncode, "--headless" in instead.stderr) == (0, True)
    assert verdicts(instead) == {FIRST: "accepted"}


def test_a_note_that_was_accepted_apart_is_not_accepted_twice(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    """Neither by the desk that is still without its service, nor when the journal is sent twice."""
    service.always = status(503, Retry_After="0")
    folder = folder_of(tmp_path, order.token(1))
    first, again = (verdicts(command("run", "--camera", folder, "--headless")) for _ in range(2))
    assert (first, again) == ({FIRST: "accepted_offline"}, {FIRST: "already_redeemed"})
    service.always = None
    assert command("sync").stdout.count(f"{FIRST}  accepted") == 1
    assert [answer["outcome"] for answer in service.answers.values()] == ["accepted"]


def test_a_note_that_nobody_could_tell_of_is_not_left_spent(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    """The venue leaves nothing to its desks; the answer was lost after the notes were spent."""
    service.policy["offline_notes"] = 0
    assert command("sync").returncode == 0
    service.tricks = [dropped_after_commit] + [status(500)] * 9
    done = command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    assert verdicts(done) == {FIRST: "cannot_tell_offline"}
    assert (service.spent, len(service.reversed)) == (set(), 1)


def test_a_desk_that_only_checks_spends_nothing(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    service.scope = "check"
    done = command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    assert (verdicts(done), service.puts) == ({FIRST: "good"}, [])
