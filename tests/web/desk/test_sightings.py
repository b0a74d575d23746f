"""What counts as a scan, told frame by frame: times in milliseconds, places in pixels."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.web.conftest import needs_chromium

pytestmark = [
    needs_chromium,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

Look = tuple[int, str]
"""When, and what is in the frame: letters are codes that were read, at their own places; `?` is one unread at the place of A."""

LOOKS = """async (looks) => {
  const { Sightings } = await import("/static/desk/eyes/sightings.js");
  const sightings = new Sightings();
  const at = (x) => [{x, y: 0}, {x: x + 100, y: 0}, {x: x + 100, y: 100}, {x, y: 100}];
  const code = (letter) => letter === "?" ? { text: null, corners: at(10) }
    : { text: letter, corners: at("ABCDE".indexOf(letter) * 200) };
  return looks.map(([when, letters]) => {
    const seen = sightings.look([...letters].map(code), when).map(({ text }) => text).join("");
    return [seen, sightings.inView().map(({ text }) => text).sort().join("")];
  });
}"""


def held(letters: str, since: int, until: int, step: int = 100) -> list[Look]:
    """The same in every frame, ten frames a second."""
    return [(at, letters) for at in range(since, until, step)]


CASES: list[tuple[str, list[Look], str]] = [
    ("a note held in view is one scan", held("A", 0, 5000), "A"),
    ("three notes in a frame are three scans", held("ABC", 0, 2000), "ABC"),
    ("a note laid beside another is one more scan", [*held("A", 0, 1000), *held("AB", 1000, 3000)], "AB"),
    ("a few frames that miss it change nothing", [*held("A", 0, 500), *held("", 500, 2300), *held("A", 2300, 3000)], "A"),
    ("a note that comes back is a scan again", [*held("A", 0, 500), *held("", 500, 2700), *held("A", 2700, 3000)], "AA"),
    ("one goes and another stays", [*held("AB", 0, 500), *held("B", 500, 3000), *held("AB", 3000, 3300)], "ABA"),
    ("a code unread where it lay is the note yet", [*held("A", 0, 500), *held("?", 500, 6000), *held("A", 6000, 6100)], "A"),
    ("a code unread elsewhere keeps nothing", [*held("B", 0, 500), *held("?", 500, 6000), *held("B", 6000, 6100)], "BB"),
    ("a code that cannot be read is no scan", held("?", 0, 3000), ""),
    ("a bad code beside a note hides nothing", held("?B", 0, 3000), "B"),
    ("a text twice in one frame is one scan", held("AA", 0, 1000), "A"),
    ("a page that slept has not seen the note go", [*held("A", 0, 500), *held("A", 20_000, 20_500)], "A"),
    ("after a long sleep it is new", [*held("A", 0, 500), *held("A", 90_000, 90_500)], "AA"),
    ("a clock that goes back does no harm", [(1000, "A"), (200, "A"), (300, "B")], "AB"),
    ("a note that is read now and then is one scan", held("A", 0, 9000, 1500), "A"),
]  # fmt: skip


@pytest.mark.parametrize(("looks", "scans"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_scans(modules: Page, looks: list[Look], scans: str) -> None:
    said: list[list[str]] = modules.evaluate(LOOKS, looks)
    assert "".join(seen for seen, _ in said) == scans


def test_an_outline_stays_for_a_few_missed_frames_and_then_goes(modules: Page) -> None:
    said = modules.evaluate(LOOKS, [*held("A", 0, 500), *held("", 500, 2000)])
    shown = [bool(in_view) for _, in_view in said]
    assert shown == [True] * 11 + [False] * 9


FOLLOW = """async (xs) => {
  const { follow } = await import("/static/desk/eyes/sightings.js");
  const at = (x) => [{x, y: 0}, {x: x + 100, y: 0}, {x: x + 100, y: 100}, {x, y: 100}];
  let corners = at(xs[0]);
  return xs.map((x) => (corners = follow(corners, at(x)))[0].x);
}"""


def test_jitter_is_smoothed_and_a_moving_note_is_followed(modules: Page) -> None:
    jitter: list[float] = modules.evaluate(FOLLOW, [0, 2, -2, 2, -2, 2, -2])
    assert max(jitter[2:]) - min(jitter[2:]) < 3
    assert modules.evaluate(FOLLOW, [0, 40])[-1] == 40


FIT = """async (box) => {
  const { placing } = await import("/static/desk/eyes/fit.js");
  const place = placing({ videoWidth: 1280, videoHeight: 720, place: [0.5, 0.5], ...box });
  return [[0, 0], [1280, 720], [640, 360]].map(([x, y]) => place({ x, y })).map(({ x, y }) => [x, y].map(Math.round));
}"""


@pytest.mark.parametrize(
    ("box", "corners"),
    [
        ({"width": 640, "height": 360, "fit": "contain"}, [[0, 0], [640, 360]]),
        ({"width": 640, "height": 640, "fit": "contain"}, [[0, 140], [640, 500]]),
        ({"width": 640, "height": 640, "fit": "cover"}, [[-249, 0], [889, 640]]),
        ({"width": 640, "height": 640, "fit": "fill"}, [[0, 0], [640, 640]]),
        ({"width": 640, "height": 640, "fit": "none"}, [[-320, -40], [960, 680]]),
        ({"width": 640, "height": 640, "fit": "scale-down"}, [[0, 140], [640, 500]]),
        ({"width": 640, "height": 640, "fit": "contain", "place": [0.5, 0]}, [[0, 0], [640, 360]]),
        ({"width": 640, "height": 360, "fit": "contain", "isMirrored": True}, [[640, 0], [0, 360]]),
    ],
)
def test_a_point_of_the_picture_is_found_on_the_page(
    modules: Page, box: dict[str, Any], corners: list[list[int]]
) -> None:
    assert modules.evaluate(FIT, box)[:2] == corners


PASSES = """async ([cheap, deep]) => {
  const { together, scales, Turns } = await import("/static/desk/eyes/passes.js");
  const code = ([text, x]) => ({ text, corners: [{x, y: 0}, {x: x + 100, y: 0}, {x: x + 100, y: 100}, {x, y: 100}] });
  return together([cheap.map(code), deep.map(code)]).map(({ text, corners }) => [text, corners[0].x]);
}"""


@pytest.mark.parametrize(
    ("cheap", "deep", "both"),
    [
        ([["A", 0]], [["A", 2], ["B", 300]], [["A", 0], ["B", 300]]),
        ([[None, 0]], [["A", 2]], [["A", 2]]),
        ([[None, 0]], [[None, 3]], [[None, 0]]),
        ([["A", 0], ["A", 400]], [["A", 401]], [["A", 0], ["A", 400]]),
        ([], [], []),
    ],
)
def test_two_looks_at_a_frame_are_put_together(modules: Page, cheap: object, deep: object, both: object) -> None:
    assert modules.evaluate(PASSES, [cheap, deep]) == both


TURNS = """async () => {
  const { Turns, scales } = await import("/static/desk/eyes/passes.js");
  const turns = new Turns();
  const first = turns.isDue(false, 0);
  turns.took(0, 100);
  return [first, turns.isDue(false, 150), turns.isDue(false, 200), turns.isDue(true, 300), turns.isDue(true, 900),
    scales(1280, 720), scales(1920, 1080), scales(3840, 2160), scales(640, 480)];
}"""


def test_a_second_look_has_its_turn_and_no_more_than_its_share(modules: Page) -> None:
    assert modules.evaluate(TURNS) == [
        True, False, True, False, True,
        {"cheap": 1, "deep": 2}, {"cheap": 1, "deep": 1.5}, {"cheap": 0.5, "deep": 0.75}, {"cheap": 1, "deep": 2},
    ]  # fmt: skip
