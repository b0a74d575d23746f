"""A desk behind a page of its own, driven without the view: its journal, its judgement, its courier."""

import logging
import threading
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from playwright.sync_api import BrowserContext, Page
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.services import enquiry
from app.services.books import Store
from tests.web.conftest import World

OPEN = """async () => {
  const { Desk } = await import("/static/desk/memory/desk.js");
  try {
    window.desk = await Desk.open();
    await window.desk.sync();
    return null;
  } catch (trouble) {
    return trouble.word ?? String(trouble);
  }
}"""
DO = """async ([verb, given]) => {
  try {
    const answer = await window.desk[verb](...given);
    return answer === undefined ? {} : answer;
  } catch (trouble) {
    return { trouble: trouble.word ?? String(trouble), after: trouble.retryAfterSeconds };
  }
}"""
CONDITION = "() => JSON.parse(JSON.stringify(window.desk.condition))"
SETTLE = """async () => {
  for (let times = 0; times < 100; times += 1) {
    if (await window.desk.sync()) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}"""
JOURNAL = """async () => {
  const { asked, read } = await import("/static/desk/memory/books.js");
  return read(({ journal }) => asked(journal.getAll()));
}"""


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@dataclass
class Service:
    """The real service, which can be stopped and started again at its address."""

    app: Flask
    port: int = 0
    _server: BaseWSGIServer | None = field(default=None, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", self.port, self.app, threaded=True, request_handler=_Quiet)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._server = None


@dataclass
class Till:
    """One page of a desk."""

    page: Page
    world: World
    address: str

    def open(self) -> "Till":
        """Load a page under /desk and open the desk in it; it has synced if it could."""
        self.page.goto(f"{self.address}/desk/enrol")
        return self.begin()

    def begin(self) -> "Till":
        """Open the desk in the page that is there."""
        trouble = self.page.evaluate(OPEN)
        assert trouble is None, trouble
        return self

    def do(self, verb: str, *given: Any) -> Any:
        return self.page.evaluate(DO, [verb, list(given)])

    def redeem(self, *numbers: int, offer: int | None = None, practice: bool = False) -> Any:
        """Spend notes by their numbers: the answer, or `trouble` with its word."""
        notes = [self.world.token(number) for number in numbers]
        return self.do("redeem", {"notes": notes, "offer": offer, "practice": practice})

    def give_back(self, visit: str) -> Any:
        return self.do("giveBack", visit, "wrong note")

    def sync(self) -> bool:
        return bool(self.do("sync"))

    @property
    def condition(self) -> Any:
        return self.page.evaluate(CONDITION)

    @property
    def journal(self) -> Any:
        return self.page.evaluate(JOURNAL)

    def settled(self) -> None:
        """Wait until nothing of the journal is owed."""
        assert self.page.evaluate(SETTLE)


def books_of(app: Flask) -> Store:
    """The service's books."""
    store: Store = app.extensions["hournote_books"]
    return store


def state(app: Flask, world: World, number: int, series: str = "CWL26") -> str:
    """What a note is, by the service's books."""
    return str(enquiry.life_of(books_of(app), serial=world.serial(number, series)).state)


def enrol(context: BrowserContext, address: str, key: str) -> None:
    """Make a browser the desk that has the key."""
    context.add_cookies([{"name": "hournote_desk", "value": key, "url": address}])
