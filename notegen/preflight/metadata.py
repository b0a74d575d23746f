"""What a file says of itself: XMP as PDF/X-4 wants it, and document information that does not contradict it."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import pikepdf
from pikepdf import Pdf
from pikepdf.models.metadata import decode_pdf_date

from notegen.preflight import parts
from notegen.preflight.fault import Fault

_LARGEST = 1 << 20
_VERSION = "{http://www.npes.org/pdfx/ns/id/}GTS_PDFXVersion"
_MM = "{http://ns.adobe.com/xap/1.0/mm/}"
_DATES = {"CreationDate": "xmp:CreateDate", "ModDate": "xmp:ModifyDate"}

Said = Mapping[str, str]


def judge(pdf: Pdf, where: str) -> Iterator[Fault]:
    """Faults of the XMP and of Info."""
    said = _said(pdf)
    if isinstance(said, str):
        yield Fault("xmp", said, where)
        return
    info = pdf.trailer.get("/Info")
    if said.get(_VERSION, "").strip() != "PDF/X-4":
        yield Fault("version", f"Its XMP says {said.get(_VERSION) or 'nothing'} where it should say PDF/X-4.", where)
    lacking = [name for name in ("DocumentID", "VersionID", "RenditionClass") if not said.get(_MM + name)]
    if lacking:
        yield Fault("document-id", f"Its XMP has no {', '.join(lacking)}.", where)
    yield from _title(said, info, where)
    yield from _trapped(said, info, where)
    yield from _dates(said, info, where)


def _said(pdf: Pdf) -> Said | str:
    """What the XMP says, or what is wrong with it."""
    stream = parts.entry(pdf.Root, "/Metadata")
    if not isinstance(stream, pikepdf.Stream):
        return "It has no XMP metadata, by which PDF/X-4 is known."
    if parts.entry(stream, "/Filter") is not None:
        return "Its XMP metadata are packed: leave them as plain text."
    if len(stream.read_raw_bytes()) > _LARGEST:
        return "Its XMP metadata are of more than a megabyte."
    try:
        found = pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False, strict=True)
        return {str(name): str(found[name]) for name in found} | {
            short: str(found.get(short, "")) for short in _short()
        }
    except Exception as error:
        return f"Its XMP metadata cannot be read ({str(error)[:80]})."


def _short() -> list[str]:
    return ["dc:title", "pdf:Trapped", "xmp:MetadataDate", *_DATES.values()]


def _title(said: Said, info: object, where: str) -> Iterator[Fault]:
    title, other = said["dc:title"], parts.entry(info, "/Title")
    if not title:
        yield Fault("title", "Its XMP has no title.", where)
    elif other is not None and str(other) != title:
        yield Fault("title", f"Its title is {title!r} in XMP and {str(other)!r} in Info.", where)


def _trapped(said: Said, info: object, where: str) -> Iterator[Fault]:
    trapped, other = said["pdf:Trapped"], parts.name(parts.entry(info, "/Trapped"))
    if trapped not in ("True", "False"):
        yield Fault("trapped", "Its XMP does not say whether it is trapped, True or False.", where)
    elif other != f"/{trapped}":
        yield Fault("trapped", f"Trapped is {trapped} in XMP and {other[1:] or 'missing'} in Info.", where)


def _dates(said: Said, info: object, where: str) -> Iterator[Fault]:
    for name in ("xmp:MetadataDate", *_DATES.values()):
        if _moment(said[name]) is None:
            yield Fault("dates", f"Its XMP has no {name}.", where)
    for name, short in _DATES.items():
        other = parts.entry(info, f"/{name}")
        if other is None or _same(str(other), said[short]):
            continue
        yield Fault("dates", f"{name} is {other} in Info and {said[short]} in XMP.", where)


def _same(info: str, xmp: str) -> bool:
    moment = _moment(xmp)
    try:
        other = decode_pdf_date(info)
    except ValueError:
        return False
    if moment is None or (moment.tzinfo is None) != (other.tzinfo is None):
        return False
    return moment == other


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
