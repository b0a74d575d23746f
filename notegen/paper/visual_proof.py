"""The visual proof: a note of a job at true size, front and back, on one page that the customer signs.

Its art is that of the press files, vector for vector, lettered SPECIMEN; the QR is a specimen's and is worth nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from pikepdf import Dictionary, Pdf
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from app.core.errors import BadInput
from app.core.job import Job
from notegen import delivery, jobfile
from notegen import specimen as specimens
from notegen.design import Design, sides, wording
from notegen.design.sides import Sides
from notegen.geometry.slot import Box
from notegen.ink import pdf
from notegen.paper import a4, parcels, pressfiles
from notegen.paper.stock import A4_MM

ENLARGED = 4
"""How many times the true size the details are."""

_TOP_MM, _GAP_MM, _CAPTION_MM = 32.0, 3.0, 4.6
_ASIDE_MM = 36.0
"""The least width beside a note in which the facts can stand; a wider note has them below."""

_FACTS_MM = 18.0
"""What the facts take under a wide note."""

_SIGNED_MM = 66.0
"""What the check list and the signatures take at the foot of the page."""

_LEAST_DETAIL_MM, _MOST_DETAIL_MM = 12.0, 28.0
_CHECKS = (
    "The ruler measures 100 mm on this print.",
    "Both sides are the right ones, and the right way up.",
    "Names, words and the address are spelt right.",
    "The last day is right.",
    "Colours will do; a screen and an office printer differ from the press.",
    "The QR stands on white, with nothing near it.",
)
_FACES = {"Hyperlegible": "Atkinson Hyperlegible Next", "Bodoni": "Libre Bodoni"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """A part of a side on the page: `part` of it (mm from its trim's top left) at `left`, `top`, `times` the true size."""

    side: str
    part: Box
    left: float
    top: float
    times: float
    caption: str

    @property
    def box(self) -> Box:
        """Where it lies, in mm from the top left of the page."""
        x1, y1, x2, y2 = (edge * self.times for edge in self.part)
        return self.left, self.top, self.left + x2 - x1, self.top + y2 - y1


def visual_proof(job_path: Path, out: Path) -> Path:
    """Write the visual proof of a job as a PDF of one A4 page, to be printed at 100 %. Gives `out`.

    Raises BadJob, BadDesign; BadInput for a note that is too large to be shown at true size.
    """
    with jobfile.opened(job_path) as file, TemporaryDirectory(prefix="notegen-") as unpacked:
        job, both = file.job, sides.unpack(file.design(), Path(unpacked))
        note = specimens.specimen(both, host=job.host, expires_on=job.expires_on)
        shown = _laid(both)
        page = _page(job, both, _spots(note), shown)
        proof = _with_art(page, note, shown, both.front)
    with delivery.whole_file(out) as target:
        target.write(proof)
    return out


def _laid(both: Sides) -> list[_Shown]:
    """Both sides one under the other, and a row of details under them. Raises BadInput."""
    (width, height), left = both.front.trim_mm, a4.MARGIN_MM
    whole, pitch = (0.0, 0.0, width, height), height + _CAPTION_MM + _GAP_MM
    if width > a4.WIDTH_MM or _under(both) > A4_MM[1] - _SIGNED_MM - a4.MARGIN_MM + _GAP_MM:
        raise BadInput(f"A note of {width:g} x {height:g} mm is too large to be shown twice at true size on A4.")
    notes = [
        _Shown("Front", whole, left, _TOP_MM, 1, "Front, at true size"),
        _Shown("Back", whole, left, _TOP_MM + pitch, 1, "Back, at true size"),
    ]
    return [*notes, *_details(both, _under(both))]


def _under(both: Sides) -> float:
    """Where what stands below both sides begins, in mm from the top; under the facts when those have no room beside."""
    low = _TOP_MM + 2 * (both.front.trim_mm[1] + _CAPTION_MM + _GAP_MM)
    return low if _has_aside(both) else low + _FACTS_MM


def _has_aside(both: Sides) -> bool:
    return a4.WIDTH_MM - both.front.trim_mm[0] >= _ASIDE_MM + 6


def _details(both: Sides, top: float) -> Iterator[_Shown]:
    """Fine parts, enlarged, as high as there is room for; none where there is too little."""
    spots = list(_fine_parts(both))
    room = A4_MM[1] - a4.MARGIN_MM - _SIGNED_MM - top - _CAPTION_MM - _GAP_MM
    high = min(room, _MOST_DETAIL_MM)
    if high < _LEAST_DETAIL_MM:
        return
    wide = (a4.WIDTH_MM - _GAP_MM * (len(spots) - 1)) / len(spots)
    for at, (side, (x, y), name) in enumerate(spots):
        part = _window(x, y, wide / ENLARGED, high / ENLARGED, both.front.trim_mm)
        left = a4.MARGIN_MM + at * (wide + _GAP_MM)
        yield _Shown(side, part, left, top, ENLARGED, f"{name}, {ENLARGED * 100} %")


def _fine_parts(both: Sides) -> Iterator[tuple[str, tuple[float, float], str]]:
    """Four places to look at closely, by the side they are on and their middle, in mm."""
    front, back = both.front, both.back
    serials = [slot.box for slot in front.slots.values() if "serial" in slot.names]
    if front.qr is not None:
        yield "Front", (front.qr.x_mm + 1, front.qr.y_mm + front.qr.size_mm - 1), "Edge of the QR"
    for box in serials[:1]:
        yield "Front", ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2), "Serial"
    for side, design in (("Front", front), ("Back", back)):
        mark = _register(design)
        quarter = design.trim_mm[0] / 4, design.trim_mm[1] / 4
        yield side, mark or quarter, f"Register, {side.lower()}" if mark else side


