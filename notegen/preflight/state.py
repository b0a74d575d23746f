"""The state in which something is drawn (ISO 32000-1:2008, 8.4): what decides how ink is laid down, and where that is."""

from typing import NamedTuple

from notegen.preflight import parts
from notegen.preflight.colour import START, Paint
from notegen.preflight.fault import Fault
from notegen.preflight.painting import UPRIGHT, Matrix


class State(NamedTuple):
    """Of the graphics state, what decides how ink is laid down; overprint as told for filling and for stroking.

    `font` is what is wrong with the font that is set; `mask`: what is drawn is a soft mask, which is no ink.
    """

    matrix: Matrix = UPRIGHT
    fill: Paint = START
    stroke: Paint = START
    over_fill: bool = False
    over_stroke: bool = False
    mode: int = 0
    lettering: int = 0
    font: tuple[Fault, ...] = ()
    mask: bool = False


class Sheet(NamedTuple):
    """What is being drawn: its resources, where it is, how deep it lies, and in which forms."""

    resources: object
    where: str
    level: int = 0
    within: tuple[parts.Key, ...] = ()
