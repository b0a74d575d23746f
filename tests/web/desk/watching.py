"""A page with an eye on it and nothing else, under the policy of the desk's own page; and a browser whose camera is a film."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserType, Page, Route

from tests.web.conftest import ARGUMENTS, CHROMIUM

PAGE = """<!doctype html><html lang="en"><title>Eye</title><link rel="stylesheet" href="/static/style.css">
<body><main><video id="video"></video><canvas id="canvas"></canvas>
<button id="button">Press</button> <a id="link" href="#pressed">Link</a> <input id="radio" type="radio" name="r">
<label>Typed <input id="field" maxlength="500"></label> <label>Short <input id="short" maxlength="20"></label>
<select id="select"><option>a<option>HT<option>z</select> <textarea id="area"></textarea></main>"""
SETTLE = """(size) => {
  for (const each of [video, canvas]) Object.assign(each.style, {position: "fixed", left: 0, top: "100px", ...size});
  video.style.objectFit = size.objectFit ?? "contain";
}"""
START = """async ([id]) => {
  const { Eye } = await import("/static/desk/eyes/eye.js");
  window.told = [];
  window.eye ??= new Eye({ video, canvas });
  for (const name of ["seen", "lost", "found", "looked"])
    eye.addEventListener(name, ({ detail }) => told.push({ name, ...detail }));
  await eye.start(id).catch(({ name, word }) => told.push({ name, word }));
}"""

UNTIL = """async () => {
  for (const end = performance.now() + 60_000; !(CONDITION); await new Promise((done) => setTimeout(done, 20)))
    if (performance.now() > end) throw new Error("never, but " + JSON.stringify(told).slice(-2000));
}"""


def camera(kind: BrowserType, film: Path | None, *more: str) -> Browser:
    """A browser with one camera, which shows the film; without a film there is a camera that shows a test picture."""
    fakes = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    shown = [f"--use-file-for-fake-video-capture={film}"] if film else []
    return kind.launch(executable_path=str(CHROMIUM), args=[*ARGUMENTS, *fakes, *shown, *more])


def open_at(page: Page, served: str) -> None:
    """Go to the page; its headers are the service's own, so that its policy is that of the desk."""

    def fulfil(route: Route) -> None:
        answer = route.fetch()
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        assert "'wasm-unsafe-eval'" in headers["content-security-policy"]
        route.fulfill(status=200, headers=headers, body=PAGE, content_type="text/html")

    page.route("**/desk/eye-alone", fulfil)
    page.goto(f"{served}/desk/eye-alone")


@dataclass
class Watching:
    """What an eye told so far."""

    page: Page

    def start(self, camera_id: str | None = None, **size: str) -> None:
        """Start the eye, on a video of this CSS size."""
        self.page.evaluate(SETTLE, {"width": "640px", "height": "360px", **size})
        self.page.evaluate(START, [camera_id])

    def until(self, condition: str) -> None:
        """Wait until this is true of `told` and `eye`; asked in the page itself, whose policy lets no text be run."""
        self.page.evaluate(UNTIL.replace("CONDITION", condition))

    def told(self, name: str) -> list[dict[str, Any]]:
        """The events of a name, in order."""
        said: list[dict[str, Any]] = self.page.evaluate("(name) => told.filter((each) => each.name === name)", name)
        return said

    def texts(self) -> list[str]:
        """The texts seen so far, in order."""
        return [each["text"] for each in self.told("seen")]
