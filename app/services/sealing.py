"""Sealing: what the books keep so that they alone tell nobody (AES-256-GCM, under a key made from the service's secret)."""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.errors import Refused

NONCE_BYTES = 12


def key_of(secret_key: str) -> bytes:
    """The key that seals second factors: 32 bytes made from the service's secret (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=b"hournote second factor").derive(secret_key.encode())


def seal(key: bytes, text: str, *, whose: int) -> bytes:
    """The text sealed for one account: a nonce and what AES-GCM makes of it; in another's row it opens no more."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), str(whose).encode())


def unseal(key: bytes, sealed: bytes, *, whose: int) -> str:
    """The text again. Raises Refused when it was sealed with another key or for somebody else."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], str(whose).encode()).decode()
    except InvalidTag as error:
        raise Refused(
            "This second factor was kept under another secret key: ask the national office to reset it."
        ) from error
