"""Films of real notes for a camera that is none: composed as for the press, laid on a desk, tilted, moved, and kept as JPEG frames.

Chromium plays such a file (`--use-file-for-fake-video-capture`, 30 frames a second, over and over) as its camera.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from app.core import job as jobs
from app.core.job import Job, JobFile
from app.core.reference import OrderId
from app.core.signing import OrderKey
from app.core.span import Span
from notegen import picture
from notegen.compose import compose
from tests.scanner.cards import symbol

Picture = NDArray[np.uint8]
Points = NDArray[np.float32]

DESIGNS = Path(__file__).parents[3] / "designs"
FRAMES_A_SECOND = 30
SIZE = (1280, 720)
DPI = 300
NOTE_MM = 135
BLEED_MM = 3
DESK = (92, 110, 126)
JPEG_QUALITY = 80


@dataclass(frozen=True)
class Paper:
    """Something with a QR on it: its picture, what the QR says, and the QR's four corners in the picture."""

    picture: Picture
    text: str
    corners: Points


@dataclass(frozen=True)
class Pose:
    """How a paper lies before the camera: its middle and width in pixels of the frame, turned, and tilted away."""

    x: float = 640
    y: float = 360
    width: float = 760
    turn_degrees: float = 0
    tilt: float = 0.08


@dataclass(frozen=True)
class Light:
    """What the camera makes of it: blur in pixels, noise in levels, how bright (1 is all)."""

    blur: float = 0.7
    noise: float = 4
    bright: float = 1


def printed_notes(count: int) -> list[Paper]:
    """The first notes of a job as they come out of the press, cut to the trim."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        return notes_of(_job(folder / "job.zip", count), range(1, count + 1))


def notes_of(job: Path, numbers: Sequence[int]) -> list[Paper]:
    """Notes of a job by their places in it, counted from 1, as they come out of the press, cut to the trim."""
    with job.open("rb") as stream, JobFile(stream) as file:
        texts = list(file.texts())
    with TemporaryDirectory() as name:
        made = compose(job, Path(name), pages=True, workers=1)
        pdf = (Path(name) / made.files[0]).read_bytes()
    return [_paper(_cut(picture.rasterise(pdf, dpi=DPI, page=2 * (at - 1))), texts[at - 1]) for at in numbers]


def poster(text: str, module: int = 12) -> Paper:
    """A white card with a QR on it and nothing of a note, a module of so many dots."""
    code = symbol(text, module, None)
    card = np.full((600, 1000, 3), 255, np.uint8)
    card[:, :, 2] = 235
    top = (600 - code.shape[0]) // 2
    card[top : top + code.shape[0], 60 : 60 + code.shape[1]] = code[:, :, None]
    return _paper(card, text)


def corners_in(paper: Paper, pose: Pose) -> list[tuple[float, float]]:
    """Where the corners of its QR are in a frame, in pixels, from the code's own top left clockwise."""
    moved = cv2.perspectiveTransform(paper.corners[None], _warp(paper, pose))[0]
    return [(float(x), float(y)) for x, y in moved]


def frame(scene: Sequence[tuple[Paper, Pose]], seed: int, light: Light | None = None) -> Picture:
    """One picture of the desk with these papers on it (H, W, 3)."""
    light, chance = light or Light(), np.random.default_rng(seed)
    seen = np.full((SIZE[1], SIZE[0], 3), DESK, np.uint8)
    for paper, pose in scene:
        scale = pose.width / paper.picture.shape[1]
        soft = cv2.GaussianBlur(paper.picture, (0, 0), max(0.3, 0.4 / scale))  # else the warp would alias
        cv2.warpPerspective(soft, _warp(paper, pose), SIZE, dst=seen, borderMode=cv2.BORDER_TRANSPARENT)
    blurred = cv2.GaussianBlur(seen, (0, 0), light.blur) if light.blur > 0 else seen
    grain = chance.normal(0, light.noise, blurred.shape)
    return np.asarray(np.clip(blurred * light.bright + grain, 0, 255), dtype=np.uint8)


def shake(pose: Pose, at: int) -> Pose:
    """A hand is never still: a few pixels and a degree, the same for the same frame."""
    return replace(
        pose,
        x=pose.x + 5 * np.sin(at / 4),
        y=pose.y + 4 * np.cos(at / 5),
        turn_degrees=pose.turn_degrees + np.sin(at / 7),
    )


def write(path: Path, frames: Sequence[Picture]) -> Path:
    """Keep the frames as a film."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    path.write_bytes(b"".join(cv2.imencode(".jpg", each, quality)[1].tobytes() for each in frames))
    return path


def _job(path: Path, count: int) -> Path:
    key, span = OrderKey(), Span("CWL26", 1, count)
    moment, last = datetime(2026, 1, 1, tzinfo=UTC), date(2099, 12, 31)
    job = Job(OrderId("CWL26", 1), span, "cornwall", "NOTES.EXAMPLE.ORG", key.public_key, 50, moment, last)
    members = {
        f"{side}/{file.name}": file.read_bytes()
        for side, design in (("front", "cornwall"), ("back", "national"))
        for file in (DESIGNS / design).iterdir()
    }
    with path.open("wb") as stream:
        jobs.write(stream, job, key.sign_span(span), members)
    return path


def _cut(page: Image.Image) -> Picture:
    bleed = round(BLEED_MM / 25.4 * DPI)
    return np.ascontiguousarray(np.asarray(page, dtype=np.uint8)[bleed:-bleed, bleed:-bleed, ::-1])


def _paper(flat: Picture, text: str) -> Paper:
    """Where the QR is, is told by the flat picture, read by another reader than the one under test."""
    (code,) = [each for each in zxingcpp.read_barcodes(flat) if each.text == text]
    at = code.position
    corners = [(each.x, each.y) for each in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
    return Paper(flat, text, np.array(corners, dtype=np.float32))


def _warp(paper: Paper, pose: Pose) -> NDArray[np.float64]:
    height, width = paper.picture.shape[:2]
    half = np.array([pose.width, pose.width * height / width]) / 2
    box = np.array([(-1 + pose.tilt, -1), (1 - pose.tilt, -1), (1 + pose.tilt, 1), (-1 - pose.tilt, 1)]) * half
    angle = np.deg2rad(pose.turn_degrees)
    turned = box @ np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    corners = turned + np.array([pose.x, pose.y])
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    return np.asarray(cv2.getPerspectiveTransform(flat, corners.astype(np.float32)))
