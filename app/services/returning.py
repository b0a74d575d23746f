"""Returning: notes that an organisation brings back go into stock again; spent ones are refused, others' are named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection

from app.core import ledger
from app.core.errors import BadInput, NotFound, Refused
from app.core.ledger import Movement
from app.core.lifecycle import Kind, State
from app.core.roles import Deed
from app.core.span import Span
from app.services import bundling, custody, delivering, rights
from app.services.directory import Series
from app.store import custody as holdings
from app.store import deliveries, parties, spending
from app.store.access import Account
from app.store.database import Store, lock_series

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Returned:
    """Notes that are in stock again, and what was scanned with them and passed over: neither sent to the organisation nor its own."""

    notes: int
    not_theirs: tuple[Span, ...]


def take_back(
    store: Store, *, by: Account, organisation_id: int, scanned: Sequence[Span], request_id: UUID, now: datetime
) -> Returned:
    """Take notes back from an organisation. Again gives the same.

    Raises BadInput, NotAllowed, NotFound, NotOrdered, Refused where any of them is spent or was handed out, or is in a delivery
    under way: that is called back, so that its link does nothing any more.
    """

    def work(connection: Connection) -> Returned:
        programme_id = _programme(connection, by, organisation_id)
        lock_series(
            connection, [s.id for s in parties.all_series(connection) if s.programme_id == programme_id], shared=False
        )
        notes, others = 0, list[Span]()
        for series, asked in bundling.by_series(connection, scanned):
            known = custody.recorded(connection, uuid5(request_id, series.code))
            bundling.check_known(connection, series, asked)
            mine = [e.movement.span for e in known] or _theirs(connection, series, asked, organisation_id, programme_id)
            others += [rest for span in asked for rest in span.minus_all(mine)]
            if not known and mine:
                _refuse_spent(connection, series, mine)
                _refuse_under_way(connection, organisation_id, mine)
                deeds = [Movement(Kind.RETURN, span) for span in mine]
                custody.record(
                    connection, series, deeds, [], uuid5(request_id, series.code), note=None, actor=by.email, now=now
                )
            notes += sum(map(len, mine))
        if not notes:
            raise BadInput("None of these notes is with this organisation: look them up. Nothing was changed.")
        return Returned(notes, tuple(others))

    return store.write(work)


def _theirs(
    connection: Connection, series: Series, asked: Sequence[Span], organisation_id: int, programme_id: int
) -> list[Span]:
    if series.programme_id != programme_id:
        return []
    return [
        piece.span
        for span in asked
        for piece in ledger.within(holdings.holdings_touching(connection, series.id, span), span)
        if piece.state in (State.DISPATCHED, State.ISSUED) and piece.standing.holder == organisation_id
    ]


def _refuse_spent(connection: Connection, series: Series, asked: Sequence[Span]) -> None:
    spent = [Span(series.code, n, n) for span in asked for n in spending.redeemed_numbers(connection, series.id, span)]
    if spent:
        named = ", ".join(str(each.first) for each in spent[:MOST_NAMED]) + (" …" if len(spent) > MOST_NAMED else "")
        raise Refused(
            f"{len(spent)} of these notes are spent ({series.code} {named}): return the others. Nothing was changed.",
            spent=len(spent), named=f"{series.code} {named}",
        )  # fmt: skip


def _refuse_under_way(connection: Connection, organisation_id: int, asked: Sequence[Span]) -> None:
    for found in deliveries.under_way(connection, organisation_id=organisation_id):
        for sent in (span for each in delivering.still_sent(connection, found) for span in each):
            both = next((shared for span in asked if (shared := span.intersection(sent))), None)
            if both is not None:
                raise Refused(
                    f"The notes {both} are of a delivery that is on its way: call that delivery back. Nothing was changed.",
                    under_way=both,
                )


def _programme(connection: Connection, by: Account, organisation_id: int) -> int:
    rights.require(by, Deed.DELIVER)
    for each in parties.organisations(connection):
        if each.id == organisation_id and rights.reaches(by, Deed.DELIVER, programme_id=each.programme_id):
            return each.programme_id
    raise NotFound("There is no such organisation: choose one of the list.")
