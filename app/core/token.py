"""The token: the text in a note's QR, `HTTPS://<HOST>/N/<serial><signature>`.

All upper case, so that the symbol is in alphanumeric mode and stays small (ISO/IEC 18004:2015, 7.3.4).
"""

import base64
import hashlib
import re
from dataclasses import dataclass

from app.core import serial as serials
from app.core.errors import BadInput, BadToken, shown
from app.core.serial import Serial

SIGNATURE_BYTES = 64
SIGNATURE_CHARACTERS = 103
"""64 bytes in base32 without padding (RFC 4648, 6)."""

LONGEST_HOST = 30
"""Characters of a host that still fits the printed symbol, version 8 at level Q."""

LONGEST_SHOWN = 500
"""Characters of what a desk may show as a note."""

_HOST = re.compile(r"[A-Z0-9](?:[A-Z0-9.\-]*[A-Z0-9])?")
_TOKEN = re.compile(
    r"HTTPS?://(?P<host>[A-Z0-9.\-]{1,253})(?::[0-9]{1,5})?/N/(?P<serial>[A-Z0-9]{13})(?P<signature>[A-Z2-7]{103})"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A serial and the 64 bytes that claim to sign it; whether they do is for `verifying` to say."""

    serial: Serial
    signature: bytes

    @property
    def sha256(self) -> bytes:
        """What the books keep instead of the token (32 bytes): the hash of its serial and signature, whatever the host."""
        return hashlib.sha256(str(self.serial).encode() + self.signature).digest()


def message(serial: Serial | str) -> bytes:
    """The bytes that a signature covers; the serial may be given in its canonical form."""
    return f"hournote.v1:{serial}".encode("ascii")


def compose(host: str, serial: Serial | str, signature: bytes) -> str:
    """The text of the QR; the serial may be given in its canonical form. Raises BadToken when the signature has not 64 bytes."""
    if len(signature) != SIGNATURE_BYTES:
        raise BadToken(f"The signature of {serial} has {len(signature)} bytes instead of {SIGNATURE_BYTES}.")
    return f"{opening(host)}{serial}{base64.b32encode(signature).decode().rstrip('=')}"


def opening(host: str) -> str:
    """What the texts of a host begin with, before the serial."""
    return f"HTTPS://{host.upper()}/N/"


def parse(text: str) -> Token:
    """Read a token: any host, http or https, any case. Raises BadToken."""
    upper = text.strip().upper() if text.isascii() and len(text) < 500 else ""
    found = _TOKEN.fullmatch(upper)
    if found is None:
        raise BadToken(f"{shown(text, 24)} is not the code of a note.")
    try:
        return Token(serials.parse_canonical(found["serial"]), _signature(found["signature"]))
    except BadInput as error:
        raise BadToken(error.sentence) from error


def read(text: str) -> Token | Serial | None:
    """What a desk was shown: a token, else a serial typed by hand, else neither."""
    if len(text) > LONGEST_SHOWN:
        return None
    for reading in (parse, serials.parse):
        try:
            return reading(text)
        except BadInput:
            continue
    return None


def check_host(host: str) -> str:
    """The host in upper case. Raises BadInput when it is no host name, or too long for the symbol."""
    upper = serials.upper(host)
    if not _HOST.fullmatch(upper) or ".." in upper:
        raise BadInput(
            f"{shown(host)} is not a host name: write letters, digits, dots and hyphens, like NOTES.EXAMPLE.ORG."
        )
    if len(upper) > LONGEST_HOST:
        raise BadInput(
            f"The host {upper} has {len(upper)} characters; the printed symbol has room for {LONGEST_HOST}: use a shorter one."
        )
    return upper


def _signature(text: str) -> bytes:
    """The 64 bytes of 103 digits; the three bits left over must be zero, so that a signature has one spelling.

    As one number to the base 32, which Python reads thirty times as fast as its `base64` does.
    """
    number = int(text.translate(_BASE_32), 32)
    if number & 0b111:
        raise BadToken("The signature is not in its one spelling.")
    return (number >> 3).to_bytes(SIGNATURE_BYTES, "big")


_BASE_32 = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHIJKLMNOPQRSTUV")
"""RFC 4648, 6, as the digits that `int` takes."""
