"""Faults planted one by one in a good press file: each is found by its own rule, and by no other."""

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from notegen import preflight


def draw(content: bytes) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.pages[0].contents_add(content)


def instead(before: bytes, after: bytes) -> Callable[[Pdf], None]:
    """Another word in the content of the first page."""

    def change(pdf: Pdf) -> None:
        content = pdf.pages[0].Contents
        assert before in content.read_bytes()
        content.write(content.read_bytes().replace(before, after, 1))

    return change


def in_xmp(before: bytes, after: bytes) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        said = pdf.Root.Metadata.read_bytes()
        assert before in said
        pdf.Root.Metadata = pdf.make_stream(said.replace(before, after), Type=Name.Metadata, Subtype=Name.XML)

    return change


def in_root(key: str, value: object) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.Root.__setitem__(key, value)


def on_page(key: str, value: object) -> Callable[[Pdf], None]:
    return lambda pdf: pdf.pages[0].obj.__setitem__(key, value)


def resources(pdf: Pdf, page: int = 0) -> pikepdf.Object:
    return pdf.pages[page].resources


def in_black(key: str, value: object) -> Callable[[Pdf], None]:
    return lambda pdf: resources(pdf).ExtGState.K.__setitem__(key, value)


def give(kind: str, name: str, made: Callable[[Pdf], pikepdf.Object], content: bytes) -> Callable[[Pdf], None]:
    """A resource more, and content that uses it."""

    def change(pdf: Pdf) -> None:
        if kind not in resources(pdf):
            resources(pdf)[kind] = Dictionary()
        resources(pdf)[kind][name] = pdf.make_indirect(made(pdf))
        pdf.pages[0].contents_add(content)

    return change


def image(space: pikepdf.Object, data: bytes, size: tuple[int, int], **more: Any) -> Callable[[Pdf], pikepdf.Object]:
    def make(pdf: Pdf) -> pikepdf.Object:
        head: dict[str, Any] = {"Width": size[0], "Height": size[1], "BitsPerComponent": 8, "ColorSpace": space}
        return pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Image, **head, **more)

    return make


def dictionary(**entries: Any) -> Callable[[Pdf], pikepdf.Object]:
    return lambda pdf: Dictionary(**entries)


def form(content: bytes, **entries: Any) -> Callable[[Pdf], pikepdf.Object]:
    box = Array([0, 0, 2000, 2000])
    return lambda pdf: pdf.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=box, **entries)


def forget_profile(pdf: Pdf) -> None:
    del pdf.Root.OutputIntents[0].DestOutputProfile


def cut_profile(pdf: Pdf) -> None:
    profile = pdf.Root.OutputIntents[0].DestOutputProfile
    profile.write(profile.read_bytes()[:-4])


def spoil_profile(at: int, word: bytes) -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        profile = pdf.Root.OutputIntents[0].DestOutputProfile
        data = profile.read_bytes()
        profile.write(data[:at] + word + data[at + len(word) :])

    return change


def second_intent(pdf: Pdf) -> None:
    pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])


def unnamed_condition(pdf: Pdf) -> None:
    del pdf.Root.OutputIntents[0].OutputConditionIdentifier


def forget_font_file(pdf: Pdf) -> None:
    for font in resources(pdf).Font.values():
        del font.FontDescriptor["/FontFile2"]


def pack_xmp(pdf: Pdf) -> None:
    said = pdf.Root.Metadata.read_bytes()
    pdf.Root.Metadata = pdf.make_stream(zlib.compress(said), Type=Name.Metadata, Filter=Name.FlateDecode)


def move_trim(pdf: Pdf) -> None:
    for page in pdf.pages:
        page.trimbox = Array([-20, 0, 2000, 100])


def lose_trims(pdf: Pdf) -> None:
    for page in pdf.pages:
        del page.obj["/TrimBox"]


def narrow_bleed(pdf: Pdf) -> None:
    for page in pdf.pages:
        page.bleedbox = page.trimbox


