"""The spoilage allowance of a job: blank sheets laid out beside those that carry notes.

Spare serials are never printed, so what a press takes to set up and now and then spoils is allowed for in blank paper;
spoiled notes come again as an order with serials of its own.
"""

import re

from app.core.errors import BadInput

LEAST_SHEETS = 10
SHARE_PERCENT = 3
"""Digital presses take 10 to 20 sheets to set up and spoil 1 to 5 % (trade custom)."""

MOST_SHEETS, MOST_PERCENT = 100_000, 100
_SAID = re.compile(r"(\d{1,6}) *(%?)")


def allowance_sheets(sheets: int, text: str | None = None) -> int:
    """Blank sheets to lay out for a job of `sheets` sheets: ten, or three in a hundred where that is more.

    `text` says otherwise: so many (25), or so many in a hundred (5%). Raises BadInput.
    """
    if text is None:
        return max(LEAST_SHEETS, _percent(SHARE_PERCENT, sheets))
    found = _SAID.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{text!r} is no allowance: write blank sheets, as 25, or a part of the sheets, as 5%.")
    number, most = int(found[1]), MOST_PERCENT if found[2] else MOST_SHEETS
    if number > most:
        raise BadInput(f"An allowance of {text.strip()} is more than a job can use: take at most {most}{found[2]}.")
    return _percent(number, sheets) if found[2] else number


def _percent(percent: int, sheets: int) -> int:
    return -(-sheets * percent // 100)
