"""Black: what varies from note to note is black ink alone, and lies over what is under it."""

from collections.abc import Iterator

from notegen.preflight.colour import BLACK
from notegen.preflight.fault import Fault
from notegen.preflight.painting import Painting

_NEARLY_FULL, _DEEP = 0.95, 0.6
_WORDS = {"text": "Text", "mask": "A 1-bit picture (a QR)"}


def judge(painting: Painting) -> Iterator[Fault]:
    """Faults of text and 1-bit masks; those of forms, which are art, may have any colour but a black of several inks."""
    if painting.kind not in _WORDS:
        return
    what, paint = _WORDS[painting.kind], painting.paint
    if painting.level == 0 and paint != BLACK:
        yield Fault("black", f"{what} is in {paint.words}: make it 0 0 0 1 k, black ink alone.", painting.where)
    elif paint.space.kind == "cmyk" and _of_several(*paint.parts):
        yield Fault("rich-black", f"{what} in black is {paint.words}: take black ink alone.", painting.where)
    if painting.level == 0 and paint == BLACK and not painting.over:
        yield Fault("overprint", f"{what} in black knocks out what is under it: set op true and OPM 1.", painting.where)


def _of_several(cyan: float, magenta: float, yellow: float, black: float) -> bool:
    return (black >= _NEARLY_FULL and cyan + magenta + yellow > 0) or min(cyan, magenta, yellow) >= _DEEP
