"""Check: everything that is known to be wrong with a design, with a job's design, or with press files."""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from app.core.errors import BadDesign, BadInput
from notegen import delivery, design, preflight
from notegen.artwork import brought, refusal
from notegen.design import Design, sides
from notegen.engraving import engrave
from notegen.faults import back, bleed, contrast, cover, letters, makeup, panel, profile, resolution, shift, side
from notegen.faults.side import Side
from notegen.jobfile import opened
from notegen.preflight import Fault

RULES: tuple[Callable[[Side], Iterator[Fault]], ...] = (
    *(panel.faults, contrast.faults, letters.faults, bleed.faults, resolution.faults),
    *(cover.faults, shift.faults, profile.faults, makeup.faults),
)
"""What is looked for in the art of a side, what a holder would notice first."""

_LOOKED_AT = {"resolution", "ink", "transparency"}
"""Rules of preflight that are said here with the place and the way out."""


_UNREADABLE = {"pdf", "content", "loop"}
"""What is not to be drawn, be it for the eye."""


def faults(path: Path) -> list[Fault]:
    """The faults of a design's folder, of both sides in a job file, of a PDF, or of every press file that compose wrote.

    Raises BadInput when `path` is none of these.
    """
    if (path / design.FILE).is_file():
        return list(_of_folder(path))
    if (path / delivery.PRESS).is_dir():
        files = sorted((path / delivery.PRESS).glob("*.pdf"))
        return [fault for file in files for fault in preflight.of_press_file(file, str(file))]
    if path.suffix.lower() == ".pdf" and path.is_file():
        return preflight.of_press_file(path, str(path))
    if path.is_file() and zipfile.is_zipfile(path):
        return list(_of_job(path))
    raise BadInput(
        f"{path} is neither a design, nor a job, nor a PDF, nor a folder that compose wrote: name one of these."
    )


def gravest(found: Design) -> Fault | None:
    """The first fault for which a design would not be printed; None when it can be ordered.

    A fraction of what `faults` looks at, and of its time and memory: nothing is drawn. Raises BadDesign when the art
    cannot be brought into inks.
    """
    return next((fault for fault in _pages(found) if not fault.warning), None)


def _of_folder(folder: Path) -> Iterator[Fault]:
    """A design by itself, and the back that belongs to it."""
    yield from _of_design(folder)
    found, _ = design.survey(folder)
    if found is not None:
        yield from back.faults(found) if found.side == "back" else back.beside(found)


def _of_job(path: Path) -> Iterator[Fault]:
    """Both sides of a job, as they are in it."""
    with opened(path) as file, TemporaryDirectory(prefix="notegen-") as unpacked:
        try:
            both = sides.unpack(file.design(), Path(unpacked))
        except BadDesign as error:
            yield Fault("design", error.sentence, str(path))
            return
        for each in (both.front, both.back):
            found = [*_of_design(each.folder), *(back.faults(each) if each is both.back else ())]
            for fault in found:
                yield Fault(fault.rule, fault.message, fault.where.replace(f"{unpacked}/", f"{path}: "))


def _of_design(folder: Path) -> Iterator[Fault]:
    found, wrong = design.survey(folder)
    yield from (_said(error, "design", folder) for error in wrong)
    if found is None:
        return
    if not found.art.is_file():
        yield Fault(
            "art", f"art names {found.art.name}, which is not there; engrave it or add it.", str(folder / design.FILE)
        )
        return
    try:
        seen, unsound = side.cut(found), list(_pages(found))
    except BadDesign as error:
        yield Fault(str(error.evidence.get("rule", "design")), refusal.said(found, error), str(found.art))
        return
    yield from unsound
    if any(fault.rule in _UNREADABLE for fault in unsound):
        return
    for rule in RULES:
        yield from rule(seen)
    yield from _engraving(found)


def _pages(found: Design) -> Iterator[Fault]:
    """What is wrong with the art as a PDF, be it one or made into one."""
    file = BytesIO()
    with brought.page(found) as pdf:
        if (count := len(pdf.pages)) > 1:
            yield Fault("pages", f"It has {count} pages, of which the first alone is used.", str(found.art))
            del pdf.pages[1:]
        pdf.save(file)
    yield from (fault for fault in preflight.of_art(file.getvalue(), str(found.art)) if fault.rule not in _LOOKED_AT)


def _said(error: BadDesign, rule: str, folder: Path) -> Fault:
    """What was said of a design, its file named once."""
    where = str(folder / design.FILE)
    named = error.sentence.removeprefix(f"{where}: ")
    return Fault(rule, f"It {named.removeprefix(f'{where} ')}" if named.startswith(f"{where} ") else named, where)


def _engraving(found: Design) -> Iterator[Fault]:
    """Where a design has layers, its art must be what they engrave."""
    if not found.layers:
        return
    again = f"engrave it anew with python -m notegen.engraving {found.folder}"
    try:
        engraved = engrave(found)
    except BadDesign as error:
        yield _said(error, "engraving", found.folder)
        return
    if found.art.suffix.lower() != ".pdf" or not back.same(engraved, found.art.read_bytes()):
        yield Fault("engraving", f"The art is not what its layers engrave: {again}.", str(found.art))
