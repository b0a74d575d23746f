"""Recolouring: every colour of a PDF turned by a scheme, in place: what is drawn, gradients, patterns, pictures, masks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pikepdf
from pikepdf import Array, ContentStreamInlineImage, ContentStreamInstruction, Dictionary, Name, Operator, Pdf

from notegen.artwork import function, pixels, space
from notegen.artwork.scheme import LIGHT, Scheme
from notegen.artwork.separation import Values
from notegen.artwork.space import Grey, Indexed, Pattern, Process, Rgb, Space, Spot, UnknownSpace
from notegen.unpacking import TooMuch, bounded, unpacked

MOST_OPERATIONS = 400_000
MOST_BYTES = 32 << 20
"""Of all content of one page of art: a minute's work for check, and tenfold what the finest engraving has."""

_FILL, _STROKE = 0, 1
_DEVICE: dict[str, tuple[int, Space]] = {
    "g": (_FILL, Grey()), "rg": (_FILL, Rgb()), "k": (_FILL, Process()),
    "G": (_STROKE, Grey()), "RG": (_STROKE, Rgb()), "K": (_STROKE, Process()),
}  # fmt: skip
_NAMED = {"cs": _FILL, "CS": _STROKE}
_VALUED = {"sc": _FILL, "scn": _FILL, "SC": _STROKE, "SCN": _STROKE}
_OTHERS = re.compile(rb"(?<![A-Za-z])(?:rg|RG|cs|CS|BI)(?![A-Za-z])")
"""What may set a colour that a press does not take, or draw a picture; a word of a text may look like it."""

_OPERATORS = re.compile(rb"(?<![^\s\])>])(?!(?:[mlcvyh]|re)\s)[A-Za-z'\"*]{1,3}(?=\s|\Z)")
"""What looks like an operator, but for those of lines and curves."""

_LINEAR_SHADINGS = {2, 3}
_UNDER = "/Under"
"""Name of the space of patterns without colours of their own."""

Step = ContentStreamInstruction | ContentStreamInlineImage


def recolour(pdf: Pdf, page: pikepdf.Page, scheme: Scheme) -> None:
    """Turn all colours of `page` and of what it places. Raises UnknownSpace, UnknownFunction, BadPicture, TooMuch."""
    walk = _Walk(pdf, scheme)
    resources = page.obj.get("/Resources") or page.resources
    if "/Contents" in page.obj:
        page.contents_coalesce()
        walk.stream(page.obj.Contents, resources, first=True)
    walk.resources(resources)
    walk.group(page.obj)
    walk.close()


@dataclass
class _Count:
    """What was met so far; lines and curves are no operations."""

    bytes: int = 0
    operations: int = 0


