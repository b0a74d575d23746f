"""The count of a job: ordered = good + spoiled + missing."""

import pytest

from app.core import count
from app.core.count import Counted, Report
from app.core.errors import BadInput, Refused
from app.core.span import Span

ORDERED = Span("CWL26", 101, 200)


def bad(kind: Counted, *ends: tuple[int, int]) -> Report:
    named = tuple(Span("CWL26", *each) for each in ends)
    return Report(kind, sum(map(len, named)), named)


@pytest.mark.parametrize(
    ("reports", "is_open"),
    [
        ([], 100),
        ([Report(Counted.GOOD, 97)], 3),
        ([Report(Counted.GOOD, 90), Report(Counted.GOOD, 7), bad(Counted.SPOILED, (101, 102))], 1),
        ([Report(Counted.GOOD, 97), bad(Counted.SPOILED, (101, 102)), bad(Counted.MISSING, (200, 200))], 0),
        ([Report(Counted.GOOD, 99), bad(Counted.SPOILED, (101, 102))], -1),
        ([bad(Counted.MISSING, (101, 200))], 0),
    ],
)
def test_it_balances_when_nothing_is_open(reports: list[Report], is_open: int) -> None:
    found = count.count(100, reports)
    assert found.open == is_open
    assert found.ordered == found.good + found.spoiled + found.missing + found.open


@pytest.mark.parametrize(
    ("new", "error", "says"),
    [
        (Report(Counted.GOOD, 0), BadInput, "1 to 100"),
        (Report(Counted.GOOD, 101), BadInput, "1 to 100"),
        (bad(Counted.SPOILED, (100, 101)), BadInput, "not of this order"),
        (bad(Counted.SPOILED, (110, 112)), Refused, "CWL26 111-112 were reported already"),
        (bad(Counted.MISSING, (111, 111)), Refused, "CWL26 111 were reported already"),
    ],
)
def test_what_cannot_be_is_refused(new: Report, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        count.check(ORDERED, [bad(Counted.SPOILED, (111, 115))], new)
    count.check(ORDERED, [bad(Counted.SPOILED, (111, 115))], bad(Counted.MISSING, (116, 120)))
