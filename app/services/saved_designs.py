"""Saved designs: what a group made, as a front that an order can name, until it is corrected or withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.errors import BadInput, NotFound, Refused
from app.services import pictures, together
from app.services.variants import Draft
from app.store import orders, requests
from app.store.access import Account
from app.store.database import Store

MOST_SAVED = 100
"""Saved designs of one programme."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved design and its programme; one that is ordered neither changes nor goes."""

    name: str
    programme: str
    is_ordered: bool


def of_account(store: Store, saved: Path, *, account: Account, now: datetime) -> list[Saved]:
    """The saved designs of the programmes that the account may make notes for, by name. Raises NotAllowed."""
    mine = {each.code for each in together.programmes(store, account=account)}
    ordered = _ordered(store, now)
    return [
        Saved(name, mark["programme"], name in ordered)
        for name, mark in sorted(_marks(saved).items())
        if mark.get("programme") in mine
    ]


def save(draft: Draft, folder: Path, number: int, *, store: Store, shipped: Path, saved: Path, now: datetime) -> str:
    """Make a design of a variant that an order can name; gives its name. Done again, it is there once, as the variant is now.

    Raises BadDesign and BadInput with what keeps it from being printed, Refused where the name is another's, an order names
    the one that is there, or there are too many; NotFound.
    """
    from app.services import printing

    variant = draft.variants[together.numbered(draft, number)]
    choices, brought = together.examined(draft, variant.choices)
    if any(remark.stops for remark in printing.remarks(choices, brought)):
        raise BadInput("Mend first what is named as wrong.")
    digest = together.front(draft, folder, variant.choices)[0]
    mark = {"programme": draft.programme, "draft": draft.id, "variant": variant.id, "digest": digest}
    with pictures.turn():
        marks = _marks(saved)
        before = marks.get(choices.name, {})
        if before.get("digest") == digest:
            return choices.name
        is_again = {**before, "digest": digest} == mark
        _refuse_too_many(draft, marks, is_again)

        def examine() -> None:
            if is_again:
                _refuse_ordered(store, choices.name, now)

        examine()
        printing.save_chosen(
            choices, brought, together.data_of(folder, choices), shipped=shipped, saved=saved, mark=mark,
            instead=examine if is_again else None,
        )  # fmt: skip
    return choices.name


def is_saved(draft: Draft, folder: Path, number: int, *, saved: Path) -> bool:
    """Whether a variant, just as it is, is a design already."""
    from app.services import printing

    given = draft.variants[together.numbered(draft, number)].choices
    return together.front(draft, folder, given)[0] == printing.saved_mark(str(given["name"]), saved).get("digest")


def withdraw(
    name: str, *, store: Store, account: Account, shipped: Path, saved: Path, kept: Path, now: datetime
) -> None:
    """Delete a saved design with its picture, and the pictures of it in the folder `kept`. Raises NotFound, Refused where an order names it."""
    from app.services import printing

    if name not in {each.name for each in of_account(store, saved, account=account, now=now)}:
        raise NotFound("There is no such saved design.")
    digest = printing.digest(name, (shipped, saved))
    with pictures.turn():
        _refuse_ordered(store, name, now)
        printing.withdraw_saved(name, saved)
        pictures.forget(digest, kept)


def _marks(saved: Path) -> dict[str, Mapping[str, str]]:
    from app.services import printing

    found = {each.name: printing.saved_mark(each.name, saved) for each in saved.glob("[a-z]*")}
    return {name: mark for name, mark in found.items() if mark}


def _refuse_too_many(draft: Draft, marks: Mapping[str, Mapping[str, str]], is_again: bool) -> None:
    held = sum(1 for mark in marks.values() if mark.get("programme") == draft.programme)
    if held >= MOST_SAVED and not is_again:
        raise Refused("This programme has a hundred saved designs: withdraw one that no order names.")


def _refuse_ordered(store: Store, name: str, now: datetime) -> None:
    if name in _ordered(store, now):
        raise Refused("An order names this design, so it stays as it is: give yours another name.")


def _ordered(store: Store, now: datetime) -> set[str]:
    """The designs of orders that were made, or wait for the press or a second person."""
    return store.read(lambda connection: orders.designs(connection) | requests.designs(connection, now))
