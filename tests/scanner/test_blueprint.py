"""What is known of a note's symbol before it is read, against the library that draws them."""

import numpy as np
import pytest
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

from scanner.blueprint import CHECKS, DATA, Bits, blocks, drawn, known, masked, places
from scanner.reed_solomon import mend
from tests.scanner.cards import Order


def symbol_of(text: str) -> Bits:
    """As notes have it: version 8, level Q, mask 2 (49, 49)."""
    code = QRCode(version=8, error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=2)
    code.add_data(QRData(text, mode=MODE_ALPHA_NUM))
    code.make(fit=False)
    return np.array(code.modules, dtype=np.bool_)


def codewords_of(symbol: Bits) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    return np.packbits((symbol ^ masked()).ravel()[places()], axis=1).ravel()


def test_what_is_known_is_so_in_every_symbol(order: Order) -> None:
    fixed, dark = known()
    for number in range(1, 4):
        symbol = symbol_of(order.token(number))
        assert not ((symbol ^ dark) & fixed).any()


def test_every_module_is_either_known_or_of_one_codeword() -> None:
    assert len(set(places().ravel().tolist())) == 242 * 8 == int((~known()[0]).sum())
    assert sorted(np.concatenate(blocks()).tolist()) == list(range(242))
    assert [len(block) for block in blocks()] == [data + CHECKS for data in DATA]


def test_a_symbol_is_drawn_from_its_codewords(order: Order) -> None:
    symbol = symbol_of(order.token(1))
    assert (drawn(codewords_of(symbol)) == symbol).all()


@pytest.mark.parametrize(("wrong", "missing"), [(0, 0), (11, 0), (0, 22), (5, 12), (1, 20)])
def test_blocks_are_mended_up_to_what_their_checks_allow(order: Order, wrong: int, missing: int) -> None:
    words, chance = codewords_of(symbol_of(order.token(2))), np.random.default_rng(wrong + missing)
    for block in blocks():
        torn, places_ = words[block].copy(), chance.permutation(len(block))
        torn[places_[: wrong + missing]] ^= chance.integers(1, 256, wrong + missing).astype(np.uint8)
        mended = mend(torn, places_[:missing].tolist())
        assert mended is not None
        assert (mended == words[block]).all()


def test_what_is_torn_too_far_is_left_alone(order: Order) -> None:
    words, chance = codewords_of(symbol_of(order.token(2))), np.random.default_rng(7)
    for _ in range(20):
        block = words[blocks()[0]].copy()
        block[chance.permutation(40)[:14]] ^= 0x55
        assert mend(block, []) is None


def test_spare_checks_are_left_over(order: Order) -> None:
    word = codewords_of(symbol_of(order.token(2)))[blocks()[0]].copy()
    word[:10] ^= 1
    assert mend(word, list(range(10)), spare=12) is not None
    assert mend(word, list(range(10)), spare=13) is None
