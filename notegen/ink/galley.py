"""The galley: what differs from note to note of a run, set sheet by sheet before it is made up into pages."""

from collections.abc import Iterator

import numpy as np

from app.core import serial as serials
from app.core.token import SIGNATURE_BYTES
from notegen.geometry.imposition import Run
from notegen.ink import inscription
from notegen.ink.basis import Basis
from notegen.ink.symbol import BYTES

Note = tuple[str, bytes]
"""A serial in canonical form, and the `symbol.BYTES` bytes of its QR."""

_TOGETHER = 512
"""Notes whose symbols are drawn at once: few enough to stay in the processor's cache."""


def leaves(opening: str, run: Run, signatures: bytes, basis: Basis, *, reverse: bool = False) -> Iterator[list[Note]]:
    """The notes of each sheet of `run`, by position; `signatures` are the run's, in serial order.

    `opening` is what each QR begins with, before the serial. `reverse` gives the last sheet first.
    """
    written = "".join(run.span.canonical())
    letters = np.frombuffer(written.encode("ascii"), dtype=np.uint8).reshape(-1, serials.LENGTH)
    signed = np.frombuffer(signatures, dtype=np.uint8).reshape(-1, SIGNATURE_BYTES)
    piles = np.arange(run.filled(0)) * run.height
    step = max(1, _TOGETHER // len(piles))
    starts = range(0, run.height, step)
    for first in reversed(starts) if reverse else starts:
        lying = (np.arange(first, min(first + step, run.height))[:, None] + piles).ravel()
        lying = lying[lying < len(letters)]
        drawn = basis.draw(inscription.texts(opening, letters[lying], signed[lying])).tobytes()
        symbols = (drawn[at : at + BYTES] for at in range(0, len(drawn), BYTES))
        notes = zip(
            (written[at : at + serials.LENGTH] for at in (lying * serials.LENGTH).tolist()), symbols, strict=True
        )
        last = min(first + step, run.height)
        block = [[next(notes) for _ in range(run.filled(leaf))] for leaf in range(first, last)]
        yield from reversed(block) if reverse else block
