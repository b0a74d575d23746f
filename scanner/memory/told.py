"""A snapshot as the service tells it, brought up to date by changes: the same words, to be kept in a file."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from app.core import serial as serials


def merged(told: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`told` (`GET /desk/snapshot`) after `changes` (the same with `since`). Raises KeyError, ValueError, BadInput on others."""
    bitmaps = {series: bytearray(b64decode(bits)) for series, bits in told["redeemed"].items()}
    for name, is_spent in (("redeemed", True), ("given_back", False)):
        for text in changes[name]:
            serial = serials.parse_canonical(text)
            _mark(bitmaps.setdefault(serial.series, bytearray()), serial.number - 1, is_spent=is_spent)
    redeemed = {series: b64encode(bits).decode() for series, bits in bitmaps.items()}
    moved = {name: value for name, value in changes.items() if name not in ("redeemed", "given_back")}
    return {**told, **moved, "redeemed": redeemed}


def epoch(cursor: str) -> str:
    """Which books a cursor is of: those that were restored from a backup are others."""
    return cursor.partition(".")[0]


def _mark(bits: bytearray, place: int, *, is_spent: bool) -> None:
    bits.extend(bytes(max(0, place // 8 + 1 - len(bits))))
    mask = 1 << place % 8
    bits[place // 8] = bits[place // 8] | mask if is_spent else bits[place // 8] & ~mask
