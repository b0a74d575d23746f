"""The delivery note of a consignment: what goes from a programme office to an organisation, by bundle, and its labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from app.core import reference
from app.core.span import Span
from notegen.design import wording
from notegen.paper import a4, labels, parcels
from notegen.paper.a4 import Story


@dataclass(frozen=True, slots=True)
class Sent:
    """A bundle of an order with the notes that are in it."""

    order: str
    bundle: int
    spans: tuple[Span, ...]

    @property
    def notes(self) -> int:
        """How many notes are in it."""
        return sum(map(len, self.spans))

    @property
    def whole(self) -> Span:
        """From its first note to its last."""
        return Span(self.spans[0].series, self.spans[0].first, self.spans[-1].last)

    @property
    def holes(self) -> list[Span]:
        """The notes between that are not in it."""
        return self.whole.minus_all(self.spans)


_WIDTHS_MM = (40.0, 34.0, 34.0, 17.0, 36.0, 17.0)


def note(
    sent: Sequence[Sent], *, number: str, sender: str, receiver: str, on: date, link: str = "", page: str = ""
) -> bytes:
    """The delivery note as a PDF of A4 pages. `link` confirms receipt and is printed as a QR; `page` is where its secret can
    be typed. Never give it a PIN. Raises BadInput for words that cannot be set."""
    symbols = [a4.Symbol(link, 34, "to confirm receipt")] if link else []
    notes = sum(each.notes for each in sent)
    under = f"{parcels.noun(len(sent), 'bundle')}, {parcels.noun(notes, 'note')}"
    parties = a4.facts(
        [
            ("From", a4.words(sender, "The sender")),
            ("To", a4.words(receiver, "The receiver")),
            ("Sent on", wording.day(on)),
        ]
    )
    story = [*a4.head("Delivery note", f"Delivery {number}", under, *symbols), parties, Spacer(1, 5 * mm)]
    return a4.build([*story, _contents(sent), *_how(link, page), *_receipt()], f"Delivery {number}")


def bundle_labels(sent: Sequence[Sent], *, number: str, receiver: str, host: str) -> bytes:
    """A label for each bundle as a PDF, ten to a sheet of A4, with the QR of its notes and to whom it goes."""
    drawn = [
        (reference.label(host, each.whole), _face(each, number, a4.words(receiver, "The receiver"))) for each in sent
    ]
    page = BytesIO()
    labels.sheet(page, f"Delivery {number} bundle labels", drawn)
    return page.getvalue()


def _face(each: Sent, number: str, receiver: str) -> list[labels.Line]:
    shown = receiver if len(receiver) <= 44 else receiver[:43] + "…"
    return [
        (parcels.noun(each.notes, "note"), a4.BOLD, 18, 45.5),
        (f"{each.order}  bundle {each.bundle:,}", a4.PLAIN, 11, 39),
        (each.whole.first_serial.printed, a4.BOLD, 13, 30.5),
        ("to", a4.PLAIN, 9, 25.5),
        (each.whole.last_serial.printed, a4.BOLD, 13, 19.5),
        (f"For {shown}", a4.PLAIN, 9, 12.3),
        (f"Delivery {number}" + (", not all numbers" if each.holes else ""), a4.PLAIN, 9, 8.1),
    ]


def _contents(sent: Sequence[Sent]) -> Flowable:
    heads = ("Bundle", "First serial", "Last serial", "Notes", "Without", "Counted")
    rows: list[tuple[str | Flowable, ...]] = [
        (
            f"{each.order}  bundle {each.bundle:,}",
            each.whole.first_serial.printed,
            each.whole.last_serial.printed,
            f"{each.notes:,}",
            a4.line(", ".join(map(parcels.numbers, each.holes)), a4.SMALL) if each.holes else "",
            a4.TickBox(),
        )
        for each in sent
    ]
    notes = sum(each.notes for each in sent)
    total = (parcels.noun(len(sent), "bundle"), "", "", f"{notes:,}", "", a4.TickBox())
    return a4.table(heads, [*rows, total], _WIDTHS_MM, right=(3,), summed=True)


def _how(link: str, page: str) -> Story:
    if not link:
        return []
    return [
        a4.line("To confirm that they arrived", a4.HEADING),
        *a4.items(
            "Count every bundle and tick it. Look whether a wrapper was opened.",
            "Scan the code at the top with a phone, or open the address below and type the code of this delivery.",
            "Type the PIN of six digits. Your programme office tells it to you another way: it stands nowhere on this paper.",
            "Say of each bundle whether it is here. The notes are worth nothing before that.",
        ),
        a4.facts([("Address", page), ("Code", link.partition("#")[2])]),
    ]


def _receipt() -> Story:
    return [
        KeepTogether(
            [
                a4.line("Counted", a4.HEADING),
                *a4.signed("Packed and counted by", "Date", "Signature"),
                *a4.signed("Received and counted by", "Date", "Signature"),
            ]
        )
    ]
