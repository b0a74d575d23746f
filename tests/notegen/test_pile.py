from hypothesis import given
from hypothesis import strategies as st

from app.core.span import Span
from notegen.geometry import pile
from notegen.geometry.imposition import Imposition, impose
from tests.notegen.sheets import grids


@st.composite
def impositions(draw: st.DrawFn) -> Imposition:
    first = draw(st.integers(1, 9_000_000))
    span = Span("CWL26", first, first + draw(st.integers(1, 1500)) - 1)
    return impose(span, draw(grids()), draw(st.integers(1, 60)), draw(st.integers(1, 80)))


@given(impositions(), st.booleans(), st.booleans())
def test_a_page_is_found_where_its_sheet_is_printed(laid: Imposition, separators: bool, reverse: bool) -> None:
    for run in laid.runs:
        papers = list(pile.papers(laid, run, separators=separators, reverse=reverse))
        found = pile.pages(laid, run, separators=separators, reverse=reverse)
        assert [papers[(page - 1) // 2] for page in found] == [(leaf, False) for leaf in range(run.height)]


@given(impositions(), st.booleans())
def test_a_pile_that_was_laid_face_up_is_the_same_pile(laid: Imposition, separators: bool) -> None:
    for run in laid.runs:
        down, up = (list(pile.papers(laid, run, separators=separators, reverse=way)) for way in (False, True))
        assert down == up[::-1]


@given(impositions())
def test_a_slip_lies_on_every_sheet_where_a_bundle_begins(laid: Imposition) -> None:
    first = {laid.bundle_span(number).first for number in range(laid.span.first, laid.span.last + 1)}
    begun = {(place.run, place.leaf) for place in laid.placements() if place.number in first or place.leaf == 1}
    slips = {
        (run.ordinal, paper.leaf + 1)
        for run in laid.runs
        for paper in pile.papers(laid, run, separators=True, reverse=False)
        if paper.slip
    }
    assert slips == begun
    assert pile.slips(laid) == len(slips)


@given(impositions())
def test_a_run_names_the_stacks_that_it_is_cut_into(laid: Imposition) -> None:
    for run in laid.runs:
        stacks = {place.stack for place in laid.placements() if place.run == run.ordinal}
        assert (min(stacks), max(stacks)) == laid.stacks(run)
