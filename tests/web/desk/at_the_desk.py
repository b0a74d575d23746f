"""What a volunteer does at the desk page, in a real browser."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from uuid import uuid4

from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect

from app.core.job import JobFile
from app.core.lifecycle import Kind
from app.services import balancing, custody, directory, press
from app.services.press import OrderRequest
from tests.web.conftest import ROOT, SECONDS, World, now

PATIENCE_MS = 20 * SECONDS

KEEP_HOLD = """async () => {
  const {Desk} = await import("/static/desk/memory/desk.js");
  const check = Desk.prototype.check;
  Desk.prototype.check = function (texts) { window.heldDesk = this; return check.call(this, texts); };
}"""
"""Lets a test reach the desk behind the page, once a note was scanned."""

CONDITION = """change => {
  const condition = {...heldDesk.condition, ...change};
  if (change.knownAt) condition.knownAt = new Date(change.knownAt);
  Object.defineProperty(heldDesk, "condition", {value: condition, configurable: true, writable: true});
  heldDesk.dispatchEvent(new Event("change"));
}"""
"""Makes the desk behind the page stand as a test says."""


def open_desk(page: Page, context: BrowserContext, world: World, served: str, language: str = "en") -> Page:
    """The desk page of an enrolled browser."""
    context.add_cookies([{"name": "hournote_desk", "value": world.key, "url": served}])
    page.goto(f"{served}/desk?lang={language}")
    expect(page.locator("body.started")).to_be_attached(timeout=PATIENCE_MS)
    return page


def scan(page: Page, text: str, *, enter: bool = True) -> None:
    """Type as a USB scanner does: fast, and often with Enter at the end."""
    page.keyboard.type(text)
    if enter:
        page.keyboard.press("Enter")


def gather(page: Page, world: World, numbers: Iterable[int], series: str = "CWL26") -> None:
    """Scan notes, each once the one before has its answer in the basket."""
    for number in numbers:
        token = world.token(number, series)
        scan(page, token)
        page.get_by_role("button", name=f"Take out {printed(world.serial(number, series))}").wait_for()
    expect(page.locator("#basket li.asking")).to_have_count(0)


def printed(serial: str) -> str:
    """A serial as it stands on the paper."""
    return f"{serial[:5]} {serial[5:12]} {serial[12]}"


def answer(page: Page, word: str) -> None:
    """Wait for the answer with this word."""
    expect(page.locator(".answer-word")).to_have_text(word, timeout=PATIENCE_MS)


def tally(page: Page, text: str) -> None:
    """Wait for the tally."""
    expect(page.locator("#tally")).to_have_text(text, timeout=PATIENCE_MS)


def choose(page: Page, offer: str) -> None:
    """What the visit is for."""
    page.locator("#offers").get_by_label(offer).check()


def accept(page: Page) -> None:
    """The one tap, once it can be tapped."""
    expect(page.locator("#accept")).to_have_attribute("aria-disabled", "false", timeout=PATIENCE_MS)
    page.locator("#accept").click()


def more_notes(app: Flask, world: World, quantity: int) -> World:
    """The world with as many notes more, of Lancashire, given out."""
    store = app.extensions["hournote_books"]
    directory.set_series(store, series="LAN27", expires_on=date(2099, 12, 31))
    made = press.order_notes(
        store, request=OrderRequest("LAN27", quantity, "lancashire"), host="NOTES.EXAMPLE.ORG", designs=ROOT / "designs",
        out=world.settings.instance, actor="cli:test", now=now(), request_id=uuid4(), workers=1,
    )  # fmt: skip
    with made.job.open("rb") as file:
        tokens = list(JobFile(file).texts())
    balancing.balance_order(
        store, order="LAN27-001", spoiled=[], missing=[], actor="cli:test", now=now(), request_id=uuid4()
    )
    for kind, organisation in ((Kind.RECEIVE, None), (Kind.ISSUE, "Chorley Community Garden")):
        custody.move_span(
            store, kind=kind, named=f"LAN27 1-{quantity}", actor="cli:test", now=now(), request_id=uuid4(),
            organisation=organisation,
        )  # fmt: skip
    return replace(world, tokens={**world.tokens, "LAN27": tokens})


def carry(page: Page, tokens: list[str]) -> None:
    """Have the page begin with a basket, as after a change of the language."""
    page.evaluate(
        "texts => addEventListener('pagehide', () => sessionStorage.setItem('hournote.desk.basket',"
        " JSON.stringify({at: Date.now(), texts, mode: 'visit'})))",
        tokens,
    )
    page.reload()
