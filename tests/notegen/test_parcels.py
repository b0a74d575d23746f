from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import span as spans
from app.core.errors import BadInput, BadSpan
from app.core.span import Span
from notegen.paper import parcels

JOB = Span("CWL26", 101, 400)


@st.composite
def jobs(draw: st.DrawFn) -> tuple[Span, int, int, list[Span]]:
    """A span, its bundle size, the bundles in a box, and void spans in it that may overlap."""
    first = draw(st.integers(1, 500))
    job = Span("CWL26", first, first + draw(st.integers(0, 300)))
    number = st.integers(job.first, job.last)
    pairs = draw(st.lists(st.tuples(number, number), max_size=8))
    without = [Span("CWL26", min(pair), max(pair)) for pair in pairs]
    return job, draw(st.integers(1, 60)), draw(st.integers(1, 7)), without


@given(jobs())
def test_boxes_and_bundles_share_out_the_notes_that_are_not_void(drawn: tuple[Span, int, int, list[Span]]) -> None:
    job, size, in_a_box, without = drawn
    good = job.minus_all(spans.merge(without))
    if not good:
        with pytest.raises(BadInput, match="left out"):
            parcels.bundles(job, size, without)
        return
    bundles = parcels.bundles(job, size, without)
    boxes = parcels.boxes(bundles, in_a_box)
    assert [bundle for box in boxes for bundle in box.bundles] == bundles
    assert spans.merge(piece for one in bundles for piece in one.span.minus_all(one.holes)) == spans.merge(good)
    assert sum(one.notes for one in bundles) == sum(box.notes for box in boxes) == sum(map(len, good))
    assert parcels.void(job, bundles) == spans.merge(without)
    assert all(one.notes and one.span in job.bundles(size) for one in bundles)
    assert all(before.ordinal < after.ordinal for before, after in pairwise(bundles))
    assert all(len(box.bundles) <= in_a_box for box in boxes)
    assert boxes[-1].ordinal <= parcels.count(job, size * in_a_box)


def test_a_hole_over_two_bundles_is_named_in_both() -> None:
    first, second = parcels.bundles(JOB, 50, [Span("CWL26", 149, 152), Span("CWL26", 152, 153)])[:2]
    assert [*map(parcels.numbers, first.holes)] == ["0000149-0000150"]
    assert [*map(parcels.numbers, second.holes)] == ["0000151-0000153"]
    assert (first.notes, second.notes) == (48, 47)


def test_a_void_bundle_keeps_its_number_and_the_others_theirs() -> None:
    bundles = parcels.bundles(JOB, 50, [Span("CWL26", 151, 200)])
    assert [bundle.ordinal for bundle in bundles] == [1, 3, 4, 5, 6]
    assert [box.ordinal for box in parcels.boxes(bundles, 1)] == [1, 3, 4, 5, 6]


@pytest.mark.parametrize("hole", [Span("CWL26", 100, 101), Span("CWL26", 400, 401), Span("LAN26", 101, 101)])
def test_a_hole_outside_the_job_is_refused(hole: Span) -> None:
    with pytest.raises(BadSpan, match="not all in this job"):
        parcels.bundles(JOB, 50, [hole])


@pytest.mark.parametrize(
    ("number", "word", "said"), [(1, "note", "1 note"), (2000, "note", "2,000 notes"), (2, "box", "2 boxes")]
)
def test_things_are_counted_in_words(number: int, word: str, said: str) -> None:
    assert parcels.noun(number, word) == said
