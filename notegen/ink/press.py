"""The press: writes a run of an edition as a PDF, front and back of each sheet in turn."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from typing import BinaryIO

import pikepdf

from notegen.geometry.grid import Grid
from notegen.geometry.imposition import Run
from notegen.ink import pdf
from notegen.ink.edition import Edition
from notegen.ink.galley import Note
from notegen.ink.leaf import LeafMaker
from notegen.ink.pagetree import PageTree
from notegen.ink.pdf import PdfWriter

Progress = Callable[[int], None]
"""Told how many notes more are done."""


def write(file: BinaryIO, edition: Edition, run: Run, leaves: Iterable[Sequence[Note]], progress: Progress) -> None:
    """Write `run` to `file`; `leaves` are the notes of each sheet, by position."""
    writer = PdfWriter(file)
    parts = _copy_forme(writer, edition.forme)
    tree = PageTree(writer, _boxes(edition.imposition.grid))
    _leaves(edition, run, leaves, tree, _resources(writer, parts), progress)
    duplex = b"/DuplexFlipLongEdge" if edition.flip == "long" else b"/DuplexFlipShortEdge"
    viewer = b"/ViewerPreferences<</PrintScaling/None/Duplex%b/DisplayDocTitle true>>" % duplex
    root = writer.add(b"<</Type/Catalog/Pages %d 0 R%b>>" % (tree.close(), viewer))
    writer.close(root=root, info=writer.add(_info(edition, run)), identity=edition.run_identity(run))


def pages(edition: Edition, run: Run) -> Iterator[int]:
    """The page (from 1) of each sheet's front in the file of `run`; slips come between them."""
    maker, page = LeafMaker(edition), 1
    for leaf in range(run.height):
        if edition.separators and maker.slip(run, leaf) is not None:
            page += 2
        yield page
        page += 2


def _leaves(
    edition: Edition,
    run: Run,
    leaves: Iterable[Sequence[Note]],
    tree: PageTree,
    resources: tuple[int, int],
    progress: Progress,
) -> None:
    """Put every page into the tree, fronts with the first of `resources` and backs with the second."""
    maker, writer = LeafMaker(edition), tree.writer
    backs: dict[int, int] = {}
    bare = writer.add_content(b"/Marks Do\n")
    for leaf, notes in enumerate(leaves):
        slip = maker.slip(run, leaf) if edition.separators else None
        if slip is not None:
            tree.add(writer.add_content(slip), resources[0])
            tree.add(bare, resources[1])
        tree.add(writer.add_content(maker.front(run, leaf, notes)), resources[0])
        filled = len(notes)
        if filled not in backs:
            backs[filled] = writer.add_content(maker.back(filled))
        tree.add(backs[filled], resources[1])
        progress(filled)


def _boxes(grid: Grid) -> bytes:
    """MediaBox the sheet, TrimBox around all trims, BleedBox around all bleeds."""
    left, top, right, bottom = grid.trims
    low, high = grid.sheet.height_mm - bottom, grid.sheet.height_mm - top
    more = grid.bleed_mm
    boxes = {
        b"Media": (0.0, 0.0, grid.sheet.width_mm, grid.sheet.height_mm),
        b"Bleed": (left - more, low - more, right + more, high + more),
        b"Trim": (left, low, right, high),
    }
    return b"".join(b"/%bBox[%b]" % (name, pdf.points(*box)) for name, box in boxes.items())


def _copy_forme(writer: PdfWriter, forme: bytes) -> dict[str, int]:
    """Write every object of the forme but its catalog and pages, under its own number; gives its parts' numbers by name.

    The writer must be fresh: a PDF that pikepdf has saved counts its objects from 1 without a gap.
    """
    with pikepdf.open(BytesIO(forme)) as source:
        writer.reserve(len(source.objects))
        needless = {source.Root.objgen, source.Root.Pages.objgen}
        for item in source.objects:
            if item.is_indirect and item.objgen not in needless:
                writer.put(item.objgen[0], _unparsed(item))
        return {name.lstrip("/"): part.objgen[0] for name, part in source.Root.Forme.items()}


def _unparsed(item: pikepdf.Object) -> bytes:
    """The body of an object as it stands in a file; what a stream holds is not touched."""
    if not isinstance(item, pikepdf.Stream):
        return item.unparse(resolved=True)
    return b"%b\nstream\n%b\nendstream" % (item.stream_dict.unparse(resolved=True), item.read_raw_bytes())


def _resources(writer: PdfWriter, parts: dict[str, int]) -> tuple[int, int]:
    """The resources of fronts and of backs."""
    body = b"<</XObject<</Sheet %d 0 R/Note %d 0 R/Marks %d 0 R>>/Font %d 0 R>>"
    front = (parts["Fronts"], parts["Front"], parts["Marks"], parts["Font"])
    back = (parts["Backs"], parts["Back"], parts["Marks"], parts["Font"])
    return writer.add(body % front), writer.add(body % back)


def _info(edition: Edition, run: Run) -> bytes:
    title = f"{edition.job.order} run {run.ordinal} of {len(edition.imposition.runs)}"
    moment = pdf.date(edition.job.created_at)
    body = b"<</Title%b/Creator(Hournote)/Producer(notegen)/CreationDate%b/ModDate%b/Trapped/False>>"
    return body % (pdf.text(title), moment, moment)
