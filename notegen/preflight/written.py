"""What was written: the quick look at a press file that compose has just written, read back from the disk.

What is alike in all files of an edition (art, fonts, marks, profile) was judged by every rule on a pull of one sheet; here
its bytes are compared. The rest is what compose alone writes, so that it can be held against what compose writes: the
table of the file, the dictionary of every page, and the content of every page, unpacked, by its grammar. What the file
says of itself is judged by its rules. Whether a symbol is the right one is for `proof` to see, not for this.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pikepdf
from numpy.typing import NDArray

from app.core.errors import Unavailable
from notegen import preflight
from notegen.preflight import grammar, intent, metadata
from notegen.preflight.fault import Fault

_CONTENT: Final = re.compile(rb"(\d+) 0 obj\n<</Length (\d+)/Filter/FlateDecode>>\nstream\n")
_PAGE: Final = re.compile(
    rb"\d+ 0 obj\n<</Type/Page/Parent \d+ 0 R/Resources (\d+) 0 R/Contents (\d+) 0 R(/.*)>>\nendobj\n"
)
_END: Final = re.compile(
    rb"trailer\n<</Size (\d+)/Root \d+ 0 R/Info \d+ 0 R/ID\[<(\w{32})><\2>\]>>\nstartxref\n(\d+)\n%%EOF\n"
)
_AFTER_CONTENT: Final = b"\nendstream\nendobj\n"
_ROW: Final = 20
"""Bytes of a row of the table (ISO 32000-1:2008, 7.5.4)."""

_LONGEST: Final = 64 << 20
"""Of the content of one page."""


class Odd(Exception):
    """Something that compose does not write; the message says what and where."""


@dataclass(frozen=True, slots=True)
class Passed:
    """What every file of an edition begins with, as its length and digest; `sides` are the resources and boxes of its pages."""

    length: int
    digest: bytes
    sides: frozenset[tuple[bytes, bytes]]


def passed(pull: bytes) -> Passed:
    """What the other files of an edition must have in common with `pull`, a press file that has no faults."""
    start, sides = _CONTENT.search(pull), frozenset((page[1], page[3]) for page in _PAGE.finditer(pull))
    if start is None or not sides:
        raise AssertionError("compose writes no pages that look like these: see _CONTENT and _PAGE")
    return Passed(start.start(), hashlib.sha256(pull[: start.start()]).digest(), sides)


def faults(path: Path, known: Passed) -> list[Fault]:
    """The faults of a press file just written, none where it is as it should be; one that is odd is judged by every rule."""
    try:
        pages = _look(path.read_bytes(), known)
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            found = [*metadata.judge(pdf, path.name), *intent.judge(pdf, path.name)]
            if len(pdf.pages) != pages:
                raise Odd("its page tree has not all its pages")
    except (Odd, pikepdf.PdfError) as odd:
        every = preflight.of_press_file(path, path.name)
        said = Fault("written", f"It is not what compose writes: {odd}.", path.name)
        return [fault for fault in every if not fault.warning] or [said]
    return found


def refuse(path: Path, known: Passed) -> None:
    """Raise Unavailable, naming rule and place, for a press file just written that has a fault."""
    found = faults(path, known)
    if found:
        raise Unavailable(
            f"A press file did not come out as it must, {found[0]}; nothing was left. Compose again, and report it if it "
            f"comes again."
        )


def _look(data: bytes, known: Passed) -> int:
    """How many pages there are. Raises Odd at the first thing that is not as compose writes it."""
    if hashlib.sha256(memoryview(data)[: known.length]).digest() != known.digest:
        raise Odd("its art, fonts or marks are not those that were checked")
    offsets, table = _table(data)
    contents: set[bytes] = set()
    pages = []
    for number, start, end in _variable(offsets, table, known.length):
        if not data.startswith(b"%d 0 obj\n" % number, start):
            raise Odd(f"object {number} is not where its table says")
        if content := _CONTENT.match(data, start, end):
            _content(data, content, end)
            contents.add(content[1])
        elif page := _PAGE.fullmatch(data, start, end):
            pages.append(page)
        elif data[end - 7 : end] != b"endobj\n":
            raise Odd(f"object {number} does not end")
    for page in pages:
        if page[2] not in contents or (page[1], page[3]) not in known.sides:
            raise Odd(f"the page in object {page[0].split(b' ')[0].decode()} has other boxes or no content")
    return len(pages)


def _table(data: bytes) -> tuple[NDArray[np.int64], int]:
    """Where each object is, by its number, and where the table of that begins."""
    end = _END.search(data, max(0, len(data) - 512))
    if end is None or end.end() != len(data):
        raise Odd("it has no end")
    count, table = int(end[1]), int(end[3])
    head = b"xref\n0 %d\n0000000000 65535 f \n" % count
    start = table + len(head) - _ROW
    if data[table : table + len(head)] != head or start + _ROW * count != end.start():
        raise Odd("its table of objects is broken")
    rows = np.frombuffer(data, dtype=np.uint8, count=_ROW * count, offset=start).reshape(count, _ROW)
    offsets = (rows[:, :10].astype(np.int64) - ord("0")) @ 10 ** np.arange(9, -1, -1)
    if (rows[offsets > 0, 10:] != np.frombuffer(b" 00000 n \n", dtype=np.uint8)).any():
        raise Odd("its table of objects is broken")
    return offsets, table


def _variable(offsets: NDArray[np.int64], table: int, begins: int) -> Iterator[tuple[int, int, int]]:
    """Number, start and end of each object from the byte `begins` on; they follow one another without a gap."""
    order = np.argsort(offsets, kind="stable")
    order = order[offsets[order] >= begins]
    starts = offsets[order].tolist()
    if not starts or starts[0] != begins or (offsets[order.min() :] == 0).any():
        raise Odd("its pages do not follow its art, or some are missing")
    yield from zip(order.tolist(), starts, [*starts[1:], table], strict=True)


def _content(data: bytes, found: re.Match[bytes], end: int) -> None:
    """The content of one page: as long as it says, and of the grammar."""
    begin, length = found.end(), int(found[2])
    if begin + length + len(_AFTER_CONTENT) != end or not data.startswith(_AFTER_CONTENT, begin + length):
        raise Odd(f"the content in object {found[1].decode()} is not as long as it says")
    try:
        engine = zlib.decompressobj()
        drawn = engine.decompress(data[begin : begin + length], _LONGEST)
    except zlib.error as error:
        raise Odd(f"the content in object {found[1].decode()} cannot be unpacked") from error
    if not engine.eof or grammar.PAGE.fullmatch(drawn) is None:
        raise Odd(f"the content in object {found[1].decode()} has something else in it")
