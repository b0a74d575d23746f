"""The window of the picture: where it stands on the note, and what of the picture it shows."""

from dataclasses import dataclass

from notegen.geometry.slot import Box
from notegen.together.choices import Choices
from notegen.together.patterns import Layer

Crop = tuple[float, float, float, float]

BOXES: dict[str, Box] = {
    "round": (5.0, 13.0, 46.0, 54.0),
    "frame": (5.2, 15.2, 46.4, 56.0),
    "edge": (-3.5, -3.5, 45.0, 55.4),
}
"""Left, top, right and bottom, mm."""

COARSE_DPI, POOR_DPI = 300, 150
"""What a press likes, and what looks broken on paper."""


@dataclass(frozen=True)
class Brought:
    """A picture as it is: its file in the folder of the design, and its pixels."""

    file: str
    width: int
    height: int


def crop(choices: Choices, picture: Brought) -> Crop:
    """The part of the picture that its window shows; at a zoom of 100 it fills the window and no more."""
    left, top, right, bottom = BOXES[choices.window]
    shape = (right - left) / (bottom - top)
    wide = min(picture.width, picture.height * shape) / picture.width * 100 / choices.zoom
    high = min(picture.height, picture.width / shape) / picture.height * 100 / choices.zoom
    x, y = _middle(choices.across, wide), _middle(choices.down, high)
    return tuple(round(edge, 5) for edge in (x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))  # type: ignore[return-value]


def _middle(percent: int, share: float) -> float:
    """Where the middle of the part lies: it goes to the edges of the picture and not beyond; a part that is larger is centred."""
    return 0.5 if share >= 1 else share / 2 + percent / 100 * (1 - share)


def dpi(choices: Choices, picture: Brought) -> int:
    """Dots an inch that the picture has where it is printed."""
    left, _top, right, _bottom = BOXES[choices.window]
    part = crop(choices, picture)
    return int((part[2] - part[0]) * picture.width / (right - left) * 25.4)


def layers(choices: Choices, picture: Brought | None) -> list[Layer]:
    """The window with its picture and its frame."""
    box = BOXES[choices.window]
    inside = [_picture(choices, picture, box)] if picture else _ornament(box)
    return [*_paper(choices, box), *inside, *_FRAMES[choices.window](box)]


def _picture(choices: Choices, picture: Brought, box: Box) -> Layer:
    inks = ["accent 60", "second + main 35", "main + black 60"] if choices.shows == "duotone" else ["main + black 45"]
    return {
        "kind": "picture", "file": picture.file, "box_mm": list(box), "crop": list(crop(choices, picture)),
        "shows": choices.shows, "inks": inks, "is_round": choices.window == "round",
    }  # fmt: skip


def _paper(choices: Choices, box: Box) -> list[Layer]:
    """What lies under the picture: lines of one ink stand on a light tint."""
    left, top, right, bottom = box
    middle = [(left + right) / 2, (top + bottom) / 2]
    if choices.window == "round":
        return [{"kind": "dots", "at_mm": [middle], "radius_mm": (right - left) / 2, "ink": "accent 14"}]
    tints = ["accent 16", "second 10"]
    return [{"kind": "ground", "inks": tints, "box_mm": list(box), "upright": True}]


def _ornament(box: Box) -> list[Layer]:
    """Where no picture is, a rosette."""
    left, top, right, bottom = box
    centre, reach = [(left + right) / 2, (top + bottom) / 2], min(right - left, bottom - top) / 2
    rings = [(0.12, 0.55, 12, "second 80"), (0.42, 0.8, 24, "main 75"), (0.7, 0.97, 48, "accent")]
    return [
        {
            "kind": "rosette", "centre_mm": centre, "radii_mm": [round(reach * inner, 2), round(reach * outer, 2)],
            "waves": waves, "strands": 8, "ink": ink, "width_mm": 0.08,
        }
        for inner, outer, waves, ink in rings
    ]  # fmt: skip


def _round(box: Box) -> list[Layer]:
    left, top, right, bottom = box
    centre, reach = [(left + right) / 2, (top + bottom) / 2], (right - left) / 2
    return [
        {
            "kind": "rosette", "centre_mm": centre, "radii_mm": [reach - 0.15, reach + 3.0], "waves": 72, "strands": 6,
            "ink": "main 95", "to": "second", "lobes": 36, "depth": 0.3, "width_mm": 0.09,
        },
        {
            "kind": "rosette", "centre_mm": centre, "radii_mm": [reach - 0.3, reach + 0.3], "waves": 120, "strands": 2,
            "ink": "main + black 40", "width_mm": 0.12,
        },
    ]  # fmt: skip


def _frame(box: Box) -> list[Layer]:
    left, top, right, bottom = box
    corners = [
        ([left, top], [right, top]),
        ([right, top], [right, bottom]),
        ([right, bottom], [left, bottom]),
        ([left, bottom], [left, top]),
    ]
    bands = []
    for start, end in corners:
        length = abs(start[0] - end[0]) + abs(start[1] - end[1])
        bands.append(
            {
                "kind": "band", "start_mm": start, "end_mm": end, "height_mm": 1.7, "waves": round(length / 1.55),
                "strands": 4, "ink": "main + black 30", "width_mm": 0.1,
            }
        )  # fmt: skip
    return bands


def _edge(box: Box) -> list[Layer]:
    _left, top, right, bottom = box
    lines = [([right, top], [right, bottom]), ([-3.5, bottom], [right, bottom])]
    return [
        *[
            {
                "kind": "band", "start_mm": start, "end_mm": end, "height_mm": 1.9, "waves": 34, "strands": 5,
                "ink": "main + black 30", "width_mm": 0.1,
            }
            for start, end in lines
        ],
        {"kind": "dots", "at_mm": [[8.6, 8.6]], "radius_mm": 4.6, "ink": "paper"},
    ]  # fmt: skip


_FRAMES = {"round": _round, "frame": _frame, "edge": _edge}
