"""Preflight: faults of a PDF that a press would print wrongly or not at all, whoever made it.

`rules` has every rule with its source. What a page draws is followed by `drawing`; its paintings are judged by `black`,
`registration`, `resolution` and `ink`. `written` is the quick look at files that compose has just written.
"""

from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Pdf

from notegen.preflight import black, boxes, intent, metadata, pairs, parts, registration, resolution
from notegen.preflight.bounds import TooMuch, bounded
from notegen.preflight.drawing import Drawing
from notegen.preflight.fault import Fault
from notegen.preflight.hand import Seen
from notegen.preflight.ink import Limit
from notegen.preflight.objects import Objects

__all__ = ["Fault", "of_art", "of_press_file"]

_HEADERS = tuple(b"%%PDF-1.%d" % number for number in range(3, 8))
_MOST = 1000
"""Faults; who has so many needs no more."""

Judged = Callable[[], Iterator[Fault]]


def of_press_file(source: Path | bytes, file: str) -> list[Fault]:
    """The faults of a file for the press, by every rule; `file` is how it is called."""
    return _faults(source, file, _press)


def of_art(source: Path | bytes, file: str) -> list[Fault]:
    """The faults of the art of a design: by the rules of what is drawn and held, not of what a press file says of itself."""
    return _faults(source, file, lambda pdf, start, file: _common(pdf, file, art=True))


def _faults(source: Path | bytes, file: str, judge: Callable[[Pdf, bytes, str], Iterator[Judged]]) -> list[Fault]:
    found: dict[Fault, None] = {}
    try:
        start = source[:8] if isinstance(source, bytes) else _start(source)
        with bounded(), pikepdf.open(BytesIO(source) if isinstance(source, bytes) else source) as pdf:
            if pdf.is_encrypted:
                found[Fault("encrypted", "It is encrypted: save it without a password.", file)] = None
            for step in judge(pdf, start, file):
                for fault in _guarded(step, file):
                    found[fault] = None
                    if len(found) >= _MOST:
                        return list(found)
            for warning in pdf.get_warnings():
                found[Fault("pdf", f"It is damaged, and read by guessing ({_reason(warning)}).", file)] = None
                break
    except pikepdf.PasswordError:
        found[Fault("encrypted", "It is encrypted: save it without a password.", file)] = None
    except (pikepdf.PdfError, OSError, RuntimeError) as error:
        found[Fault("pdf", f"It cannot be read as a PDF ({_reason(error)}).", file)] = None
    return list(found)


def _reason(said: object) -> str:
    """What qpdf says, without the name that it has for the file."""
    return str(said).rsplit(": ", 1)[-1][:100]


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(8)


def _guarded(step: Judged, file: str) -> Iterator[Fault]:
    """The faults of one step; a file that is shaped as no PDF is gets a fault, whatever it breaks."""
    try:
        yield from step()
    except TooMuch as error:
        yield Fault("content", f"It has {error}, which is not looked through: simplify it.", file)
    except (
        pikepdf.PdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        ArithmeticError,
        MemoryError,
        RuntimeError,
    ) as error:
        yield Fault("pdf", f"It is not built as a PDF is ({type(error).__name__}: {str(error)[:100]}).", file)


def _press(pdf: Pdf, start: bytes, file: str) -> Iterator[Judged]:
    yield partial(_file, pdf, start, file)
    yield partial(metadata.judge, pdf, file)
    yield partial(intent.judge, pdf, file)
    yield from _common(pdf, file, art=False)
    yield partial(pairs.judge, pdf, file)


def _common(pdf: Pdf, file: str, *, art: bool) -> Iterator[Judged]:
    """What art and press files have in common."""
    yield Objects(pdf, file).faults
    drawing = Drawing(len(pdf.pages))
    for number, page in enumerate(pdf.pages, start=1):
        where = f"{file}, page {number}"
        yield partial(boxes.judge, page, where)
        yield partial(_drawn, drawing.page(page.obj, where), page, where, art=art)
    for number, page in enumerate(pdf.pages, start=1):
        where = f"{file}, page {number}"
        yield partial(_drawn, drawing.unplaced(page.obj, where), page, where, art=art)


def _file(pdf: Pdf, start: bytes, file: str) -> Iterator[Fault]:
    if start not in _HEADERS:
        yield Fault("header", "It does not begin as a PDF of version 1.3 to 1.7.", file)
    if len(parts.listed(pdf.trailer.get("/ID"))) != 2:
        yield Fault("id", "Its trailer has no ID.", file)


def _drawn(drawn: Iterator[Seen], page: pikepdf.Page, where: str, *, art: bool) -> Iterator[Fault]:
    """What a page draws, judged as it comes."""
    limit, bleed = Limit(), boxes.of(page)[1]
    for seen in drawn:
        if isinstance(seen, Fault):
            yield seen
            continue
        if art:
            seen = seen._replace(level=seen.level + 1)
        yield from black.judge(seen)
        yield from registration.judge(seen, bleed)
        yield from resolution.judge(seen)
        yield from limit.judge(seen)
    yield from limit.sum(where)
