"""Objects: everything that a file holds and uses, each looked at once, for what has no place in a press file."""

import hashlib
from collections.abc import Iterator
from typing import Final

import pikepdf
from pikepdf import Array, Dictionary, Pdf

from notegen.preflight import colour, parts
from notegen.preflight.fault import Fault

_FORBIDDEN: Final = {
    "/Annots": ("annotation", "It has annotations, which may be printed or not: remove them."),
    "/AcroForm": ("form", "It has fields to fill in: flatten it."),
    "/XFA": ("form", "It has a form in XML: flatten it."),
    "/AA": ("action", "Something happens by itself when it is opened: remove the actions."),
    "/OpenAction": ("action", "Something happens by itself when it is opened: remove the action."),
    "/JavaScript": ("action", "It has JavaScript: remove it."),
    "/JS": ("action", "It has JavaScript: remove it."),
    "/EmbeddedFiles": ("embedded-file", "Other files are embedded in it: remove them."),
    "/EF": ("embedded-file", "Another file is embedded in it: remove it."),
    "/AF": ("embedded-file", "Other files belong to it: remove them."),
    "/OPI": ("opi", "A picture stands for another (OPI): put the fine one in."),
    "/Alternates": ("alternate", "A picture has alternates: leave one."),
    "/AlternatePresentations": ("alternate", "It has another way to be shown: remove it."),
    "/HTP": ("halftone", "A halftone phase is set, which is for the press to choose."),
    "/HalftoneName": ("halftone", "A halftone is named, which is for the press to choose."),
}  # fmt: skip
_STREAMS: Final = {
    "/LZWDecode": ("lzw", "It is packed by LZW, which PDF/X does not take: save it with Flate."),
    "/LZW": ("lzw", "It is packed by LZW, which PDF/X does not take: save it with Flate."),
    "/Crypt": ("crypt", "It has a Crypt filter: save it without."),
}
_SMALL = 16 << 10
"""Two streams alike of fewer bytes are no waste: the same few letters of a face in the art of both sides."""

_SHADES = {"/ShadingType", "/PatternType"}


class Objects:
    """Walks over what a file uses."""

    def __init__(self, pdf: Pdf, file: str) -> None:
        self._pdf, self._file = pdf, file
        self._seen: set[parts.Key] = set()
        self._held: dict[bytes, parts.Key] = {}

    def faults(self) -> Iterator[Fault]:
        """Faults of pages first, so that they are named where they are met first."""
        for number, page in enumerate(self._pdf.pages, start=1):
            yield from self._from(page.obj, f"{self._file}, page {number}")
        yield from self._from(self._pdf.Root, self._file)
        yield from self._from(self._pdf.trailer.get("/Info"), self._file)

    def _from(self, start: object, place: str) -> Iterator[Fault]:
        """All that `start` leads to, but for what was seen; a stack, so that depth is no danger."""
        waiting: list[tuple[object, str]] = [(start, place)]
        while waiting:
            item, where = waiting.pop()
            key = parts.key(item)
            if key is not None:
                if key in self._seen:
                    continue
                self._seen.add(key)
                where = place if item is start else f"{place}, object {key[0]}"
            yield from self._judge(item, where)
            if isinstance(item, Array):
                waiting += [(part, where) for part in item if isinstance(part, pikepdf.Object)]
            else:
                inner = parts.items(item)
                waiting += [
                    (part, where) for name, part in inner if name != "/Parent" and isinstance(part, pikepdf.Object)
                ]

    def _judge(self, item: object, where: str) -> Iterator[Fault]:
        if not isinstance(item, Dictionary | pikepdf.Stream):
            return
        keys = item.keys()
        for found in keys & _FORBIDDEN.keys():
            yield Fault(*_FORBIDDEN[found], where)
        if parts.name(parts.entry(item, "/Type")) == "/Action" or parts.name(parts.entry(item, "/S")) == "/JavaScript":
            yield Fault("action", "It has an action: remove it.", where)
        if isinstance(item, pikepdf.Stream):
            yield from self._stream(item, where)
        yield from _spaces(item, keys, where)
        yield from _graphics(item, keys, where)

    def _stream(self, item: pikepdf.Stream, where: str) -> Iterator[Fault]:
        for found in sorted(parts.filters(item) & _STREAMS.keys()):
            yield Fault(*_STREAMS[found], where)
        if "/F" in item or "/Ref" in item:
            yield Fault("external", "A part of it lies in another file: put it in.", where)
        if (
            "/PS" in (parts.name(parts.entry(item, "/Subtype")), parts.name(parts.entry(item, "/Subtype2")))
            or "/PS" in item
        ):
            yield Fault("postscript", "It has PostScript in it: remove it.", where)
        yield from self._twice(item, where)

    def _twice(self, item: pikepdf.Stream, where: str) -> Iterator[Fault]:
        """A stream that is there already, under another number."""
        data = item.read_raw_bytes()
        if len(data) < _SMALL:
            return
        digest = hashlib.sha256(data + item.stream_dict.unparse(resolved=False)).digest()
        first = self._held.setdefault(digest, item.objgen)
        if first != item.objgen:
            message = (
                f"{len(data):,} bytes are there twice, as object {first[0]} too: embed it once and place it often."
            )
            yield Fault("repeated", message, where)


def _spaces(item: object, keys: set[str], where: str) -> Iterator[Fault]:
    """Colour spaces in RGB: of pictures and shadings, of transparency groups, and all that resources name."""
    named = parts.entry(item, "/ColorSpace")
    spaces = dict(parts.items(named)).values() if isinstance(named, Dictionary) else [named]
    if parts.name(parts.entry(item, "/S")) == "/Transparency":
        spaces = [*spaces, parts.entry(item, "/CS")]
    if any(colour.space(space).rests_on_rgb for space in spaces if space is not None):
        yield Fault("rgb", "It has colours in RGB or Lab: convert them to CMYK.", where)


def _graphics(item: object, keys: set[str], where: str) -> Iterator[Fault]:
    """What a graphics state may not set (8.4.5), and what makes things transparent (11)."""
    for key in ("/TR", "/TR2"):
        if key in keys and parts.name(parts.entry(item, key)) not in ("/Identity", "/Default"):
            yield Fault("transfer", "A transfer function changes the inks: apply it to the art.", where)
    if parts.entry(item, "/HalftoneType") not in (None, 1, 5):
        yield Fault("halftone", "A halftone is of a kind that PDF/X does not take: leave screens to the press.", where)
    if "/SMask" in keys and parts.name(parts.entry(item, "/SMask")) != "/None":
        yield _transparent("a soft mask", where)
    if keys & {"/BM", "/ca", "/CA"}:
        modes = {parts.name(mode) for mode in parts.listed(parts.entry(item, "/BM"))}
        if modes - {"/Normal", "/Compatible"}:
            yield _transparent(f"the blend mode {', '.join(sorted(modes))[1:]}", where)
        if any(parts.entry(item, key) not in (None, 1) for key in ("/ca", "/CA")):
            yield _transparent("an opacity below 1", where)
    if parts.name(parts.entry(item, "/S")) == "/Transparency":
        yield _transparent("a transparency group", where)


def _transparent(what: str, where: str) -> Fault:
    return Fault(
        "transparency", f"It has {what}: flatten it, or make sure that it blends in the CMYK of the intent.", where
    )
