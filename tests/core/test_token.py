"""The token: the text of the QR, and everything that resembles it."""

import base64
import hashlib
from string import printable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from app.core import token as tokens
from app.core.errors import BadInput, BadToken
from app.core.serial import Serial
from app.core.token import Token
from tests.core import strategies as our

# The private key of RFC 8032, 7.1, TEST 1, signing `hournote.v1:CWL260012345F`. Paper lives long: these never change.
KNOWN_KEY = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
KNOWN_SERIAL = Serial("CWL26", 12345)
KNOWN_SIGNATURE = bytes.fromhex(
    "95ec622fd2acaf778afee1ab7694cc2e7a7005772b39ed2bcbfa5e07b01f4b0b"
    "c210416394c306d5b866e9090720b057259ea5cc1e0df4568c68c60ed49be104"
)
KNOWN_TEXT = (
    "HTTPS://NOTES.EXAMPLE.ORG/N/CWL260012345F"
    "SXWGEL6SVSXXPCX64GVXNFGMFZ5HABLXFM462K6L7JPAPMA7JMF4EECBMOKMGBWVXBTOSCIHECYFOJM6UXGB4DPUK2GGRRQO2SN6CBA"
)
KNOWN_SHA256 = "965a6d3395a7a63f55427966d18f1fe3cdd7095e012765f3136721e69b77456b"

signatures = st.binary(min_size=64, max_size=64)
ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
"""The characters of a QR's alphanumeric mode (ISO/IEC 18004:2015, 7.3.4)."""


def test_a_known_note_has_its_known_token() -> None:
    assert tokens.message(KNOWN_SERIAL) == b"hournote.v1:CWL260012345F"
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(KNOWN_KEY))
    assert key.sign(tokens.message(KNOWN_SERIAL)) == KNOWN_SIGNATURE
    assert tokens.compose("notes.example.org", KNOWN_SERIAL, KNOWN_SIGNATURE) == KNOWN_TEXT
    assert tokens.parse(KNOWN_TEXT) == Token(KNOWN_SERIAL, KNOWN_SIGNATURE)


def test_the_books_keep_a_known_hash_of_it() -> None:
    assert tokens.parse(KNOWN_TEXT).sha256.hex() == KNOWN_SHA256
    assert hashlib.sha256(b"CWL260012345F" + KNOWN_SIGNATURE).hexdigest() == KNOWN_SHA256
    assert tokens.parse(KNOWN_TEXT.lower().replace("notes.example.org", "elsewhere")).sha256.hex() == KNOWN_SHA256


@given(our.serials, signatures)
def test_a_token_is_read_back(serial: Serial, signature: bytes) -> None:
    text = tokens.compose("notes.example.org", serial, signature)
    assert tokens.parse(text) == Token(serial, signature)
    assert tokens.parse(text.lower()) == Token(serial, signature)


@given(our.serials, signatures)
def test_a_token_is_in_alphanumeric_mode_and_fits_the_symbol(serial: Serial, signature: bytes) -> None:
    """Version 8, level Q has room for 157 alphanumeric characters (ISO/IEC 18004:2015, table 7)."""
    text = tokens.compose("N" * tokens.LONGEST_HOST, serial, signature)
    assert set(text) <= ALPHANUMERIC
    assert len(text) <= 157
    assert len(text.rsplit("/", 1)[1]) == 13 + tokens.SIGNATURE_CHARACTERS == 13 + 103


TAIL = KNOWN_TEXT.removeprefix("HTTPS://NOTES.EXAMPLE.ORG")

LAWFUL = [
    KNOWN_TEXT.lower(),
    KNOWN_TEXT.swapcase(),
    KNOWN_TEXT.replace("HTTPS", "HTTP"),
    KNOWN_TEXT.replace("HTTPS", "http"),
    "https://localhost" + TAIL,
    "http://127.0.0.1:8000" + TAIL,
    "HTTPS://A" + TAIL,
    "HTTPS://" + "A" * 253 + TAIL,
    f"  {KNOWN_TEXT}\r\n",
]


