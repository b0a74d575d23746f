"""Small numbers are not shown, nor is what would give them away (complementary suppression).

Numbers that add up are cells of a circulation: each leads from a node to a node, and at each node what comes in is what goes
out. A list with its total is many cells one way and one cell back; a table has a node for each row and each column. A reader
who knows that hidden cells are whole numbers of at least 1 can tell one exactly where no other circulation agrees with all
that is shown: where no cycle of the residual network goes through it. Then the cells of the cheapest such cycle are hidden with it.
Source: Fischetti and Salazar, Models and Algorithms for Optimizing Cell Suppression, JASA 95 (2000), and the residual network
of Ford and Fulkerson.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

LEAST = 5
"""Numbers from 1 up to below this are small."""


class Cell(NamedTuple):
    """A number from one node to another; `name` is how it is asked for. `never_shown`: no page tells it."""

    name: str
    tail: str
    head: str
    value: int
    never_shown: bool = False


def is_small(value: int) -> bool:
    """Whether a number is not to be shown by itself."""
    return 0 < value < LEAST


def hidden(cells: Sequence[Cell]) -> frozenset[str]:
    """The names of the cells that must not be shown: the small ones, and those that would give one away.

    Nodes have to balance. Each small cell is put on a cycle of hidden cells, the one that costs the smallest numbers: along it
    one more here is one less there, so that at least one other set of numbers agrees with what is shown.
    """
    there = [cell for cell in cells if cell.value > 0]
    gone = {cell.name for cell in there if cell.value < LEAST or cell.never_shown}
    small = [cell for cell in there if cell.value < LEAST and not cell.never_shown]
    arcs = _arcs(there) if small else {}
    for cell in small:
        gone.update(_cheapest(arcs, gone, cell))
    return frozenset(gone)


_Arcs = dict[str, dict[str, list[Cell]]]


def _arcs(cells: Iterable[Cell]) -> _Arcs:
    """Where a unit may go: forth over every number there is, back over those of which 1 is left then; cheapest first."""
    arcs: _Arcs = defaultdict(lambda: defaultdict(list))
    for cell in sorted(cells, key=attrgetter("value", "name")):
        arcs[cell.tail][cell.head].append(cell)
        if cell.value > 1:
            arcs[cell.head][cell.tail].append(cell)
    return arcs


def _cheapest(arcs: _Arcs, gone: set[str], cell: Cell) -> set[str]:
    """The cells to hide with one, none where enough are hidden already: one more of it, or one less."""
    more = _path(arcs, gone, cell.head, cell.tail, cell)
    if more is not None and not more[0]:
        return set()
    less = _path(arcs, gone, cell.tail, cell.head, cell) if cell.value > 1 else None
    cost, names = min(way for way in (more, less) if way is not None)
    return set(names) if cost else set()


def _path(arcs: _Arcs, gone: set[str], begin: str, end: str, but: Cell) -> tuple[int, tuple[str, ...]] | None:
    """The cheapest way from a node to another without one cell (Dijkstra): its cost, and what is to be hidden on it."""
    done: set[str] = set()
    ahead: list[tuple[int, tuple[str, ...], str]] = [(0, (), begin)]
    while ahead:
        cost, names, node = heapq.heappop(ahead)
        if node == end:
            return cost, names
        if node in done:
            continue
        done.add(node)
        for other, over in arcs[node].items():
            found = _over(over, gone, but) if other not in done else None
            if found is not None:
                more = () if found.name in gone else (found.name,)
                heapq.heappush(ahead, (cost + (found.value if more else 0), names + more, other))
    return None


def _over(over: Sequence[Cell], gone: set[str], but: Cell) -> Cell | None:
    """The cheapest cell between two nodes: a hidden one, else the smallest."""
    smallest = None
    for cell in over:
        if cell is not but:
            if cell.name in gone:
                return cell
            smallest = smallest or cell
    return smallest