@dataclass
class _Walk:
    """One pass over a PDF; each object is turned once, however often it is placed."""

    pdf: Pdf
    scheme: Scheme
    seen: set[tuple[int, int]] = field(default_factory=set)
    named: list[pikepdf.Object] = field(default_factory=list)
    count: _Count = field(default_factory=_Count)

    def close(self) -> None:
        """Drop the colour spaces that nothing names any more, and those that would redefine the device's."""
        for names in self.named:
            for name, found in list(names.items()):
                if name.startswith("/Default") or not self._kept(found):
                    del names[name]

    def _kept(self, found: pikepdf.Object) -> bool:
        try:
            read = space.read(found)
        except UnknownSpace:
            return False
        return isinstance(read, Pattern) or self.scheme.keeps(read)

    def _new(self, item: pikepdf.Object) -> bool:
        if not item.is_indirect:
            return True
        new = item.objgen not in self.seen
        self.seen.add(item.objgen)
        return new

    def resources(self, resources: pikepdf.Object) -> None:
        if not self._new(resources):
            return
        names = resources.get("/ColorSpace", Dictionary())
        for placed in resources.get("/XObject", Dictionary()).values():
            self._placed(placed, resources, names)
        for shading in resources.get("/Shading", Dictionary()).values():
            self._shading(shading, names)
        for pattern in resources.get("/Pattern", Dictionary()).values():
            self._pattern(pattern, resources, names)
        for state in resources.get("/ExtGState", Dictionary()).values():
            self._mask(state, resources)
        for found in list(names.values()):
            self._recipes(found)
        if "/ColorSpace" in resources:
            self.named.append(names)

    def stream(self, stream: pikepdf.Object, resources: pikepdf.Object, *, first: bool = False) -> None:
        """Turn what a content stream draws. One that can set no foreign colour stays byte for byte.

        The `first` of a page, or that of a pattern, begins with the black of DeviceGray (ISO 32000-1:2008, table 52).
        """
        content = self._content(stream)
        if self.scheme.keeps(Process()) and not _OTHERS.search(content):
            return
        black = (
            []
            if self.scheme.keeps(Grey()) or not first
            else [self._set(side, Grey(), [0.0]) for side in (_FILL, _STROKE)]
        )
        stream.write(pikepdf.unparse_content_stream([*black, *self._steps(stream, resources)]))

    def _content(self, stream: pikepdf.Object) -> bytes:
        """What a stream draws, counted. Raises TooMuch."""
        with bounded():
            content = unpacked(stream)
        self.count.bytes += len(content)
        if self.count.bytes > MOST_BYTES:
            raise TooMuch(f"more than {MOST_BYTES >> 20} MB of lines and curves")
        self.count.operations += sum(1 for _ in _OPERATORS.finditer(content))
        if self.count.operations > MOST_OPERATIONS:
            raise TooMuch(f"more than {MOST_OPERATIONS:,} things to draw")
        return content

    def group(self, form: pikepdf.Object) -> None:
        """The space in which a group's transparent parts are mixed."""
        group = form.get("/Group")
        if group is not None and "/CS" in group:
            group.CS = self.scheme.space

    def _placed(self, placed: pikepdf.Object, above: pikepdf.Object, names: pikepdf.Object) -> None:
        if not self._new(placed):
            return
        if placed.get("/Subtype") == "/Image":
            self._image(placed, names)
        elif placed.get("/Subtype") == "/Form":
            self._form(placed, above)

    def _form(self, form: pikepdf.Object, above: pikepdf.Object, *, first: bool = False) -> None:
        resources = form.get("/Resources", above)
        self.stream(form, resources, first=first)
        self.group(form)
        self.resources(resources)

    def _pattern(self, pattern: pikepdf.Object, above: pikepdf.Object, names: pikepdf.Object) -> None:
        if not self._new(pattern):
            return
        if int(pattern.get("/PatternType", 1)) == 2:
            self._shading(pattern.Shading, names)
        else:
            self._form(pattern, above, first=int(pattern.get("/PaintType", 1)) == 1)

    def _mask(self, state: pikepdf.Object, above: pikepdf.Object) -> None:
        """A soft mask by luminosity is no colour: it stays light."""
        mask = state.get("/SMask")
        if not isinstance(mask, Dictionary) or not self._new(state) or not self._new(mask.G):
            return
        if mask.get("/S") != "/Luminosity":
            self._form(mask.G, above)
            return
        walk = _Walk(self.pdf, LIGHT, self.seen, self.named, self.count)
        if "/BC" in mask and "/CS" in mask.G.get("/Group", Dictionary()):
            backdrop = np.array([[float(part) for part in mask.BC]])
            mask.BC = Array(_numbers(LIGHT.turn(space.read(mask.G.Group.CS), backdrop)[0]))
        walk._form(mask.G, above)

    def _shading(self, shading: pikepdf.Object, names: pikepdf.Object) -> None:
        if not self._new(shading):
            return
        found = space.read(shading.ColorSpace, names)
        if self.scheme.keeps(found):
            self._recipes(shading.ColorSpace)
            return
        if int(shading.ShadingType) not in _LINEAR_SHADINGS:
            raise UnknownSpace("a gradient that is a mesh")
        limits = _limits(shading)
        inputs = np.linspace(*limits, space.STEPS)
        turned = self.scheme.turn(found, function.evaluate(shading.Function, inputs))
        shading.Function = space.sampled(self.pdf, turned, limits)
        if "/Background" in shading:
            backdrop = np.array([[float(part) for part in shading.Background]])
            shading.Background = Array(_numbers(self.scheme.turn(found, backdrop)[0]))
        shading.ColorSpace = self.scheme.space

    def _recipes(self, found: pikepdf.Object | None) -> None:
        """A spot colour stays; the recipe for shops without the ink is turned into inks that they have."""
        if not isinstance(found, Array) or not self._new(found):
            return
        if str(found[0]) in ("/Indexed", "/Pattern") and len(found) > 1:
            self._recipes(found[1])
        read = space.read(found)
        if not isinstance(read, Spot) or read.pressed or not self.scheme.keeps(read):
            return
        if read.parts != 1:
            raise UnknownSpace(f"the spot colours {', '.join(read.names)} together")
        found[3] = space.sampled(self.pdf, space.recipe_of(read), (0.0, 1.0))
        found[2] = self.scheme.space

    def _image(self, image: pikepdf.Object, names: pikepdf.Object) -> None:
        if image.get("/ImageMask", False) or ("/ColorSpace" not in image and image.get("/Filter") != "/JPXDecode"):
            return
        found = space.read(image.ColorSpace, names) if "/ColorSpace" in image else pixels.space_of(image)
        if self.scheme.keeps(found):
            self._recipes(image.get("/ColorSpace"))
            return
        if isinstance(found, Indexed):
            table = space.eight(self.scheme.turn(found, np.arange(len(found.table))[:, None].astype(float)))
            image.ColorSpace = Array([Name.Indexed, self.scheme.space, len(table) - 1, pikepdf.String(table.tobytes())])
            return
        pixels.repaint(image, found, self.scheme)

    def _steps(self, stream: pikepdf.Object, resources: pikepdf.Object) -> Iterator[Step]:
        """What a content stream draws, step by step, in turned colours."""
        names = resources.get("/ColorSpace", Dictionary())
        now: list[Space] = [Grey(), Grey()]
        saved: list[list[Space]] = []
        for step in pikepdf.parse_content_stream(stream):
            operator = str(step.operator)
            if operator == "q":
                saved.append(list(now))
            elif operator == "Q" and saved:
                now = saved.pop()
            if isinstance(step, ContentStreamInlineImage):
                yield self._inline(step, resources)
            elif operator in _DEVICE:
                side, now[side] = _DEVICE[operator][0], _DEVICE[operator][1]
                yield self._painted(step, side, now[side])
            elif operator in _NAMED:
                side = _NAMED[operator]
                now[side] = space.read(step.operands[0], names)
                yield self._chosen(step, side, now[side], resources)
            elif operator in _VALUED:
                side = _VALUED[operator]
                yield self._painted(step, side, now[side])
            else:
                yield step

    def _chosen(self, step: ContentStreamInstruction, side: int, found: Space, resources: pikepdf.Object) -> Step:
        """A space chosen: the colour that it begins with is set in its place."""
        if isinstance(found, Pattern) and found.under is not None and not self.scheme.keeps(found.under):
            if "/ColorSpace" not in resources:
                resources.ColorSpace = Dictionary()
            resources.ColorSpace[_UNDER] = Array([Name.Pattern, self.scheme.space])
            return ContentStreamInstruction([Name(_UNDER)], step.operator)
        if isinstance(found, Pattern) or self.scheme.keeps(found):
            return step
        return self._set(side, found, list(found.initial))

    def _painted(self, step: ContentStreamInstruction, side: int, found: Space) -> Step:
        """A colour set."""
        pattern = [part for part in step.operands if isinstance(part, Name)]
        values = [float(part) for part in step.operands if not isinstance(part, Name)]
        under = found.under if isinstance(found, Pattern) else found
        if under is None or self.scheme.keeps(under) or not values:
            return step
        if not pattern:
            return self._set(side, under, values)
        return ContentStreamInstruction([*self._turned(under, values), *pattern], step.operator)

    def _set(self, side: int, found: Space, values: list[float]) -> ContentStreamInstruction:
        operator = Operator(self.scheme.fill if side == _FILL else self.scheme.stroke)
        return ContentStreamInstruction(self._turned(found, values), operator)

    def _turned(self, found: Space, values: list[float]) -> list[Decimal]:
        if len(values) != found.parts:
            raise UnknownSpace("a colour with parts too many or too few")
        return _numbers(self.scheme.turn(found, np.array([values]))[0])

    def _inline(self, step: ContentStreamInlineImage, resources: pikepdf.Object) -> Step:
        """A picture among the drawing, put beside it where its colours must be turned."""
        if step.iimage.image_mask:
            return step
        found, read = pixels.inline(step.iimage)
        if self.scheme.keeps(read):
            return step
        image = pixels.new(self.pdf, pixels.turned(found, read, self.scheme), self.scheme.space)
        self._new(image)
        if "/XObject" not in resources:
            resources.XObject = Dictionary()
        name = Name(f"/Inline{len(resources.XObject)}")
        resources.XObject[name] = image
        return ContentStreamInstruction([name], Operator("Do"))


def _limits(shading: pikepdf.Object) -> tuple[float, float]:
    """Between which values a gradient along a line goes."""
    low, high = (float(part) for part in shading.get("/Domain", Array([0, 1])))
    return low, high


def _numbers(values: Values) -> list[Decimal]:
    return [Decimal(f"{part:.4f}").normalize() + 0 for part in values]
