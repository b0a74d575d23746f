from pathlib import Path

import pytest

from app.core import reference
from app.core.errors import BadInput, BadJob, BadSpan
from app.core.reference import Label
from app.core.span import Span
from notegen.paper.labels import cartons, wrappers
from notegen.paper.stock import A4_MM, TEN, TWO, Stock
from tests.notegen import paper_reading, workshop


@pytest.fixture(scope="module")
def fifty_eight(tmp_path_factory: pytest.TempPathFactory, designs: Path) -> Path:
    """Notes 101 to 158 in bundles of five."""
    folder = tmp_path_factory.mktemp("labels")
    return workshop.write_job(folder / "job.zip", designs, quantity=58, bundle_size=5, first=101)


def spans_on(path: Path) -> list[Span]:
    """The spans of the labels, as a scanner reads them."""
    found = [reference.parse(text) for text in paper_reading.codes(path)]
    return sorted(label.span for label in found if isinstance(label, Label))


def test_each_bundle_has_a_label_that_names_its_span(tmp_path: Path, fifty_eight: Path) -> None:
    made = wrappers(fifty_eight, tmp_path / "labels.pdf")
    assert (made.labels, made.notes, made.sheets) == (12, 58, 2)
    assert spans_on(tmp_path / "labels.pdf") == Span("CWL26", 101, 158).bundles(5)
    second = paper_reading.words(tmp_path / "labels.pdf")[1]
    last = Span("CWL26", 156, 158)
    assert all(text in second for text in ("CWL 3 notes", "Bundle 12 of 12", last.first_serial.printed))
    assert list(paper_reading.faults(tmp_path / "labels.pdf")) == []


def test_a_label_names_the_holes_in_its_bundle(tmp_path: Path, fifty_eight: Path) -> None:
    without = [Span("CWL26", 103, 103), Span("CWL26", 109, 112), Span("CWL26", 116, 120)]
    made = wrappers(fifty_eight, tmp_path / "labels.pdf", without=without)
    assert (made.labels, made.notes) == (11, 48)
    first = paper_reading.words(tmp_path / "labels.pdf")[0]
    assert "without 0000103" in first
    assert "without 0000109-0000110" in first
    assert "without 0000111-0000112" in first
    assert "Bundle 3 of 12" in first
    assert "Bundle 4 of 12" not in first
    assert Span("CWL26", 116, 120) not in spans_on(tmp_path / "labels.pdf")


def test_holes_that_have_no_room_on_a_label_are_counted(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=50, bundle_size=50)
    without = [Span("CWL26", number, number) for number in range(1, 51, 2)]
    wrappers(job, tmp_path / "labels.pdf", without=without)
    (page,) = paper_reading.words(tmp_path / "labels.pdf")
    assert "CWL 25 notes" in page
    named = page.split("without")[1].count("0000")
    assert named > 0
    assert f"{25 - named} more notes: see the delivery note" in page


def test_each_box_has_a_label_that_names_its_span(tmp_path: Path, fifty_eight: Path) -> None:
    made = cartons(fifty_eight, tmp_path / "boxes.pdf", in_a_box=5, without=[Span("CWL26", 126, 151)])
    assert (made.labels, made.notes, made.sheets) == (2, 32, 1)
    assert spans_on(tmp_path / "boxes.pdf") == [Span("CWL26", 101, 125), Span("CWL26", 151, 158)]
    (page,) = paper_reading.words(tmp_path / "boxes.pdf")
    for words in ("Box 1 of 3", "25 notes", "in 5 bundles, numbers 1 to 5", "Box 3 of 3", "7 notes", "without 0000151"):
        assert words in page
    assert list(paper_reading.faults(tmp_path / "boxes.pdf")) == []


@pytest.mark.parametrize("stock", [TEN, TWO])
def test_labels_lie_on_the_sheet_beside_one_another(stock: Stock) -> None:
    corners = stock.corners()
    assert len(set(corners)) == len(stock)
    assert all(left >= 0 and left + stock.label_mm[0] <= A4_MM[0] for left, _ in corners)
    assert all(low >= 0 and low + stock.label_mm[1] <= A4_MM[1] for _, low in corners)


@pytest.mark.parametrize("write", [wrappers, cartons])
def test_labels_are_for_their_owner_alone_and_the_same_again(tmp_path: Path, job: Path, write: object) -> None:
    assert callable(write)
    for name in ("one.pdf", "two.pdf"):
        write(job, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert (tmp_path / "one.pdf").stat().st_mode & 0o077 == 0


def test_nothing_is_left_of_labels_that_cannot_be_made(tmp_path: Path, job: Path) -> None:
    with pytest.raises(BadJob):
        wrappers(tmp_path / "none.zip", tmp_path / "labels.pdf")
    with pytest.raises(BadSpan, match="not all in this job"):
        wrappers(job, tmp_path / "labels.pdf", without=[Span("CWL26", 30, 31)])
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="Not a directory"):
        wrappers(job, tmp_path / "file" / "labels.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
