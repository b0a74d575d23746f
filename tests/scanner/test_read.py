"""`scanner read`: offline, what is in pictures and PDFs."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from scanner.home import Home
from scanner.look import look_through
from tests.scanner.cards import Order, card
from tests.scanner.conftest import Command, environment, folder_of
from tests.scanner.service import Service
from tests.scanner.test_frames import pdf_of


def test_read_gives_the_contracted_keys(tmp_path: Path, home: Home, order: Order, command: Command) -> None:
    folder = folder_of(tmp_path, order.token(1), Order().token(2), "HTTPS://EXAMPLE.ORG/MENU")
    done = command("read", *sorted(folder.iterdir()), "--json")
    good, bad, other = json.loads(done.stdout)
    assert done.returncode == 0
    assert set(good) == {"file", "page", "text", "serial", "signature", "corners"}
    assert (good["text"], good["serial"], good["signature"]) == (order.token(1), "CWL260000001K", "good")
    assert (bad["serial"], bad["signature"]) == ("CWL260000002I", "bad")
    assert (other["text"], other["serial"], other["signature"]) == ("HTTPS://EXAMPLE.ORG/MENU", None, None)
    assert (good["file"], good["page"], np.shape(good["corners"])) == (str(folder / "00.png"), 1, (4, 2))


def test_a_pdf_is_read_page_by_page(tmp_path: Path, home: Home, order: Order, command: Command) -> None:
    path = pdf_of(tmp_path / "sheet.pdf", [card(order.token(number)) for number in (1, 2)])
    found = json.loads(command("read", path, "--json").stdout)
    assert [(one["page"], one["serial"]) for one in found] == [(1, "CWL260000001K"), (2, "CWL260000002I")]


def test_whoever_waits_hears_of_each_page_of_how_many(tmp_path: Path, order: Order) -> None:
    path, picture = pdf_of(tmp_path / "sheet.pdf", [card(order.token(1))] * 2), tmp_path / "one.png"
    cv2.imwrite(str(picture), card(order.token(1)))
    heard: list[tuple[Path, int, int]] = []
    look_through([path, picture], order.keyring, lambda *told: heard.append(told))
    assert heard == [(path, 1, 2), (path, 2, 2), (picture, 1, 1)]


def test_the_progress_stands_on_a_terminal(tmp_path: Path, home: Home, order: Order) -> None:
    """And a file whose name looks like markup keeps it."""
    picture = tmp_path / "[bold].png"
    cv2.imwrite(str(picture), card(order.token(1)))
    here, there = pty.openpty()
    words = [sys.executable, "-m", "scanner", "read", str(picture)]
    subprocess.run(words, stderr=there, env=environment(tmp_path, TERM="xterm", COLUMNS="200"), check=True)
    os.close(there)
    with os.fdopen(here, "rb", buffering=0) as screen:
        assert b"[bold].png, page 1 of 1" in screen.read(100_000)


def test_a_person_sees_serials_and_never_a_token(tmp_path: Path, home: Home, order: Order, command: Command) -> None:
    done = command("read", folder_of(tmp_path, order.token(1)) / "00.png")
    assert (done.returncode, "CWL26 0000001 K  good" in done.stdout) == (0, True)
    assert "/N/" not in done.stdout


def test_a_keyring_may_be_given(tmp_path: Path, order: Order, command: Command) -> None:
    picture = folder_of(tmp_path, order.token(1)) / "00.png"
    (tmp_path / "keys.json").write_text(json.dumps(Service(order).snapshot()))
    without, given = (
        command("read", picture, "--json"),
        command("read", picture, "--json", "--keyring", tmp_path / "keys.json"),
    )
    assert [json.loads(done.stdout)[0]["signature"] for done in (without, given)] == ["unknown_key", "good"]
    assert ("scanner sync" in without.stderr, given.stderr) == (True, "")


def test_nothing_to_read_is_exit_1_and_a_wrong_file_exit_2(tmp_path: Path, home: Home, command: Command) -> None:
    cv2.imwrite(str(tmp_path / "empty.png"), np.zeros((50, 50), np.uint8))
    (tmp_path / "text.png").write_text("hello")
    nothing, wrong, missing = (
        command("read", tmp_path / name, "--json") for name in ("empty.png", "text.png", "no.png")
    )
    assert (nothing.returncode, json.loads(nothing.stdout)) == (1, [])
    for done in (wrong, missing):
        assert (done.returncode, json.loads(done.stdout)) == (2, [])
        assert len(done.stderr.splitlines()) == 1


def test_a_bad_file_among_many_is_named_and_takes_nothing_from_the_others(
    tmp_path: Path, home: Home, order: Order, command: Command
) -> None:
    folder = folder_of(tmp_path, order.token(1), order.token(2))
    (tmp_path / "text.png").write_text("hello")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    done = command(
        "read", folder / "00.png", tmp_path / "text.png", tmp_path / "broken.pdf", folder / "01.png", "--json"
    )
    assert done.returncode == 2
    assert [one["text"] for one in json.loads(done.stdout)] == [order.token(1), order.token(2)]
    assert [name in line for name, line in zip(("text.png", "broken.pdf"), done.stderr.splitlines(), strict=True)] == [
        True
    ] * 2


def test_every_note_of_a_sheet_of_twenty_four_is_read(
    tmp_path: Path, home: Home, order: Order, command: Command
) -> None:
    texts = [order.token(number) for number in range(1, 25)]
    cards = [card(text, dots=4) for text in texts]
    rows = [np.hstack(cards[start : start + 4]) for start in range(0, 24, 4)]
    cv2.imwrite(str(tmp_path / "sheet.png"), np.vstack(rows))
    done = command("read", tmp_path / "sheet.png", "--json")
    assert sorted(one["text"] for one in json.loads(done.stdout)) == sorted(texts)


def test_a_small_file_that_claims_gigabytes_is_refused(tmp_path: Path, home: Home, command: Command) -> None:
    header = b"P5 30000 30000 255\n"
    (tmp_path / "bomb.pgm").write_bytes(header)
    Image.new("1", (11_000, 10_000)).save(tmp_path / "bomb.png")
    for name in ("bomb.pgm", "bomb.png"):
        done = command("read", tmp_path / name)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert "too large" in done.stderr
