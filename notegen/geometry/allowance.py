"""The allowance of a job: blank sheets beyond those counted, for setting the press up and for what it spoils.

Only paper is allowed for, never serials: what is spoiled comes again as an order with serials of its own.
"""

import math
import re

from app.core.errors import BadInput

SET_UP_SHEETS, RUNNING_PERCENT = 10, 2.0
"""What digital presses ask for: ten sheets or so until colour and register stand, and one or two in a hundred after that."""

MOST_SHEETS, MOST_PERCENT = 100_000, 100.0
_SAID = re.compile(r"(\d{1,6})|(\d{1,3}(?:\.\d{1,2})?) *%")


def blank_sheets(sheets: int, text: str | None = None) -> int:
    """Blank sheets for a job of so many `sheets`: by the rule above, or as `text` says, so many (25) or a part (5%).

    Raises BadInput.
    """
    if text is None:
        return SET_UP_SHEETS + math.ceil(sheets * RUNNING_PERCENT / 100)
    found = _SAID.fullmatch(text.strip())
    if found is None:
        raise BadInput(f"{text!r} is no allowance: write blank sheets, as 25, or a part of the sheets, as 5%.")
    count, percent = int(found[1] or 0), float(found[2] or 0)
    if count > MOST_SHEETS or percent > MOST_PERCENT:
        raise BadInput(f"An allowance of {text.strip()} is more than the job can use: {MOST_PERCENT:g}% is the most.")
    return count if found[1] else math.ceil(round(sheets * percent / 100, 6))
