"""Colour spaces of PDF (ISO 32000-1:2008, 8.6): what each colour of them is in inks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pikepdf
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name

from notegen.artwork import function, separation
from notegen.artwork.separation import BadProfile, Values

PROCESS = ("/Cyan", "/Magenta", "/Yellow", "/Black")
STEPS = 256
"""Of a gradient or of the tints of an ink: as many as a byte can tell apart."""


class UnknownSpace(ValueError):
    """A colour space that is not read here; its text names it."""


class Space(Protocol):
    """`parts` numbers make a colour; `pressed` says whether a press takes it as it is; `initial` is what it begins with."""

    @property
    def parts(self) -> int:
        """How many numbers make a colour."""

    @property
    def pressed(self) -> bool:
        """Whether a press takes it as it is."""

    @property
    def initial(self) -> tuple[float, ...]:
        """The colour that it begins with."""

    def inks(self, values: Values) -> Values:
        """Colours (n, parts) as inks (n, 4), 1 being solid."""

    def light(self, values: Values) -> Values:
        """Colours (n, parts) as luminosity (n,), as a soft mask takes them (ISO 32000-1:2008, 11.5.3)."""


@dataclass(frozen=True)
class Grey:
    """DeviceGray is black ink; greys of a screen (`seen`), or of a profile, are made to look alike in it."""

    seen: bool = False
    profile: bytes | None = None
    parts: int = 1
    initial: tuple[float, ...] = (0.0,)

    @property
    def pressed(self) -> bool:
        """Whether a press takes it as it is."""
        return not self.seen

    def inks(self, values: Values) -> Values:
        """Inks (n, 4)."""
        black = separation.blacks(values, self.profile) if self.seen else 1 - values
        return np.concatenate([np.zeros((len(values), 3)), black], axis=1)

    def light(self, values: Values) -> Values:
        """Luminosity (n,)."""
        return values[:, 0]


@dataclass(frozen=True)
class Process:
    """Cyan, magenta, yellow and black; with a profile (`profiled`) the numbers are kept, as they are what was chosen."""

    profiled: bool = False
    parts: int = 4
    initial: tuple[float, ...] = (0.0, 0.0, 0.0, 1.0)

    @property
    def pressed(self) -> bool:
        """Whether a press takes it as it is."""
        return not self.profiled

    def inks(self, values: Values) -> Values:
        """Inks (n, 4)."""
        return np.clip(values, 0, 1)

    def light(self, values: Values) -> Values:
        """Luminosity (n,)."""
        return np.asarray(1 - np.minimum(1, values @ np.array((0.3, 0.59, 0.11, 1.0))), dtype=np.float64)


@dataclass(frozen=True)
class Rgb:
    """Red, green and blue of a profile, sRGB where it is None.

    A grey becomes black ink alone: fine lines and small type in four inks would show every slip of the register.
    """

    profile: bytes | None = None
    greys_black: bool = True
    parts: int = 3
    pressed: bool = False
    initial: tuple[float, ...] = (0.0, 0.0, 0.0)

    def inks(self, values: Values) -> Values:
        """Inks (n, 4)."""
        values = np.clip(values, 0, 1)
        if self.greys_black and len(values) and np.ptp(values, axis=1).max() < 1 / 510:
            return Grey(seen=True).inks(values[:, :1])
        return separation.inked(eight(values), self.profile) / 255

    def light(self, values: Values) -> Values:
        """Luminosity (n,)."""
        return np.asarray(values @ np.array((0.3, 0.59, 0.11)), dtype=np.float64)


@dataclass(frozen=True)
class Lab:
    """CIE L*a*b*, in which programs describe spot colours."""

    parts: int = 3
    pressed: bool = False
    initial: tuple[float, ...] = (0.0, 0.0, 0.0)

    def inks(self, values: Values) -> Values:
        """Inks (n, 4)."""
        return separation.inked_lab(values) / 255

    def light(self, values: Values) -> Values:
        """Luminosity (n,)."""
        return values[:, 0] / 100


@dataclass(frozen=True)
class Spot:
    """Separation and DeviceN: inks by name, with a recipe in another space for whoever has not got them."""

    names: tuple[str, ...]
    alternate: Space
    recipe: Callable[[Values], Values]
    initial: tuple[float, ...]

    @property
    def parts(self) -> int:
        """How many numbers make a colour."""
        return len(self.names)

    @property
    def pressed(self) -> bool:
        """Whether a press takes it as it is."""
        return self.alternate.pressed

    def inks(self, values: Values) -> Values:
        """By the recipe; of a recipe that cannot be worked out, the process inks in it and all others as black."""
        try:
            return self.alternate.inks(self.recipe(values))
        except function.UnknownFunction:
            found = np.zeros((len(values), 4))
            for at, name in enumerate(self.names):
                found[:, PROCESS.index(name) if name in PROCESS else 3] += values[:, at]
            return np.clip(found, 0, 1)

    def light(self, values: Values) -> Values:
        """Luminosity (n,)."""
        return Process().light(self.inks(values))


@dataclass(frozen=True)
class Indexed:
    """Numbers into a table of colours of another space."""

    base: Space
    table: NDArray[np.uint8]
    parts: int = 1
    initial: tuple[float, ...] = (0.0,)

    @property
    def pressed(self) -> bool:
        """Whether a press takes it as it is."""
        return self.base.pressed

    def inks(self, values: Values) -> Values:
        """Inks (n, 4)."""
        return self.base.inks(self._colours(values))

    def light(self, values: Values) -> Values:
        """Luminosity (n,)."""
        return self.base.light(self._colours(values))

    def _colours(self, values: Values) -> Values:
        at = np.clip(np.rint(values[:, 0]), 0, len(self.table) - 1).astype(int)
        return np.asarray(self.table[at] / 255, dtype=np.float64)


@dataclass(frozen=True)
class Pattern:
    """A pattern, whose colour, where it has none of its own, is of the space `under`."""

    under: Space | None
    parts: int = 0
    initial: tuple[float, ...] = ()

    @property
    def pressed(self) -> bool:
        """Whether a press takes it as it is."""
        return self.under is None or self.under.pressed

    def inks(self, values: Values) -> Values:
        """Inks (n, 4)."""
        raise UnknownSpace("a pattern by itself")

    def light(self, values: Values) -> Values:
        """Luminosity (n,)."""
        raise UnknownSpace("a pattern by itself")


_DEVICE: dict[str, Space] = {
    "/DeviceGray": Grey(), "/G": Grey(), "/DeviceRGB": Rgb(), "/RGB": Rgb(),
    "/DeviceCMYK": Process(), "/CMYK": Process(), "/Pattern": Pattern(None),
}  # fmt: skip


def read(space: pikepdf.Object, named: pikepdf.Object | None = None) -> Space:
    """The colour space that `space` is, or names in the dictionary `named`. Raises UnknownSpace."""
    if isinstance(space, Name):
        if named is not None and str(space) in named and str(space) not in _DEVICE:
            return read(named[str(space)])
        if str(space) in _DEVICE:
            return _DEVICE[str(space)]
        raise UnknownSpace(str(space))
    if not isinstance(space, Array) or not len(space) or str(space[0]) not in _FAMILIES:
        raise UnknownSpace(str(space[0]) if isinstance(space, Array) and len(space) else "none")
    try:
        return _FAMILIES[str(space[0])](space)
    except (BadProfile, IndexError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise UnknownSpace(f"{space[0]} ({error})") from error


def eight(values: Values) -> NDArray[np.uint8]:
    """Parts from 0 to 1 as bytes."""
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def _profiled(space: Array) -> Space:
    profile = space[1]
    parts = int(profile.get("/N", 0))
    data = bytes(profile.read_bytes())
    if parts == 3:
        if data[16:20] == b"Lab ":
            return Lab()
        separation.inked(np.zeros((1, 3), np.uint8), data)
        return Rgb(data)
    if parts not in (1, 4):
        raise UnknownSpace(f"a profile of {parts} colours")
    if parts == 1:
        separation.blacks(np.zeros((1, 1)), data)
        return Grey(seen=True, profile=data)
    return Process(profiled=True)


def _spot(space: Array) -> Space:
    names = tuple(map(str, space[1])) if isinstance(space[1], Array) else (str(space[1]),)
    recipe = space[3]

    def worked_out(values: Values) -> Values:
        if values.shape[1] != 1:
            raise function.UnknownFunction("several inputs")
        return function.evaluate(recipe, values[:, 0])

    return Spot(names, read(space[2]), worked_out, (1.0,) * len(names))


def _indexed(space: Array) -> Space:
    base = read(space[1])
    table = space[3].read_bytes() if isinstance(space[3], pikepdf.Stream) else bytes(space[3])
    whole = len(table) // base.parts
    colours = np.frombuffer(table[: whole * base.parts], np.uint8).reshape(whole, base.parts)
    if not whole:
        raise UnknownSpace("an empty table")
    return Indexed(base, colours[: int(space[2]) + 1])


def _pattern(space: Array) -> Space:
    return Pattern(read(space[1]) if len(space) > 1 else None)


_FAMILIES: dict[str, Callable[[Array], Space]] = {
    "/ICCBased": _profiled, "/CalRGB": lambda space: Rgb(), "/CalGray": lambda space: Grey(seen=True),
    "/Lab": lambda space: Lab(), "/Separation": _spot, "/DeviceN": _spot, "/Indexed": _indexed, "/I": _indexed,
    "/Pattern": _pattern,
    "/DeviceGray": lambda space: Grey(), "/DeviceRGB": lambda space: Rgb(), "/DeviceCMYK": lambda space: Process(),
}  # fmt: skip


def recipe_of(spot: Spot) -> Values:
    """The inks (256, 4) of a spot colour's tints from none to full. Raises UnknownFunction."""
    return spot.alternate.inks(spot.recipe(np.linspace(0, 1, STEPS)[:, None]))


def sampled(target: pikepdf.Pdf, values: Values, limits: tuple[float, float]) -> pikepdf.Object:
    """A function of one input (type 0) that gives `values` (n, k) at even steps between `limits`."""
    parts = values.shape[1]
    return target.make_stream(
        eight(values).tobytes(),
        Dictionary(
            FunctionType=0,
            Domain=Array([*limits]),
            Range=Array([0, 1] * parts),
            Size=Array([len(values)]),
            BitsPerSample=8,
        ),
    )
