"""What the core knows, as JSON has it."""

import json
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from app.core.ledger import Holding, Standing
from app.core.lifecycle import State
from app.core.plain import plain
from app.core.serial import Serial
from app.core.span import Span
from app.core.verdict import Verdict

SPAN = {"first": "CWL260012001U", "last": "CWL260012500L"}

VALUES = [
    (None, None),
    (True, True),
    (3, 3),
    (1.5, 1.5),
    ("ſ", "ſ"),
    (Verdict.GOOD, "good"),
    (Serial("CWL26", 12345), "CWL260012345F"),
    (Span("CWL26", 12001, 12500), SPAN),
    (date(2027, 3, 31), "2027-03-31"),
    (datetime(2026, 4, 1, 9, 30, tzinfo=UTC), "2026-04-01T09:30:00+00:00"),
    (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ([Serial("CWL26", 12345), (1, 2)], ["CWL260012345F", [1, 2]]),
    ({State.ISSUED: 500}, {"issued": 500}),
    (
        Holding(Span("CWL26", 12001, 12500), Standing(State.HELD, 7, "doubtful", Standing(State.ISSUED, 7))),
        {
            "span": SPAN,
            "standing": {
                "state": "held",
                "holder": 7,
                "reason": "doubtful",
                "was": {"state": "issued", "holder": 7, "reason": None, "was": None},
            },
        },
    ),
]


@pytest.mark.parametrize(("value", "as_json"), VALUES, ids=[str(value)[:40] for value, _ in VALUES])
def test_a_value_is_told_as_json_has_it(value: object, as_json: object) -> None:
    assert plain(value) == as_json
    assert json.loads(json.dumps(plain(value))) == as_json
