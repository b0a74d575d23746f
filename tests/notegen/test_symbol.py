import random
from itertools import islice, repeat

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import token
from app.core.span import Span
from notegen.geometry.slot import MODULES
from notegen.ink import basis, inscription, symbol
from notegen.ink.inscription import Rows
from tests.core import strategies as our
from tests.notegen import workshop
from tests.zbar import HAS_ZBAR

HOSTS = ["NOTES.EXAMPLE.ORG", "A.ORG", "A23456789.123456789.1234567.ORG"[:30]]


def texts(host: str, count: int) -> list[str]:
    dice = random.Random(host)  # noqa: S311  not for secrets
    return [token.compose(host, serial, dice.randbytes(64)) for serial in Span("CWL26", 1, count).serials()]


def rows(texts: list[str]) -> Rows:
    return np.array([list(text.encode()) for text in texts], dtype=np.uint8)


def judged(texts: list[str]) -> Rows:
    """The symbols of texts as `qrcode` makes them, one by one."""
    return np.array([symbol.pack(text) for text in texts])


@given(st.sampled_from(HOSTS), our.spans(), st.lists(st.binary(min_size=64, max_size=64), min_size=1, max_size=20))
def test_the_texts_of_many_notes_are_their_tokens(host: str, span: Span, signatures: list[bytes]) -> None:
    serials = [str(serial) for serial in islice(span.serials(), len(signatures))]
    signed = signatures[: len(serials)]
    many = inscription.texts(token.opening(host), rows(serials), np.array([list(one) for one in signed], np.uint8))
    assert [row.tobytes().decode() for row in many] == list(map(token.compose, repeat(host), serials, signed))


@pytest.mark.parametrize("host", HOSTS)
def test_many_symbols_at_once_are_bit_for_bit_those_of_qrcode(host: str) -> None:
    wanted = texts(host, 30)
    prefix = wanted[0][: wanted[0].index("CWL26") + 5]
    assert np.array_equal(basis.of(prefix, len(wanted[0])).draw(rows(wanted)), judged(wanted))


def test_the_prefix_may_be_nothing_and_the_length_odd() -> None:
    wanted = ["AB:0", "ZZZZ", "0000"]
    assert np.array_equal(basis.Basis("", 4).draw(rows(wanted)), judged(wanted))
    odd = ["HTTPS://A", "HTTPS://:"]
    assert np.array_equal(basis.Basis("HTTPS://", 9).draw(rows(odd)), judged(odd))


@given(st.text(basis.ALPHABET.replace("0", ""), min_size=1, max_size=157), st.integers(0, 156))
@settings(max_examples=30)
def test_any_text_is_drawn_as_qrcode_does(text: str, known: int) -> None:
    """But for zeros, a block of which `qrcode` 8.2 cannot draw."""
    drawn = basis.Basis(text[: min(known, len(text) - 1)], len(text)).draw(rows([text]))
    assert np.array_equal(drawn, judged([text]))


@pytest.mark.parametrize("text", ["SHORT", "abcd", "XBCD", "AB~D"])
def test_a_text_of_another_form_is_a_mistake(text: str) -> None:
    with pytest.raises(ValueError, match="every text must"):
        basis.Basis("AB", 4).draw(rows([text]))


@pytest.mark.parametrize("host", HOSTS)
def test_a_symbol_is_read_by_decoders_that_did_not_make_it(host: str) -> None:
    text = texts(host, 1)[0]
    modules = symbol.modules(text)
    assert modules.shape == (MODULES, MODULES)
    picture = np.kron(np.pad(~modules, 4, constant_values=True), np.ones((6, 6))).astype(np.uint8) * 255
    found = workshop.qrs_in(picture)[0]
    assert (found.text, found.ec_level) == (text, "Q")
    if HAS_ZBAR:
        from pyzbar import pyzbar

        assert pyzbar.decode(picture)[0].data.decode() == text
