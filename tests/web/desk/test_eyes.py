"""The camera of the desk page: films of real notes before Chromium's camera that is none, and cameras that fail."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.web.conftest import SECONDS, needs_chromium
from tests.web.desk import film, watching
from tests.web.desk.film import Light, Paper, Pose, shake
from tests.web.desk.watching import Watching

pytestmark = [
    needs_chromium,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

THREE = [Pose(330, 190, 560, 4), Pose(930, 260, 560, -6), Pose(560, 545, 600, 2)]
MENU = "https://example.org/menu"
AWAY_FRAMES = 3 * film.FRAMES_A_SECOND

Before = Callable[..., Watching]


@pytest.fixture(scope="session")
def notes() -> list[Paper]:
    """Three notes of an order, as printed."""
    return film.printed_notes(3)


@pytest.fixture(scope="session")
def one(notes: list[Paper], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A note held before the camera for half a second."""
    shots = [film.frame([(notes[0], shake(Pose(), at))], at) for at in range(15)]
    return film.write(tmp_path_factory.mktemp("film") / "one.mjpeg", shots)


@pytest.fixture(scope="session")
def three(notes: list[Paper], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three notes on the desk, still."""
    shots = [film.frame(list(zip(notes, THREE, strict=True)), at) for at in range(6)]
    return film.write(tmp_path_factory.mktemp("film") / "three.mjpeg", shots)


@pytest.fixture(scope="session")
def returning(notes: list[Paper], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A note for a second, an empty desk for three, over and over."""
    here = [film.frame([(notes[0], shake(Pose(), at))], at) for at in range(10)]
    gone = film.frame([], 0)
    return film.write(tmp_path_factory.mktemp("film") / "returning.mjpeg", [*here, *here, *here, *[gone] * AWAY_FRAMES])


@pytest.fixture(scope="session")
def mixed(notes: list[Paper], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A note too blurred to be read, a menu that is no note, and a note."""
    torn = film.frame([(notes[1], THREE[0])], 0, Light(blur=5))
    clear = film.frame([(film.poster(MENU), Pose(930, 250, 500)), (notes[0], Pose(640, 545, 600))], 1)
    clear[:360, :640] = torn[:360, :640]
    return film.write(tmp_path_factory.mktemp("film") / "mixed.mjpeg", [clear] * 6)


@pytest.fixture
def before(browser: Browser, served: str) -> Iterator[Before]:
    """Gives an eye before a film; fails the test when a script fails, or the policy stops something, or another host is asked."""
    faults: list[str] = []
    opened: list[Browser] = []

    def open_before(shown: Path | None, *, mock: str = "", more: tuple[str, ...] = ()) -> Watching:
        camera = watching.camera(browser.browser_type, shown, *more)
        opened.append(camera)
        page = camera.new_page()
        page.set_default_timeout(60 * SECONDS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on(
            "request", lambda asked: faults.append(asked.url) if not asked.url.startswith((served, "blob:")) else None
        )
        if mock:
            page.add_init_script(mock)
        watching.open_at(page, served)
        return Watching(page)

    yield open_before
    for each in opened:
        each.close()
    assert not faults


def test_a_note_held_before_the_camera_is_seen_once(before: Before, one: Path, notes: list[Paper]) -> None:
    eye = before(one)
    eye.start()
    eye.until("told.filter(({ name }) => name === 'looked').length > 25")
    assert eye.texts() == [notes[0].text]
    assert all(said["count"] == 1 for said in eye.told("looked"))
    assert eye.page.evaluate("eye.isOn") is True
    assert eye.page.evaluate("eye.cameraId") != ""


def test_three_notes_are_seen_where_they_lie(before: Before, three: Path, notes: list[Paper]) -> None:
    eye = before(three)
    eye.start()
    eye.until("told.filter(({ name }) => name === 'seen').length >= 3")
    found = {said["text"]: said["corners"] for said in eye.told("seen")}
    assert sorted(found) == sorted(note.text for note in notes)
    for note, pose in zip(notes, THREE, strict=True):
        for point, (x, y) in zip(found[note.text], film.corners_in(note, pose), strict=True):
            assert point["x"] == pytest.approx(x, abs=4)
            assert point["y"] == pytest.approx(y, abs=4)


def test_a_note_that_goes_and_comes_back_is_seen_again(before: Before, returning: Path, notes: list[Paper]) -> None:
    eye = before(returning)
    eye.start()
    eye.until("told.filter(({ name }) => name === 'seen').length >= 2")
    assert set(eye.texts()) == {notes[0].text}


def test_a_code_that_is_no_note_is_told_and_a_bad_one_hides_none(
    before: Before, mixed: Path, notes: list[Paper]
) -> None:
    eye = before(mixed)
    eye.start()
    eye.until("told.filter(({ name }) => name === 'seen').length >= 2")
    eye.until("told.filter(({ name }) => name === 'looked').length > 8")
    assert sorted(eye.texts()) == sorted([MENU, notes[0].text])


INK = """([x, y, radius]) => {
  const ratio = devicePixelRatio;
  const side = Math.ceil(2 * radius * ratio);
  const {data} = canvas.getContext("2d").getImageData((x - radius) * ratio, (y - radius) * ratio, side, side);
  const inks = new Set();
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] === 255) inks.add([...data.slice(i, i + 3)].join());
  return [...inks];
}"""
GOOD = "20,96,43"
LEFT_OF_CODE = 4
"""Pixels of the page from the edge of a code to its outline."""


@pytest.mark.parametrize("fit", ["contain", "cover"])
def test_an_outline_lies_on_its_note_with_its_word(before: Before, one: Path, notes: list[Paper], fit: str) -> None:
    eye = before(one)
    eye.start(width="400px", height="400px", objectFit=fit)
    eye.until("told.some(({ name }) => name === 'seen')")
    eye.page.evaluate("(text) => eye.mark(text, { family: 'good', word: 'Accepted', shape: 'tick' })", notes[0].text)
    scale = 400 / 1280 if fit == "contain" else 400 / 720
    shown = [((x - 640) * scale + 200, (y - 360) * scale + 200) for x, y in film.corners_in(notes[0], Pose())]
    eye.until("told.filter(({ name }) => name === 'looked').length > 8")
    inside = [(x, y) for x, y in shown if 20 < x < 380 and 20 < y < 380]
    assert len(inside) >= 2, "the film shows some corners whatever the fit"
    for x, y in inside:
        assert GOOD in eye.page.evaluate(INK, [x, y, 14]), "the outline passes by the corner"
    assert eye.page.evaluate(INK, [30, 200, 20]) == [], "nothing is drawn where no code is"
    assert eye.page.evaluate("canvas.width / canvas.clientWidth") == eye.page.evaluate("devicePixelRatio")


def test_a_camera_that_is_stopped_shows_nothing_and_starts_again(before: Before, one: Path) -> None:
    eye = before(one)
    eye.start()
    eye.until("told.some(({ name }) => name === 'seen')")
    eye.page.evaluate("window.track = video.srcObject.getVideoTracks()[0], eye.stop()")
    assert eye.page.evaluate("[track.readyState, video.srcObject, eye.isOn]") == ["ended", None, False]
    eye.start()
    eye.until("told.some(({ name }) => name === 'seen')")


HIDE = """(isHidden) => {
  Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_the_camera_is_let_go_while_the_page_is_hidden_and_the_note_is_not_seen_twice(
    before: Before, one: Path
) -> None:
    eye = before(one)
    eye.start()
    eye.until("told.some(({ name }) => name === 'seen')")
    eye.page.evaluate("window.track = video.srcObject.getVideoTracks()[0]")
    eye.page.evaluate(HIDE, True)
    assert eye.page.evaluate("[track.readyState, eye.isOn]") == ["ended", True]
    eye.page.evaluate("told.length = 0")
    eye.page.evaluate(HIDE, False)
    eye.until("told.filter(({ name }) => name === 'looked').length > 5")
    assert eye.texts() == []


def test_an_unplugged_camera_is_told_and_found_again(before: Before, one: Path) -> None:
    eye = before(one)
    eye.start()
    eye.until("told.some(({ name }) => name === 'seen')")
    eye.page.evaluate("video.srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    assert [said["word"] for said in eye.told("lost")] == ["lost"]
    eye.page.evaluate("navigator.mediaDevices.dispatchEvent(new Event('devicechange'))")
    eye.until("told.some(({ name }) => name === 'found')")
    eye.until("told.at(-1).name === 'looked'")


REFUSE = """navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException("", "{}"); }};"""
NO_DEVICES = """Object.defineProperty(navigator, "mediaDevices", { value: undefined });
Object.defineProperty(window, "isSecureContext", { value: false });"""


@pytest.mark.parametrize(
    ("mock", "word"),
    [
        (REFUSE.format("NotAllowedError"), "denied"),
        (REFUSE.format("SecurityError"), "denied"),
        (REFUSE.format("NotFoundError"), "none"),
        (REFUSE.format("NotReadableError"), "busy"),
        (REFUSE.format("AbortError"), "busy"),
        (NO_DEVICES, "insecure"),
    ],
)
def test_what_is_in_the_way_of_a_camera_is_a_word(before: Before, mock: str, word: str) -> None:
    eye = before(None, mock=mock)
    eye.start()
    assert eye.page.evaluate("told") == [{"name": "CameraTrouble", "word": word}]
    assert eye.page.evaluate("eye.isOn") is False


def test_a_person_who_refuses_is_understood(browser: Browser, served: str) -> None:
    """Without the camera that is none there is a policy, and nobody to ask."""
    page = browser.new_page()
    watching.open_at(page, served)
    eye = Watching(page)
    eye.start()
    assert eye.page.evaluate("told[0].word") in ("denied", "none")
    page.close()


TWO_CAMERAS = """window.asked = [];
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.enumerateDevices = async () => [
  { kind: "audioinput", deviceId: "m", label: "Microphone" },
  { kind: "videoinput", deviceId: "front", label: "Front" }, { kind: "videoinput", deviceId: "back", label: "Back" }];
navigator.mediaDevices.getUserMedia = async ({ video }) => {
  asked.push(video.deviceId?.exact ?? video.facingMode.ideal);
  if (video.deviceId?.exact === "gone") throw new DOMException("", "OverconstrainedError");
  const stream = await real({ video: true });
  const [track] = stream.getVideoTracks();
  track.applied = [];
  const said = { front: { facingMode: "user" }, back: { facingMode: "environment" } }[video.deviceId?.exact] ?? {};
  track.getSettings = () => ({ deviceId: video.deviceId?.exact ?? "back", ...said });
  track.getCapabilities = () => ({ torch: video.deviceId?.exact !== "front", focusMode: ["manual", "continuous"] });
  track.applyConstraints = async ({ advanced }) => void track.applied.push(...advanced);
  window.track = track;
  return stream;
};"""


def test_the_camera_at_the_back_comes_first_and_the_choice_is_remembered(before: Before, one: Path) -> None:
    eye = before(one, mock=TWO_CAMERAS)
    eye.start()
    assert eye.page.evaluate("eye.constructor.cameras()") == [
        {"id": "front", "label": "Front"}, {"id": "back", "label": "Back"},
    ]  # fmt: skip
    assert eye.page.evaluate("[eye.isMirrored, video.style.transform]") == [False, ""]
    eye.start("front")
    assert eye.page.evaluate("[eye.cameraId, eye.isMirrored, video.style.transform]") == ["front", True, "scaleX(-1)"]
    eye.page.reload()
    eye.start()
    assert eye.page.evaluate("[eye.cameraId, ...asked]") == ["front", "front"]
    eye.start("gone")
    assert eye.page.evaluate("asked") == ["front", "gone", "environment"]


def test_a_torch_is_lit_where_there_is_one_and_the_focus_follows(before: Before, one: Path) -> None:
    eye = before(one, mock=TWO_CAMERAS)
    eye.start()
    assert eye.page.evaluate("eye.hasTorch") is True
    eye.page.evaluate("eye.torch(true)")
    assert eye.page.evaluate("track.applied") == [{"focusMode": "continuous"}, {"torch": True}]
    eye.start("front")
    eye.page.evaluate("eye.torch(true)")
    assert eye.page.evaluate("[eye.hasTorch, track.applied]") == [False, [{"focusMode": "continuous"}]]


PLATFORM = """() => void (globalThis.BarcodeDetector = class {{
  static async getSupportedFormats() {{ return ["qr_code"]; }}
  async detect() {{ {} }}
}})"""
CORNERS = "[{x: 0, y: 0}, {x: 9, y: 0}, {x: 9, y: 9}, {x: 0, y: 9}]"


@pytest.mark.parametrize(
    ("detect", "texts"),
    [
        (f"return [{{ rawValue: 'PLATFORM', cornerPoints: {CORNERS} }}];", ["PLATFORM"]),
        ("return [];", []),
        ("throw new Error('no');", []),
    ],
)
def test_the_browsers_own_reader_comes_first_and_may_fail(modules: Page, detect: str, texts: list[str]) -> None:
    modules.evaluate(PLATFORM.format(detect))
    assert (
        modules.evaluate("""async () => {
      const { Platform } = await import("/static/desk/eyes/platform.js");
      const platform = await Platform.find();
      return (await platform.read(null)).map(({ text }) => text);
    }""")
        == texts
    )


def test_a_reader_that_cannot_be_loaded_is_told_and_tried_again(browser: Browser, served: str, one: Path) -> None:
    camera = watching.camera(browser.browser_type, one)
    page = camera.new_page()
    page.route("**/zxing_reader.wasm", lambda route: route.abort())
    watching.open_at(page, served)
    eye = Watching(page)
    eye.start()
    eye.until("told.some(({ name }) => name === 'lost')")
    assert [said["word"] for said in eye.told("lost")] == ["reader"]
    page.unroute("**/zxing_reader.wasm")
    eye.until("told.some(({ name }) => name === 'found')")
    eye.until("told.some(({ name }) => name === 'seen')")
    camera.close()


def test_all_that_the_eye_loads_is_small_and_our_own(before: Before, one: Path, served: str) -> None:
    eye = before(one)
    sizes: dict[str, int] = {}
    eye.page.on("response", lambda answer: sizes.update({urlsplit(answer.url).path: len(answer.body())}))
    eye.start()
    eye.until("told.some(({ name }) => name === 'seen')")
    assert sum(sizes.values()) < 2_000_000
