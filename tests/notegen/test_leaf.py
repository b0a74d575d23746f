import hashlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from pikepdf import Pdf

from app.core import token
from app.core.span import Span
from notegen.ink import leaf, symbol
from notegen.readback.eye import eyes
from notegen.readback.film import Film
from tests.notegen.workshop import HOST, MM


def symbols() -> Iterator[tuple[str, bytes]]:
    for serial in Span("CWL26", 1, 9_999_999).serials():
        text = token.compose(HOST, serial, hashlib.sha512(str(serial).encode()).digest())
        yield text, symbol.draw([text])[0].tobytes()


@pytest.mark.parametrize("letters", [False, True])
def test_a_symbol_is_read_even_when_its_bytes_look_like_the_end_of_an_image(tmp_path: Path, letters: bool) -> None:
    text, drawn = next(islice((one for one in symbols() if (b"EI" in one[1]) is letters), 1))
    assert (b"/AHx" in leaf.image(drawn)) is letters
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(40 * MM, 40 * MM))
        page.contents_add(
            b"0 0 0 1 k q %f 0 0 %f %f %f cm " % (29 * MM, 29 * MM, 5 * MM, 5 * MM) + leaf.image(drawn) + b"Q"
        )
        pdf.save(tmp_path / "symbol.pdf")
    with Film(tmp_path / "symbol.pdf") as film:
        for dpi in (150, 300):
            assert [eye.read(film.grey(1, dpi)) for eye in eyes()] == [[text]] * len(eyes())
