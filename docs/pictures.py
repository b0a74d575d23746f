"""Takes the pictures of the guides, in both languages, from a demo world that it makes and throws away.

    .venv/bin/python docs/pictures.py            # all of them
    .venv/bin/python docs/pictures.py line case  # these alone

A step of the walk below opens a page as the person would and names the picture. They are PNG of few colours, because they
are kept with the source and come with the service.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from app.services import second_factor
from app.web.languages import LANGUAGES

HERE = Path(__file__).parent
OUT = HERE / "guides" / "pictures"
CHROMIUM = "/usr/bin/chromium"
WIDE, PHONE = (1000, 800), (360, 740)
PATIENCE_MS = 120_000
TALLEST, MOST_BYTES, COLOURS = 760, 60_000, 96
WHERE = """top => {
  const main = document.querySelector("main").getBoundingClientRect();
  const y = document.querySelector(top).getBoundingClientRect().y;
  return [main.x, top === "main" ? y : y - 16, main.width, main.bottom];
}"""
COMMAND = Path(sys.executable).with_name("hournote")


@dataclass
class Demo:
    """A demo world that is served, and who may enter it."""

    address: str
    folder: Path
    browser: Browser
    language: str
    wanted: list[str]
    taken: list[str] = field(default_factory=list)

    @property
    def access(self) -> dict[str, dict[str, str]]:
        """What `hournote demo` kept of its accounts."""
        kept: dict[str, dict[str, str]] = json.loads((self.folder / "demo" / "access.json").read_text("utf-8"))
        return kept

    def token(self, what: str) -> str:
        """The first of the notes to try under that heading, as a path of the service."""
        lines = (self.folder / "demo" / "notes-to-try.txt").read_text("utf-8").splitlines()
        return lines[lines.index(f"# {what}") + 1].split("/", 3)[3]

    def page(self, size: tuple[int, int] = WIDE, email: str | None = None) -> Page:
        """A page in a browser without a past, signed in as somebody."""
        page = self.browser.new_page(
            viewport={"width": size[0], "height": size[1]}, locale="en-GB", timezone_id="Europe/London",
            reduced_motion="reduce", color_scheme="light", service_workers="block",
        )  # fmt: skip
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{self.address}/account/sign-in?lang={self.language}")
        if email:
            self._sign_in(page, email)
        return page

    def _sign_in(self, page: Page, email: str) -> None:
        page.locator("#email").fill(email)
        page.locator("#password").fill(str(self.access["password"]))
        page.keyboard.press("Enter")
        if email in self.access["second_factors"]:
            page.locator("#code").fill(second_factor.code_at(self.access["second_factors"][email], datetime.now(UTC)))
            page.keyboard.press("Enter")
        page.wait_for_url("**/office")

    def open(self, page: Page, path: str) -> None:
        """Go to a page of the service."""
        page.goto(f"{self.address}/{path}", wait_until="networkidle")

    def take(self, page: Page, name: str, tallest: int = TALLEST, top: str = "main") -> None:
        """Keep what `main` shows, from the top of an element on, as the picture of that name."""
        if self.wanted and name not in self.wanted:
            return
        page.evaluate("document.activeElement.blur()")
        page.evaluate("scrollTo(0, 0)")
        x, top_y, width, end_y = page.evaluate(WHERE, top)
        clip = FloatRect(x=x, y=top_y, width=width, height=min(end_y - top_y, tallest))
        shot = page.screenshot(clip=clip, full_page=True)
        path = OUT / self.language / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(small(shot))
        self.taken.append(name)


def small(shot: bytes) -> bytes:
    """A picture in a few colours, as large as stays below MOST_BYTES."""
    with Image.open(BytesIO(shot)) as seen:
        image = seen.convert("RGB")
    while True:
        file = BytesIO()
        few = image.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        few.save(file, "PNG", optimize=True)
        if file.tell() < MOST_BYTES:
            return file.getvalue()
        image = image.resize((image.width * 7 // 8, image.height * 7 // 8), Image.Resampling.LANCZOS)


def press(page: Page, then: str) -> None:
    """Press the first button of the page's form, and wait for what follows."""
    page.locator("main form:not(.look) button").first.click()
    page.locator(then).first.wait_for()


def anybody(demo: Demo) -> None:
    """Whoever holds a note, and whoever learns at a desk."""
    phone, page = demo.page(PHONE), demo.page()
    demo.open(phone, demo.token("good"))
    demo.take(phone, "note-good", 560)
    demo.open(page, "where?town=Truro")
    demo.take(page, "where")
    demo.open(page, "training?show=already_redeemed")
    demo.take(page, "answer", 660, top="#answers")