def loop(pdf: Pdf) -> None:
    inner = pdf.make_stream(b"/Me Do", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    inner.Resources = Dictionary(XObject=Dictionary(Me=inner))
    resources(pdf).XObject["/Loop"] = inner
    pdf.pages[0].contents_add(b"/Loop Do")


def twice(pdf: Pdf) -> None:
    font = bytes(range(256)) * 99
    for name in ("/A", "/B"):
        data = pdf.make_stream(font, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1]))
        resources(pdf)[name] = data


def registration(pdf: Pdf) -> pikepdf.Object:
    return Array([Name.Separation, Name.All, Name.DeviceCMYK, Dictionary(FunctionType=2, Domain=[0, 1], N=1)])


def spot_over_rgb(pdf: Pdf) -> pikepdf.Object:
    return Array([Name.Separation, Name.Gold, Name.DeviceRGB, Dictionary(FunctionType=2, Domain=[0, 1], N=1)])


BLACK = b"/K gs 0 0 0 1 k 0 0 0 1 K\n"


def everybodys() -> Dictionary:
    """The font that every reader has."""
    return Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)


def helvetica(content: bytes) -> Callable[[Pdf], None]:
    """A font that is not embedded, named in the page, and content after it."""
    return give("/Font", "/F1", lambda pdf: everybodys(), content)


def form_with_helvetica() -> Callable[[Pdf], None]:
    def change(pdf: Pdf) -> None:
        give("/XObject", "/Word", form(b"BT (a) Tj ET"), b"")(pdf)
        helvetica(BLACK + b"BT /F1 9 Tf ET /Word Do")(pdf)

    return change


def masked_word(pdf: Pdf) -> None:
    """A word that is seen only in a soft mask."""
    group = form(b"BT /F1 9 Tf (a) Tj ET", Resources=Dictionary(Font=Dictionary(F1=everybodys())))(pdf)
    mask = Dictionary(S=Name.Luminosity, G=group)
    give("/ExtGState", "/Mask", lambda pdf: Dictionary(SMask=mask), b"/Mask gs")(pdf)


