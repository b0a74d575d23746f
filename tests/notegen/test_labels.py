from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from app.core import reference
from app.core.errors import BadInput, BadJob
from app.core.reference import Label
from app.core.span import Span
from notegen.labels import labels
from tests.notegen import workshop


def test_each_bundle_has_a_label_that_names_its_span(tmp_path: Path, designs: Path) -> None:
    job = workshop.write_job(tmp_path / "job.zip", designs, quantity=58, bundle_size=5, first=101)
    made = labels(job, tmp_path / "labels.pdf")
    assert (made.bundles, made.sheets) == (12, 2)
    document = pypdfium2.PdfDocument(tmp_path / "labels.pdf")
    spans = []
    for page in document:
        picture = np.array(page.render(scale=2).to_pil())
        spans += [reference.parse(code.text) for code in workshop.qrs_in(picture)]
    words = document[1].get_textpage().get_text_bounded().split()
    document.close()
    assert sorted(label.span for label in spans if isinstance(label, Label)) == Span("CWL26", 101, 158).bundles(5)
    last = Span("CWL26", 156, 158)
    assert all(text in " ".join(words) for text in ("CWL 3 notes", "Bundle 12 of 12", last.first_serial.printed))


def test_labels_are_for_their_owner_alone_and_the_same_again(tmp_path: Path, job: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        labels(job, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert (tmp_path / "one.pdf").stat().st_mode & 0o077 == 0


def test_nothing_is_left_of_labels_that_cannot_be_made(tmp_path: Path, job: Path) -> None:
    with pytest.raises(BadJob):
        labels(tmp_path / "none.zip", tmp_path / "labels.pdf")
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="Not a directory"):
        labels(job, tmp_path / "file" / "labels.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
