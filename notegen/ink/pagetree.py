"""The page tree of a PDF that is written as it comes, in branches, so that no list of all pages is ever held."""

from typing import NamedTuple

from notegen.ink import pdf
from notegen.ink.pdf import PdfWriter

_KIDS = 64
"""Pages to a branch."""


class Side(NamedTuple):
    """What pages of a side have alike: the object of their resources, and their boxes (MediaBox, TrimBox and so on)."""

    resources: int
    boxes: bytes


class PageTree:
    """Takes pages one by one."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self._root = writer.reserve()
        self._branches: list[int] = []
        self._kids: list[int] = []
        self._count = 0

    def add(self, content: int, side: Side) -> None:
        """Write a page of a side with the object of its content."""
        if not self._kids:
            self._branches.append(self.writer.reserve())
        page = b"<</Type/Page/Parent %d 0 R/Resources %d 0 R/Contents %d 0 R%b>>"
        self._kids.append(self.writer.add(page % (self._branches[-1], side.resources, content, side.boxes)))
        self._count += 1
        if len(self._kids) == _KIDS:
            self._close_branch()

    def close(self) -> int:
        """Write what is left; gives the number of the tree's root."""
        if self._kids:
            self._close_branch()
        kids = pdf.references(self._branches)
        self.writer.put(self._root, b"<</Type/Pages/Count %d/Kids%b>>" % (self._count, kids))
        return self._root

    def _close_branch(self) -> None:
        body = b"<</Type/Pages/Parent %d 0 R/Count %d/Kids%b>>"
        self.writer.put(self._branches[-1], body % (self._root, len(self._kids), pdf.references(self._kids)))
        self._kids = []