FAULTS: dict[str, tuple[Callable[[Pdf], None], str]] = {
    "no XMP": (lambda pdf: pdf.Root.__delitem__("/Metadata"), "xmp"),
    "packed XMP": (pack_xmp, "xmp"),
    "XMP that is no XML": (in_xmp(b"</rdf:RDF>", b""), "xmp"),
    "another PDF/X": (in_xmp(b"PDF/X-4", b"PDF/X-1a"), "version"),
    "no document ID": (in_xmp(b"xmpMM:DocumentID", b"xmpMM:Nothing"), "document-id"),
    "another title in Info": (lambda pdf: pdf.trailer.Info.__setitem__("/Title", String("Other")), "title"),
    "a day later in Info": (lambda pdf: pdf.trailer.Info.__setitem__("/ModDate", String("D:20300101000000Z")), "dates"),
    "no date of the metadata": (in_xmp(b"xmp:MetadataDate", b"xmp:Nothing"), "dates"),
    "trapped, or not": (lambda pdf: pdf.trailer.Info.__setitem__("/Trapped", Name.Unknown), "trapped"),
    "no intent": (lambda pdf: pdf.Root.__delitem__("/OutputIntents"), "intent"),
    "two intents": (second_intent, "intent"),
    "a condition without a name": (unnamed_condition, "intent"),
    "no profile": (forget_profile, "profile"),
    "a profile cut short": (cut_profile, "profile"),
    "a profile of a screen": (spoil_profile(12, b"mntr"), "profile"),
    "a profile of RGB": (spoil_profile(16, b"RGB "), "profile"),
    "a profile of version 5": (spoil_profile(8, b"\x05"), "profile"),
    "no trim": (lose_trims, "trim-box"),
    "a trim beyond the sheet": (move_trim, "boxes"),
    "an ArtBox": (on_page("/ArtBox", Array([9, 9, 99, 99])), "boxes"),
    "a UserUnit": (on_page("/UserUnit", 2), "boxes"),
    "no bleed": (narrow_bleed, "bleed"),
    "a sheet of another size": (on_page("/MediaBox", Array([0, 0, 2000, 2000])), "size"),
    "a back that is missing": (lambda pdf: pdf.pages.__delitem__(-1), "pages"),
    "a font that is not embedded": (forget_font_file, "font"),
    "a Type 3 font": (give("/Font", "/T3", dictionary(Type=Name.Font, Subtype=Name.Type3), BLACK + b"BT /T3 9 Tf (a) Tj ET"), "type-3"),
    "a font that a form takes from its page": (form_with_helvetica(), "font"),
    "a font that a graphics state sets": (give("/ExtGState", "/G", lambda pdf: Dictionary(Font=Array([pdf.make_indirect(everybodys()), 9])), BLACK + b"BT /G gs (a) Tj ET"), "font"),
    "black type in four inks": (instead(BLACK, b"/K gs 0.72 0.68 0.67 0.89 k\n"), "black"),
    "type in grey": (instead(BLACK, b"/K gs 0 g\n"), "black"),
    "a QR in green": (instead(b"\nBI", b"\n1 0 1 0 k BI"), "black"),
    "black that knocks out": (in_black("/op", False), "overprint"),
    "black of overprint mode 0": (in_black("/OPM", 0), "overprint"),
    "no overprint set": (instead(b"/K gs ", b""), "overprint"),
    "rich black in a form": (give("/XObject", "/Rich", form(b"BT 0.5 0.4 0.4 1 k () Tj ET"), b"/Rich Do"), "rich-black"),
    "a colour in RGB": (draw(b"1 0 0 rg"), "rgb"),
    "an image in RGB": (give("/XObject", "/Im", image(Name.DeviceRGB, b"abc", (1, 1)), b""), "rgb"),
    "an indexed image over RGB": (give("/XObject", "/Im", image(Array([Name.Indexed, Name.DeviceRGB, 0, String("abc")]), b"\0", (1, 1)), b""), "rgb"),
    "a spot colour over RGB": (give("/ColorSpace", "/Gold", spot_over_rgb, b""), "rgb"),
    "a colour in the RGB of a profile": (give("/ColorSpace", "/P", lambda pdf: Array([Name.ICCBased, pdf.make_stream(b"", N=3)]), b"/P cs"), "rgb"),
    "registration over the notes": (give("/ColorSpace", "/R", registration, b"/R CS 1 SCN 300 300 m 400 400 l S"), "registration"),
    "registration as an area": (give("/ColorSpace", "/R", registration, b"/R cs 1 scn 0 0 2000 2000 re f"), "registration"),
    "too much ink": (draw(b"1 1 0.9 0.4 k 0 0 9 9 re f"), "ink"),
    "a picture of too much ink": (give("/XObject", "/Im", image(Name.DeviceCMYK, b"\xff" * 4 * 64, (8, 8)), b"q 1 0 0 1 9 9 cm /Im Do Q"), "ink"),
    "a shading of too much ink": (give("/Shading", "/Sh", dictionary(ShadingType=2, ColorSpace=Name.DeviceCMYK, Function=Dictionary(FunctionType=2, C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)), b"/Sh sh"), "ink"),
    "a coarse picture": (give("/XObject", "/Im", image(Name.DeviceCMYK, bytes(4 * 64), (8, 8)), b"q 72 0 0 72 9 9 cm /Im Do Q"), "resolution"),
    "an opacity": (give("/ExtGState", "/G", dictionary(ca=0.5), b"/G gs"), "transparency"),
    "a blend mode": (give("/ExtGState", "/G", dictionary(BM=Name.Multiply), b"/G gs"), "transparency"),
    "an operator that is none": (instead(b" cm\nBI", b" cmm\nBI"), "operator"),
    "an operand that is missing": (instead(BLACK, BLACK + b"0 0 0 k\n"), "operator"),
    "a q without Q": (draw(b"q"), "balance"),
    "a Q without q": (draw(b"Q"), "balance"),
    "a BT without ET": (draw(b"BT"), "balance"),
    "content that breaks off": (draw(b"q Q ("), "content"),
    "a font that is not there": (instead(b"Tm /F", b"Tm /G"), "resource"),
    "a form that is not there": (draw(b"/Missing Do"), "resource"),
    "a form within itself": (loop, "loop"),
    "the same art twice": (twice, "repeated"),
    "an annotation": (on_page("/Annots", Array([])), "annotation"),
    "a form to fill in": (in_root("/AcroForm", Dictionary(Fields=[])), "form"),
    "an action on a page": (on_page("/AA", Dictionary()), "action"),
    "a script": (in_root("/Names", Dictionary(JavaScript=Dictionary(Names=[]))), "action"),
    "a file in the file": (in_root("/Names", Dictionary(EmbeddedFiles=Dictionary(Names=[]))), "embedded-file"),
    "a picture that lies elsewhere": (give("/XObject", "/Im", lambda pdf: pdf.make_stream(b"", F=String("art.tif")), b""), "external"),
    "PostScript": (give("/XObject", "/Ps", lambda pdf: pdf.make_stream(b"", Subtype=Name.PS), b""), "postscript"),
    "OPI": (give("/XObject", "/O", form(b"", OPI=Dictionary()), b"/O Do"), "opi"),
    "an alternate picture": (give("/XObject", "/Im", image(Name.DeviceCMYK, bytes(4), (1, 1), Alternates=Array([])), b""), "alternate"),
    "a transfer function": (give("/ExtGState", "/G", dictionary(TR=Dictionary(FunctionType=2)), b""), "transfer"),
    "a halftone phase": (give("/ExtGState", "/G", dictionary(HTP=[0, 0]), b""), "halftone"),
    "a threshold screen": (give("/ExtGState", "/G", dictionary(HT=Dictionary(HalftoneType=6)), b""), "halftone"),
}  # fmt: skip


