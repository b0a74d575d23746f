"""Knowledge: the books as a desk carries them, a snapshot that is brought up to date by changes.

The words are those of `GET /api/v1/desk/snapshot`; spans are sorted and a look into them is O(log n).
"""

from base64 import b64decode
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from app.core import serial as serials
from app.core import token as tokens
from app.core.lifecycle import State
from app.core.serial import Serial
from app.core.span import Span
from app.core.token import Token
from app.core.verdict import Facts
from app.core.verifying import Key, Keyring
from app.core.wall_clock import LONDON


class Spans:
    """Spans that do not overlap, to look a serial up in."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)
        self._starts = [(span.series, span.first) for span in self._spans]

    def __contains__(self, serial: object) -> bool:
        if not isinstance(serial, Serial):
            return False
        place = bisect_right(self._starts, (serial.series, serial.number)) - 1
        return place >= 0 and serial in self._spans[place]


@dataclass(frozen=True)
class Knowledge:
    """`redeemed`: by series a bitmap, bit n - 1 (from the lowest bit of the first byte) for the spent note n."""

    cursor: str
    keyring: Keyring
    issued: Spans
    held: Spans
    blocked: Spans
    redeemed: Mapping[str, bytes]

    @classmethod
    def parse(cls, told: Mapping[str, Any]) -> Self:
        """The whole, as the service tells it. Where it does not say which of the blocked are held, all are: that claims less."""
        redeemed = {series: b64decode(bits) for series, bits in told["redeemed"].items()}
        return cls(told["cursor"], redeemed=redeemed, **_standing(told))

    def changed(self, told: Mapping[str, Any]) -> "Knowledge":
        """Brought up to date by changes, as the service tells them with `since`."""
        redeemed = {series: bytearray(bits) for series, bits in self.redeemed.items()}
        for name, is_spent in (("redeemed", True), ("given_back", False)):
            for text in told[name]:
                serial = serials.parse_canonical(text)
                _mark(redeemed.setdefault(serial.series, bytearray()), serial.number - 1, is_spent)
        standing = _standing(told) if "keyring" in told else {}
        return replace(
            self, cursor=told["cursor"], redeemed={key: bytes(bits) for key, bits in redeemed.items()}, **standing
        )

    def state_of(self, serial: Serial) -> State | None:
        """How the note stands; None where no key speaks for it. What was ordered and is neither issued nor stopped is on its
        way to be: it is told as ORDERED, wherever it is."""
        if self.keyring.key_of(serial) is None:
            return None
        if serial in self.held:
            return State.HELD
        if serial in self.blocked:
            return State.VOID
        return State.ISSUED if serial in self.issued else State.ORDERED

    def is_redeemed(self, serial: Serial) -> bool:
        """Whether it is spent."""
        bits = self.redeemed.get(serial.series, b"")
        place, bit = divmod(serial.number - 1, 8)
        return place < len(bits) and bool(bits[place] >> bit & 1)

    def facts(
        self, texts: Sequence[str], *, spent_here: Collection[Serial], at: datetime, only_programme: str | None = None
    ) -> list[Facts]:
        """What is known of each note that a desk was shown, for `apart` to judge.

        `spent_here`: what the desk spent itself, whether that is confirmed or not; a note that comes twice is spent already
        the second time. `only_programme`: its code, where the offer takes notes of the venue's own programme alone.
        """
        seen = set(spent_here)
        found = []
        for text in texts:
            shown = tokens.read(text)
            serial = shown.serial if isinstance(shown, Token) else shown
            found.append(self._facts(shown, serial, serial in seen, at, only_programme) if serial else _UNREADABLE)
            seen |= {serial} if serial else set()
        return found

    def _facts(
        self, shown: Token | Serial | None, serial: Serial, is_spent: bool, at: datetime, only_programme: str | None
    ) -> Facts:
        key = self.keyring.key_of(serial)
        last_day = key.expires_on if key is not None else None
        return Facts(
            state=self.state_of(serial),
            signature=self.keyring.examine(shown) if isinstance(shown, Token) else None,
            specimen=serials.is_specimen(serial.series),
            redeemed=is_spent or self.is_redeemed(serial),
            expired=last_day is not None and at.astimezone(LONDON).date() > last_day,
            accepted_here=only_programme in (None, serials.programme_of(serial.series)),
        )


NOTHING = Knowledge("", Keyring([]), Spans([]), Spans([]), Spans([]), {})
"""What a desk knows that never had a snapshot."""

_UNREADABLE = Facts(readable=False)


def _standing(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "keyring": Keyring(_key(each) for each in told["keyring"]),
        "issued": Spans(map(_span, told["issued"])),
        "held": Spans(map(_span, told.get("held", told["blocked"]))),
        "blocked": Spans(map(_span, told["blocked"])),
    }


def _key(told: Mapping[str, Any]) -> Key:
    last_day = told["expires_on"]
    return Key(_span(told), b64decode(told["public_key"]), date.fromisoformat(last_day) if last_day else None)


def _span(told: Mapping[str, Any]) -> Span:
    first, last = serials.parse_canonical(told["first"]), serials.parse_canonical(told["last"])
    return Span(first.series, first.number, last.number)


def _mark(bits: bytearray, place: int, is_spent: bool) -> None:
    if place // 8 >= len(bits):
        bits.extend(bytes(place // 8 + 1 - len(bits)))
    mask = 1 << place % 8
    bits[place // 8] = bits[place // 8] | mask if is_spent else bits[place // 8] & ~mask
