"""The delivery note of a consignment: what goes from a programme office to an organisation, by bundle, and its labels.

Both are in English and Welsh, as the back of a note is: who opens the box reads what they like, and nobody has to ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer

from app.core import reference
from app.core.span import Span
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


_WIDTHS_MM = (34.0, 35.0, 35.0, 17.0, 36.0, 21.0)


def note(
    sent: Sequence[Sent], *, number: str, sender: str, receiver: str, on: date, link: str = "", page: str = ""
) -> bytes:
    """The delivery note as a PDF of A4 pages. `link` confirms receipt and is printed as a QR; `page` is where its secret can
    be typed. Never give it a PIN. Raises BadInput for words that cannot be set."""
    symbols = [a4.Symbol(link, 34, "to confirm / i gadarnhau")] if link else []
    notes = sum(each.notes for each in sent)
    under = (
        f"{parcels.noun(len(sent), 'bundle')}, {parcels.noun(notes, 'note')} / {len(sent):,} bwndel, {notes:,} nodyn"
    )
    parties = a4.facts(
        [
            ("From / Oddi wrth", a4.words(sender, "The sender")),
            ("To / At", a4.words(receiver, "The receiver")),
            ("Sent on / Anfonwyd", f"{on:%d/%m/%Y}"),
        ]
    )
    head = a4.head("Delivery note / Nodyn danfon", f"Delivery / Danfoniad {number}", under, *symbols)
    story = [*head, parties, Spacer(1, 5 * mm)]
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
        (f"{parcels.noun(each.notes, 'note')} / {each.notes:,} nodyn", a4.BOLD, 13, 45.5),
        (f"{each.order}  bundle / bwndel {each.bundle:,}", a4.PLAIN, 9, 39),
        (each.whole.first_serial.printed, a4.BOLD, 13, 30.5),
        ("to / i", a4.PLAIN, 9, 25.5),
        (each.whole.last_serial.printed, a4.BOLD, 13, 19.5),
        (f"For / At: {shown}", a4.PLAIN, 9, 12.3),
        (f"Delivery / Danfoniad {number}", a4.PLAIN, 9, 8.1),
        *([("not all numbers / nid pob rhif", a4.BOLD, 9, 4.0)] if each.holes else []),
    ]


def _contents(sent: Sequence[Sent]) -> Flowable:
    heads = (
        "Bundle\nBwndel", "First serial\nRhif cyntaf", "Last serial\nRhif olaf", "Notes\nNodiadau", "Without\nHeb",
        "Counted\nCyfrifwyd",
    )  # fmt: skip
    rows: list[tuple[str | Flowable, ...]] = [
        (
            f"{each.order}  {each.bundle:,}",
            each.whole.first_serial.printed,
            each.whole.last_serial.printed,
            f"{each.notes:,}",
            a4.line(", ".join(map(parcels.numbers, each.holes)), a4.SMALL) if each.holes else "",
            a4.TickBox(),
        )
        for each in sent
    ]
    notes = sum(each.notes for each in sent)
    total = (f"{len(sent):,}", "", "", f"{notes:,}", "", a4.TickBox())
    return a4.table(heads, [*rows, total], _WIDTHS_MM, right=(3,), summed=True)


_HOW = (
    "Count every bundle and tick it. Look whether a wrapper was opened.",
    "Scan the code at the top with a phone, or open the address below and type the code of this delivery.",
    "Type the PIN of six digits. Your programme office tells it to you another way: it stands nowhere on this paper.",
    "Say of each bundle whether it is here. The notes are worth nothing before that.",
)
_SUT = (
    "Cyfrwch bob bwndel a’i dicio. Edrychwch a agorwyd rhwymyn.",
    "Sganiwch y cod ar y brig â ffôn, neu agorwch y cyfeiriad isod a theipiwch god y danfoniad hwn.",
    "Teipiwch y PIN o chwe digid. Mae swyddfa eich rhaglen yn ei ddweud wrthych mewn ffordd arall: nid yw ar y papur hwn.",
    "Dywedwch am bob bwndel a yw yma. Nid yw’r nodiadau’n werth dim cyn hynny.",
)


def _how(link: str, page: str) -> Story:
    if not link:
        return []
    told = [
        [a4.line(heading, a4.HEADING), *a4.items(*steps)]
        for heading, steps in (("To confirm that they arrived", _HOW), ("I gadarnhau eu bod wedi cyrraedd", _SUT))
    ]
    address = a4.facts([("Address / Cyfeiriad", page), ("Code / Cod", link.partition("#")[2])])
    return [Spacer(1, 3 * mm), a4.beside(*told), Spacer(1, 3 * mm), address]


def _receipt() -> Story:
    return [
        KeepTogether(
            [
                a4.line("Counted / Cyfrifwyd", a4.HEADING),
                *a4.signed("Packed by / Paciwyd gan", "Date / Dyddiad", "Signature / Llofnod"),
                *a4.signed("Received by / Derbyniwyd gan", "Date / Dyddiad", "Signature / Llofnod"),
            ]
        )
    ]