@pytest.fixture(scope="module")
def good(composed: Path) -> Path:
    (file,) = (composed / "press").iterdir()
    return file


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_is_planted_is_found_by_its_own_rule_alone(good: Path, tmp_path: Path, fault: str) -> None:
    change, rule = FAULTS[fault]
    with pikepdf.open(good) as pdf:
        change(pdf)
        pdf.save(tmp_path / "press.pdf", compress_streams=False, fix_metadata_version=False)
    assert {found.rule for found in preflight.of_press_file(tmp_path / "press.pdf", "press.pdf")} == {rule}


UNSHOWN = {
    "named": b"",
    "set": b"BT /F1 12 Tf 14.4 TL ET",
    "showing nothing": BLACK + b"BT /F1 12 Tf () Tj [] TJ ET",
    "unseen": BLACK + b"q BT 3 Tr /F1 12 Tf (searched for) Tj ET Q",
    "set aside": BLACK + b"q BT /F1 12 Tf ET Q",
}


@pytest.mark.parametrize("way", UNSHOWN)
def test_a_font_with_which_no_letter_is_shown_need_not_be_embedded(good: Path, tmp_path: Path, way: str) -> None:
    with pikepdf.open(good) as pdf:
        helvetica(UNSHOWN[way])(pdf)
        pdf.save(tmp_path / "press.pdf", fix_metadata_version=False)
    assert preflight.of_press_file(tmp_path / "press.pdf", "press.pdf") == []


def test_a_font_of_a_soft_mask_must_be_embedded(good: Path, tmp_path: Path) -> None:
    with pikepdf.open(good) as pdf:
        masked_word(pdf)
        pdf.save(tmp_path / "press.pdf", fix_metadata_version=False)
    found = {fault.rule for fault in preflight.of_press_file(tmp_path / "press.pdf", "press.pdf")}
    assert found == {"font", "transparency"}


def test_what_compose_writes_has_no_fault(good: Path) -> None:
    assert preflight.of_press_file(good, good.name) == []
