"""The functions of PDF (ISO 32000-1:2008, 7.10) that gradients and spot colours are made of, worked out for many inputs."""

from collections.abc import Sequence

import numpy as np
import pikepdf
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


class UnknownFunction(ValueError):
    """A function of a kind that is not read here: one of several inputs, or a program in PostScript."""


def evaluate(function: pikepdf.Object, inputs: Numbers) -> Numbers:
    """The outputs (n, k) of a function of one input for `inputs` (n,); an array of functions gives a part each.

    Raises UnknownFunction.
    """
    if isinstance(function, pikepdf.Array):
        return np.concatenate([evaluate(part, inputs) for part in function], axis=1)
    kind = int(function.get("/FunctionType", -1))
    domain = _floats(function.Domain)
    if len(domain) != 2 or kind not in _KINDS:
        raise UnknownFunction(kind)
    outputs = _KINDS[kind](function, np.clip(inputs, domain[0], domain[1]), domain)
    if "/Range" in function:
        limits = _floats(function.Range)
        outputs = np.clip(outputs, limits[::2], limits[1::2])
    return outputs


def domain(function: pikepdf.Object) -> tuple[float, float]:
    """Where a function of one input begins and ends."""
    first = function[0] if isinstance(function, pikepdf.Array) else function
    low, high = _floats(first.Domain)[:2]
    return low, high


def _sampled(function: pikepdf.Object, inputs: Numbers, domain: Sequence[float]) -> Numbers:
    """Type 0: between the two nearest samples, in proportion."""
    (size,), bits = [int(part) for part in function.Size], int(function.BitsPerSample)
    limits = _floats(function.Range)
    parts = len(limits) // 2
    if bits not in (8, 16, 32):
        raise UnknownFunction(bits)
    data = np.frombuffer(function.read_bytes(), f">u{bits // 8}", size * parts).reshape(size, parts) / (2.0**bits - 1)
    decode = _floats(function.get("/Decode", function.Range))
    data = np.asarray(decode[::2]) + data * (np.asarray(decode[1::2]) - np.asarray(decode[::2]))
    encode = _floats(function.get("/Encode", pikepdf.Array([0, size - 1])))
    at = np.clip(np.interp(inputs, domain, encode), 0, size - 1)
    return np.stack([np.interp(at, np.arange(size), data[:, part]) for part in range(parts)], axis=1)


def _exponential(function: pikepdf.Object, inputs: Numbers, domain: Sequence[float]) -> Numbers:
    """Type 2: from C0 to C1 along a power of the input."""
    start = np.asarray(_floats(function.get("/C0", pikepdf.Array([0]))))
    end = np.asarray(_floats(function.get("/C1", pikepdf.Array([1]))))
    return np.asarray(start + (inputs[:, None] ** float(function.N)) * (end - start), dtype=np.float64)


def _stitched(function: pikepdf.Object, inputs: Numbers, domain: Sequence[float]) -> Numbers:
    """Type 3: other functions, one after the other."""
    bounds, encode = _floats(function.Bounds), _floats(function.Encode)
    edges = [domain[0], *bounds, domain[1]]
    place = np.searchsorted(np.asarray(bounds), inputs, side="right")
    pieces = []
    for number, part in enumerate(function.Functions):
        low, high = edges[number], edges[number + 1]
        start, end = encode[2 * number], encode[2 * number + 1]
        share = (inputs - low) / (high - low) if high > low else np.zeros_like(inputs)
        pieces.append(evaluate(part, start + share * (end - start)))
    return np.asarray(np.stack(pieces)[place, np.arange(len(inputs))], dtype=np.float64)


_KINDS = {0: _sampled, 2: _exponential, 3: _stitched}


def _floats(values: pikepdf.Object) -> list[float]:
    return [float(value) for value in values]
