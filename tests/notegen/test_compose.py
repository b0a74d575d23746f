import csv
import hashlib
import re
import signal
import tomllib
from collections import defaultdict
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from app.core.errors import BadDesign, BadInput, BadJob
from app.core.job import JobFile
from app.core.serial import parse_canonical
from app.core.token import LONGEST_HOST, parse
from notegen import check, layout, processes
from notegen.compose import compose
from notegen.geometry.colourbar import PATCHES
from notegen.geometry.grid import Flip
from notegen.geometry.offset import Offset
from notegen.proof import proof
from tests.notegen import workshop

POINT_MM = 25.4 / 72


def rows_of(out: Path) -> list[dict[str, str]]:
    with (out / "manifest.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def press_file(out: Path) -> Path:
    (file,) = (out / "press").iterdir()
    return file


def picture(file: Path, page: int, dpi: int = 200) -> Image.Image:
    document = pypdfium2.PdfDocument(file)
    try:
        drawn: Image.Image = document[page - 1].render(scale=dpi / 72).to_pil()
        return drawn.convert("RGB")
    finally:
        document.close()


def texts(page: Image.Image) -> list[str]:
    return [code.text for code in workshop.qrs_in(page)]


def notes_on(file: Path, page: int) -> list[tuple[float, float, bool]]:
    """Where the page's content and its forms place notes: the lower left corner of the trim in mm, and if on its head."""
    with pikepdf.open(file) as pdf:
        sheet = pdf.pages[page - 1].resources.XObject.Sheet.read_bytes().decode()
    found = re.findall(r"q (-?1) 0 0 (-?1) ([\d.]+) ([\d.]+) cm /Note Do Q", sheet)
    width, height = workshop.TRIM_MM
    return [
        (
            float(x) * POINT_MM - (width if turn == "-1" else 0),
            float(y) * POINT_MM - (height if turn == "-1" else 0),
            turn == "-1",
        )
        for turn, _, x, y in found
    ]


def test_a_delivery_has_press_files_a_manifest_a_layout_and_the_job(composed: Path, job: Path) -> None:
    assert {path.name for path in composed.iterdir()} == {"press", "manifest.csv", "layout.toml", "job.toml"}
    assert press_file(composed).name == "CWL26-001-run001.pdf"
    with job.open("rb") as stream, JobFile(stream) as file:
        assert (composed / "job.toml").read_bytes() == file.toml()


def test_only_the_owner_can_read_a_delivery(composed: Path) -> None:
    for path in [composed, *composed.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_the_manifest_names_each_note_once_in_serial_order(composed: Path) -> None:
    rows = rows_of(composed)
    assert list(rows[0]) == ["serial", "sheet", "row", "column", "stack", "bundle", "file", "page"]
    assert [parse_canonical(row["serial"]).number for row in rows] == list(range(1, 31))
    first = {"sheet": "1", "row": "1", "column": "1", "stack": "1", "bundle": "1", "page": "1"}
    assert rows[0] == {"serial": "CWL260000001K", "file": "press/CWL26-001-run001.pdf", **first}
    assert {(row["page"], row["sheet"]) for row in rows} == {("1", "1"), ("3", "2"), ("5", "3")}


def test_every_qr_is_the_token_of_the_note_that_the_manifest_puts_there(composed: Path, job: Path) -> None:
    with job.open("rb") as stream, JobFile(stream) as file:
        wanted = {parse(text).serial: text for text in file.texts()}
    pages = {page: picture(press_file(composed), page) for page in (1, 3, 5)}
    for row in rows_of(composed):
        left = 16.5 + (int(row["column"]) - 1) * 141
        top = 19 + (int(row["row"]) - 1) * 72
        box = [round(edge / 25.4 * 200) for edge in (left, top, left + 135, top + 66)]
        cell = pages[int(row["page"])].crop((box[0], box[1], box[2], box[3]))
        assert texts(cell) == [wanted[parse_canonical(row["serial"])]]


def test_after_cutting_the_piles_are_in_serial_order(composed: Path) -> None:
    """Decode the sheets from the top of the pile, cut each into its places, and lay the piles one under another."""
    piles: dict[tuple[int, int], list[int]] = defaultdict(list)
    for page in (1, 3, 5):
        for code in workshop.qrs_in(picture(press_file(composed), page)):
            corner = code.position.top_left
            place = int(corner.y / 200 * 25.4 // 72), int(corner.x / 200 * 25.4 // 141)
            piles[place].append(parse(code.text).serial.number)
    assert [number for place in sorted(piles) for number in piles[place]] == list(range(1, 31))


@pytest.mark.parametrize("flip", ["long", "short"])
@pytest.mark.parametrize("sheet", ["sra3", "a4", "a3", "330x488"])
def test_backs_are_in_register(tmp_path: Path, designs: Path, sheet: str, flip: Flip) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=12)
    compose(job, tmp_path / "out", sheet_name=sheet, flip=flip)
    file = press_file(tmp_path / "out")
    fronts, backs = notes_on(file, 1), notes_on(file, 2)
    with pikepdf.open(file) as pdf:
        width, height = (float(edge) * POINT_MM for edge in pdf.pages[0].mediabox.as_list()[2:])
        assert str(pdf.Root.ViewerPreferences.Duplex) == f"/DuplexFlip{flip.title()}Edge"
    level = (width > height) == (flip == "long")
    for (x, y, _), (back_x, back_y, on_head) in zip(fronts, backs, strict=True):
        through = (back_x, height - back_y - 66) if level else (width - back_x - 135, back_y)
        assert through == pytest.approx((x, y), abs=0.01)
        assert on_head == level


def test_the_art_is_cut_where_the_crop_marks_stand(composed: Path) -> None:
    dpi = 600
    page = np.asarray(picture(press_file(composed), 1, dpi).convert("L"))
    row = page[round(13 / 25.4 * dpi)]
    marks = np.flatnonzero(row < 128) / dpi * 25.4
    for trim in (16.5, 151.5, 157.5, 292.5, 298.5, 433.5):
        assert np.abs(marks - trim).min() < 0.1
    inked = np.flatnonzero(page[round(40 / 25.4 * dpi)] < 250) / dpi * 25.4
    inked = inked[(inked > 12) & (inked < 438)]
    assert (inked.min(), inked.max()) == pytest.approx((13.5, 436.5), abs=0.06)


def test_paper_that_carries_no_note_stays_blank_on_both_sides(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=7)
    compose(job, tmp_path / "out", sheet_name="a4")
    file = press_file(tmp_path / "out")
    empty_front = picture(file, 3, 100).crop((590, 415, 1120, 680))
    assert len(texts(picture(file, 1))) == 4
    assert len(texts(picture(file, 3))) == 3
    assert np.asarray(empty_front).min() == 255
    back = picture(file, 4, 100)
    assert np.asarray(back.crop((590, 150, 1120, 410))).min() == 255
    assert np.asarray(back.crop((590, 415, 1120, 680))).max() < 255


def test_boxes_and_wishes_of_the_file(composed: Path) -> None:
    with pikepdf.open(press_file(composed)) as pdf:
        page = pdf.pages[0]
        boxes = {
            name: [float(edge) * POINT_MM for edge in page.obj[name].as_list()]
            for name in ("/TrimBox", "/BleedBox", "/MediaBox")
        }
        assert boxes["/MediaBox"] == pytest.approx([0, 0, 450, 320], abs=0.001)
        assert boxes["/TrimBox"] == pytest.approx([16.5, 19, 433.5, 301], abs=0.001)
        assert boxes["/BleedBox"] == pytest.approx([13.5, 16, 436.5, 304], abs=0.001)
        assert str(pdf.Root.ViewerPreferences.PrintScaling) == "/None"
        assert len(pdf.pages) == 6
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261122120000Z"


def test_what_differs_from_note_to_note_is_in_black_alone(composed: Path) -> None:
    with pikepdf.open(press_file(composed)) as pdf:
        steps = pikepdf.parse_content_stream(pdf.pages[0])
        inks = {tuple(map(float, step.operands)) for step in steps if str(step.operator) in ("k", "K")}
        others = {str(step.operator) for step in steps} & {"rg", "RG", "g", "G", "cs", "CS", "sc", "scn"}
        images = [step.iimage for step in steps if isinstance(step, pikepdf.ContentStreamInlineImage)]
    assert (inks, others) == ({(0.0, 0.0, 0.0, 1.0)}, set())
    assert {(image.width, image.height, image.image_mask) for image in images} == {(49, 49, True)}


def test_the_art_is_in_the_file_once(composed: Path) -> None:
    with pikepdf.open(press_file(composed)) as pdf:
        sheets = {page.resources.XObject.Sheet.objgen for page in pdf.pages}
    assert len(sheets) == 2


def test_the_serial_and_the_last_day_stand_on_each_note(composed: Path) -> None:
    document = pypdfium2.PdfDocument(press_file(composed))
    words = " ".join(document[0].get_textpage().get_text_bounded().split())
    document.close()
    assert words.count("CWL26 0000001 K") == 2, "the serial and the second one, which stands upright"
    assert words.count("Use by 30 September 2029") == 10


def words_on(file: Path, page: int) -> str:
    document = pypdfium2.PdfDocument(file)
    try:
        return " ".join(document[page - 1].get_textpage().get_text_bounded().split())
    finally:
        document.close()


def test_the_host_of_the_job_stands_on_both_sides_as_people_type_it(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=24, host="TIME.CORNWALL.EXAMPLE")
    compose(job, tmp_path / "out")
    file = press_file(tmp_path / "out")
    assert words_on(file, 1).count("or go to time.cornwall.example") == 12
    assert words_on(file, 2).count("neu ewch i time.cornwall.example") == 12
    with pikepdf.open(file) as pdf:
        assert len({page.Contents.objgen for page in pdf.pages[1::2]}) == 1, "all backs share one content"


@pytest.mark.parametrize("letter", ["N", "W", "I"])
def test_the_longest_host_keeps_to_its_slot(tmp_path: Path, designs: Path, letter: str) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=1, host=letter * LONGEST_HOST)
    compose(job, tmp_path / "out", pages=True)
    ink = np.asarray(picture(press_file(tmp_path / "out"), 1, 400).convert("L")) < 60
    dots = 400 / 25.4
    band = ink[round(11.5 * dots) : round(15.8 * dots), : round(90 * dots)]
    columns = np.flatnonzero(band.any(axis=0)) / dots - 3
    assert columns.min() == pytest.approx(10, abs=0.4)
    assert columns.max() <= 50.1
    assert proof(tmp_path / "out").failed == []


def test_each_sheet_says_which_it_is_where_it_is_cut_off(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "out", sheet_name="a4", run_sheets=5)
    second = sorted((tmp_path / "out" / "press").iterdir())[1]
    assert words_on(second, 1).count("CWL26-001, sheet 6 of 8, run 2") == 1
    document = pypdfium2.PdfDocument(second)
    page, dots = document[0], 72 / 25.4
    height = page.get_height()
    left, low, right, high = (10.5 * dots, (210 - 171 - 3 - 6) * dots, 286.5 * dots, height - (171 + 3) * dots)
    assert "sheet 6 of 8" in page.get_textpage().get_text_bounded(left, low, right, high)
    document.close()
    compose(job, tmp_path / "single", pages=True)
    assert "sheet" not in words_on(press_file(tmp_path / "single"), 1)


def test_a_note_that_does_not_expire_says_nothing_of_it(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=1, expires_on=None)
    compose(job, tmp_path / "out", pages=True)
    document = pypdfium2.PdfDocument(press_file(tmp_path / "out"))
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "Use by" not in words
    assert "or go to notes.example.org" in words
    assert "CWL26 0000001 K" in words


def test_the_same_job_gives_the_same_bytes_with_any_number_of_workers(tmp_path: Path, job: Path) -> None:
    digests = []
    for name, workers in (("one", 1), ("two", 2), ("again", 1)):
        made = compose(job, tmp_path / name, sheet_name="a4", run_sheets=5, workers=workers)
        assert len(made.files) == 2
        digests.append([hashlib.sha256(Path(file).read_bytes()).hexdigest() for file in made.files])
    assert digests[0] == digests[1] == digests[2]


def test_symbols_of_rectangles_are_read_and_have_no_image(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "image", sheet_name="a4")
    made = compose(job, tmp_path / "out", sheet_name="a4", qr="vector")
    with pikepdf.open(made.files[0]) as pdf:
        steps = [str(step.operator) for step in pikepdf.parse_content_stream(pdf.pages[0])]
        assert "INLINE IMAGE" not in steps
        assert 1200 < steps.count("re") < 3 * 49 * 25, "three notes lie on this page"
    assert proof(tmp_path / "out").read == 30
    before = press_file(tmp_path / "image").read_bytes()
    compose(job, tmp_path / "image", sheet_name="a4", qr="vector", resume=True)
    assert press_file(tmp_path / "image").read_bytes() != before, "a run of the other marking is not kept"


def test_the_manifest_is_the_same_however_the_runs_were_made(tmp_path: Path, job: Path) -> None:
    def stop_in_the_second_run(notes: int) -> None:
        seen.append(notes)
        if sum(seen) > 20:
            raise KeyboardInterrupt

    seen: list[int] = []
    out = tmp_path / "resumed"
    with pytest.raises(KeyboardInterrupt):
        compose(job, out, sheet_name="a4", run_sheets=5, workers=1, resume=True, progress=stop_in_the_second_run)
    for name, workers in (("resumed", 1), ("two", 2), ("one", 1)):
        compose(job, tmp_path / name, sheet_name="a4", run_sheets=5, workers=workers, resume=True)
    manifests = {(tmp_path / name / "manifest.csv").read_bytes() for name in ("resumed", "two", "one")}
    assert len(manifests) == 1


def test_single_notes_have_bleed_and_no_marks(tmp_path: Path, job: Path) -> None:
    made = compose(job, tmp_path / "out", pages=True)
    with pikepdf.open(made.files[0]) as pdf:
        assert len(pdf.pages) == 60
        page = pdf.pages[0]
        trim = [float(edge) * POINT_MM for edge in page.trimbox.as_list()]
        media = [float(edge) * POINT_MM for edge in page.mediabox.as_list()]
    assert trim == pytest.approx([3, 3, 138, 69], abs=0.001)
    assert media == pytest.approx([0, 0, 141, 72], abs=0.001)
    assert [row["page"] for row in rows_of(tmp_path / "out")] == [str(page) for page in range(1, 60, 2)]
    assert parse(texts(picture(Path(made.files[0]), 59))[0]).serial.number == 30


def test_slips_lie_on_each_bundle_and_count_as_pages(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=40, bundle_size=5)
    made = compose(job, tmp_path / "out", sheet_name="a4", separators=True)
    pages = {int(row["page"]) for row in rows_of(tmp_path / "out")}
    assert (made.sheets, pages) == (10, {3, 5, 7, 9, 11, 15, 17, 19, 21, 23})
    document = pypdfium2.PdfDocument(made.files[0])
    assert len(document) == 24
    slips = [document[at].get_textpage().get_text_bounded() for at in (0, 12)]
    document.close()
    assert "Bundle 1\r\n" in slips[0]
    assert "CWL26 0000001 K – CWL26 0000005 C" in slips[0]
    assert "Bundle 2\r\n" in slips[1]


def test_a_pile_that_begins_within_a_bundle_says_so(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=12, bundle_size=6)
    compose(job, tmp_path / "out", sheet_name="a4", separators=True)
    document = pypdfium2.PdfDocument(press_file(tmp_path / "out"))
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    assert words.count("More of bundle") == 2


def test_an_older_delivery_of_the_same_job_is_replaced(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "out")
    (tmp_path / "out" / "note.txt").write_text("from the shop")
    compose(job, tmp_path / "out", sheet_name="a4")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("press", "manifest.csv", "layout.toml", "job.toml", "note.txt")
    }
    assert 'sheet = "a4"' in (tmp_path / "out" / "layout.toml").read_text()


