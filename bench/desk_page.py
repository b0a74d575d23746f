"""The desk page: from the camera's frame to the verdict on it, the service included, and the bytes of its first and second load.

    python bench/desk_page.py

The camera is a film of real notes at 1280x720, composed as for the press, one after another in a hand that is never still;
the service is werkzeug's with SQLite, the browser Debian's Chromium, all on this machine. Beside each figure is what was
promised.
"""

import logging
import statistics
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from app.config import Settings
from app.factory import create_app
from app.services import books
from tests.web.conftest import ROOT, World, settle
from tests.web.desk import film, watching
from tests.web.desk.film import Pose

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

VERDICT_MS, FIRST_LOAD_MB, SECOND_LOAD_BYTES = 150, 5, 0
"""What was promised."""
NUMBERS = range(12, 42)
FRAMES_EACH = 14

WATCH = """async () => {
  const {Eye} = await import("/static/desk/eyes/eye.js");
  window.frames_ = new Map(); window.took = [];
  const {dispatchEvent: tell, mark} = Eye.prototype;
  Eye.prototype.dispatchEvent = function (event) {
    if (event.type === "seen") frames_.set(event.detail.text, performance.now() - event.detail.ms);
    return tell.call(this, event);
  };
  Eye.prototype.mark = function (text, known) {
    if (known.family !== "asking" && frames_.has(text)) took.push(performance.now() - frames_.get(text));
    frames_.delete(text);
    return mark.call(this, text, known);
  };
}"""


class Weighed:
    """Counts the bytes of what is answered, data of the interface apart from the page."""

    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application
        self.bytes: Counter[str] = Counter()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as the application does."""
        kind = "data" if environ["PATH_INFO"].startswith("/api/") else "page"
        for part in self._application(environ, start_response):
            self.bytes[kind] += len(part)
            yield part


def main() -> None:
    """Print a line for each figure."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        world = _world(folder)
        reel = _reel(folder)
        weighed = Weighed(create_app(world.settings))
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, weighed, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        _measure(world, reel, weighed, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def _world(folder: Path) -> World:
    url = f"sqlite:///{folder / 'hournote.db'}"
    books.migrate_books(url)
    world = World(Settings(
        checkpoint_key=bytes(32), instance=folder, database_url=url, note_host="NOTES.EXAMPLE.ORG",
        designs=ROOT / "designs", secret_key="x" * 40, workers=1, public_url="http://127.0.0.1:8000",
    ))  # fmt: skip
    store = books.open_books(url)
    settle(store, world, folder)
    store.close()
    return world


def _reel(folder: Path) -> Path:
    papers = film.notes_of(folder / "CWL26-001.job.zip", NUMBERS)
    frames = [
        film.frame([(paper, film.shake(Pose(), at))], seed=at)
        for turn, paper in enumerate(papers)
        for at in range(turn * FRAMES_EACH, (turn + 1) * FRAMES_EACH)
    ]
    return film.write(folder / "notes.mjpeg", frames)


def _measure(world: World, reel: Path, weighed: Weighed, address: str) -> None:
    with sync_playwright() as playwright:
        browser = watching.camera(playwright.chromium, reel)
        context = browser.new_context(locale="en-GB", permissions=["camera"])
        context.add_cookies([{"name": "hournote_desk", "value": world.key, "url": address}])
        page = context.new_page()
        first = _load(page, weighed, f"{address}/desk")
        page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
        page.wait_for_timeout(3_000)
        kept = weighed.bytes["page"]
        second = _load(page, weighed, f"{address}/desk")
        page.evaluate(WATCH)
        page.locator("#eye-start").click()
        page.wait_for_function("most => took.length >= most", arg=len(NUMBERS) - 2, timeout=120_000)
        took = page.evaluate("took")
        browser.close()
    _line(f"ms from frame to verdict, median of {len(took)}", statistics.median(took), VERDICT_MS)
    _line("ms from frame to verdict, the slowest of ten", sorted(took)[int(len(took) * 0.9)], None)
    _line("MB of the first load, what it keeps for later included", kept / 1e6, FIRST_LOAD_MB)
    _line("MB of the first load until the page is ready", first / 1e6, None)
    _line("bytes of the second load", second, SECOND_LOAD_BYTES)


def _load(page: Page, weighed: Weighed, address: str) -> int:
    before = weighed.bytes["page"]
    page.goto(address)
    page.locator("body.started").wait_for()
    return weighed.bytes["page"] - before


def _line(what: str, figure: float, promised: float | None) -> None:
    print(f"{what:<58}{figure:>10.1f}{'' if promised is None else promised:>10}")


if __name__ == "__main__":
    print(f"{'the desk page at 1280x720':<58}{'figure':>10}{'at most':>10}")
    main()
