"""Signers: forked processes that share the work of one order; the key came to them with the memory, and goes with them.

Each writes its blocks into a pipe of its own. When the press is gone - even killed - nobody reads the pipe, the next write
fails and the signer ends, and the key with it.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import BinaryIO, NoReturn

from app.core.errors import Unavailable
from app.core.span import Span
from app.core.token import SIGNATURE_BYTES

BLOCK = 4096
"""Notes signed between two writes."""


def sign_in_parallel(sign: Callable[[Span], bytes], span: Span, signers: int) -> Iterator[bytes]:
    """The signatures of `span` in serial order, a block at a time, made by `signers` processes in turn."""
    blocks = span.bundles(BLOCK)
    pipes: list[BinaryIO] = []
    children: list[int] = []
    try:
        children.extend(_fork(sign, blocks[place::signers], pipes) for place in range(signers))
        for place, block in enumerate(blocks):
            yield _signed(pipes[place % signers], block)
    finally:
        for pipe in pipes:
            pipe.close()
        for child in children:
            os.waitpid(child, 0)


def _fork(sign: Callable[[Span], bytes], blocks: Sequence[Span], pipes: list[BinaryIO]) -> int:
    """Start a signer; its pipe's end for reading is added to `pipes`."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        for end in [reading, *(pipe.fileno() for pipe in pipes)]:
            os.close(end)  # held here, it would hide from the other signers that the press is gone
        _sign_all(sign, blocks, writing)
    os.close(writing)
    pipes.append(os.fdopen(reading, "rb"))
    return child


def _sign_all(sign: Callable[[Span], bytes], blocks: Sequence[Span], writing: int) -> NoReturn:
    """In the signer: sign, write, and end without running anything that was the press's."""
    try:
        with suppress(BaseException), os.fdopen(writing, "wb", buffering=0) as pipe:
            for block in blocks:
                left = memoryview(sign(block))
                while left:
                    left = left[pipe.write(left) :]
    finally:
        os._exit(0)


def _signed(pipe: BinaryIO, block: Span) -> bytes:
    signed = pipe.read(len(block) * SIGNATURE_BYTES)
    if len(signed) != len(block) * SIGNATURE_BYTES:
        raise Unavailable("A signing process ended before its work was done; nothing was ordered: try again.")
    return signed