def programme(demo: Demo) -> None:
    """The programme office, and the phone on which its delivery is confirmed."""
    page = demo.page(email="office@cornwall.example")
    demo.open(page, "office/deliveries/new")
    page.locator("#organisation").select_option("2")
    page.locator("#labels").fill("CWL26 251-300\nCWL26 301-350")
    press(page, ".pin")
    demo.take(page, "delivery")
    link, pin = page.locator("#link").input_value(), page.locator(".pin").inner_text()
    phone = demo.page(PHONE)
    demo.open(phone, f"delivery#{link.partition('#')[2]}")
    demo.take(phone, "phone-pin", 420)
    phone.locator("#pin").fill(pin)
    press(phone, "fieldset.choice")
    demo.take(phone, "phone-count", 900)
    for path, name in (
        ("office/series/CWL26", "line"), ("office/series/CWL26?from=130&to=170&stretch=141-150", "line-close"),
        ("office/statements/programme/1", "statement-programme"),
    ):  # fmt: skip
        demo.open(page, path)
        demo.take(page, name)
    demo.open(page, "office/cases")
    page.locator("[aria-labelledby=waiting] a").last.click()
    page.locator("#neighbours").wait_for()
    demo.take(page, "case")
    together(demo, page)
    demo.open(page, "office/impact")
    while (
        page.locator(".facts dd").nth(1).inner_text() == "0"
    ):  # what was spent counts once it has its place in the log
        page.wait_for_timeout(2000)
        demo.open(page, "office/impact")
    page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    demo.take(page, "impact")


def together(demo: Demo, page: Page) -> None:
    """A draft with one of the pictures that come with the program."""
    demo.open(page, "office/together")
    page.locator("input[name=title]").fill("Porthleven")
    press(page, ".variants")
    page.locator("input[type=file]").set_input_files(demo.folder / "scene.jpg")
    page.locator("form:has(input[type=file]) button").click()
    page.locator(".shots").wait_for()
    page.goto(f"{page.url.partition('?')[0]}/0", wait_until="networkidle")
    page.set_viewport_size({"width": 1200, "height": 800})
    demo.take(page, "together", 600)


def national(demo: Demo) -> None:
    """The national office: its deputy, because somebody else asked."""
    page = demo.page(email="deputy@hournote.example")
    for path, name in (("office/orders/new", "order"), ("office/accounts", "accounts")):
        demo.open(page, path)
        demo.take(page, name)
    demo.open(page, "office/requests")
    page.locator("tbody a").first.click()
    page.locator(".outcome").first.wait_for()
    demo.take(page, "request")


def others(demo: Demo) -> None:
    """A keeper, a venue, an auditor and a print shop."""
    for email, path, name in (
        ("keeper@cornwall.example", "office/hand-out", "hand-out"),
        ("keeper@cornwall.example", "office/statements/organisation/1", "statement-organisation"),
        ("desk@cornwall.example", "office/venues/1/desks", "desks"),
        ("desk@cornwall.example", "office/statements/venue/1", "statement-venue"),
        ("auditor@cornwall.example", "office/look?q=CWL26 1", "life"),
        ("print@truro.example", "office/jobs/CWL27-001", "job"),
    ):
        page = demo.page(email=email)
        demo.open(page, path)
        demo.take(page, name)
    demo.take(page, "job-count", top="#count")


WALK: tuple[Callable[[Demo], None], ...] = (anybody, programme, national, others)


@contextmanager
def served(made: Path) -> Iterator[tuple[str, Path]]:
    """A copy of the demo world, served until the end; gives its address and its folder."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as taken:
        instance = Path(folder) / "instance"
        shutil.copytree(made, instance)
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.close()
        address = f"http://127.0.0.1:{port}"
        running = subprocess.Popen(
            [COMMAND, "serve", "--port", str(port)], env=environment(instance, address), stdout=subprocess.DEVNULL
        )
        try:
            wait_for(address)
            yield address, instance
        finally:
            running.terminate()
            running.wait(30)


def environment(instance: Path, address: str) -> dict[str, str]:
    """The settings of a demo world in that folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOURNOTE_")}
    return {**kept, "HOURNOTE_INSTANCE": str(instance), "HOURNOTE_PUBLIC_URL": address, "HOURNOTE_LOG": "off"}


def wait_for(address: str) -> None:
    """Until the service answers. Raises TimeoutError."""
    for _attempt in range(120):
        try:
            with urlopen(f"{address}/readyz") as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.5)
    raise TimeoutError(f"Nothing answers at {address}.")


def scene() -> Image.Image:
    """A harbour wall under a low sun: what a group might bring, made of a few shapes."""
    made = Image.new("RGB", (1500, 1000), (246, 206, 150))
    made.paste((250, 236, 190), (960, 180, 1200, 420))
    made.paste((52, 108, 128), (0, 600, 1500, 1000))
    made.paste((72, 66, 74), (0, 470, 820, 700))
    made.paste((98, 88, 92), (640, 300, 760, 480))
    return made


def main() -> None:
    """Make the world once, and walk through a copy of it in each language."""
    wanted, taken = sys.argv[1:], list[str]()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        made = Path(folder) / "made"
        for command in ("demo", "press"):
            subprocess.run(
                [COMMAND, command],
                env=environment(made, "http://127.0.0.1:8000"),
                check=True,
                stdout=subprocess.DEVNULL,
            )
        scene().save(made / "scene.jpg", quality=90)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for language in LANGUAGES:
            with served(made) as (address, instance):
                demo = Demo(address, instance, browser, language, wanted)
                for walk in WALK:
                    walk(demo)
            taken += [f"{language}/{name}" for name in demo.taken]
    for name in taken:
        print(f"{name}.png {(OUT / name).with_suffix('.png').stat().st_size // 1024} kB")


if __name__ == "__main__":
    main()
