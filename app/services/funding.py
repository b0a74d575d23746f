"""Funding: who pays for a programme, or for single organisations of it, so that a report can be cut by it."""

from datetime import datetime

from sqlalchemy import Connection

from app.core.errors import BadInput, NotAllowed, NotFound
from app.core.roles import Deed
from app.services import directory, rights, wording
from app.services.accounts import Account
from app.services.directory import LONGEST_NAME, By, Organisation, Programme
from app.store import directory_events, funders, parties
from app.store.database import Store
from app.store.directory_events import DirectoryEvent, Subject
from app.store.funders import Cut, Funder, Funding

__all__ = ["Cut", "Funder", "Funding"]

NOT_YOURS = "This is of another programme: ask its office."
ONE_OF_BOTH = "Name a programme, or one organisation of it."
NO_SUCH = "There is no such funding any more."


def add_funding(
    store: Store, *, funder: str, programme: str | None = None, organisation: str | None = None,
    programme_id: int | None = None, by: By | None = None,
) -> Funding:  # fmt: skip
    """A funder of that name, new or known, pays for a programme (its code) or an organisation (its name or id); again
    changes nothing. `programme_id`: the only one that may be named; with `by`, traced. Raises BadInput, NotFound, NotAllowed."""
    name = wording.one_line(funder, "name", LONGEST_NAME)
    if bool(programme) == bool(organisation):
        raise BadInput(ONE_OF_BOTH)

    def work(connection: Connection) -> Funding:
        owner = directory.find_programme(connection, programme) if programme else None
        single = _organisation(connection, organisation, programme_id) if organisation else None
        if programme_id not in (None, owner.id if owner else single.programme_id if single else None):
            raise NotAllowed(NOT_YOURS)
        before = funders.fundings(connection)
        known = {each.name.casefold(): each.id for each in funders.funders(connection)}
        payer = known.get(name.casefold()) or funders.add_funder(connection, name)
        made = funders.add_funding(
            connection, payer, programme_id=owner.id if owner else None, organisation_id=single.id if single else None
        )
        kept = next(each for each in funders.fundings(connection) if each.id == made)
        if kept not in before:
            _trace(connection, kept, (None, _told(kept)), by)
        return kept

    return store.write(work)


def end_funding(store: Store, *, funding_id: int, programme_id: int | None = None, by: By | None = None) -> Funding:
    """A funder pays for this no more; with `by`, traced. Raises NotFound, also for another programme's."""

    def work(connection: Connection) -> Funding:
        found = [each for each in funders.fundings(connection) if each.id == funding_id]
        if not found or programme_id not in (None, found[0].programme_id):
            raise NotFound(NO_SUCH)
        funders.end_funding(connection, funding_id)
        _trace(connection, found[0], (_told(found[0]), None), by)
        return found[0]

    return store.write(work)


def fundings(store: Store, *, programme_id: int | None = None) -> list[Funding]:
    """What every funder pays for; of a programme alone where it is named."""
    return [each for each in store.read(funders.fundings) if programme_id in (None, each.programme_id)]


def within_reach(store: Store, *, by: Account, deed: Deed) -> tuple[list[Programme], list[Organisation]]:
    """The programmes and organisations with which an account may do a deed. Raises NotAllowed."""
    mine = rights.programme_of(by, deed)
    programmes = [each for each in store.read(parties.programmes) if mine in (None, each.id)]
    return programmes, [each for each in store.read(parties.organisations) if mine in (None, each.programme_id)]


def set_site(store: Store, *, by: Account, organisation: str, site_of: str | None, now: datetime) -> Organisation:
    """As `directory.set_site`, traced, for an organisation in reach. Raises NotAllowed, NotFound."""
    _programmes, known = within_reach(store, by=by, deed=Deed.KEEP_FUNDERS)
    found = directory.named(known, organisation, "organisation")
    head = directory.named(known, site_of, "organisation") if site_of else None
    return directory.set_site(
        store, organisation=str(found.id), site_of=str(head.id) if head else None, by=(by.email, now)
    )


def _trace(connection: Connection, of: Funding, both: tuple[str | None, str | None], by: By | None) -> None:
    if by is not None:
        event = DirectoryEvent(Subject(of.programme_id), "changed", {"funder": both}, *by)
        directory_events.add(connection, event)


def _told(of: Funding) -> str:
    return f"{of.name} · {of.organisation or of.programme}"


def _organisation(connection: Connection, text: str, programme_id: int | None) -> Organisation:
    known = [each for each in parties.organisations(connection) if programme_id in (None, each.programme_id)]
    return directory.named(known, text, "organisation")
