"""A moment: one frame and the time at which it was taken."""

from dataclasses import dataclass, field

from scanner.decode import Frame


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """A frame and `at_seconds` on a clock that never runs backwards: the camera's, or the video's own."""

    frame: Frame = field(repr=False)
    at_seconds: float
