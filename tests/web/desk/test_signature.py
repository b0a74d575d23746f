"""Signatures in the browser, by its own Ed25519 and by the library that is shipped with the page: what the service refuses,
both refuse, and what it accepts, both accept."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page

from app.core import token as tokens
from app.core.serial import Serial
from app.core.verifying import Ed25519Verifying
from tests.core.test_signing import RFC_8032, flipped
from tests.core.test_token import KNOWN_SERIAL, KNOWN_SIGNATURE
from tests.web.conftest import needs_chromium
from tests.web.desk.asking import ask, differences
from tests.web.desk.curve import BASE, OF_ORDER_8, SMALL, L, P, encoded, hashed, plus, times

pytestmark = needs_chromium

VENDOR = Path(__file__).parents[3] / "app/web/static/desk/vendor"
Case = tuple[str, bytes, bytes, bytes]
"""What it is, and key, message and signature."""

MESSAGE = tokens.message(KNOWN_SERIAL)


def honest() -> Iterator[Case]:
    """Signatures as they are made, each whole and with one bit turned."""
    luck = random.Random("signatures")  # noqa: S311
    for number in range(1, 13):
        key, serial = Ed25519PrivateKey.from_private_bytes(luck.randbytes(32)), Serial("CWL26", number)
        public, message = key.public_key().public_bytes_raw(), tokens.message(serial)
        signature = key.sign(message)
        yield "signed", public, message, signature
        yield "another serial's", public, tokens.message(Serial("CWL26", number + 1)), signature
        yield "another key's", bytes.fromhex(RFC_8032[0][0]), message, signature
        yield "noise", public, message, luck.randbytes(64)
        for bit in luck.sample(range(512), 6):
            yield f"bit {bit} turned", public, message, flipped(signature, bit)
            yield f"bit {bit % 256} of the key turned", flipped(public, bit % 256), message, signature


def known() -> Iterator[Case]:
    for public, message, signature in RFC_8032:
        yield "of RFC 8032", bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    key = bytes.fromhex(RFC_8032[0][0])
    yield "the known note", key, MESSAGE, KNOWN_SIGNATURE
    for lengths in (31, 33):
        yield "a key of another length", (key + key)[:lengths], MESSAGE, KNOWN_SIGNATURE
    for lengths in (0, 63, 65):
        yield "a signature of another length", key, MESSAGE, (KNOWN_SIGNATURE * 2)[:lengths]


def crafted() -> Iterator[Case]:
    """What somebody makes who knows the private key, or needs none."""
    private, nonce = hashed(b"private"), hashed(b"nonce")
    honest, point = encoded(times(private, BASE)), times(nonce, BASE)

    def signed(what: str, key: bytes, r: bytes, secret: int = nonce) -> Case:
        s = (secret + hashed(r, key, MESSAGE) * private) % L
        return what, key, MESSAGE, r + s.to_bytes(32, "little")

    good = signed("made by hand", honest, encoded(point))
    yield good
    for more in range(1, 15):
        s = int.from_bytes(good[3][32:], "little") + more * L
        yield "S beyond the order", honest, MESSAGE, good[3][:32] + s.to_bytes(32, "little")
    for small in SMALL:
        yield signed("R of small order", honest, encoded(small), 0)
        yield signed("R off by a small point", honest, encoded(plus(point, small)))
        for key in {encoded(small), flipped(encoded(small), 255)}:
            for number in range(24):  # one in eight fits any text
                r = encoded(times(number + 1, BASE))
                yield "a key of small order", key, MESSAGE, r + (number + 1).to_bytes(32, "little")
    for y in (P, P + 1, P + 2, P + 5, 2**255 - 1):
        for sign in (0, 1):
            raw = (y | sign << 255).to_bytes(32, "little")
            yield signed("R in another spelling", honest, raw, 0)
            for number in range(24):
                r = encoded(times(number + 1, BASE))
                yield "a key in another spelling", raw, MESSAGE, r + (number + 1).to_bytes(32, "little")
    mixed = encoded(plus(times(private, BASE), OF_ORDER_8))
    for number in range(24):  # one in eight is signed without the cofactor, all are with it
        secret = hashed(b"nonce", bytes([number]))
        yield signed("a key off by a small point", mixed, encoded(times(secret, BASE)), secret)


CASES = [*honest(), *known(), *crafted()]
EXPECTED = [Ed25519Verifying().verify_signature(key, message, signature) for _what, key, message, signature in CASES]


@pytest.mark.parametrize("by", ["byPlatform", "byLibrary"])
def test_signatures_are_good_where_the_service_says_so(page: Page, served: str, by: str) -> None:
    each = f"""([, key, message, sig]) =>
      signature.verifyBytes(signature.{by}, fromHex(key), fromHex(message), fromHex(sig))"""
    asked = [[what, key.hex(), message.hex(), signature.hex()] for what, key, message, signature in CASES]
    assert ask(page, served, "() => signature.platformVerifies()", [None]) == [True], "else there is nothing to compare"
    assert differences(CASES, EXPECTED, ask(page, served, each, asked)) == []


def test_the_cases_are_good_and_bad() -> None:
    good = {what for (what, *_), is_good in zip(CASES, EXPECTED, strict=True) if is_good}
    assert good == {
        "signed",
        "of RFC 8032",
        "the known note",
        "made by hand",
        "R off by a small point",
        "a key off by a small point",
    }


@pytest.mark.parametrize("has_ed25519", [True, False])
def test_a_note_is_verified_with_and_without_the_browsers_ed25519(page: Page, served: str, has_ed25519: bool) -> None:
    if not has_ed25519:
        page.add_init_script(
            """{
              const importKey = SubtleCrypto.prototype.importKey;
              SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
                if (algorithm !== "Ed25519") return importKey.call(this, format, key, algorithm, ...rest);
                return Promise.reject(new DOMException("", "NotSupportedError"));
              };
            }"""
        )
    public = RFC_8032[0][0]
    cases = [
        [public, str(KNOWN_SERIAL), KNOWN_SIGNATURE.hex()],
        [public, str(Serial("CWL26", 12346)), KNOWN_SIGNATURE.hex()],
        [public, str(KNOWN_SERIAL), flipped(KNOWN_SIGNATURE, 300).hex()],
        [RFC_8032[1][0], str(KNOWN_SERIAL), KNOWN_SIGNATURE.hex()],
    ]
    each = "([key, serial, sig]) => signature.verify(fromHex(key), serial, fromHex(sig))"
    assert ask(page, served, each, cases) == [True, False, False, False]
    assert ask(page, served, "() => signature.platformVerifies()", [None]) == [has_ed25519]


def test_the_library_is_the_one_that_was_written_down() -> None:
    told = (VENDOR / "README.md").read_text(encoding="utf-8")
    assert hashlib.sha256((VENDOR / "noble-ed25519.js").read_bytes()).hexdigest() in told
