"""The spoilage allowance of a job: blank sheets laid out beside those that carry notes.

Spare serials are never printed, so what a press takes to set up and now and then spoils is allowed for in blank paper.
"""

LEAST_SHEETS = 10
SHARE_PERCENT = 3
"""Digital presses take 10 to 20 sheets to set up and spoil 1 to 5 % (trade custom)."""


def allowance_sheets(sheets: int) -> int:
    """Blank sheets to lay out for a job of `sheets` sheets: ten, or three in a hundred where that is more."""
    return max(LEAST_SHEETS, -(-sheets * SHARE_PERCENT // 100))