def _register(design: Design) -> tuple[float, float] | None:
    """The middle of the see-through mark of a side, where its art has one; that of a back is measured through the paper."""
    for layer in design.layers:
        if layer.get("kind") == "register" and "centre_mm" in layer:
            x, y = map(float, layer["centre_mm"])
            return (design.trim_mm[0] - x if design.side == "back" else x), y
    return None


def _window(x: float, y: float, wide: float, high: float, trim_mm: tuple[float, float]) -> Box:
    """A part of so many mm about (`x`, `y`), moved so that it does not leave the trim."""
    left = min(max(x - wide / 2, 0.0), trim_mm[0] - wide)
    top = min(max(y - high / 2, 0.0), trim_mm[1] - high)
    return left, top, left + wide, top + high


def _spots(note: bytes) -> list[str]:
    with pikepdf.open(BytesIO(note)) as document:
        return sorted(set(pressfiles.spots(document)))


def _page(job: Job, both: Sides, spots: Sequence[str], shown: Sequence[_Shown]) -> bytes:
    """All but the art."""
    file = BytesIO()
    canvas = a4.canvas(file, f"{job.order} visual proof")
    _heading(canvas, job, both)
    for one in shown:
        _frame(canvas, one)
    _ruler(canvas, shown[1].box)
    _facts(canvas, both, list(_what(job, both, spots)), shown[1].box)
    _sign_off(canvas)
    a4.foot(canvas, f"{job.order} visual proof", "page 1 of 1")
    canvas.save()
    return file.getvalue()


def _heading(canvas: Canvas, job: Job, both: Sides) -> None:
    left, right = a4.MARGIN_MM * mm, (A4_MM[0] - a4.MARGIN_MM) * mm
    canvas.setFillColor(a4.BLACK)
    canvas.setFont(a4.DISPLAY, 26)
    canvas.drawString(left, _up(21), "Visual proof")
    canvas.setFont(a4.BOLD, 13)
    canvas.drawRightString(right, _up(16.5), f"Order {job.order}")
    canvas.setFont(a4.PLAIN, 9.5)
    canvas.drawRightString(right, _up(21.5), "Print at 100 %, not fitted to the page. A specimen: worth nothing.")
    canvas.setLineWidth(1.2)
    canvas.line(left, _up(25.5), right, _up(25.5))


def _frame(canvas: Canvas, one: _Shown) -> None:
    """The caption of a picture, and ticks where its corners are or a line around a detail."""
    left, top, right, bottom = one.box
    canvas.setFillColor(a4.BLACK)
    canvas.setStrokeColor(a4.BLACK)
    canvas.setLineWidth(0.4)
    canvas.setFont(a4.PLAIN, a4.SMALLEST_PT)
    canvas.drawString((left + (1.5 if one.times == 1 else 0)) * mm, _up(bottom + 4), one.caption)
    if one.times != 1:
        canvas.rect(left * mm, _up(bottom), (right - left) * mm, (bottom - top) * mm)
        return
    for x, out in ((left, -1), (right, 1)):
        for y, down in ((top, -1), (bottom, 1)):
            canvas.line((x + out) * mm, _up(y), (x + 3 * out) * mm, _up(y))
            canvas.line(x * mm, _up(y + down), x * mm, _up(y + 2.5 * down))


def _ruler(canvas: Canvas, under: Box) -> None:
    """A hundred millimetres, in the line of the caption of the back and ending with it."""
    left, y = under[2] - 100, under[3] + 4.2
    canvas.setLineWidth(0.5)
    canvas.line(left * mm, _up(y), (left + 100) * mm, _up(y))
    for at in range(101):
        high = 2.4 if at % 10 == 0 else 1.6 if at % 5 == 0 else 0.9
        canvas.line((left + at) * mm, _up(y), (left + at) * mm, _up(y - high))
    canvas.setFont(a4.PLAIN, a4.SMALLEST_PT)
    canvas.drawString((left + 102) * mm, _up(y), "100 mm")


