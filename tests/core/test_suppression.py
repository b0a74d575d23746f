"""Small numbers: no hidden cell can be computed from what is shown."""

from collections import defaultdict
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import suppression
from app.core.suppression import Cell


def listed(values: Sequence[int]) -> list[Cell]:
    total = Cell("total", "out", "in", sum(values))
    return [*(Cell(f"c{place}", "in", "out", value) for place, value in enumerate(values)), total]


def tabled(rows: Sequence[Sequence[int]]) -> list[Cell]:
    cells = [
        Cell(f"c{row}-{column}", f"r{row}", f"k{column}", value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
    ]
    cells += [Cell(f"row{row}", "all", f"r{row}", sum(values)) for row, values in enumerate(rows)]
    sums = [sum(values) for values in zip(*rows, strict=True)]
    cells += [Cell(f"column{column}", f"k{column}", "end", value) for column, value in enumerate(sums)]
    return [*cells, Cell("total", "end", "all", sum(sums))]


def possible(cells: Sequence[Cell], name: str, gone: frozenset[str]) -> set[int]:
    """What a hidden cell could be, up to two answers, found by trying: an eye of its own."""
    unknown = sorted((cell for cell in cells if cell.name in gone), key=lambda cell: cell.name != name)
    balance: dict[str, int] = defaultdict(int)
    for cell in cells:
        if cell.name not in gone:
            balance[cell.tail] -= cell.value
            balance[cell.head] += cell.value
    most = max((cell.value for cell in cells), default=0) + 1
    found: set[int] = set()
    order = _order(unknown)

    def settle(place: int, first: int | None) -> bool:
        if place == len(order):
            if not any(balance.values()) and first is not None:
                found.add(first)
                return True
            return False
        cell = order[place]
        later = order[place + 1 :]
        for end, sign in ((cell.tail, 1), (cell.head, -1)):
            if all(end not in (each.tail, each.head) for each in later):
                values = [sign * balance[end]] if 1 <= sign * balance[end] <= most else []
                break
        else:
            values = list(range(1, most + 1))
        for value in values:
            balance[cell.tail] -= value
            balance[cell.head] += value
            known = value if cell.name == name else first
            done = known not in found and settle(place + 1, known)
            balance[cell.tail] += value
            balance[cell.head] -= value
            if done and (place or len(found) > 1):
                return True
        return False

    settle(0, None)
    return found


def _order(unknown: list[Cell]) -> list[Cell]:
    return unknown


@settings(max_examples=150, deadline=None)
@given(values=st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_no_hidden_number_of_a_list_can_be_computed(values: list[int]) -> None:
    _look(listed(values))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 7), min_size=2, max_size=2), min_size=2, max_size=3))
def test_no_hidden_number_of_a_table_can_be_computed(rows: list[list[int]]) -> None:
    _look(tabled(rows))


def _look(cells: list[Cell]) -> None:
    gone = suppression.hidden(cells)
    assert not [cell for cell in cells if suppression.is_small(cell.value) and cell.name not in gone]
    assert not [cell for cell in cells if cell.value == 0 and cell.name in gone], (
        "nothing is told where there is nothing"
    )
    for cell in cells:
        if suppression.is_small(cell.value):
            assert len(possible(cells, cell.name, gone)) > 1, (cell, gone)


def test_one_small_number_takes_the_next_one_with_it() -> None:
    assert suppression.hidden(listed([3, 40, 7, 900])) == {"c0", "c2"}
    assert suppression.hidden(listed([30, 40, 0, 900])) == frozenset()
    assert suppression.hidden(listed([1, 1, 8])) == {"c0", "c1", "c2"}, "1 + 1 is told by 2"


def test_a_row_and_a_column_give_nothing_away() -> None:
    gone = suppression.hidden(tabled([[3, 20, 30], [40, 50, 60], [70, 80, 90]]))
    assert gone == {"c0-0", "c0-1", "c1-0", "c1-1"}


def test_a_number_that_no_page_tells_stays_hidden_and_needs_no_guard() -> None:
    cells = [Cell("a", "in", "out", 20, never_shown=True), Cell("total", "out", "in", 20)]
    assert suppression.hidden(cells) == {"a"}
