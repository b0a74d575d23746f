"""The delivery note: what goes from the print shop to an office, by box and bundle, for both to count and sign."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from app.core import reference
from app.core.errors import BadInput
from app.core.job import Job
from app.core.span import Span
from notegen import delivery, jobfile
from notegen.design import wording
from notegen.paper import a4, parcels
from notegen.paper.a4 import Story
from notegen.paper.parcels import Box, Bundle

_WIDTHS_MM = (28.0, 33.0, 33.0, 17.0, 50.0, 17.0)


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    """What a delivery holds, all as numbers: `notes` are the good ones, `void` those of its bundles that are not there."""

    boxes: int
    bundles: int
    notes: int
    void: int
    file: str


@dataclass(frozen=True, slots=True)
class _Load:
    """What is delivered: `span` is what it would be without holes."""

    job: Job
    span: Span
    boxes: list[Box]
    boxes_in_job: int

    @property
    def bundles(self) -> list[Bundle]:
        return [bundle for box in self.boxes for bundle in box.bundles]

    @property
    def notes(self) -> int:
        return sum(box.notes for box in self.boxes)

    @property
    def void(self) -> list[Span]:
        return parcels.void(self.span, self.bundles)


def delivery_note(
    job_path: Path,
    out: Path,
    *,
    without: Iterable[Span] = (),
    bundles: tuple[int, int] | None = None,
    in_a_box: int = parcels.BUNDLES_IN_A_BOX,
    sender: str = "",
    receiver: str = "",
    link: str = "",
) -> DeliveryNote:
    """Write the delivery note of a job as a PDF of A4 pages; `without` are its void notes.

    `bundles` are the first and the last that this delivery has, when it is not the whole job. `link` is printed as a
    second QR, by which receipt is confirmed. Raises BadJob, BadSpan for a void note of another job, BadInput.
    """
    with jobfile.opened(job_path) as file:
        load = _load(file.job, without, bundles, in_a_box)
    parties = a4.words(sender, "The sender"), a4.words(receiver, "The receiver")
    with delivery.whole_file(out) as target:
        target.write(a4.build(_story(load, *parties, link), f"{load.job.order} delivery note"))
    return DeliveryNote(len(load.boxes), len(load.bundles), load.notes, len(load.span) - load.notes, str(out))


def _load(job: Job, without: Iterable[Span], wanted: tuple[int, int] | None, in_a_box: int) -> _Load:
    total = parcels.count(job.span, job.bundle_size)
    first, last = wanted or (1, total)
    if not 1 <= first <= last <= total:
        raise BadInput(f"There are no bundles {first}-{last}: {job.order} has bundles 1-{total}.")
    size, start = job.bundle_size, job.span.first
    span = Span(job.span.series, start + (first - 1) * size, min(start + last * size - 1, job.span.last))
    there = [one for one in parcels.bundles(job.span, size, without) if first <= one.ordinal <= last]
    if not there:
        raise BadInput(f"Every note of bundles {first}-{last} is left out, so that nothing is delivered.")
    return _Load(job, span, parcels.boxes(there, in_a_box), parcels.count(job.span, size * in_a_box))


def _story(load: _Load, sender: str, receiver: str, link: str) -> Story:
    story = [*_head(load, link), _parties(sender, receiver), Spacer(1, 4 * mm), _sums(load), Spacer(1, 5 * mm)]
    for box in load.boxes:
        story += [CondPageBreak(30 * mm), _contents(box, load.boxes_in_job), Spacer(1, 4 * mm)]
    return [*story, *_not_there(load), *_receipt()]


def _head(load: _Load, link: str) -> Story:
    job = load.job
    until = f", use by {wording.day(job.expires_on)}" if job.expires_on else ""
    symbols = [a4.Symbol(reference.label(job.host, load.span), 30, "the whole delivery")]
    if link:
        symbols.append(a4.Symbol(link, 30, "to confirm receipt"))
    return a4.head("Delivery note", f"Order {job.order}", f"Programme {job.programme}{until}", *symbols)


def _parties(sender: str, receiver: str) -> Flowable:
    half = (a4.WIDTH_MM - 6) / 2
    return a4.beside(
        a4.facts([("From", sender), ("Sent on", "")], width_mm=half, label_mm=22),
        a4.facts([("To", receiver), ("Received on", "")], width_mm=half, label_mm=22),
    )


def _sums(load: _Load) -> Flowable:
    """What was ordered, less what is void, is what is here."""
    first, last = load.bundles[0].ordinal, load.bundles[-1].ordinal
    packed = (
        f"{parcels.noun(len(load.bundles), 'bundle')} ({first:,}-{last:,}) in {parcels.noun(len(load.boxes), 'box')}"
    )
    return a4.facts(
        [
            ("Serials", f"{load.span.first_serial.printed} to {load.span.last_serial.printed}"),
            ("Packed as", packed),
            ("Ordered", parcels.noun(len(load.span), "note")),
            ("Void, not here", parcels.noun(len(load.span) - load.notes, "note")),
            ("Good, delivered", parcels.noun(load.notes, "note")),
        ]
    )


def _contents(box: Box, of: int) -> Flowable:
    """A line for each bundle of a box, and one that adds them up."""
    heads = (f"Box {box.ordinal:,} of {of:,}", "First serial", "Last serial", "Notes", "Without", "Counted")
    rows: list[tuple[str | Flowable, ...]] = [
        (
            f"Bundle {bundle.ordinal:,}",
            bundle.span.first_serial.printed,
            bundle.span.last_serial.printed,
            f"{bundle.notes:,}",
            a4.line(", ".join(map(parcels.numbers, bundle.holes)), a4.SMALL) if bundle.holes else "",
            a4.TickBox(),
        )
        for bundle in box.bundles
    ]
    total = (parcels.noun(len(box.bundles), "bundle"), "", "", f"{box.notes:,}", "", a4.TickBox())
    return a4.table(heads, [*rows, total], _WIDTHS_MM, right=(3,), summed=True)


def _not_there(load: _Load) -> Story:
    """Every void number, those of bundles that are wholly void too."""
    void = load.void
    if not void:
        return []
    named = ", ".join(map(parcels.numbers, void))
    words = f"{parcels.noun(sum(map(len, void)), 'note')} of {load.job.span.series}: {named}."
    here = {bundle.ordinal for bundle in load.bundles}
    first = parcels.count(Span(void[0].series, load.job.span.first, load.span.first), load.job.bundle_size)
    every = range(first, first + parcels.count(load.span, load.job.bundle_size))
    gone = [f"{ordinal:,}" for ordinal in every if ordinal not in here]
    more = [a4.line(f"Void as a whole, and without a wrapper: bundle {', '.join(gone)}.")] if gone else []
    return [a4.line("Void, and not here", a4.HEADING), a4.line(words), *more]


def _receipt() -> Story:
    text = (
        "Count every bundle and tick it. Notes are received by scanning the code of the whole delivery, of a box or of a "
        "bundle. If a number is not here and is not named above, write it down before anybody signs."
    )
    return [
        KeepTogether([
            a4.line("Counted and handed over", a4.HEADING),
            a4.line(text),
            *a4.signed("Packed and counted by", "Date", "Signature"),
            *a4.signed("Received and counted by", "Date", "Signature"),
            *a4.signed("Not here, and not named above"),
        ])
    ]  # fmt: skip
