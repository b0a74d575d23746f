"""Registration colour, which is on every plate: for marks outside the bleed, and for nothing else."""

from collections.abc import Iterator

from notegen.preflight.extent import Box, boxes
from notegen.preflight.fault import Fault
from notegen.preflight.painting import Painting

_SLACK_PT = 0.01


def judge(painting: Painting, bleed: Box | None) -> Iterator[Fault]:
    """Whether what is painted on every plate reaches into `bleed`, the box of the page's bleed."""
    if not painting.paint.registration or painting.kind == "image":
        return
    if bleed is None or painting.kind in ("text", "shading") or any(_meet(one, bleed) for one in boxes(painting)):
        message = (
            "Something in registration colour (/All) is not outside the bleed: it would be printed four times over."
        )
        yield Fault("registration", message, painting.where)


def _meet(one: Box, other: Box) -> bool:
    across = one[0] < other[2] - _SLACK_PT and one[2] > other[0] + _SLACK_PT
    return across and one[1] < other[3] - _SLACK_PT and one[3] > other[1] + _SLACK_PT
