"""One note's whole life, told with the real commands, a real server, a real database file and the paper itself."""

import csv
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import cv2
import httpx
import numpy as np
import pypdfium2 as pdfium
import pytest
import zxingcpp
from numpy.typing import NDArray

from app.core.job import JobFile
from app.core.serial import Serial
from app.services import desks
from app.services.books import open_books

Picture = NDArray[np.uint8]
DPI = 200
NOTES = 24


@dataclass
class Office:
    """The commands, run as a person runs them, each in a process of its own."""

    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HOURNOTE_")}
        self.environment = {
            **kept,
            "HOURNOTE_INSTANCE": str(self.folder / "instance"),
            "HOURNOTE_PUBLIC_URL": self.address,
            "HOURNOTE_SCANNER_HOME": str(self.folder / "scanner"),
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, program: str, *words: object, code: int = 0) -> str:
        command = [sys.executable, "-m", program, *map(str, words)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, f"{program} {words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr

    def hournote(self, *words: object) -> Any:
        return json.loads(self.run("hournote", *words, "--json"))

    def put(self, key: str, notes: list[str], redemption: str | None = None) -> httpx.Response:
        body = {"notes": notes, "offer": None, "scanned_at": "2026-03-01T10:00:00Z"}
        url = f"{self.address}/api/v1/redemptions/{redemption or uuid4()}"
        return httpx.put(url, json=body, headers={"Authorization": f"Bearer {key}"}, timeout=60, trust_env=False)

    def verdict(self, key: str, note: str) -> str:
        return str(self.put(key, [note]).json()["notes"][0]["verdict"])

    @contextmanager
    def serving(self) -> Iterator[None]:
        command = [sys.executable, "-m", "hournote", "serve", "--port", str(self.port), "--workers", "2"]
        server = subprocess.Popen(command, env=self.environment, stdout=subprocess.DEVNULL)
        try:
            self._wait_for_answer(server)
            yield
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(30) == 0

    def _wait_for_answer(self, server: "subprocess.Popen[bytes]") -> None:
        for _try in range(300):
            assert server.poll() is None, "the server stopped"
            try:
                if httpx.get(f"{self.address}/readyz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        pytest.fail("the server did not answer")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Office(tmp_path, probe.getsockname()[1])


def photograph(press_pdf: Path, token: str, seed: int) -> Picture:
    """The note that bears `token`, cut from the printed sheet and photographed: tilted, blurred and noisy."""
    return _bend(_cut(_sheet(press_pdf), token), np.random.default_rng(seed))


def _sheet(press_pdf: Path) -> Picture:
    with pdfium.PdfDocument(press_pdf) as document:
        drawn = document[0].render(scale=DPI / 72).to_numpy()
    return np.ascontiguousarray(drawn[:, :, :3])


def _cut(sheet: Picture, token: str) -> Picture:
    """A piece of the sheet around the note's symbol, wide enough for most of the note."""
    found = {each.text: each.position for each in zxingcpp.read_barcodes(sheet)}
    corner = found[token].top_left
    left, top = max(0, corner.x - 700), max(0, corner.y - 160)
    return sheet[top : top + 520, left : left + 1060]


def _bend(note: Picture, random: np.random.Generator) -> Picture:
    height, width = note.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    tilted = flat * 0.9 + random.uniform(0, 40, (4, 2)).astype(np.float32) + 60
    desk = np.full((720, 1280, 3), 90, np.uint8)
    frame = cv2.warpPerspective(
        note, cv2.getPerspectiveTransform(flat, tilted), (1280, 720), desk, borderMode=cv2.BORDER_TRANSPARENT
    )
    blurred = cv2.GaussianBlur(frame, (0, 0), 0.8).astype(np.float64)
    return np.clip(blurred * 0.85 + random.normal(0, 6, frame.shape), 0, 255).astype(np.uint8)


def scan(office: Office, picture: Picture) -> list[dict[str, Any]]:
    """Hold a picture of a note to the scanner; gives its events."""
    folder = office.folder / f"camera-{uuid4()}"
    folder.mkdir()
    cv2.imwrite(str(folder / "1.png"), picture)
    lines = office.run("scanner", "run", "--camera", folder, "--headless").splitlines()
    return [json.loads(line) for line in lines]


def verdicts(events: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["serial"], each["verdict"]) for each in events if each["event"] == "verdict"]


def test_one_notes_whole_life(office: Office) -> None:
    # The national office sets a programme up, and the programme says who takes part.
    office.run("hournote", "init")
    office.hournote("programme", "add", "CWL", "Cornwall")
    office.hournote("organisation", "add", "CWL", "YMCA Cornwall")
    office.hournote("venue", "add", "CWL", "Carn Brea Leisure Centre", "--kind", "corporate")
    office.hournote("offer", "add", "Carn Brea Leisure Centre", "Swim", "--hours", 1)
    by_hand = office.hournote("desk", "add", "Carn Brea Leisure Centre", "Till")
    by_camera = office.hournote("desk", "add", "Carn Brea Leisure Centre", "Front desk")

    # An order is signed; the job file is for its owner alone.
    order = office.hournote(
        "order", "CWL26", "--quantity", NOTES, "--design", "cornwall", "--bundle", 12, "--out", office.folder / "jobs"
    )
    job = Path(order["job"])
    assert (order["order"], order["quantity"], job.stat().st_mode & 0o777) == ("CWL26-001", NOTES, 0o600)
    with job.open("rb") as file, JobFile(file) as opened:
        tokens = list(opened.texts())
    assert order["first"] in tokens[0]
    assert order["last"] in tokens[-1]

    # The print shop composes it and proofs every note from the paper's picture.
    delivery = office.folder / "delivery"
    composed = json.loads(office.run("notegen", "compose", job, "--out", delivery, "--json"))
    assert (composed["notes"], composed["sheets"]) == (NOTES, 2)
    proof = json.loads(office.run("notegen", "proof", delivery, "--sample", "all", "--json"))
    assert (proof["notes"], proof["read"], proof["failed"]) == (NOTES, NOTES, [])
    with (delivery / "manifest.csv").open(newline="") as manifest:
        top_sheet = {row["serial"] for row in csv.DictReader(manifest) if row["sheet"] == "1"}
    press_pdf = delivery / "press" / Path(composed["files"][0]).name
    ours, theirs = [token for token in tokens if token[-116:-103] in top_sheet][:2]

    with office.serving():
        office.run("scanner", "enrol", by_camera["enrolment_url"])

        # Paper that was not given out yet is worth nothing, wherever it is.
        photo = photograph(press_pdf, ours, seed=1)
        serial = ours[-116:-103]
        assert verdicts(scan(office, photo)) == [(serial, "not_issued")]
        balanced = office.hournote("printed", "CWL26-001", "--spoiled", "CWL26 24")
        assert (balanced["good"], balanced["spoiled"], balanced["missing"]) == (NOTES - 1, 1, 0)
        assert "receive them first" in office.run("hournote", "issue", "CWL26 1-12", "--to", "YMCA Cornwall", code=2)
        assert office.hournote("receive", "CWL26-001")["state"] == "stocked"
        assert verdicts(scan(office, photo)) == [(serial, "not_issued")]
        issued = office.hournote("issue", "CWL26-001", "--to", "YMCA Cornwall")
        assert (issued["state"], issued["notes"], issued["passed_over"]) == (
            "issued", NOTES - 1, [{"first": str(Serial("CWL26", 24)), "last": str(Serial("CWL26", 24))}],
        )  # fmt: skip
        public = httpx.get(f"{office.address}/N/{ours.split('/N/')[1]}", trust_env=False).text

        # Held to the camera it is redeemed, once.
        (accepted,) = [each for each in scan(office, photo) if each["event"] == "verdict"]
        assert (accepted["serial"], accepted["verdict"]) == (serial, "accepted")
        assert verdicts(scan(office, photograph(press_pdf, ours, seed=2))) == [(serial, "already_redeemed")]
        assert httpx.get(f"{office.address}/N/{ours.split('/N/')[1]}", trust_env=False).text != public

        # The same call gets the same answer, however often the network asks again.
        visit, key = str(uuid4()), by_hand["key"]
        first, again = office.put(key, [theirs], visit), office.put(key, [theirs], visit)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
        assert first.json()["outcome"] == "accepted"

        # Each other note gets its own verdict.
        others = [token for token in tokens[:-1] if token not in (ours, theirs)]
        held, void, wanted = others[:3]
        office.hournote("hold", held[-116:-103], "--reason", "lost")
        office.hournote("void", void[-116:-103], "--reason", "stolen")
        assert office.verdict(key, held) == "held"
        assert office.verdict(key, void) == "void"
        assert office.verdict(key, tokens[-1]) == "void"
        assert office.verdict(key, others[3][:-40] + "A" * 40) == "forged"
        assert office.verdict(key, others[3].replace(others[3][-116:-103], others[4][-116:-103])) == "forged"
        assert office.verdict(key, others[3].replace(others[3][-116:-103], str(Serial("CWL26", 9000)))) == "unknown"
        assert office.verdict(key, others[3][:-1]) == "malformed"
        assert office.verdict(key, others[3][-116:-103]) == "keyed_not_allowed"

        # Sixty-four desks redeem the same note at once: exactly one is accepted.
        answers = _at_sixty_four_desks(office, wanted)
        assert sorted(answers) == ["accepted"] + ["already_redeemed"] * 63

    # Its paper is counted and destroyed, and the books close.
    assert office.hournote("retire", serial)["state"] == "retired"
    life = office.hournote("show", serial)
    assert [each["kind"] for each in life["movements"]] == ["order", "print", "receive", "issue"]
    assert [each["verdict"] for each in life["scans"]] == [
        "not_issued", "not_issued", "accepted", "already_redeemed",
    ]  # fmt: skip
    assert [each["redemption"] for each in life["redemptions"]] == [accepted["redemption"]]
    assert life["state"] == "retired"
    counted = office.hournote("range", "CWL26-001")["counts"]
    assert counted == {"issued": NOTES - 6, "redeemed": 2, "retired": 1, "held": 1, "void": 2}
    assert office.hournote("audit")["findings"] == []


def _at_sixty_four_desks(office: Office, token: str) -> list[str]:
    """Each desk in a thread of its own, all with the one note."""
    books = open_books(f"sqlite:///{office.folder}/instance/hournote.db")
    keys = [
        desks.add_desk(books, venue="Carn Brea Leisure Centre", name=f"Desk {n}", now=datetime.now(UTC)).key
        for n in range(64)
    ]
    books.close()
    with ThreadPoolExecutor(64) as pool:
        return list(pool.map(lambda key: office.verdict(key, token), keys))
