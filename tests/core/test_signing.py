"""Signing and verifying: a key for each order, known answers, and a private half that never shows."""

import base64
import copy
import pickle
from datetime import date

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous.signer import SigningAlgorithm

from app.core import token as tokens
from app.core.serial import Serial
from app.core.signing import OrderKey
from app.core.span import Span
from app.core.token import Token
from app.core.verifying import Ed25519Verifying, Key, Keyring, Signature
from tests.core.strategies import private_half
from tests.core.test_token import KNOWN_KEY, KNOWN_SERIAL, KNOWN_SIGNATURE, KNOWN_TEXT

RFC_8032 = [  # 7.1, TEST 1 to 3: public key, message, signature
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
KNOWN_PUBLIC_KEY = bytes.fromhex(RFC_8032[0][0])
SPAN = Span("CWL26", 12001, 12500)


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032, ids=["TEST 1", "TEST 2", "TEST 3"])
def test_the_answers_of_rfc_8032_verify(public: str, message: str, signature: str) -> None:
    verifying = Ed25519Verifying()
    key, value, sig = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verifying.verify_signature(key, value, sig)
    assert not verifying.verify_signature(key, value + b"\0", sig)
    assert not any(verifying.verify_signature(key, value, flipped(sig, bit)) for bit in range(0, 512, 7))


def flipped(raw: bytes, bit: int) -> bytes:
    """The same bytes but for one bit."""
    return bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(raw))


def test_the_known_note_verifies_under_its_known_key() -> None:
    assert (
        Ed25519PrivateKey.from_private_bytes(bytes.fromhex(KNOWN_KEY)).public_key().public_bytes_raw()
        == KNOWN_PUBLIC_KEY
    )
    keyring = Keyring([Key(SPAN, KNOWN_PUBLIC_KEY)])
    assert keyring.examine(tokens.parse(KNOWN_TEXT)) is Signature.GOOD


def test_a_signature_cannot_be_written_in_another_way() -> None:
    """S plus the group's order would be the same point; RFC 8032, 5.1.7 refuses it."""
    scalar = int.from_bytes(KNOWN_SIGNATURE[32:], "little") + GROUP_ORDER
    twin = KNOWN_SIGNATURE[:32] + scalar.to_bytes(32, "little")
    assert not Ed25519Verifying().verify_signature(KNOWN_PUBLIC_KEY, tokens.message(KNOWN_SERIAL), twin)


@given(st.binary(max_size=80), st.binary(max_size=20), st.binary(max_size=80))
def test_bytes_that_are_no_key_or_signature_do_not_verify(key: bytes, value: bytes, signature: bytes) -> None:
    verifying = Ed25519Verifying()
    assert verifying.verify_signature(key, value, signature) is False
    assert verifying.verify_signature(KNOWN_PUBLIC_KEY, value, signature) is False


def test_who_verifies_cannot_sign() -> None:
    verifying = Ed25519Verifying()
    assert isinstance(verifying, SigningAlgorithm)
    with pytest.raises(NotImplementedError):
        verifying.get_signature(KNOWN_PUBLIC_KEY, b"value")


# --- the keyring


def signed(key: OrderKey, serial: Serial) -> Token:
    """A note of an order."""
    return Token(serial, key.sign(serial))


def test_a_note_verifies_under_the_key_of_its_order_alone() -> None:
    one, other = OrderKey(), OrderKey()
    keyring = Keyring([Key(Span("CWL26", 101, 200), other.public_key), Key(Span("CWL26", 1, 100), one.public_key)])
    first, last = Serial("CWL26", 1), Serial("CWL26", 200)
    assert keyring.examine(signed(one, first)) is Signature.GOOD
    assert keyring.examine(signed(other, last)) is Signature.GOOD
    assert keyring.examine(signed(other, first)) is Signature.BAD
    assert keyring.examine(signed(one, last)) is Signature.BAD


def test_a_signature_does_not_move_to_another_serial() -> None:
    key = OrderKey()
    keyring = Keyring([Key(SPAN, key.public_key)])
    stolen = key.sign(Serial("CWL26", 12001))
    assert keyring.examine(Token(Serial("CWL26", 12002), stolen)) is Signature.BAD


def test_a_key_that_is_dropped_disowns_its_order_and_no_other() -> None:
    one, other = OrderKey(), OrderKey()
    keys = [Key(Span("CWL26", 1, 100), one.public_key), Key(Span("CWL26", 101, 200), other.public_key)]
    assert Keyring(keys[1:]).examine(signed(one, Serial("CWL26", 100))) is Signature.UNKNOWN_KEY
    assert Keyring(keys[1:]).examine(signed(other, Serial("CWL26", 101))) is Signature.GOOD


