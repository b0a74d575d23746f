"""Drawing a page in the mind: its content, and that of the forms it places, become paintings and faults.

A form is gone through once for each state it is placed in, not once for each place, unless it has registration marks, of
which the place is what matters.
"""

from collections.abc import Iterator
from typing import cast

from notegen.preflight import bounds, parts, scan
from notegen.preflight.bounds import TooMuch, unpacked
from notegen.preflight.fault import Fault
from notegen.preflight.hand import Hand, Seen
from notegen.preflight.painting import Matrix, Painting, times
from notegen.preflight.scan import Operation, Unreadable
from notegen.preflight.state import Sheet, State


class Drawing:
    """Draws the pages of one file."""

    def __init__(self, pages: int) -> None:
        self._left = bounds.MOST_OPERATIONS + bounds.OPERATIONS_A_PAGE * pages
        self._drawn: set[object] = set()
        self._cost: dict[object, int] = {}
        self._registration: set[parts.Key] = set()
        self._begun: set[parts.Key] = set()

    def page(self, page: object, where: str) -> Iterator[Seen]:
        """What a page paints, and the faults in how it says so."""
        contents, resources = parts.entry(page, "/Contents"), _inherited(page, "/Resources")
        known = (parts.key(contents), parts.key(resources))
        if None not in known and known in self._drawn:
            return
        self._drawn.add(known)
        streams = parts.listed(contents)
        if any("/LZWDecode" in parts.filters(stream) for stream in streams):
            return  # a fault by itself, and of a kind whose length nobody bounds
        yield from self._content(b"\n".join(map(unpacked, streams)), State(), Sheet(resources, where))

    def unplaced(self, page: object, where: str) -> Iterator[Seen]:
        """What the forms of a page's resources would paint that no page has placed so far; other files may place them."""
        resources = _inherited(page, "/Resources")
        known, sheet = ("resources", parts.key(resources)), Sheet(resources, where)
        if known in self._drawn and None not in known:
            return
        self._drawn.add(known)
        for name, form in parts.items(parts.entry(resources, "/XObject")):
            if parts.name(parts.entry(form, "/Subtype")) == "/Form" and parts.key(form) not in self._begun:
                yield from self.form(form, State(), sheet._replace(where=f"{where}, {name[1:]}"))

    def _content(self, content: bytes, state: State, sheet: Sheet) -> Iterator[Seen]:
        if len(content) > bounds.MOST_BYTES:
            raise TooMuch("a page of more than is ever printed")
        try:
            yield from Hand(self.form, state, sheet).draw(self._counted(content))
        except Unreadable as error:
            yield Fault("content", f"What is drawn cannot be read to its end: {error}.", sheet.where)

    def _counted(self, content: bytes) -> Iterator[Operation]:
        for operation in scan.operations(content):
            self._spend(1)
            yield operation

    def form(self, form: object, state: State, sheet: Sheet) -> Iterator[Seen]:
        """What a form (or the cell of a pattern) paints when it is placed in `state`."""
        key = parts.key(form)
        if key is None or "/LZWDecode" in parts.filters(form):
            return
        if key in sheet.within:
            yield Fault("loop", "A form is drawn within itself: it has no end.", sheet.where)
            return
        if len(sheet.within) > bounds.DEEPEST_FORM:
            raise TooMuch(f"forms within forms, more than {bounds.DEEPEST_FORM} deep")
        matrix = parts.numbers(parts.entry(form, "/Matrix"))
        if len(matrix) == 6:
            state = state._replace(matrix=times(cast(Matrix, tuple(matrix)), state.matrix))
        known = (key, sheet.level > 0, tuple(round(part, 3) for part in state.matrix[:4]), state[1:])
        if known in self._drawn and key not in self._registration:
            self._spend(self._cost.get(known, 0))  # whoever draws it for the eye draws it at every place
            return
        before = self._left
        self._drawn.add(known)
        self._begun.add(key)
        self._spend(bounds.OPERATIONS_A_FORM)
        own = parts.entry(form, "/Resources")
        inner = Sheet(sheet.resources if own is None else own, sheet.where, sheet.level + 1, (*sheet.within, key))
        for seen in self._content(unpacked(form), state, inner):
            if isinstance(seen, Painting) and seen.paint.registration:
                self._registration.update(inner.within)
            yield seen
        self._cost[known] = before - self._left

    def _spend(self, operations: int) -> None:
        self._left -= operations
        if self._left < 0:
            raise TooMuch(f"more than {bounds.MOST_OPERATIONS:,} operations")


def _inherited(page: object, key: str) -> object:
    """An entry of a page or of what it hangs from (7.7.3.4)."""
    for _ in range(bounds.DEEPEST_FORM):
        if (found := parts.entry(page, key)) is not None:
            return found
        page = parts.entry(page, "/Parent")
    return None
