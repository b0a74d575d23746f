"""Frames from folders, videos and what is none of them; pictures and PDF pages from files."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from app.core.errors import BadInput
from scanner.decode import read
from scanner.frames import open_frames
from scanner.pictures import DOTS_PER_INCH, load, pages
from tests.scanner.cards import SMALL, Order, card, shot
from tests.scanner.conftest import folder_of


def video_of(path: Path, texts: list[str], frames_each: int = 5) -> Path:
    """A real video: each text held still for some frames, ten a second."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # read once a process, by whoever is first
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, SMALL[::-1])
    for text in texts:
        shaken = [shot(text, seed) for seed in range(3)]
        for frame in range(frames_each):
            writer.write(shaken[frame % 3])
    writer.release()
    return path


def pdf_of(path: Path, cards: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]) -> Path:
    """A card a page at its true size."""
    first, *others = [Image.fromarray(paper[:, :, ::-1]) for paper in cards]
    first.save(path, "PDF", resolution=DOTS_PER_INCH, save_all=True, append_images=others)
    return path


def test_a_folder_gives_its_pictures_in_order_a_second_apart(tmp_path: Path, order: Order) -> None:
    folder = folder_of(tmp_path, order.token(1), order.token(2))
    (folder / "notes.txt").write_text("not a picture")
    (folder / ".hidden.png").write_text("not a picture")
    moments = list(open_frames(str(folder)))
    assert [moment.at_seconds for moment in moments] == [0, 1]
    assert [read(moment.frame)[0].text for moment in moments] == [order.token(1), order.token(2)]


def test_a_damaged_picture_in_a_folder_is_passed_over(
    tmp_path: Path, order: Order, caplog: pytest.LogCaptureFixture
) -> None:
    folder = folder_of(tmp_path, order.token(1), order.token(2))
    (folder / "00.png").write_bytes(b"half a picture")
    assert [moment.at_seconds for moment in open_frames(str(folder))] == [1]
    assert "00.png" in caplog.text
    (folder / "01.png").write_bytes(b"half a picture")
    with pytest.raises(BadInput, match="None of the pictures"):
        list(open_frames(str(folder)))


def test_one_picture_is_a_folder_of_one(tmp_path: Path, order: Order) -> None:
    folder = folder_of(tmp_path, order.token(1))
    assert len(list(open_frames(str(folder / "00.png")))) == 1


def test_a_video_gives_its_frames_on_its_own_clock(tmp_path: Path, order: Order) -> None:
    frames = open_frames(str(video_of(tmp_path / "clip.avi", [order.token(1)])))
    moments = list(frames)
    frames.close()
    assert [moment.at_seconds for moment in moments] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4])
    assert read(moments[4].frame)[0].text == order.token(1)
    assert not frames.live


WRONG = {
    "a camera that is not there": ("97", "Camera 97"),
    "a file that is not there": ("nowhere.mp4", "no camera, file or folder"),
    "an empty folder": ("empty", "has no pictures"),
    "a text that calls itself a video": ("text.mp4", "not a video"),
    "an address where nobody is": ("http://127.0.0.1:9/live", "Nothing can be seen"),
    "an address with a password": ("rtsp://me:secret@127.0.0.1:9/live", "rtsp://127.0.0.1:9/live"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_gives_no_frames_is_refused_with_the_way_out(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    Path("text.mp4").write_text("hello")
    camera, expected = WRONG[name]
    with pytest.raises(BadInput) as refusal:
        list(open_frames(camera))
    assert expected in refusal.value.sentence
    assert "secret" not in refusal.value.sentence
    assert capfd.readouterr().err == ""


def test_a_picture_that_is_damaged_is_refused_by_name(tmp_path: Path) -> None:
    for name, content in {"a.png": b"", "b.jpg": b"\xff\xd8\xff\xe0 not more", "c.png": b"\x89PNG\r\n\x1a\n"}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadInput, match=name):
            load(tmp_path / name)


def test_a_photograph_is_turned_upright_as_its_exif_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(tmp_path / "phone.jpg", exif=exif)
    assert load(tmp_path / "phone.jpg").shape == (40, 20, 3)


def test_the_pages_of_a_pdf_are_read(tmp_path: Path, order: Order) -> None:
    path = pdf_of(tmp_path / "sheet.pdf", [card(order.token(number)) for number in (1, 2, 3)])
    found = [(page, [reading.text for reading in read(picture)]) for page, _of, picture in pages(path)]
    assert found == [(page, [order.token(page)]) for page in (1, 2, 3)]


def test_a_damaged_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half.pdf").write_bytes(b"%PDF-1.7 and no more")
    with pytest.raises(BadInput, match=r"half\.pdf"):
        list(pages(tmp_path / "half.pdf"))


def test_a_folder_or_nothing_is_no_picture(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing.png"):
        with pytest.raises(BadInput, match=str(path.name)):
            list(pages(path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_picture_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "a.png").chmod(0)
    with pytest.raises(BadInput, match="Permission denied"):
        list(pages(tmp_path / "a.png"))
