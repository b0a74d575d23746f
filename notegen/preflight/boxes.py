"""The boxes of a page: the sheet, the bleed, and where the knife goes (ISO 32000-1:2008, 14.11.2)."""

from collections.abc import Iterator

from pikepdf import Page

from notegen.ink.pdf import POINTS_PER_MM
from notegen.preflight import parts
from notegen.preflight.fault import Fault

Box = tuple[float, float, float, float]
LEAST_BLEED_MM = 3.0
_SLACK_PT = 0.01


def judge(page: Page, where: str) -> Iterator[Fault]:
    """Faults in the boxes of one page."""
    if "/TrimBox" not in page.obj:
        yield Fault("trim-box", "It has no TrimBox: say where the knife goes.", where)
        return
    media, bleed, trim = of(page)
    if trim is None or bleed is None or media is None:
        yield Fault("boxes", "A box of it is not four numbers.", where)
        return
    if not (_inside(trim, bleed) and _inside(bleed, media)):
        yield Fault("boxes", "TrimBox, BleedBox and MediaBox do not lie one in the other.", where)
    elif min(_margins(trim, bleed)) < LEAST_BLEED_MM * POINTS_PER_MM - 0.1:
        least = min(_margins(trim, bleed)) / POINTS_PER_MM
        yield Fault("bleed", f"It has {least:.1f} mm of bleed around the trim: {LEAST_BLEED_MM:g} mm are usual.", where)
    if "/ArtBox" in page.obj:
        yield Fault("boxes", "It has an ArtBox beside its TrimBox: PDF/X takes one of them.", where)
    if parts.entry(page.obj, "/UserUnit") not in (None, 1):
        yield Fault("boxes", "It has a UserUnit, which few programs heed: save it 1:1.", where)


def of(page: Page) -> tuple[Box | None, Box | None, Box | None]:
    """MediaBox, BleedBox and TrimBox, None for one that is no box."""
    return _box(page.mediabox), _box(page.bleedbox), _box(page.trimbox)


def _box(item: object) -> Box | None:
    numbers = parts.numbers(item)
    if len(numbers) != 4:
        return None
    left, low, right, high = numbers
    return min(left, right), min(low, high), max(left, right), max(low, high)


def _margins(inner: Box, outer: Box) -> Box:
    return inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3]


def _inside(inner: Box, outer: Box) -> bool:
    return min(_margins(inner, outer)) >= -_SLACK_PT