KEYS = [
    Key(Span("LAN26", 5, 9), bytes([3]) * 32, date(2027, 3, 31)),
    Key(Span("CWL26", 1, 100), bytes([1]) * 32),
    Key(Span("CWL26", 201, 300), bytes([2]) * 32),
    Key(Span("CWL26", 101, 101), bytes([4]) * 32),
]


@pytest.mark.parametrize(
    ("serial", "key"),
    [
        (Serial("CWL26", 1), KEYS[1]),
        (Serial("CWL26", 100), KEYS[1]),
        (Serial("CWL26", 101), KEYS[3]),
        (Serial("CWL26", 102), None),
        (Serial("CWL26", 200), None),
        (Serial("CWL26", 201), KEYS[2]),
        (Serial("CWL26", 300), KEYS[2]),
        (Serial("CWL26", 301), None),
        (Serial("AAA26", 1), None),
        (Serial("CWL27", 1), None),
        (Serial("LAN26", 4), None),
        (Serial("LAN26", 9), KEYS[0]),
        (Serial("LAN26", 10), None),
    ],
    ids=str,
)
def test_a_serial_finds_the_key_of_its_order(serial: Serial, key: Key | None) -> None:
    assert Keyring(KEYS).key_of(serial) == key
    assert Keyring([]).key_of(serial) is None


# --- the key of an order


@given(st.binary(max_size=200))
def test_a_signature_is_the_one_that_openssl_would_make(value: bytes) -> None:
    key = OrderKey()
    judge = Ed25519PrivateKey.from_private_bytes(private_half(key))
    assert judge.public_key().public_bytes_raw() == key.public_key
    assert judge.sign(value) == key.get_signature(key.public_key, value)


def test_each_order_has_a_key_of_its_own() -> None:
    assert len({OrderKey().public_key for _ in range(20)}) == 20
    assert len(OrderKey().public_key) == 32


def test_a_span_is_signed_in_serial_order_block_by_block() -> None:
    key, span = OrderKey(), Span("CWL26", 12001, 12010)
    blocks = list(key.sign_span(span, block=4))
    assert [len(block) for block in blocks] == [4 * 64, 4 * 64, 2 * 64]
    assert b"".join(blocks) == b"".join(key.sign(serial) for serial in span.serials())
    assert all(key.verify_signature(key.public_key, tokens.message(s), key.sign(s)) for s in span.serials())


def test_an_order_signs_under_its_own_public_key_alone() -> None:
    key = OrderKey()
    assert key.verify_signature(key.public_key, b"value", key.get_signature(key.public_key, b"value"))
    with pytest.raises(ValueError, match="own key"):
        key.get_signature(OrderKey().public_key, b"value")


def test_the_private_half_is_not_pickled_or_copied() -> None:
    key = OrderKey()
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="never leaves"):
            pickle.dumps(key, protocol)
    with pytest.raises(TypeError, match="never leaves"):
        copy.copy(key)
    with pytest.raises(TypeError, match="never leaves"):
        copy.deepcopy({"key": key})


def test_the_private_half_does_not_show() -> None:
    """Not in what a log, a traceback or a debugger's line would print."""
    key = OrderKey()
    secret = private_half(key)
    shown = " ".join([repr(key), str(key), f"{key!a}", repr(vars(key)), repr(list(vars(key).values())), repr(dir(key))])
    for spelling in (
        repr(secret),
        repr(secret)[2:-1],
        secret.hex(),
        base64.b64encode(secret).decode(),
        str(list(secret)),
    ):
        assert spelling not in shown
    assert not [value for value in vars(key).values() if isinstance(value, bytes | str) and value != key.public_key]


@given(st.binary(max_size=60), st.binary(min_size=64, max_size=64), st.integers(0, 511), st.booleans())
def test_libsodium_and_openssl_agree_on_every_signature(value: bytes, noise: bytes, bit: int, turned: bool) -> None:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    good = private.sign(value)
    other = bytearray(good)
    other[bit // 8] ^= 1 << bit % 8
    for signature in (good, bytes(other), noise if turned else noise[:32] + good[32:]):
        assert Ed25519Verifying().verify_signature(public, value, signature) is by_openssl(public, value, signature)


def by_openssl(public: bytes, value: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, value)
    except InvalidSignature:
        return False
    return True


def test_a_key_of_small_order_signs_nothing() -> None:
    """Under such a key one signature fits any text (RFC 8032, 8.3); it is no key that an order could have."""
    small = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")
    assert not Ed25519Verifying().verify_signature(small, b"hournote.v1:CWL260000001K", small + bytes(32))
    assert not Ed25519Verifying().verify_signature(bytes(32), b"", bytes(64))
    assert not Ed25519Verifying().verify_signature(b"short", b"", bytes(64))
    assert not Ed25519Verifying().verify_signature(small, b"", b"short")
