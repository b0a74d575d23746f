"""The desk in the browser: how large a snapshot of a series half spent is on the wire, and how fast the page takes it in.

    python bench/desk_rules.py [notes]

The books are those of bench/snapshot.py, on SQLite, served by the real service; the page is Debian's Chromium. Times are the
median of twenty, in milliseconds, beside what the desk was promised to need at most. The service does not compress by
itself; the proxy in deploy/ does, whose gzip is computed here.
"""

import gzip
import logging
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from app.config import Settings
from app.factory import create_app
from app.services import desks, snapshots
from bench import snapshot
from tests.web.conftest import ARGUMENTS, CHROMIUM

WIRE_KB, APPLY_MS = 200, 100
"""What was promised."""

MEASURE = """async ([whole, changes, note]) => {
  const { Snapshot } = await import("/static/desk/rules/snapshot.js");
  const signatures = await import("/static/desk/signature.js");
  const median = async (work) => {
    const times = [];
    for (let round = 0; round < 20; round++) {
      const start = performance.now();
      await work();
      times.push(performance.now() - start);
    }
    return times.sort((one, other) => one - other)[10];
  };
  const known = Snapshot.of(JSON.parse(whole));
  const bytes = (text) => Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
  const [key, message, signature] = note.map(bytes);
  const by = (how) => () => signatures.verifyBytes(how, key, message, signature);
  return {
    of: await median(() => Snapshot.of(JSON.parse(whole))),
    changed: await Promise.all(changes.map((told) => median(() => known.changed(JSON.parse(told))))),
    platform: await median(by(signatures.byPlatform)),
    library: await median(by(signatures.byLibrary)),
  };
}"""

NOTE = [  # RFC 8032, 7.1, TEST 2
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
]


def main(notes: int) -> None:
    """Print a line for each figure."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'books.db'}"
        store = snapshot.filled(url, notes)
        key = desks.add_desk(store, venue="Pool", name="Browser", now=snapshot.NOW).key
        cursor = snapshots.snapshot(store).cursor
        store.close()
        app = create_app(Settings(
            checkpoint_key=bytes(32), instance=Path(folder), database_url=url, note_host="NOTES.EXAMPLE.ORG",
            designs=Path("designs"), secret_key="x" * 40, workers=1, public_url="http://127.0.0.1:8000",
        ))  # fmt: skip
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        visits = [each for each in (1_000, 9_000) if each <= cursor.size]
        since = [f"?since={cursor.epoch}.{cursor.size - each}.{cursor.last_days}" for each in visits]
        whole, *changes = [wire(f"{address}/api/v1/desk/snapshot{query}", key) for query in ["", *since]]
        told(notes, whole, list(zip(visits, changes, strict=True)), measured(address, whole, changes))
        server.shutdown()
        app.extensions["hournote_books"].close()


def wire(url: str, key: str) -> bytes:
    """The body as it is sent."""
    asked = Request(url, headers={"Authorization": f"Bearer {key}", "Accept-Encoding": "gzip"})  # noqa: S310
    with urlopen(asked, timeout=60) as answer:  # noqa: S310
        if answer.headers["Content-Encoding"]:
            raise AssertionError("the service compresses by now: say so here")
        body: bytes = answer.read()
        return body


def measured(address: str, whole: bytes, changes: list[bytes]) -> dict[str, Any]:
    """What the page needs for it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page: Page = browser.new_page()
        page.goto(f"{address}/desk")
        figures: dict[str, Any] = page.evaluate(MEASURE, [whole.decode(), [each.decode() for each in changes], NOTE])
        browser.close()
        return figures


def told(notes: int, whole: bytes, changes: list[tuple[int, bytes]], figures: dict[str, Any]) -> None:
    """The table."""
    print(f"{f'{notes:,} notes, half of them spent':56}{'figure':>10}{'at most':>10}")
    for what, body in [("the whole", whole), *((f"since {visits:,} visits ago", body) for visits, body in changes)]:
        line(f"{what}: kB as the service sends it", len(body) / 1000, WIRE_KB if body is whole else None)
        line(f"{what}: kB by gzip, as the proxy does", len(gzip.compress(body, 6)) / 1000, None)
    line("ms to take the whole in", figures["of"], APPLY_MS)
    for (visits, _body), ms in zip(changes, figures["changed"], strict=True):
        line(f"ms to take {visits:,} visits in", ms, APPLY_MS)
    line("ms a signature, by the browser", figures["platform"], None)
    line("ms a signature, by the library", figures["library"], None)


def line(what: str, figure: float, most: int | None) -> None:
    """A figure beside what was promised."""
    print(f"{what:56}{figure:10,.1f}{most or '':>10}")


if __name__ == "__main__":
    if not CHROMIUM.exists():
        sys.exit(f"There is no {CHROMIUM}: install Debian's chromium to measure the page.")
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500_000)
