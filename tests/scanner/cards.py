"""Notes for tests: drawn by `qrcode` (version 8, level Q) on a plain card, then bent as a camera would see them."""

from dataclasses import dataclass

import cv2
import numpy as np
import qrcode
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from qrcode.image.pil import PilImage

from app.core import token as tokens
from app.core.serial import Serial
from app.core.signing import OrderKey
from app.core.span import Span
from app.core.verifying import Key, Keyring

Picture = NDArray[np.uint8]
HOST = "NOTES.EXAMPLE.ORG"
DOTS_A_MODULE = 7


class Order:
    """A span with its key, as the press makes it: gives the tokens of its notes."""

    def __init__(self, span: Span | None = None) -> None:
        self.span = span or Span("CWL26", 1, 500)
        self.key = OrderKey()
        self.keyring = Keyring([Key(self.span, self.key.public_key)])

    def token(self, number: int, host: str = HOST) -> str:
        serial = Serial(self.span.series, number)
        return tokens.compose(host, serial, self.key.sign(serial))


def symbol(text: str, dots: int = DOTS_A_MODULE, version: int | None = 8) -> Picture:
    """The QR alone with its quiet zone of 4 modules, grey."""
    code = qrcode.QRCode(version, qrcode.constants.ERROR_CORRECT_Q, box_size=dots, border=4)
    code.add_data(text)
    code.make(fit=True)
    return np.asarray(code.make_image(PilImage).get_image().convert("L"), dtype=np.uint8)


def card(text: str, dots: int = DOTS_A_MODULE) -> Picture:
    """A note of 85 x 55 mm at 300 dots per inch: pale artwork, the QR on white at the right (H, W, 3)."""
    width, height = 1004 * dots // DOTS_A_MODULE, 650 * dots // DOTS_A_MODULE
    paper = Image.new("RGB", (width, height), (225, 236, 230))
    pen = ImageDraw.Draw(paper)
    for y in range(0, height, 24):
        pen.line((0, y, width // 2, y + 40), fill=(180, 208, 196), width=3)
    pen.text((width // 12, height // 3), "ONE HOUR", fill=(30, 60, 50), font_size=height // 9)
    code = Image.fromarray(symbol(text, dots))
    paper.paste(code, (width - code.width - width // 40, (height - code.height) // 2))
    return np.ascontiguousarray(np.asarray(paper)[:, :, ::-1])


SMALL = (480, 640)
"""A frame of this size holds one note at 3 pixels a module, and is quick to read."""


@dataclass(frozen=True)
class Bend:
    """How badly a picture is taken: pixels a module in the frame, tilt (share), blur (modules), noise (levels)."""

    module_pixels: float = 4.0
    tilt: float = 0.1
    blur_modules: float = 0.2
    noise: float = 4.0
    turn_degrees: float = 8.0


def shot(text: str, seed: int) -> Picture:
    """A small frame of one note, as an easy camera gives it."""
    return bend(card(text), seed, Bend(module_pixels=3.0), SMALL)


def bend(paper: Picture, seed: int, how: Bend | None = None, size: tuple[int, int] = (720, 1280)) -> Picture:
    """A frame (H, W, 3) of `size` with the card somewhere on a desk; the same seed gives the same frame."""
    how, chance = how or Bend(), np.random.default_rng(seed)
    scale = how.module_pixels / DOTS_A_MODULE
    width, height = paper.shape[1] * scale, paper.shape[0] * scale
    box = np.array([(-width, -height), (width, -height), (width, height), (-width, height)]) / 2
    angle = np.deg2rad(chance.uniform(-how.turn_degrees, how.turn_degrees))
    turned = box @ np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    middle = np.array([size[1], size[0]]) / 2 + chance.uniform(-20, 20, 2)
    corners = turned * (1 + chance.uniform(-how.tilt, how.tilt, (4, 1))) + middle
    flat = np.array([(0, 0), (paper.shape[1], 0), (paper.shape[1], paper.shape[0]), (0, paper.shape[0])])
    warp = cv2.getPerspectiveTransform(flat.astype(np.float32), corners.astype(np.float32))
    small = cv2.GaussianBlur(paper, (0, 0), max(0.3, 0.45 / scale))  # else the warp would alias
    desk = np.full((*size, 3), (70, 96, 120), np.uint8)
    frame = cv2.warpPerspective(small, warp, (size[1], size[0]), dst=desk, borderMode=cv2.BORDER_TRANSPARENT)
    sigma = how.blur_modules * how.module_pixels
    soft = cv2.GaussianBlur(frame, (0, 0), sigma) if sigma > 0 else frame
    return np.asarray(np.clip(soft + chance.normal(0, how.noise, soft.shape), 0, 255), dtype=np.uint8)
