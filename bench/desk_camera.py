"""How fast and how surely the desk page reads notes by its camera, in Chromium: `python bench/desk_camera.py [--frames N]`.

Frames are 1280 x 720, of notes composed as for the press. First by film, as a camera gives them: from the moment a frame is there to its
text, on the page. Then frame by frame: what the first look reads alone, and with the second at twice the size.
The frames come from a simple simulator; read the rates against each other, not as promises.
"""

import argparse
import statistics
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import cv2
from playwright.sync_api import Browser, Page, Response, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.web.security import DESK_POLICY
from tests.web.desk import film, watching
from tests.web.desk.film import Light, Paper, Pose, shake
from tests.web.desk.watching import Watching

ROOT = Path(__file__).resolve().parents[1]
LIMIT_MS = 150
LIMIT_BYTES = 5_000_000
LOOKS = 40
NOTE_PIXELS_A_MODULE = 227
"""Pixels that a note is wide for each pixel of a module of its QR (49 modules are 29 of its 135 mm)."""
KINDS: dict[str, tuple[float, Pose, Light]] = {
    "near": (4, Pose(), Light()),
    "middle": (3, Pose(), Light()),
    "far": (2.3, Pose(), Light()),
    "tilted": (3, Pose(tilt=0.2, turn_degrees=40), Light()),
    "dark": (3.3, Pose(), Light(noise=18, bright=0.5)),
    "blurred": (3.3, Pose(), Light(blur=1.5)),
    "all": (2.8, Pose(tilt=0.15, turn_degrees=30), Light(blur=1, noise=10, bright=0.7)),
}
"""Pixels a module, how the note lies, and what the camera makes of it."""
READ = """async ([urls, second]) => {
  const { Decoder } = await import("/static/desk/eyes/decoder.js");
  const decoder = (window.decoder ??= new Decoder());
  const said = [];
  for (const url of urls) {
    const picture = await createImageBitmap(await (await fetch(url)).blob());
    const { codes, ms } = await decoder.read(picture, second);
    said.push({ texts: codes.map(({ text }) => text).filter((text) => text !== null), ms });
  }
  return said;
}"""


class _Files(SimpleHTTPRequestHandler):
    """The scripts, the page and the frames, under the policy of the desk's page."""

    frames: Path

    def translate_path(self, path: str) -> str:
        asked = urlsplit(path).path
        return str(self.frames / asked[8:] if asked.startswith("/frames/") else ROOT / "app" / "web" / asked[1:])

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", DESK_POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> None:
    """Print the time from frame to text, what each look reads, and how much is loaded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=15, help="frames of each kind")
    count: int = parser.parse_args().frames
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        notes = film.printed_notes(3)
        _Files.frames = Path(folder)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        (Path(folder) / "page.html").write_text(watching.PAGE)
        served = f"http://127.0.0.1:{server.server_port}"
        _films(playwright.chromium, served, Path(folder), notes)
        browser = watching.camera(playwright.chromium, None)
        _looks(_page(browser, served), Path(folder), notes[0], count)
        browser.close()
        server.shutdown()


def _page(browser: Browser, served: str) -> Page:
    page = browser.new_page()
    page.goto(f"{served}/frames/page.html")
    return page


def _weigh(loaded: dict[str, int], answer: Response) -> None:
    loaded[answer.url] = len(answer.body())


def _films(kind: Any, served: str, folder: Path, notes: Sequence[Paper]) -> None:
    """The time from a frame to its text, on the page, for one note and for three."""
    lying = [Pose(330, 190, 560, 4), Pose(930, 260, 560, -6), Pose(560, 545, 600, 2)]
    scenes = {"one note": [(notes[0], Pose())], "three notes": list(zip(notes, lying, strict=True))}
    print(f"{'frame to text':16}{'median ms':>11}{'p95 ms':>9}{'first ms':>10}{'limit ms':>10}{'frames read':>13}")
    for name, scene in scenes.items():
        shots = [film.frame([(paper, shake(pose, at)) for paper, pose in scene], at) for at in range(20)]
        browser = watching.camera(kind, film.write(folder / "film.mjpeg", shots))
        page = _page(browser, served)
        loaded: dict[str, int] = {}
        page.on("response", partial(_weigh, loaded))
        eye = Watching(page)
        eye.start()
        eye.until(f"told.filter(({{ name }}) => name === 'looked').length > {LOOKS}")
        looks = eye.told("looked")
        first, later = looks[0], [each["ms"] for each in looks[1:]]
        whole = sum(each["count"] == len(scene) for each in looks)
        print(f"{name:16}{statistics.median(later):11.0f}{statistics.quantiles(later, n=20)[-1]:9.0f}"
              f"{first['ms']:10.0f}{LIMIT_MS:10}{100 * whole / len(looks):12.0f}%")  # fmt: skip
        browser.close()
    print(f"loaded: {sum(loaded.values()):,} bytes of at most {LIMIT_BYTES:,} for the whole page\n")


def _looks(page: Page, folder: Path, note: Paper, count: int) -> None:
    """What each look reads, by kind of frame."""
    print(f"{'looks':16}" + "".join(f"{name:>9}" for name in KINDS) + f"{'wrong':>9}{'median ms':>11}")
    urls = {name: [_keep(folder, note, name, seed) for seed in range(count)] for name in KINDS}
    page.evaluate(READ, [urls["near"], "always"])  # which loads it
    for label, second in (("first alone", "never"), ("with the second", "always")):
        said = {name: page.evaluate(READ, [each, second]) for name, each in urls.items()}
        shares = [100 * sum(note.text in one["texts"] for one in each) / count for each in said.values()]
        every = [one for each in said.values() for one in each]
        wrong = sum(text != note.text for one in every for text in one["texts"])
        median = statistics.median(one["ms"] for one in every)
        print(f"{label:16}" + "".join(f"{share:8.0f}%" for share in shares) + f"{wrong:9}{median:11.1f}")


def _keep(folder: Path, note: Paper, kind: str, seed: int) -> str:
    pixels, pose, light = KINDS[kind]
    shot = film.frame([(note, shake(replace(pose, width=pixels * NOTE_PIXELS_A_MODULE), 7 * seed))], seed, light)
    cv2.imwrite(str(folder / f"{kind}{seed}.jpg"), shot, [cv2.IMWRITE_JPEG_QUALITY, film.JPEG_QUALITY])
    return f"/frames/{kind}{seed}.jpg"


if __name__ == "__main__":
    main()