def _what(job: Job, both: Sides, spots: Sequence[str]) -> Iterator[tuple[str, str]]:
    front = both.front
    faces = {slot.font.partition("-")[0] for side in (front, both.back) for slot in side.slots.values()}
    yield "Design", f"{front.title}; back: {both.back.title}"
    yield "Programme", job.programme
    yield "Notes", f"{len(job.span):,}"
    yield "Bundles of", f"{job.bundle_size:,}"
    yield "Numbers", parcels.numbers(job.span)
    yield "Use by", wording.day(job.expires_on) if job.expires_on else "no last day"
    yield "Address", job.host.lower()
    yield "Trim", f"{front.trim_mm[0]:g} x {front.trim_mm[1]:g} mm"
    yield "Bleed", f"{front.bleed_mm:g} mm, cut off here"
    yield "Inks", ", ".join(["cyan", "magenta", "yellow", "black", *spots])
    yield "What varies", "black alone"
    yield "Type", ", ".join(sorted(_FACES.get(face, face) for face in faces))


def _facts(canvas: Canvas, both: Sides, pairs: Sequence[tuple[str, str]], back: Box) -> None:
    """Each fact under its name: one below another beside the notes, or in four columns under them."""
    if _has_aside(both):
        left = back[2] + 6
        _column(canvas, pairs, left, _TOP_MM - 1, A4_MM[0] - a4.MARGIN_MM - left)
        return
    wide = (a4.WIDTH_MM - 3 * _GAP_MM) / 4
    for at in range(4):
        left = a4.MARGIN_MM + at * (wide + _GAP_MM)
        _column(canvas, pairs[at * 3 : at * 3 + 3], left, back[3] + _CAPTION_MM + _GAP_MM, wide, beside=True)


def _column(
    canvas: Canvas, pairs: Sequence[tuple[str, str]], left: float, top: float, wide: float, *, beside: bool = False
) -> None:
    for name, fact in pairs:
        if beside:
            top += _place(canvas, a4.line(f"{name}: {fact}", a4.SMALL), left, top, wide) + 0.5
            continue
        top += _place(canvas, a4.line(name, a4.SMALL), left, top, wide)
        top += _place(canvas, a4.line(fact, a4.STRONG), left, top, wide) + 2.2


def _sign_off(canvas: Canvas) -> None:
    top, half = A4_MM[1] - a4.MARGIN_MM - _SIGNED_MM + 3, (a4.WIDTH_MM - 8) / 2
    right = a4.MARGIN_MM + half + 8
    _place(canvas, a4.line("Look at", a4.HEADING), a4.MARGIN_MM, top, half)
    _place(canvas, a4.ticked(*_CHECKS, width_mm=half), a4.MARGIN_MM, top + 6, half)
    _place(canvas, a4.line("Sign-off", a4.HEADING), right, top, half)
    choices = ("I approve", "I approve with the changes written here", "I do not approve: send another proof")
    _place(canvas, a4.ticked(*choices, width_mm=half), right, top + 6, half)
    lines = ("Changes", "", "Name and date", "Signature")
    for at, name in enumerate(lines):
        y = top + 30 + 9.2 * at
        canvas.setLineWidth(0.6)
        canvas.line(right * mm, _up(y), (right + half) * mm, _up(y))
        canvas.setFont(a4.PLAIN, a4.SMALLEST_PT)
        canvas.drawString(right * mm, _up(y + 3.6), name)


def _place(canvas: Canvas, what: Flowable, left: float, top: float, wide: float) -> float:
    """Set a flowable at (`left`, `top`) mm, `wide` mm wide; gives its height in mm."""
    _, height = what.wrapOn(canvas, wide * mm, A4_MM[1] * mm)
    what.drawOn(canvas, left * mm, _up(top) - height)
    return float(height / mm)


def _up(y_mm: float) -> float:
    """A distance from the top of the page as one from its foot, in points."""
    return float((A4_MM[1] - y_mm) * mm)


def _with_art(page: bytes, note: bytes, shown: Sequence[_Shown], front: Design) -> bytes:
    """The page with both sides of `note` placed by reference, clipped to what is shown of them."""
    with pikepdf.open(BytesIO(page)) as target, pikepdf.open(BytesIO(note)) as source:
        sheet = target.pages[0]
        forms = {
            name: target.copy_foreign(side.as_form_xobject())
            for name, side in zip(("Front", "Back"), source.pages, strict=True)
        }
        sheet.obj.Resources.XObject = Dictionary({f"/{name}": form for name, form in forms.items()})
        content = b"".join(_placed(one, front) for one in shown)
        sheet.contents_add(b"q\n" + content + b"Q\n", prepend=True)
        return _saved(target)


def _placed(one: _Shown, design: Design) -> bytes:
    """Operators that show a part of a side, whose trim's lower left corner lies one bleed from its own origin."""
    left, top, right, bottom = one.box
    x = left - (one.part[0] + design.bleed_mm) * one.times
    y = A4_MM[1] - top - (design.bleed_mm + design.trim_mm[1] - one.part[1]) * one.times
    clip = pdf.points(left, A4_MM[1] - bottom, right - left, bottom - top)
    times = pdf.number(one.times)
    return b"q %b re W n %b 0 0 %b %b cm /%b Do Q\n" % (clip, times, times, pdf.points(x, y), one.side.encode())


def _saved(target: Pdf) -> bytes:
    file = BytesIO()
    target.save(file, deterministic_id=True)
    return file.getvalue()
