"""Ordering: what the press is asked to make. The web knows of this much, and cannot sign."""

from dataclasses import dataclass
from uuid import UUID

from app.core.errors import BadInput
from app.store import making
from app.store.database import Store

LARGEST_BUNDLE = 1000
MOST_BLANK_SHEETS = 100_000


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """What is to be made: `quantity` notes of a series with a design, in bundles; at which print shop (by name or id), on which
    sheet, with how many blank ones for spoilage (None: the usual)."""

    series: str
    quantity: int
    design: str
    bundle_size: int = 50
    replaces: str | None = None
    print_shop: str | None = None
    sheet: str = "sra3"
    blank_sheets: int | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1:
            raise BadInput(f"An order has at least one note; {self.quantity} is not a quantity.")
        if not 1 <= self.bundle_size <= LARGEST_BUNDLE:
            raise BadInput(f"A bundle has 1 to {LARGEST_BUNDLE} notes; {self.bundle_size} does not fit.")
        if not 0 <= (self.blank_sheets or 0) <= MOST_BLANK_SHEETS:
            raise BadInput(f"A job takes 0 to {MOST_BLANK_SHEETS:,} blank sheets; {self.blank_sheets} does not fit.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """An order that may be made: by whom it was asked for, and the id under which the press enters it, once."""

    request_id: UUID
    wanted: OrderRequest
    actor: str


def waiting_for_press(store: Store) -> list[Waiting]:
    """The orders that were asked for in the browser, confirmed where that was needed, and neither made nor given up; oldest first."""
    return [Waiting(each.id, OrderRequest(**each.arguments), each.asked_by) for each in store.read(making.waiting)]
