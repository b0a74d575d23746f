"""What stands on the window, as a picture: the camera's view with the notes outlined, and the answer beside it, large."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.core import serial as serials
from app.core.errors import BadSerial
from app.core.verifying import Signature
from scanner.decode import Frame
from scanner.events import Event
from scanner.faces import AMBER, BLUE, PAPER, RED, Colour, face_of, sentence_of
from scanner.lettering import fitted, font, wrapped, write
from scanner.notes import Note
from scanner.shapes import draw_shape

WIDTH, HEIGHT, PANEL, BAR, MARGIN = 1280, 720, 500, 56, 36
"""Pixels: the whole, the panel at the right, the bar below the picture."""

NIGHT, INK, WHITE = (20, 23, 28), (22, 24, 28), (255, 255, 255)
_OUTWARD = 1.14
"""How much larger than the symbol its outline is, so that it stands in the quiet zone."""

_VIEW = (WIDTH - PANEL, HEIGHT - BAR)


@dataclass(frozen=True, slots=True)
class View:
    """What is known at this moment: the frame (None before the first), the notes in it, the last event at the desk."""

    venue: str
    frame: Frame | None = None
    notes: Sequence[Note] = ()
    event: Event | None = None
    waiting: int = 0
    online: bool = True


def paint(view: View) -> NDArray[np.uint8]:
    """The window's picture (HEIGHT, WIDTH, 3) in the order blue, green, red."""
    canvas = Image.new("RGB", (WIDTH, HEIGHT), NIGHT)
    pen = ImageDraw.Draw(canvas)
    if view.frame is not None:
        _picture(canvas, pen, view.frame, view.notes)
    _bar(pen, view)
    _panel(pen, view)
    return np.ascontiguousarray(np.asarray(canvas)[:, :, ::-1])


def _picture(canvas: Image.Image, pen: ImageDraw.ImageDraw, frame: Frame, notes: Sequence[Note]) -> None:
    height, width = frame.shape[:2]
    scale = min(_VIEW[0] / width, _VIEW[1] / height)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (_VIEW[0] - size[0]) // 2, (_VIEW[1] - size[1]) // 2
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    colours = cv2.cvtColor(small, cv2.COLOR_GRAY2RGB if small.ndim == 2 else cv2.COLOR_BGR2RGB)
    canvas.paste(Image.fromarray(np.asarray(colours, dtype=np.uint8)), (left, top))
    for note in notes:
        around = note.reading.centre + (note.reading.corners - note.reading.centre) * _OUTWARD
        _outline(pen, note, [(left + x * scale, top + y * scale) for x, y in around.tolist()])


def _outline(pen: ImageDraw.ImageDraw, note: Note, corners: list[tuple[float, float]]) -> None:
    """A note has a whole frame and its serial; any other code the corners alone. Dark below light shows on any ground."""
    for colour, width in ((NIGHT, 11), (_outline_colour(note), 6)):
        for start, end in zip(corners, corners[1:] + corners[:1], strict=True):
            for piece in [(start, end)] if note.token else _ends(start, end):
                pen.line(piece, colour, width)
    if note.serial:
        _label(pen, note.serial.printed, min(x for x, _ in corners), max(y for _, y in corners) + 12)


def _outline_colour(note: Note) -> Colour:
    """White until the service has spoken: a good signature alone does not make a note good."""
    if note.token is None:
        return AMBER
    return RED if note.signature is Signature.BAD else WHITE


def _ends(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[tuple[float, float], ...]]:
    def between(share: float) -> tuple[float, float]:
        return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share

    return [(start, between(0.25)), (between(0.75), end)]


def _label(pen: ImageDraw.ImageDraw, text: str, left: float, top: float) -> None:
    face = font(24, bold=True)
    left = max(4.0, min(left, _VIEW[0] - face.getlength(text) - 24))
    top = min(top, _VIEW[1] - 40)
    pen.rounded_rectangle((left, top, left + face.getlength(text) + 20, top + 36), 6, fill=NIGHT)
    pen.text((left + 10, top + 3), text, fill=WHITE, font=face)


def _bar(pen: ImageDraw.ImageDraw, view: View) -> None:
    top = HEIGHT - BAR
    pen.rectangle((0, top, _VIEW[0], HEIGHT), fill=BLUE if view.online else AMBER)
    ink = WHITE if view.online else INK
    state = "Online" if view.online else "Offline"
    state += f" · {view.waiting} to send" if view.waiting else ""
    face = font(26, bold=True)
    pen.text((_VIEW[0] - face.getlength(state) - 20, top + 11), state, fill=ink, font=face)
    venue = wrapped(view.venue, font(26), _VIEW[0] - face.getlength(state) - 80)
    pen.text((20, top + 11), (venue or [""])[0] + (" …" if len(venue) > 1 else ""), fill=ink, font=font(26))


def _panel(pen: ImageDraw.ImageDraw, view: View) -> None:
    face, event = face_of(view.event, online=view.online), view.event
    left, inner = WIDTH - PANEL + MARGIN, PANEL - 2 * MARGIN
    ink = INK if face.colour in (PAPER, AMBER) else WHITE
    pen.rectangle((WIDTH - PANEL, 0, WIDTH, HEIGHT), fill=face.colour)
    draw_shape(pen, face.shape, left, 48, 150, ink)
    word, lines = fitted(face.word, inner, range(84, 43, -4), most_lines=3 if len(face.word) > 20 else 2)
    top = write(pen, left, 226, lines, word, ink)
    if event is not None and event.serial:
        top = write(pen, left, top + 10, [_printed(event.serial)], font(36, bold=True), ink)
    top = write(pen, left, top + 20, wrapped(sentence_of(event, online=view.online), font(32), inner), font(32), ink)


def _printed(serial: str) -> str:
    try:
        return serials.parse_canonical(serial).printed
    except BadSerial:
        return serial
