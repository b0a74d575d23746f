"""The forme: all that is alike on every sheet of a job, made once and placed by reference.

A small PDF whose catalog has a dictionary /Forme: the resources of every `Front` and of every `Back`. In each of them is
`Sheet` (a whole side, printer's marks and all), `Note` (one note of that side with its fixed text), `Marks` (those alone, for
sheets that are not full), the fonts and how black is laid over what is there; in those of the front a form for each braid
that a note can have, too. Its `Intent` says for which press the colours are, with the profile of that.
"""

from collections.abc import Mapping
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from app.core.job import Job
from notegen.design import Design, wording
from notegen.design.sides import Sides
from notegen.geometry.grid import Flip, Grid
from notegen.geometry.slot import Box
from notegen.ink import art, marks, pdf, plait
from notegen.ink.overprint import Overprint
from notegen.ink.pdf import POINTS_PER_MM
from notegen.ink.plait import Forms
from notegen.ink.profile import COLOURS, Profile
from notegen.ink.typecase import Typecase

Resources = Mapping[str, pikepdf.Object]
"""What type needs of the resources of a page or a form: the fonts, and how black is laid over what is there."""

BLACK = b"/K gs 0 0 0 1 k 0 0 0 1 K\n"
"""Black ink alone, printed over what is there, so that nothing shows white where plates are out of register.

`/K` is a graphics state of overprint mode 1: a zero of CMYK leaves that plate alone (ISO 32000-1:2008, 8.6.7).
"""


def make(
    sides: Sides,
    grid: Grid,
    flip: Flip,
    typecase: Typecase,
    job: Job,
    profile: Profile,
    overprint: Overprint | None = None,
) -> bytes:
    """The forme of a job as the bytes of a PDF, the same for the same job; `overprint` is lettered across both sides."""
    with Pdf.new() as target, pikepdf.open(BytesIO(typecase.page)) as letters:
        laid = {"/Font": _fonts(target, letters, typecase), "/ExtGState": Dictionary(K=_black(target))}
        front, back = (
            _note(
                target, side, grid.bleed_mm, laid, _over(overprint, side, typecase) + _fixed_text(side, typecase, job)
            )
            for side in (sides.front, sides.back)
        )
        registration = Dictionary(ColorSpace=Dictionary(All=_registration(target)))
        around = _form(target, marks.content(grid), _sheet_box(grid), registration)
        target.Root.Forme = Dictionary(
            Front=_side(target, grid, Dictionary(Note=front, Marks=around), fronts(grid), laid, _braids(target, sides)),
            Back=_side(target, grid, Dictionary(Note=back, Marks=around), backs(grid, flip), laid, {}),
            Intent=_intent(target, profile),
        )
        file = BytesIO()
        target.save(file, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return file.getvalue()


def fronts(grid: Grid) -> list[bytes]:
    """Operators that place the form `/Note` at each position of the front."""
    return [_place(grid, grid.front(position), upside_down=False) for position in range(len(grid))]


def backs(grid: Grid, flip: Flip) -> list[bytes]:
    """Operators that place the form `/Note` on the back of each position."""
    upside_down = grid.upside_down(flip)
    return [_place(grid, grid.back(position, flip), upside_down=upside_down) for position in range(len(grid))]


def corner_mm(grid: Grid, box: Box) -> tuple[float, float]:
    """The lower left corner of `box` from the lower left corner of the sheet."""
    return box[0], grid.sheet.height_mm - box[3]


def _braids(target: Pdf, sides: Sides) -> Forms:
    braid = sides.front.braid
    return plait.forms(target, braid) if braid else {}


def _place(grid: Grid, box: Box, *, upside_down: bool) -> bytes:
    left, bottom = corner_mm(grid, box)
    if not upside_down:
        return b"q 1 0 0 1 %b cm /Note Do Q\n" % pdf.points(left, bottom)
    return b"q -1 0 0 -1 %b cm /Note Do Q\n" % pdf.points(left + grid.trim_mm[0], bottom + grid.trim_mm[1])


def _over(overprint: Overprint | None, design: Design, typecase: Typecase) -> bytes:
    return overprint.content(design, typecase) if overprint else b""


def _fixed_text(side: Design, typecase: Typecase, job: Job) -> bytes:
    """The lines that are alike on all notes, in black alone but for fixed words that have an ink."""
    height = side.trim_mm[1]
    lines = [(slot, typecase.line(words, slot, (0, 0), height)) for slot, words in wording.lines(side, job)]
    return BLACK + b"".join(line if slot.ink is None else _inked(side, slot.ink, line) for slot, line in lines)


def _inked(side: Design, ink: str, line: bytes) -> bytes:
    return b"q %b k\n%bQ\n" % (b" ".join(map(pdf.number, side.inks[ink].parts)), line)


def _note(target: Pdf, design: Design, bleed: float, laid: Resources, over: bytes) -> pikepdf.Object:
    """One note of a side, its art and what goes on top, as far as the `bleed`; the trim's lower left corner at (0, 0)."""
    resources = Dictionary({"/XObject": Dictionary(Art=art.copy(design, target)), **laid})
    box = (-bleed, -bleed, design.trim_mm[0] + bleed, design.trim_mm[1] + bleed)
    return _form(target, b"q /Art Do Q\n" + over, box, resources)


def _side(
    target: Pdf, grid: Grid, parts: Dictionary, places: list[bytes], laid: Resources, braids: Forms
) -> pikepdf.Object:
    """The resources of the pages of one side."""
    sheet = _form(target, b"".join(places) + b"/Marks Do\n", _sheet_box(grid), Dictionary(XObject=parts))
    forms = Dictionary({"/Sheet": sheet, **parts, **braids})
    return target.make_indirect(Dictionary({"/XObject": forms, **laid}))


def _registration(target: Pdf) -> pikepdf.Object:
    tint = Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1)
    return target.make_indirect(Array([Name.Separation, Name.All, Name.DeviceCMYK, tint]))


def _fonts(target: Pdf, letters: Pdf, typecase: Typecase) -> pikepdf.Object:
    found = letters.pages[0].resources.get("/Font", Dictionary())
    return target.make_indirect(
        Dictionary({f"/{name}": target.copy_foreign(found[f"/{name}"]) for name in typecase.fonts})
    )


def _black(target: Pdf) -> pikepdf.Object:
    return target.make_indirect(Dictionary(Type=Name.ExtGState, OP=True, op=True, OPM=1))


def _intent(target: Pdf, profile: Profile) -> pikepdf.Object:
    """What the press must be for the colours to come right (ISO 32000-1:2008, 14.11.5; PDF/X-4 embeds the profile)."""
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFX,
        OutputConditionIdentifier=pikepdf.String(profile.condition),
        OutputCondition=pikepdf.String(profile.info),
        Info=pikepdf.String(profile.info),
        DestOutputProfile=target.make_stream(profile.data, N=COLOURS),
    )
    if profile.registry is not None:
        intent.RegistryName = pikepdf.String(profile.registry)
    return target.make_indirect(intent)


def _sheet_box(grid: Grid) -> Box:
    return 0.0, 0.0, grid.sheet.width_mm, grid.sheet.height_mm


def _form(target: Pdf, content: bytes, box_mm: Box, resources: Dictionary) -> pikepdf.Object:
    box = Array([round(edge * POINTS_PER_MM, 4) for edge in box_mm])
    return target.make_stream(content, Type=Name.XObject, Subtype=Name.Form, BBox=box, Resources=resources)
