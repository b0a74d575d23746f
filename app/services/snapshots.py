"""Snapshots: what a desk carries to judge notes without the network, for all programmes, in a few kilobytes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.core.lifecycle import State
from app.core.span import Span, merge
from app.core.verifying import Key
from app.store import custody, orders, spending
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`redeemed`: for each series a bitmap, bit n - 1 (from the lowest bit of the first byte) for the spent note n."""

    cursor: str
    keyring: list[Key]
    issued: list[Span]
    blocked: list[Span]
    redeemed: dict[str, bytes]


def snapshot(store: Store, *, now: datetime) -> Snapshot:
    """The whole state that a desk needs; no organisation is named in it."""

    def work(connection: Connection) -> Snapshot:
        held = custody.all_holdings(connection)
        return Snapshot(
            cursor=now.isoformat(),
            keyring=orders.keyring(connection),
            issued=merge(piece.span for piece in held if piece.state is State.ISSUED),
            blocked=merge(piece.span for piece in held if piece.state in (State.HELD, State.VOID)),
            redeemed={series: _bitmap(numbers) for series, numbers in spending.all_redeemed(connection).items()},
        )

    return store.read(work)


def _bitmap(numbers: list[int]) -> bytes:
    bits = bytearray((max(numbers) + 7) // 8)
    for number in numbers:
        bits[(number - 1) // 8] |= 1 << (number - 1) % 8
    return bytes(bits)
