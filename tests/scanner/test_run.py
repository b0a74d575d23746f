"""The real command, headless, against a real server: what is spent, told, and kept."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scanner.home import Home
from scanner.journal import Journal
from tests.scanner.cards import Order
from tests.scanner.conftest import Command, environment, events_in, folder_of
from tests.scanner.service import CODE, KEY, Service, dropped_after_commit, garbage, status
from tests.scanner.test_frames import video_of
from tests.scanner.test_journal import signature_in
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
    assert [event["event"] for event in events_in(done)] == ["scan", "offline", "online", "verdict", "synced"]
    assert (len(service.puts), len({visit for visit, _ in service.puts})) == (5, 1)


def test_a_visit_that_never_gets_an_answer_holds_up_no_other(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    service.always = lambda call: FIRST in str(call.service.puts[-1]) and status(500, Retry_After="0")(call)
    done = command("run", "--camera", folder_of(tmp_path, order.token(1), order.token(2)), "--headless")
    assert verdicts(done) == {SECOND: "accepted"}
    assert done.returncode == 1


def test_without_the_service_visits_wait_and_sync_sends_them(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    service.always = status(503, Retry_After="0")
    offline = command("run", "--camera", folder_of(tmp_path, order.token(1)), "--headless")
    assert (offline.returncode, verdicts(offline)) == (1, {})
    assert "scanner sync" in offline.stderr
    assert json.loads(command("status", "--json").stdout)["waiting"] == 1
    service.always = None
    synced = command("sync")
    assert (synced.returncode, synced.stderr) == (0, "")
    assert FIRST in synced.stdout
    assert json.loads(command("status", "--json").stdout)["waiting"] == 0
    assert len({visit for visit, _ in service.puts}) == 1
    assert not signature_in(home.folder, order.token(1))


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
    service.always = status(422)
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
    journal = Journal(home.journal)
    assert journal.count() == 1
    journal.close()


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


def test_a_note_shown_again_while_it_waits_is_one_visit(
    tmp_path: Path, home: Home, service: Service, order: Order, command: Command
) -> None:
    """Else the second visit would say "already spent" of a note that this very desk has just taken."""
    service.always = status(503, Retry_After="0")
    folder = folder_of(tmp_path, order.token(1))
    offline, offline_again = (command("run", "--camera", folder, "--headless") for _ in range(2))
    service.always = None
    assert command("sync").stdout.count(f"{FIRST}  accepted") == 1
    scans = [event for done in (offline, offline_again) for event in events_in(done) if event["event"] == "scan"]
    assert {event["redemption"] for event in scans} == set(service.answers)
    assert service.answers[scans[0]["redemption"]]["outcome"] == "accepted"
