import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from pikepdf import Pdf

from app.core import token
from app.core.span import Span
from notegen.geometry.slot import MODULES
from notegen.ink import marking, symbol
from notegen.readback.eye import eyes
from notegen.readback.film import Film
from tests.notegen.workshop import HOST, MM

SIZE_MM = 29.0


def symbols() -> Iterator[tuple[str, bytes]]:
    for serial in Span("CWL26", 1, 9_999_999).serials():
        text = token.compose(HOST, serial, hashlib.sha512(str(serial).encode()).digest())
        yield text, symbol.pack(text).tobytes()


def page_with(path: Path, marked: bytes, size_mm: float = SIZE_MM) -> Path:
    """A page with a symbol in the middle of 5 mm of white."""
    edge = (size_mm + 10) * MM
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(edge, edge))
        page.contents_add(
            b"0 0 0 1 k q %f 0 0 %f %f %f cm " % (size_mm * MM, size_mm * MM, 5 * MM, 5 * MM) + marked + b"Q"
        )
        pdf.save(path)
    return path


@pytest.mark.parametrize("letters", [False, True])
def test_a_symbol_is_read_even_when_its_bytes_look_like_the_end_of_an_image(tmp_path: Path, letters: bool) -> None:
    text, drawn = next(islice((one for one in symbols() if (b"EI" in one[1]) is letters), 1))
    assert (b"/AHx" in marking.image(drawn)) is letters
    with Film(page_with(tmp_path / "symbol.pdf", marking.image(drawn))) as film:
        for dpi in (150, 300):
            assert [eye.read(film.grey(1, dpi)) for eye in eyes()] == [[text]] * len(eyes())


@pytest.mark.parametrize("size_mm", [29.0, 33.5])
def test_a_symbol_of_rectangles_is_read_and_lies_where_the_image_would(tmp_path: Path, size_mm: float) -> None:
    text, drawn = next(symbols())
    marked = marking.of("vector", size_mm / MODULES)(drawn)
    assert b"BI" not in marked
    with Film(page_with(tmp_path / "symbol.pdf", marked, size_mm)) as film:
        for dpi in (150, 300):
            assert [eye.read(film.grey(1, dpi)) for eye in eyes()] == [[text]] * len(eyes())
        vector = film.grey(1, 600)
    with Film(page_with(tmp_path / "image.pdf", marking.image(drawn), size_mm)) as film:
        image = film.grey(1, 600)
    module = size_mm / MODULES / 25.4 * 600
    middles = ((np.arange(MODULES) + 0.5) * module + 5 / 25.4 * 600).astype(int)
    assert np.array_equal(vector[np.ix_(middles, middles)] < 128, image[np.ix_(middles, middles)] < 128)


def test_rectangles_gain_no_ink(tmp_path: Path) -> None:
    """Twice as much is drawn in as a press of 2400 dpi adds, and the rest stays: no module is a hundredth narrower."""
    _, drawn = next(symbols())
    module_mm = SIZE_MM / MODULES
    scale, *rectangles, _ = marking.of("vector", module_mm)(drawn).splitlines()
    unit_mm = float(scale.split()[0]) * SIZE_MM
    assert 0.9 * marking.INSET_MM < unit_mm <= marking.INSET_MM
    area = sum(float(line.split()[2]) * float(line.split()[3]) for line in rectangles) * unit_mm**2
    dark = np.unpackbits(np.frombuffer(drawn, dtype=np.uint8)).sum() * module_mm**2
    assert 0.97 < area / dark < 0.98
