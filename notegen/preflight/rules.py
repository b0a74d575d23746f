"""The rules that a PDF for the press is judged by: a word for each, what it asks, and where that is written.

PDF/X-4 is ISO 15930-7; what it takes over or forbids of PDF is named by its clause in ISO 32000-1:2008. "House" is what
this project asks beyond the standard, because its notes are cut, stacked and read by cameras.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PDF = "ISO 32000-1:2008, "
X = "ISO 15930-7; "


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked, as a sentence, and its source."""

    asks: str
    source: str


RULES: Final[Mapping[str, Rule]] = {
    # The file
    "pdf": Rule("The file can be read to its end by any program, without guessing.", PDF + "7.5"),
    "header": Rule("It says in its first bytes that it is PDF 1.3 to 1.7.", X + PDF + "7.5.2"),
    "id": Rule("Its trailer has an ID of two parts.", X + PDF + "14.4"),
    "encrypted": Rule("It has no password.", X + PDF + "7.6"),
    "written": Rule("A file that compose wrote is, byte for byte, of the form that compose writes.", "house"),
    # What it says of itself
    "xmp": Rule("It has XMP metadata, unfiltered and well-formed.", X + PDF + "14.3.2"),
    "version": Rule("Its XMP says PDF/X-4.", X + "GTS_PDFXVersion"),
    "dates": Rule("Created, modified and described: three dates, in XMP as in Info.", X + PDF + "14.3.3"),
    "document-id": Rule("Its XMP has a DocumentID, a VersionID and a RenditionClass.", X + "XMP, part 1"),
    "title": Rule("It has a title, in XMP as in Info.", X + PDF + "14.3.3"),
    "trapped": Rule("It says whether it is trapped, True or False, in XMP as in Info.", X + PDF + "14.11.6"),
    "intent": Rule("It has exactly one PDF/X output intent, with the name of its condition.", X + PDF + "14.11.5"),
    "profile": Rule("The intent embeds a whole CMYK printer profile of version 4 or less.", X + "ICC.1:2010, 7.2"),
    # Pages
    "trim-box": Rule("Every page says where the knife goes.", X + PDF + "14.11.2"),
    "boxes": Rule("Trim lies in bleed, bleed in the sheet; no ArtBox beside it; no UserUnit.", X + PDF + "14.11.2"),
    "bleed": Rule("There are 3 mm of bleed around the trim.", "house"),
    "size": Rule("All fronts have the same boxes, and all backs; all pages the same trim.", "house"),
    "pages": Rule("Fronts and backs come in pairs, as many as the manifest beside the file says.", "house"),
    # Type and colour
    "font": Rule("Every font with which a letter is shown is embedded.", X + PDF + "9.9"),
    "type-3": Rule("No font is of Type 3, which each RIP draws in its own way.", "house; " + PDF + "9.6.5"),
    "rgb": Rule("No colour is in RGB or Lab: it would be converted at the press, black type into four inks.", X + "house"),
    "black": Rule("The text and the QRs of pages are 0 0 0 1 k, black ink alone.", "house"),
    "rich-black": Rule("No lettering in black has other inks under it.", "house"),
    "overprint": Rule("Black text and QRs overprint: op true, OPM 1.", "house; " + PDF + "8.6.7"),
    "registration": Rule("What is on every plate (/All) stays outside the bleed.", "house; " + PDF + "8.6.6.4"),
    "ink": Rule("Nowhere is more than 300 % of ink.", "house; ISO 12647-2:2004 (FOGRA39)"),
    "resolution": Rule("Pictures have 300 pixels an inch; the QR, a 1-bit mask of a pixel a module, needs none.", "house"),
    "transparency": Rule("Nothing is transparent, so that nothing is left to the RIP.", "house; " + PDF + "11"),
    # What is drawn
    "content": Rule("What is drawn can be read to its end.", PDF + "7.8.2"),
    "operator": Rule("Every operator is one of PDF, with its operands.", PDF + "annex A"),
    "balance": Rule("Every q has its Q, every BT its ET.", PDF + "8.4.2, 9.4.1"),
    "resource": Rule("Every font, form and colour that is used is there.", PDF + "7.8.3"),
    "loop": Rule("No form is drawn within itself.", PDF + "8.10"),
    "repeated": Rule("Art and fonts are embedded once and placed often.", "house"),
    # What has no place in a press file
    "annotation": Rule("There are no annotations.", "house; " + PDF + "12.5"),
    "form": Rule("There are no fields to fill in.", X + PDF + "12.7"),
    "action": Rule("Nothing happens by itself: no actions, no JavaScript.", X + PDF + "12.6"),
    "embedded-file": Rule("No other file is embedded.", X + PDF + "7.11.4"),
    "external": Rule("Nothing lies in another file.", X + PDF + "7.3.8.2, 8.10.4"),
    "lzw": Rule("Nothing is packed by LZW.", X + PDF + "7.4.4"),
    "crypt": Rule("No stream has a Crypt filter.", X + PDF + "7.4.10"),
    "postscript": Rule("There is no PostScript.", X + PDF + "8.8.2"),
    "opi": Rule("No picture stands for another (OPI).", X + PDF + "14.11.7"),
    "alternate": Rule("No picture has an alternate.", X + PDF + "8.9.5.4"),
    "transfer": Rule("No transfer function changes the inks.", X + PDF + "10.5"),
    "halftone": Rule("Screens are left to the press: no halftone phase, name or other kind than 1 and 5.", X + PDF + "10.6"),
    # Designs
    "design": Rule("Every key and slot of design.toml is as it must be.", "docs/designs.md"),
    "art": Rule("The art is there, is whole, and refers to nothing outside of it.", "docs/designs.md"),
    "no-bleed": Rule("The art goes on beyond the knife, to the edge of the bleed.", "docs/designs.md"),
    "contrast": Rule("What is printed into a slot has 4.5 to 1 against the art.", "WCAG 2.2, 1.4.3"),
    "text-bleed": Rule("No text lies in the bleed.", "docs/designs.md"),
    "text-edge": Rule("No text of 0.9 mm or more is outside the safe zone.", "docs/designs.md"),
    "spot": Rule("A spot colour has one name.", "docs/designs.md"),
    "other-press": Rule("CMYK was made for a press that prints it alike, to delta E 5.", "ISO 12647-2:2004"),
    "back": Rule("The back is the national one, and the only one.", "docs/designs.md"),
    "engraving": Rule("The art is what the layers of the design engrave.", "docs/designs.md"),
    "qr-panel": Rule("The paper under the QR is bare.", "docs/designs.md; ISO/IEC 18004:2015, 6.3.8"),
    "quiet-zone": Rule("So are the four modules around it.", "ISO/IEC 18004:2015, 9.1"),
}  # fmt: skip

WARNINGS = frozenset({"transparency", "bleed", "repeated"})
"""What a print shop should know, and may be meant: it does not make a file fail."""
