"""A pull: one sheet of an edition, made and judged by every rule before any run of it is written."""

from dataclasses import replace
from io import BytesIO

from app.core.errors import BadDesign
from app.core.span import Span
from notegen import preflight
from notegen.geometry.imposition import impose
from notegen.ink import press, symbol
from notegen.ink.edition import Edition
from notegen.preflight import written
from notegen.preflight.written import Passed


def passed(edition: Edition) -> Passed:
    """What every file of `edition` must have in common with its pull. Raises BadDesign, naming the first fault of it."""
    pulled = make(edition)
    found = preflight.of_press_file(pulled, str(edition.job.order))
    faults = [fault for fault in found if not fault.warning]
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise BadDesign(f"The design would not print right: {faults[0]}{more}. Mend its art; notegen check names all.")
    return written.passed(pulled)


def make(edition: Edition) -> bytes:
    """A press file of one sheet with as many notes as it takes, their symbols black all over: they are none."""
    grid, span = edition.imposition.grid, edition.imposition.span
    last = min(span.last, span.first + len(grid) - 1)
    one = impose(Span(span.series, span.first, last), grid, edition.imposition.bundle_size, run_sheets=1)
    file, alone = BytesIO(), replace(edition, imposition=one, separators=False)
    notes = [(serial, bytes([255]) * symbol.BYTES) for serial in one.span.canonical()]
    press.write(file, alone, one.runs[0], [notes], lambda notes: None)
    return file.getvalue()
