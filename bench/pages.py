"""Every page of each role over a year of a national programme: `python bench/pages.py [FOLDER] [--database URL]`.

FOLDER holds the books of a year, made with `HOURNOTE_INSTANCE=FOLDER hournote simulate` (URL: those that `HOURNOTE_DATABASE_URL` named
then); without one, a tenth of such a year is made first. Whoever is signed in goes from page to page by the links that are there, three of each kind of page, and asks for each
seven times. *median* is that of its medians, *slowest* the slowest page of the kind; the limit is 300 ms at the median.
*processor* is what the service takes, which neighbours on the machine hardly change.
"""

import argparse
import os
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from app.config import Settings
from app.factory import create_app
from app.services import accounts, directory, simulated_people, simulating
from app.services.accounts import Account
from app.services.books import Store
from tests import staff

EACH, REPEATS, LIMIT_MS, MOST_PAGES = 3, 7, 300, 400
ROLES = ("nobody", "national", "programme", "auditor", "press", "keeper", "venue")
_LINK = re.compile(r'href="(/[^"#]*)')
_LEFT_ALONE = ("/static/", "/account/sign-out", "/api/", "/sw.js", "/desk")


@dataclass(frozen=True)
class Taken:
    """What a page took: seconds on the clock and of the processor, the medians of some."""

    path: str
    clock: float
    processor: float


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--database")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        app = create_app(_settings(asked.folder or _tenth(Path(made)), asked.database))
        store = app.extensions["hournote_books"]
        print(f"{'role':10}{'page':42}{'pages':>6}{'median ms':>11}{'slowest ms':>12}{'processor ms':>14}")
        slowest = [each for role in ROLES for each in _print(role, _walk(app, store, role))]
        over = [each for each in slowest if each.clock * 1000 > LIMIT_MS]
        print(f"\n{len(slowest)} pages, {len(over)} of them over {LIMIT_MS} ms.")
        for each in sorted(over, key=lambda taken: -taken.clock):
            print(f"  {each.clock * 1000:6.0f} ms  {each.path}")


def _tenth(folder: Path) -> Path:
    settings = _settings(folder)
    simulating.simulate(
        settings.database_url, seed=1, size=simulated_people.Size.scaled(0.1), now=datetime.now(UTC), host=settings.note_host,
        designs=settings.designs,
    )  # fmt: skip
    return folder


def _settings(folder: Path, url: str | None = None) -> Settings:
    url = url or f"sqlite:///{folder / 'hournote.db'}"
    return Settings(
        checkpoint_key=bytes(32), instance=folder, database_url=url, note_host="NOTES.EXAMPLE.ORG",
        designs=Path(__file__).resolve().parents[1] / "designs", secret_key="x" * 40, workers=1, public_url="http://127.0.0.1:8000",
    )  # fmt: skip


def _print(role: str, taken: dict[str, list[Taken]]) -> list[Taken]:
    for rule, pages in sorted(taken.items()):
        clocks, processors = [each.clock for each in pages], [each.processor for each in pages]
        print(
            f"{role:10}{rule[:41]:42}{len(pages):6}{1000 * statistics.median(clocks):11.0f}{1000 * max(clocks):12.0f}"
            f"{1000 * statistics.median(processors):14.0f}",
            flush=True,
        )
    return [each for pages in taken.values() for each in pages]


def _walk(app: Flask, store: Store, role: str) -> dict[str, list[Taken]]:
    """From page to page, the nearest first."""
    client, found = app.test_client(), defaultdict[str, list[Taken]](list)
    if role != "nobody":
        staff.sign_in(client, store, _account(store, role), now=datetime.now(UTC))
    waiting, seen = ["/" if role == "nobody" else "/office"], set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        rule = _rule(app, path)
        if path in seen or rule is None or len(found[rule]) == EACH:
            continue
        seen.add(path)
        taken, page = _time(client, path)
        if taken is not None:
            found[rule].append(taken)
            waiting += list(_links(page))
    return {rule: pages for rule, pages in found.items() if pages}


def _account(store: Store, role: str) -> Account:
    """Somebody of that role, in the place with the most."""
    scope: dict[str, str] = {}
    if role in ("programme", "auditor", "press"):
        scope = {"programme": directory.programmes(store)[0].code}
    elif role == "keeper":
        scope = {"organisation": str(directory.organisations(store)[0].id)}
    elif role == "venue":
        scope = {"venue": str(directory.venues_with_offers(store)[0][0].id)}
    email = f"{role}-{os.getpid()}@example.org"
    return accounts.add_account(store, email=email, role=role, now=datetime.now(UTC), **scope)[0]


def _rule(app: Flask, path: str) -> str | None:
    if path.startswith(_LEFT_ALONE):
        return None
    parts = urlsplit(path)
    try:
        rule, _arguments = app.url_map.bind("localhost").match(parts.path, return_rule=True)
    except HTTPException:  # a link to what only takes forms, for one
        return None
    return f"{rule.rule} ?" if parts.query else str(rule.rule)


def _time(client: FlaskClient, path: str) -> tuple[Taken | None, str]:
    clocks, processors, page = [], [], ""
    for _ in range(REPEATS):
        begun, used = time.perf_counter(), time.process_time()
        answer = client.get(path, headers={"Accept-Encoding": "identity"})
        clocks.append(time.perf_counter() - begun)
        processors.append(time.process_time() - used)
        if answer.status_code != 200:
            return None, ""
        page = answer.text if answer.mimetype == "text/html" else ""
    return Taken(path, statistics.median(clocks), statistics.median(processors)), page


def _links(page: str) -> Iterator[str]:
    for found in _LINK.finditer(page):
        yield unescape(found[1])


if __name__ == "__main__":
    main()
