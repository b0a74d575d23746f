"""Art as an SVG, which stays lines and curves.

It is looked through before anything draws it: what would fetch, run or grow is refused, and what is drawn is what was
looked through, written anew. Typst turns it into PDF (its usvg resolves styles, uses, clips, masks and gradients).
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree.ElementTree import Element, ParseError, tostring

import defusedxml.ElementTree
import pikepdf
from defusedxml import DefusedXmlException
from pikepdf import Pdf

from notegen.artwork import typesetting
from notegen.artwork.embedded import examine_picture
from notegen.artwork.pixels import BadPicture
from notegen.artwork.refusal import examine_shape, refused
from notegen.design import Design

SUFFIXES = (".svg",)
MOST_ELEMENTS = 200_000
"""With every reference counted as what it stands for."""

_DEEPEST = 100
_SVG, _XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}"
_REFUSED = {
    "text": "has text: turn it into outlines (paths), so that no font is missing",
    "script": "has a script: save it as plain SVG",
    "foreignObject": "has a foreign object: save it as plain SVG",
    "filter": "has a filter, such as a shadow or a blur, which would become pixels: flatten it",
    "animate": "is animated: save it as plain SVG",
    "animateTransform": "is animated: save it as plain SVG",
    "animateMotion": "is animated: save it as plain SVG",
    "set": "is animated: save it as plain SVG",
}
_FETCHES = re.compile(r"@import|url\(\s*['\"]?(?!\s*['\"]?#)", re.IGNORECASE)
_REFERS = re.compile(r"url\(\s*['\"]?\s*#([^)'\"\s]+)")
"""Clips, masks, markers and patterns, which are drawn anew wherever they are named."""

_LENGTH = re.compile(r"\s*([0-9.]+(?:e[-+]?[0-9]+)?)\s*(mm|cm|in|pt|pc|px)?\s*$", re.IGNORECASE)
_TOO_MUCH = "is too complicated to draw: simplify it"
_PATIENCE_S = 60
"""For a machine that is busy; the process itself may compute for a third of it."""

_TYPST = '#set page(width: {0}mm, height: {1}mm, margin: 0mm)\n#image("art.svg", width: 100%, height: 100%, fit: "stretch")\n'


class BadDrawing(Exception):
    """A drawing that is refused; its text is a verb and why."""


def page(design: Design) -> Pdf:
    """The drawing as a PDF of one page, trim and bleed, in the colours it has. Raises BadDesign."""
    try:
        root = read(design.art.read_bytes())
        examine_shape(design, *size(root))
        return pikepdf.open(BytesIO(_drawn(root, design.page_mm)))
    except (BadDrawing, BadPicture) as error:
        raise refused(design, "art", f"{error}.") from error


def read(data: bytes) -> Element:
    """The drawing, looked through. Raises BadDrawing for one that is damaged or would fetch, run or grow."""
    root = _parsed(data)
    if root.tag != f"{_SVG}svg":
        raise BadDrawing("is not an SVG: save it again as plain SVG")
    for element in root.iter():
        _examine(element)
    _examine_growth(root)
    return root


def size(root: Element) -> tuple[float, float]:
    """Width and height of a drawing in units of its own. Raises BadDrawing."""
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        if len(box) == 4:
            return float(box[2]), float(box[3])
    except ValueError:
        pass
    found = [_LENGTH.match(root.get(key, "")) for key in ("width", "height")]
    if found[0] is None or found[1] is None:
        raise BadDrawing("does not say its size: give it a viewBox")
    return float(found[0][1]), float(found[1][1])


def _parsed(data: bytes) -> Element:
    """The tree; a DOCTYPE is passed over, nothing it names is fetched, and entities of its own are refused."""
    deep, count = 0, 0
    root: Element | None = None
    try:
        for event, element in defusedxml.ElementTree.iterparse(BytesIO(data), events=("start", "end")):
            root = element if root is None else root
            deep, count = (deep + 1, count + 1) if event == "start" else (deep - 1, count)
            if deep > _DEEPEST or count > MOST_ELEMENTS:
                raise BadDrawing(
                    f"is nested deeper than {_DEEPEST} levels or has more than {MOST_ELEMENTS} parts: simplify it"
                )
    except DefusedXmlException as error:
        raise BadDrawing("has entities of its own or refers to other files: save it as plain SVG") from error
    except (ParseError, ValueError, LookupError) as error:
        raise BadDrawing("is damaged, or no SVG: save it again") from error
    if root is None:
        raise BadDrawing("is empty: save it again")
    return root


def _examine(element: Element) -> None:
    name = str(element.tag).removeprefix(_SVG)
    if (
        name in _REFUSED
        and (name != "text" or "".join(element.itertext()).strip())
        and (name != "filter" or len(element))
    ):
        raise BadDrawing(_REFUSED[name])
    if name == "style" and _FETCHES.search(element.text or ""):
        raise BadDrawing("refers to something outside of it: embed or remove it")
    for key, value in element.attrib.items():
        _examine_attribute(name, key, value)


def _examine_attribute(name: str, key: str, value: str) -> None:
    if key.startswith("on"):
        raise BadDrawing("has a script: save it as plain SVG")
    if _FETCHES.search(value):
        raise BadDrawing("refers to something outside of it: embed or remove it")
    if key not in ("href", f"{_XLINK}href") or value.lstrip().startswith("#"):
        return
    if name == "image" and value.lstrip().startswith("data:"):
        examine_picture(value)
        return
    if name != "a":
        raise BadDrawing("links to a file outside of it: embed the picture, or remove the link")


def _examine_growth(root: Element) -> None:
    """Count what there is once every reference has become what it names; few lines can stand for millions."""
    named = {element.get("id"): element for element in root.iter() if element.get("id")}
    counted: dict[int, int] = {}

    def count(element: Element, within: frozenset[int]) -> int:
        if id(element) in within or len(within) > _DEEPEST:
            raise BadDrawing("uses itself, or is nested too deep: save it as plain SVG")
        if id(element) not in counted:
            inner = within | {id(element)}
            counted[id(element)] = 1 + sum(count(part, inner) for part in _stands_for(element, named))
            if counted[id(element)] > MOST_ELEMENTS:
                raise BadDrawing(f"has more than {MOST_ELEMENTS} parts once its copies are drawn: simplify it")
        return counted[id(element)]

    count(root, frozenset())


def _stands_for(element: Element, named: dict[str | None, Element]) -> Iterator[Element]:
    yield from element
    if element.tag in (f"{_SVG}use", f"{_SVG}pattern"):
        link = element.get("href") or element.get(f"{_XLINK}href") or ""
        if link.strip().removeprefix("#") in named:
            yield named[link.strip().removeprefix("#")]
    for value in element.attrib.values():
        yield from (named[name] for name in _REFERS.findall(value) if name in named)


def _drawn(root: Element, page_mm: tuple[float, float]) -> bytes:
    """A PDF of the drawing, stretched to the page."""
    with TemporaryDirectory(prefix="notegen-") as name:
        folder = Path(name)
        (folder / "art.svg").write_bytes(tostring(root))
        (folder / typesetting.SOURCE).write_text(_TYPST.format(*page_mm), encoding="utf-8")
        _typeset(folder)
        return (folder / typesetting.MADE).read_bytes()


def _typeset(folder: Path) -> None:
    """Have Typst draw what is in the folder, in a process that may die of it: a few bytes can ask for any memory and time."""
    command = [sys.executable, "-P", typesetting.__file__, str(folder)]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=_PATIENCE_S, check=False).returncode  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise BadDrawing(_TOO_MUCH) from error
    if ended == typesetting.UNDRAWN:
        raise BadDrawing("cannot be drawn: save it again as plain SVG")
    if ended:
        raise BadDrawing(_TOO_MUCH)
