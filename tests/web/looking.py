"""What is wrong with a page for somebody: what axe finds, a sideways scroll, small targets; large and small."""

from collections.abc import Sequence

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

SMALL, LARGE = ViewportSize(width=320, height=640), ViewportSize(width=1280, height=800)

TOO_SMALL = """() => [...document.querySelectorAll(
  "button, input:not([type=hidden]):not([type=radio]):not([type=checkbox]), select, summary, nav a, .button, .card, .pick, td a, tbody th a")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.9).map(e => e.outerHTML.slice(0, 90))"""

_VIOLATIONS = """() => axe.run({resultTypes: ["violations"], preload: false}).then(found => found.violations.map(
  each => `${each.id} (${each.help}): ${each.nodes.map(node => node.html.slice(0, 120)).join(" | ")}`))"""


def prepare(page: Page) -> None:
    """Have axe on every page that is opened from here on, which is quicker than to send it to each."""
    page.add_init_script(AXE_SCRIPT)


def judge(
    page: Page, name: str, sizes: Sequence[ViewportSize] = (LARGE, SMALL), too_small: str = TOO_SMALL
) -> list[str]:
    """The faults of a prepared page at each size, as sentences; the page is left at the first.

    Axe takes most of the time and looks at the first size alone: a test gives English and Welsh different ones.
    """
    page.wait_for_load_state()  # what it looks like is known then
    first, *others = sizes
    faults = [*_measured(page, name, first, too_small)]
    faults += [f"{name} at {first['width']}: {each}" for each in page.evaluate(_VIOLATIONS)]
    for size in others:
        faults += _measured(page, name, size, too_small)
    page.set_viewport_size(first)
    return faults


def _measured(page: Page, name: str, size: ViewportSize, too_small: str) -> list[str]:
    if page.viewport_size != size:
        page.set_viewport_size(size)
    wide, small = page.evaluate(f"[document.documentElement.scrollWidth, ({too_small})()]")
    where = f"{name} at {size['width']}"
    faults = [f"{where} scrolls sideways: {wide}"] if wide > size["width"] else []
    return faults + [f"{where} has a small target: {each}" for each in small]