@pytest.mark.parametrize("text", LAWFUL)
def test_any_host_scheme_and_case_is_read(text: str) -> None:
    assert tokens.parse(text) == Token(KNOWN_SERIAL, KNOWN_SIGNATURE)


@pytest.mark.parametrize("size", [0, 1, 63, 65, 128])
def test_a_token_is_composed_of_64_bytes(size: int) -> None:
    with pytest.raises(BadToken, match=f"has {size} bytes"):
        tokens.compose("NOTES.EXAMPLE.ORG", KNOWN_SERIAL, bytes(size))


SIGNED = KNOWN_TEXT[-103:]

MALFORMED = {
    "nothing": "",
    "spaces": "   ",
    "a serial alone": "CWL260012345F",
    "a serial and a signature without a link": KNOWN_TEXT.rsplit("/", 1)[1],
    "another scheme": KNOWN_TEXT.replace("HTTPS", "FTP"),
    "no scheme": KNOWN_TEXT.removeprefix("HTTPS:"),
    "no host": "HTTPS://" + TAIL,
    "a host that is too long": "HTTPS://" + "A" * 254 + TAIL,
    "a user in the host": "HTTPS://ME@NOTES.EXAMPLE.ORG" + TAIL,
    "a port that is none": "HTTPS://NOTES.EXAMPLE.ORG:80A" + TAIL,
    "a bundle label": KNOWN_TEXT.replace("/N/", "/B/"),
    "no path": KNOWN_TEXT.replace("/N/", "/"),
    "a longer path": KNOWN_TEXT.replace("/N/", "/N/N/"),
    "a query": KNOWN_TEXT + "?A=B",
    "a fragment": KNOWN_TEXT + "#A",
    "a slash at the end": KNOWN_TEXT + "/",
    "two tokens": KNOWN_TEXT + KNOWN_TEXT,
    "two lines": KNOWN_TEXT + "\n" + KNOWN_TEXT,
    "a space inside": KNOWN_TEXT.replace("F" + SIGNED, "F " + SIGNED),
    "a printed serial": KNOWN_TEXT.replace("CWL260012345F", "CWL26 0012345 F"),
    "a serial with look-alikes": KNOWN_TEXT.replace("CWL260012345F", "CWL26OO12345F"),
    "a serial whose check does not fit": KNOWN_TEXT.replace("CWL260012345F", "CWL260012345G"),
    "note number nought": KNOWN_TEXT.replace("CWL260012345F", "CWL260000000M"),
    "a signature cut short": KNOWN_TEXT[:-1],
    "a signature too long": KNOWN_TEXT + "A",
    "padding": KNOWN_TEXT + "=",
    "padding in place of the last": KNOWN_TEXT[:-1] + "=",
    "hexadecimal": KNOWN_TEXT[:-103] + KNOWN_SIGNATURE.hex(),
    "base64": KNOWN_TEXT[:-103] + base64.b64encode(KNOWN_SIGNATURE).decode(),
    "base32hex": KNOWN_TEXT[:-103] + base64.b32hexencode(KNOWN_SIGNATURE).decode().rstrip("="),
    "a digit outside base32": KNOWN_TEXT[:-2] + "8A",
    "a look-alike in base32": KNOWN_TEXT[:-2] + "0A",
    "a dotless i": KNOWN_TEXT.replace("I", "ı", 1),
    "a long s": KNOWN_TEXT.replace("S", "ſ", 1),
    "a Kelvin sign": KNOWN_TEXT.replace("K", "\u212a", 1),
    "full-width digits": KNOWN_TEXT.replace("0012345", "００１２３４５"),
    "full width": "".join(chr(ord(letter) + 0xFEE0) for letter in KNOWN_TEXT),
    "Arabic digits": KNOWN_TEXT.replace("0012345", "٠٠١٢٣٤٥"),
    "a soft hyphen": KNOWN_TEXT.replace("/N/", "/N/\u00ad"),
    "a zero-width space": KNOWN_TEXT + "\u200b",
    "a byte order mark": "\ufeff" + KNOWN_TEXT,
    "a right-to-left mark": "\u202e" + KNOWN_TEXT,
    "a lone surrogate": KNOWN_TEXT + "\ud800",
    "a nul": KNOWN_TEXT + "\0",
    "very long": KNOWN_TEXT * 10_000,
    "a very long host": "HTTPS://" + "A." * 500_000 + TAIL,
    "very many spaces": " " * 1_000_000,
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(BadToken) as refused:
        tokens.parse(text)
    assert refused.value.sentence.endswith(".")
    assert len(refused.value.sentence) < 200


def test_a_signature_has_one_spelling() -> None:
    """64 bytes leave three bits of the last character over: seven of eight spellings are no signature's."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    read = []
    for last in alphabet:
        try:
            read.append(tokens.parse(KNOWN_TEXT[:-1] + last).signature)
        except BadToken:
            continue
    assert len(read) == len(set(read)) == 4
    assert read[0] == KNOWN_SIGNATURE


@given(st.integers(0, len(KNOWN_TEXT) - 1))
def test_a_token_cut_anywhere_is_refused(length: int) -> None:
    with pytest.raises(BadToken):
        tokens.parse(KNOWN_TEXT[:length])


@given(st.integers(0, len(KNOWN_TEXT) - 1), st.characters())
def test_a_changed_character_gives_another_token_or_none(place: int, wrong: str) -> None:
    """None but the host and the scheme may be another for the same note."""
    text = KNOWN_TEXT[:place] + wrong + KNOWN_TEXT[place + 1 :]
    try:
        token = tokens.parse(text)
    except BadToken:
        return
    same = token == Token(KNOWN_SERIAL, KNOWN_SIGNATURE)
    assert same == (text.upper()[-116:] == KNOWN_TEXT[-116:])
    assert token.serial == KNOWN_SERIAL


@given(
    st.text(max_size=600)
    | st.text(printable, max_size=200)
    | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1"))
    | st.binary(max_size=300).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
    | st.text("CWL260123456789F/N:HTPS.", max_size=200).map(lambda text: "HTTPS://A/N/" + text)
    | st.from_regex(r"HTTPS?://[A-Z.]{1,9}/N/[A-Z0-9]{13}[A-Z2-7]{103}", fullmatch=True)
)
def test_any_text_is_a_token_or_refused(text: str) -> None:
    try:
        token = tokens.parse(text)
    except BadToken:
        return
    assert len(token.signature) == tokens.SIGNATURE_BYTES
    assert tokens.parse(tokens.compose("A", token.serial, token.signature)) == token


@pytest.mark.parametrize(
    ("host", "kept"),
    [
        ("notes.example.org", "NOTES.EXAMPLE.ORG"),
        ("NOTES.EXAMPLE.ORG", "NOTES.EXAMPLE.ORG"),
        ("a", "A"),
        ("192.168.1.7", "192.168.1.7"),
        ("n-1.example", "N-1.EXAMPLE"),
        ("a" * 30, "A" * 30),
    ],
)
def test_a_host_is_kept_in_upper_case(host: str, kept: str) -> None:
    assert tokens.check_host(host) == kept


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "-",
        ".example",
        "example.",
        "-example",
        "a..b",
        "a b",
        "a/b",
        "a:80",
        "https://a",
        "me@a",
        "a_b",
        "noteſ.example",
        "ﬁnd.example",
        "exämple.org",
        "a\n",
        "a" * 31,
        "a" * 10_000,
    ],
)
def test_a_host_that_cannot_be_printed_is_refused(host: str) -> None:
    with pytest.raises(BadInput):
        tokens.check_host(host)
