"""The page tree of a PDF that is written as it comes, in branches, so that no list of all pages is ever held."""

from notegen.ink import pdf
from notegen.ink.pdf import PdfWriter

_KIDS = 64
"""Pages to a branch."""


class PageTree:
    """Takes pages one by one; every page has the same `boxes` (the entries MediaBox, TrimBox and so on)."""

    def __init__(self, writer: PdfWriter, boxes: bytes) -> None:
        self.writer = writer
        self._boxes = boxes
        self._root = writer.reserve()
        self._branches: list[int] = []
        self._kids: list[int] = []
        self._count = 0

    def add(self, content: int, resources: int) -> None:
        """Write a page with the objects of its content and its resources."""
        if not self._kids:
            self._branches.append(self.writer.reserve())
        page = b"<</Type/Page/Parent %d 0 R/Resources %d 0 R/Contents %d 0 R%b>>"
        self._kids.append(self.writer.add(page % (self._branches[-1], resources, content, self._boxes)))
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