def test_press_files_of_another_job_are_never_overwritten(tmp_path: Path, designs: Path, job: Path) -> None:
    compose(job, tmp_path / "out")
    before = press_file(tmp_path / "out").read_bytes()
    other = workshop.write_job(tmp_path / "other.zip", designs, ordinal=2)
    with pytest.raises(BadInput, match="another job"):
        compose(other, tmp_path / "out")
    assert press_file(tmp_path / "out").read_bytes() == before


def _damaged(job: Path, to: Path) -> Path:
    data = bytearray(job.read_bytes())
    data[500] ^= 1
    to.write_bytes(bytes(data))
    return to


def test_a_damaged_job_leaves_nothing(tmp_path: Path, job: Path) -> None:
    damaged = _damaged(job, tmp_path / "job.zip")
    with pytest.raises(BadJob, match="ask for the file again"):
        compose(damaged, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [damaged]


def test_a_job_without_a_back_leaves_nothing(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, back=False)
    with pytest.raises(BadDesign, match="no back"):
        compose(job, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [job]


def test_folders_that_are_missing_are_made(tmp_path: Path, job: Path) -> None:
    made = compose(job, tmp_path / "a" / "b" / "c")
    assert Path(made.manifest) == tmp_path / "a" / "b" / "c" / "manifest.csv"
    assert (tmp_path / "a").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == ["c"]


def test_art_of_another_size_than_its_design_says_is_refused(tmp_path: Path, job: Path) -> None:
    folder = workshop.write_designs(tmp_path / "designs")
    workshop.draw_art(folder / "plain" / "art.pdf", panel=True, bleed_mm=1.0)
    bad = workshop.write_job(tmp_path / "job.zip", folder)
    with pytest.raises(BadDesign, match=r"1\.0 mm of bleed"):
        compose(bad, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("out", ["out", "a/b/out"])
def test_an_interrupted_press_leaves_nothing(tmp_path: Path, job: Path, out: str) -> None:
    def stop(notes: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compose(job, tmp_path / out, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_wish_to_stop_waits_until_processes_have_started() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, frame: heard.append(number))
    try:
        with processes._launching():
            signal.raise_signal(signal.SIGTERM)
            assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())
            assert heard == []
        assert heard == [signal.SIGTERM]
        assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_office_printer_gets_notes_edge_to_edge_and_nothing_else(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "out", office=True)
    table = tomllib.loads((tmp_path / "out" / "layout.toml").read_text())
    assert (table["sheet"], table["marks"], table["sheets"], table["bleed_mm"]) == ("a4", [], 5, 0)
    assert (table["cuts_from_left_mm"], table["cuts_from_top_mm"]) == ([13.5, 148.5, 283.5], [6, 72, 138, 204])
    for page in (1, 2):
        inked = np.argwhere(np.asarray(picture(press_file(tmp_path / "out"), page, 508).convert("L")) < 250) / 20
        assert (*inked.min(axis=0), *inked.max(axis=0)) == pytest.approx((6, 13.5, 204, 283.5), abs=0.11)
    assert proof(tmp_path / "out").failed == []


def test_a_back_offset_moves_all_that_is_on_backs_and_nothing_on_fronts(tmp_path: Path, job: Path) -> None:
    plain = compose(job, tmp_path / "plain")
    moved = compose(job, tmp_path / "moved", back_offset=Offset(1.5, -0.5))
    for page, (right, down) in ((1, (0, 0)), (2, (15, -5)), (6, (15, -5))):
        before, after = (np.asarray(picture(Path(made.files[0]), page, 254).convert("L")) for made in (plain, moved))
        differing = np.abs(np.roll(before, (down, right), (0, 1)).astype(int) - after) > 100
        assert differing.mean() < 0.0001, "ten dots a mm; the margin is white"
    with pikepdf.open(moved.files[0]) as pdf:
        assert len({tuple(page.trimbox.as_list()) for page in pdf.pages}) == 1, "the sheet moves, not what is on it"
    assert layout.backs(tmp_path / "plain")[0] == pytest.approx((16.5, 235, 151.5, 301))
    assert layout.backs(tmp_path / "moved")[0] == pytest.approx((18, 234.5, 153, 300.5))
    assert layout.identity(tmp_path / "plain") != layout.identity(tmp_path / "moved")
    assert proof(tmp_path / "moved").failed == []


def test_in_reverse_the_same_sheets_come_last_first(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=40, bundle_size=5)
    for reverse in (False, True):
        compose(job, tmp_path / str(reverse), sheet_name="a4", separators=True, reverse=reverse)
    down, up = (press_file(tmp_path / name).read_bytes() for name in ("False", "True"))
    assert len(down) == pytest.approx(len(up), abs=200)
    assert [row["sheet"] for row in rows_of(tmp_path / "True")] == [row["sheet"] for row in rows_of(tmp_path / "False")]
    assert {(row["sheet"], row["page"]) for row in rows_of(tmp_path / "True")} >= {("10", "1"), ("1", "21")}
    assert "Bundle 1 " in words_on(press_file(tmp_path / "True"), 23), "its slip comes after it, and so lies on it"
    assert proof(tmp_path / "True").failed == []


def test_the_layout_says_what_paper_to_order_and_which_marks_there_are(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "out", sheet_name="a4", run_sheets=5, separators=True, allowance="50%")
    table = tomllib.loads((tmp_path / "out" / "layout.toml").read_text())
    assert (table["sheets"], table["runs"], table["slips"], table["allowance_sheets"]) == (8, [5, 3], 3, 4)
    assert (table["marks"], table["marks_left_out"]) == (["crop", "registration", "colour bar", "slug"], [])
    assert (table["backs"], table["back_offset_mm"], table["printed_first"]) == ("upside down", [0, 0], "sheet 1")


@pytest.mark.parametrize("choice", [{"office": True}, {"reverse": True}, {"back_offset": Offset(1, 0)}])
def test_single_notes_refuse_what_is_said_of_sheets(tmp_path: Path, job: Path, choice: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match=r"which lie on no sheet: leave out --(office|reverse|back-offset)"):
        compose(job, tmp_path / "out", pages=True, **choice)
    assert not (tmp_path / "out").exists()


def test_backs_say_which_run_they_are_of_and_are_one_object(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=40)
    made = compose(job, tmp_path / "out", sheet_name="a4", run_sheets=5)
    second = Path(made.files[1])
    assert words_on(second, 2).count("CWL26-001, run 2, back Stacks 5-8, notes CWL26 21-40, 5 sheets of 297 x 210") == 1
    assert words_on(second, 1).count("CWL26-001, sheet 6 of 10, run 2, front Stacks 5-8, notes CWL26 21-40") == 1
    with pikepdf.open(second) as pdf:
        assert len({page.Contents.objgen for page in pdf.pages[1::2]}) == 1


def test_marks_are_in_registration_colour_and_the_bar_in_cmyk(composed: Path) -> None:
    with pikepdf.open(press_file(composed)) as pdf:
        marks = pdf.pages[0].resources.XObject.Marks
        assert str(marks.Resources.ColorSpace.All[1]) == "/All"
        steps = pikepdf.parse_content_stream(marks)
        assert pdf.pages[1].resources.XObject.Marks.objgen == marks.objgen, "both sides have the same"
    tints = [tuple(round(float(ink) * 100) for ink in step.operands) for step in steps if str(step.operator) == "k"]
    assert tints == list(PATCHES)
    assert sum(str(step.operator) == "s" for step in steps) == 4, "the circles"


def test_what_was_finished_is_kept_to_resume_and_only_the_rest_is_made(tmp_path: Path, job: Path) -> None:
    whole = compose(job, tmp_path / "whole", sheet_name="a4", run_sheets=5)
    seen: list[int] = []

    def stop_in_the_second_run(notes: int) -> None:
        seen.append(notes)
        if sum(seen) > 20:
            raise KeyboardInterrupt

    out = tmp_path / "out"
    with pytest.raises(KeyboardInterrupt):
        compose(job, out, sheet_name="a4", run_sheets=5, workers=1, resume=True, progress=stop_in_the_second_run)
    assert {path.name for path in out.iterdir()} == {"press", "layout.toml", "job.toml"}, "no manifest: it is not whole"
    kept = press_file(out)
    stamp = kept.stat().st_mtime_ns
    made: list[int] = []
    again = compose(job, out, sheet_name="a4", run_sheets=5, workers=1, resume=True, progress=made.append)
    assert (sum(made), kept.stat().st_mtime_ns) == (10, stamp)
    assert [Path(file).read_bytes() for file in again.files] == [Path(file).read_bytes() for file in whole.files]


def test_a_run_of_other_choices_or_cut_short_is_made_anew(tmp_path: Path, job: Path) -> None:
    out = tmp_path / "out"
    compose(job, out, sheet_name="a3")
    made = compose(job, out, sheet_name="a4", resume=True)
    good = Path(made.files[0]).read_bytes()
    wounded = bytearray(good)
    middle = good.rindex(b"/FlateDecode") + 60
    wounded[middle : middle + 20] = bytes(20)
    for damaged in (good[:-100], bytes(wounded)):
        Path(made.files[0]).write_bytes(damaged)
        compose(job, out, sheet_name="a4", resume=True)
        assert Path(made.files[0]).read_bytes() == good


def test_nothing_is_kept_of_a_delivery_whose_layout_is_damaged(tmp_path: Path, job: Path) -> None:
    out = tmp_path / "out"
    good = press_file_bytes(compose(job, out).files)
    (out / "layout.toml").write_text("sheet = ")
    assert press_file_bytes(compose(job, out, resume=True).files) == good


def press_file_bytes(files: list[str]) -> list[bytes]:
    return [Path(file).read_bytes() for file in files]


def test_a_report_of_other_files_does_not_stay(tmp_path: Path, job: Path) -> None:
    out = tmp_path / "out"
    compose(job, out)
    report = Path(proof(out).report)
    assert report.exists()
    compose(job, out, sheet_name="a3")
    assert not report.exists()


def test_slips_in_reverse_pass_the_check_of_their_folder(tmp_path: Path, job: Path) -> None:
    compose(job, tmp_path / "out", reverse=True, separators=True)
    assert [fault for fault in check.faults(tmp_path / "out") if not fault.warning] == []


def test_many_small_notes_of_rectangles_fit_a_page(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=230)
    made = compose(job, tmp_path / "out", sheet_name="1600x1600", qr="vector")
    assert (made.notes, made.sheets) == (230, 1)


def test_rgb_is_not_turned_into_the_inks_of_another_press(tmp_path: Path) -> None:
    designs = workshop.write_designs(tmp_path / "designs")
    with pikepdf.open(designs / "plain" / "art.pdf", allow_overwriting_input=True) as pdf:
        pdf.pages[0].contents_add(b"0.2 0.4 0.9 rg 0 0 30 30 re f")
        pdf.save()
    job = workshop.write_job(tmp_path / "job.zip", designs)
    with pytest.raises(BadInput, match="has RGB, which is turned into inks for FOGRA39: leave out --profile"):
        compose(job, tmp_path / "out", profile=Path(str(resources.files("notegen.profiles"))) / "FOGRA39L_coated.icc")


def test_a_job_may_expire_on_any_day(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=1, expires_on=date(2031, 2, 1))
    compose(job, tmp_path / "out", pages=True)
    document = pypdfium2.PdfDocument(press_file(tmp_path / "out"))
    words = document[0].get_textpage().get_text_bounded()
    document.close()
    assert "1 February 2031" in words


def test_single_notes_have_both_sides_upright(tmp_path: Path, job: Path) -> None:
    made = compose(job, tmp_path / "out", pages=True)
    assert [on_head for _, _, on_head in notes_on(Path(made.files[0]), 2)] == [False]


def test_a_whole_delivery_is_not_exchanged_for_part_of_another(tmp_path: Path, job: Path) -> None:
    def stop(notes: int) -> None:
        raise KeyboardInterrupt

    made = compose(job, tmp_path / "out", sheet_name="a3")
    before = Path(made.files[0]).read_bytes()
    with pytest.raises(KeyboardInterrupt):
        compose(job, tmp_path / "out", sheet_name="a4", run_sheets=2, workers=1, resume=True, progress=stop)
    assert Path(made.files[0]).read_bytes() == before
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"press", "layout.toml", "job.toml", "manifest.csv"}
