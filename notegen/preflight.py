"""Preflight: faults of a PDF that a press would print wrongly or not at all, whoever made it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Dictionary, Pdf

RGB = {"/DeviceRGB", "/CalRGB", "/Lab"}
_RGB_OPERATORS = {"rg", "RG"}
_TABLE = """
b B b* B* BDC BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J K k l m M MP
n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' "
"""
_OPERATORS = {*_TABLE.split(), "INLINE IMAGE"}
"""ISO 32000-1:2008, table 51, an inline image being one; anything else is a slip that most readers pass over in silence."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`rule` is a word, `message` a sentence, `where` the file and the page or object."""

    rule: str
    message: str
    where: str


@dataclass(slots=True)
class Preflight:
    """Walks a PDF once; every form and font is looked at once, however often it is placed."""

    file: str
    seen: set[tuple[int, int]] = field(default_factory=set)

    def faults(self, pdf: Pdf) -> Iterator[Fault]:
        """All faults of the document."""
        if "/Encrypt" in pdf.trailer:
            yield Fault("encrypted", "It is encrypted: save it without a password.", self.file)
        if "/AcroForm" in pdf.Root:
            yield Fault("form", "It has fields to fill in: flatten it.", self.file)
        for number, page in enumerate(pdf.pages, start=1):
            where = f"{self.file}, page {number}"
            yield from self._boxes(page, where)
            if "/Annots" in page.obj:
                yield Fault("annotation", "It has annotations, which may be printed or not: remove them.", where)
            if not self._known(page.obj.get("/Contents")):
                yield from self._content(page, where)
            yield from self._resources(page.resources, where)

    def _known(self, item: object) -> bool:
        """Whether an indirect object was seen before; it is now."""
        if not isinstance(item, pikepdf.Object) or not item.is_indirect:
            return False
        known = item.objgen in self.seen
        self.seen.add(item.objgen)
        return known

    def _boxes(self, page: pikepdf.Page, where: str) -> Iterator[Fault]:
        if "/TrimBox" not in page.obj:
            yield Fault("trim-box", "It has no TrimBox: say where the knife goes.", where)
            return
        media, bleed, trim = (
            [float(edge) for edge in box.as_list()] for box in (page.mediabox, page.bleedbox, page.trimbox)
        )
        if not (_inside(trim, bleed) and _inside(bleed, media)):
            yield Fault("boxes", "TrimBox, BleedBox and MediaBox do not lie one in the other.", where)

    def _content(self, stream: pikepdf.Page | pikepdf.Object, where: str) -> Iterator[Fault]:
        try:
            operators = {str(step.operator) for step in pikepdf.parse_content_stream(stream)}
        except pikepdf.PdfError as error:
            yield Fault("content", f"What is drawn cannot be read ({error}).", where)
            return
        for operator in sorted(operators & _RGB_OPERATORS):
            yield Fault("rgb", f"The operator {operator} sets an RGB colour: use CMYK.", where)
        for operator in sorted(operators - _OPERATORS):
            yield Fault("operator", f"{operator!r} is no operator of PDF.", where)

    def _resources(self, resources: pikepdf.Object, where: str) -> Iterator[Fault]:
        if self._known(resources):
            return
        for name, font in resources.get("/Font", Dictionary()).items():
            yield from self._font(font, f"{where}, font {name}")
        for name, space in resources.get("/ColorSpace", Dictionary()).items():
            yield from _space(space, f"{where}, colour space {name}")
        for name, shading in resources.get("/Shading", Dictionary()).items():
            yield from _space(shading.get("/ColorSpace"), f"{where}, shading {name}")
        for name, placed in resources.get("/XObject", Dictionary()).items():
            yield from self._placed(placed, f"{where}, {name.lstrip('/')}")

    def _placed(self, placed: pikepdf.Object, where: str) -> Iterator[Fault]:
        if self._known(placed):
            return
        if placed.get("/Subtype") == "/Image":
            yield from _space(placed.get("/ColorSpace"), where)
            return
        yield from self._content(placed, where)
        yield from self._resources(placed.get("/Resources", Dictionary()), where)

    def _font(self, font: pikepdf.Object, where: str) -> Iterator[Fault]:
        if self._known(font):
            return
        if font.get("/Subtype") == "/Type3":
            yield Fault("type-3", "A Type 3 font is drawn differently by every RIP: use outlines.", where)
            return
        whole = font.DescendantFonts[0] if font.get("/Subtype") == "/Type0" else font
        described = whole.get("/FontDescriptor", Dictionary())
        if not any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            yield Fault("font", f"{str(font.get('/BaseFont', '/?'))[1:]} is not embedded.", where)


def _space(space: pikepdf.Object | None, where: str) -> Iterator[Fault]:
    """Whether a colour space is, or rests upon, RGB (an ICC profile of three channels counts as that)."""
    if space is None:
        return
    names = {str(part) for part in space if isinstance(part, pikepdf.Name)} if _is_list(space) else {str(space)}
    profile = _is_list(space) and str(space[0]) == "/ICCBased" and int(space[1].get("/N", 0)) == 3
    if profile or names & RGB:
        yield Fault("rgb", "It has colours in RGB: convert them to CMYK.", where)


def _is_list(space: pikepdf.Object) -> bool:
    return isinstance(space, pikepdf.Array)


def _inside(inner: list[float], outer: list[float]) -> bool:
    low = all(one >= other - 0.01 for one, other in zip(inner[:2], outer[:2], strict=True))
    return low and all(one <= other + 0.01 for one, other in zip(inner[2:], outer[2:], strict=True))
