"""The press: writes a run of an edition as a PDF, front and back of each sheet in turn."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import BinaryIO

import pikepdf

from notegen.geometry import pile
from notegen.geometry.grid import Grid
from notegen.geometry.imposition import Run
from notegen.geometry.offset import NOT_MOVED, Offset
from notegen.ink import pdf
from notegen.ink.edition import Edition
from notegen.ink.galley import Note
from notegen.ink.imprint import Imprint
from notegen.ink.leaf import LeafMaker
from notegen.ink.pagetree import PageTree, Side
from notegen.ink.pdf import PdfWriter

Progress = Callable[[int], None]
"""Told how many notes more are done."""


def write(file: BinaryIO, edition: Edition, run: Run, leaves: Iterable[Sequence[Note]], progress: Progress) -> None:
    """Write `run` to `file`; `leaves` are the notes of each sheet, by position, in the order that sheets are printed in."""
    writer = PdfWriter(file)
    parts = _copy_forme(writer, edition.forme)
    tree, grid = PageTree(writer), edition.imposition.grid
    sides = Side(parts["Front"], _boxes(grid, NOT_MOVED)), Side(parts["Back"], _boxes(grid, edition.back_offset))
    _leaves(edition, run, leaves, tree, sides, progress)
    duplex = b"/DuplexFlipLongEdge" if edition.flip == "long" else b"/DuplexFlipShortEdge"
    viewer = b"/ViewerPreferences<</PrintScaling/None/Duplex%b/DisplayDocTitle true>>" % duplex
    said = _imprint(edition, run)
    of_itself = b"/Metadata %d 0 R/OutputIntents[%d 0 R]" % (writer.add(said.xmp), parts["Intent"])
    root = writer.add(b"<</Type/Catalog/Pages %d 0 R%b%b>>" % (tree.close(), of_itself, viewer))
    writer.close(root=root, info=writer.add(said.info), identity=said.identity)


def pages(edition: Edition, run: Run) -> list[int]:
    """The page (from 1) of each sheet's front in the file of `run`; slips come between them."""
    return pile.pages(edition.imposition, run, separators=edition.separators, reverse=edition.reverse)


def _leaves(
    edition: Edition,
    run: Run,
    leaves: Iterable[Sequence[Note]],
    tree: PageTree,
    sides: tuple[Side, Side],
    progress: Progress,
) -> None:
    """Put every page into the tree, fronts and backs as `sides` has them."""
    maker, writer = LeafMaker(edition), tree.writer
    backs: dict[int, int] = {}
    notes = iter(leaves)
    bare = writer.add_content(b"/Marks Do\n")
    for leaf, slip in pile.papers(edition.imposition, run, separators=edition.separators, reverse=edition.reverse):
        if slip:
            tree.add(writer.add_content(maker.slip(run, leaf)), sides[0])
            tree.add(bare, sides[1])
            continue
        on_it = next(notes)
        filled = len(on_it)
        tree.add(writer.add_content(maker.front(run, leaf, on_it)), sides[0])
        if filled not in backs:
            backs[filled] = writer.add_content(maker.back(run, filled))
        tree.add(backs[filled], sides[1])
        progress(filled)


def _boxes(grid: Grid, offset: Offset) -> bytes:
    """MediaBox the sheet, TrimBox around all trims, BleedBox around all bleeds.

    An offset moves the sheet under what is printed: all else keeps its place to one another.
    """
    left, top, right, bottom = grid.trims
    low, high = grid.sheet.height_mm - bottom, grid.sheet.height_mm - top
    more = grid.bleed_mm
    boxes = {
        b"Media": (-offset.x_mm, offset.y_mm, grid.sheet.width_mm - offset.x_mm, grid.sheet.height_mm + offset.y_mm),
        b"Bleed": (left - more, low - more, right + more, high + more),
        b"Trim": (left, low, right, high),
    }
    return b"".join(b"/%bBox[%b]" % (name, pdf.points(*box)) for name, box in boxes.items())


def _copy_forme(writer: PdfWriter, forme: bytes) -> dict[str, int]:
    """Write every object of the forme but its catalog and pages, under its own number; gives the numbers of its parts by name.

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


def _imprint(edition: Edition, run: Run) -> Imprint:
    title = f"{edition.job.order} run {run.ordinal} of {len(edition.imposition.runs)}"
    return Imprint(title, edition.job.created_at, edition.run_identity(run))
