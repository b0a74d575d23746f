"""A PDF written as it comes: objects go straight into the file, and eight bytes an object are kept for its table.

ISO 32000-1:2008, 7.5 (file structure). A file of any length needs no more memory than its largest object.
"""

from array import array
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import BinaryIO

import deflate

POINTS_PER_MM = 72 / 25.4
_HEADER = b"%PDF-1.6\n%\xe2\xe3\xcf\xd3\n"
_LEVEL = 1
"""Higher ones make a press file 1 % smaller. libdeflate takes a third of zlib's time, and its own version says what it
writes, whatever zlib the system has."""


class PdfWriter:
    """Writes the objects of one PDF to an open binary file; numbers count from 1."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offsets = array("Q", [0])
        self._at = 0
        self._write(_HEADER)

    def reserve(self, count: int = 1) -> int:
        """The first of `count` new numbers, whose objects are put later."""
        first = len(self._offsets)
        self._offsets.extend([0] * count)
        return first

    def put(self, number: int, body: bytes) -> None:
        """Write the object of a reserved number."""
        self._offsets[number] = self._at
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def add(self, body: bytes) -> int:
        """Write a new object; gives its number."""
        number = self.reserve()
        self.put(number, body)
        return number

    def add_content(self, content: bytes) -> int:
        """Write a content stream, deflated; gives its number."""
        data = bytes(deflate.zlib_compress(content, _LEVEL))
        return self.add(b"<</Length %d/Filter/FlateDecode>>\nstream\n%b\nendstream" % (len(data), data))

    def close(self, *, root: int, info: int, identity: bytes) -> None:
        """Write the table and the trailer; `identity` is the 16 bytes of both halves of the file's /ID."""
        start = self._at
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._offsets))
        for offset in self._offsets[1:]:
            self._write(b"%010d 00000 n \n" % offset if offset else b"0000000000 00000 f \n")
        hexed = identity.hex().encode()
        self._write(b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R" % (len(self._offsets), root, info))
        self._write(b"/ID[<%b><%b>]>>\nstartxref\n%d\n%%%%EOF\n" % (hexed, hexed, start))

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._at += len(data)


def points(*lengths_mm: float) -> bytes:
    """Lengths in mm as PDF numbers in points, to a ten-thousandth."""
    return b" ".join(number(length * POINTS_PER_MM) for length in lengths_mm)


def number(value: float) -> bytes:
    """A PDF number, to four places."""
    digits = f"{value:.4f}".rstrip("0").rstrip(".")
    return b"0" if digits == "-0" else digits.encode()


def text(value: str) -> bytes:
    """A PDF text string (ISO 32000-1:2008, 7.9.2)."""
    try:
        return literal(value.encode("ascii"))
    except UnicodeEncodeError:
        return b"<%b>" % (b"\xfe\xff" + value.encode("utf-16-be")).hex().encode()


def literal(data: bytes) -> bytes:
    """Bytes as a PDF literal string."""
    return b"(%b)" % escaped(data)


def escaped(data: bytes) -> bytes:
    """Bytes as they stand within a literal string."""
    for special in (b"\\", b"(", b")"):
        data = data.replace(special, b"\\" + special)
    return data.replace(b"\r", b"\\r").replace(b"\n", b"\\n")


def date(moment: datetime) -> bytes:
    """A PDF date (ISO 32000-1:2008, 7.9.4), in UTC."""
    offset = moment.utcoffset() or timedelta()
    return f"(D:{moment.replace(tzinfo=None) - offset:%Y%m%d%H%M%S}Z)".encode()


def references(numbers: Iterable[int]) -> bytes:
    """Numbers of objects as an array of references."""
    return b"[%b]" % b" ".join(b"%d 0 R" % number for number in numbers)
