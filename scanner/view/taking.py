"""Taking: the notes of a basket become one visit, or a group's several, and an account of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.core.errors import HournoteError
from app.core.visit import Outcome
from scanner.about import Offer
from scanner.answers import Answer
from scanner.memory.desk import Desk
from scanner.memory.till import Visit
from scanner.view.basket import Gathered
from scanner.view.saying import Said, Saying


@dataclass(frozen=True, slots=True)
class Terms:
    """On which a visit is accepted, whatever is pressed meanwhile."""

    offer: Offer | None
    practice: bool


@dataclass(slots=True)
class Account:
    """What became of the parts of a visit; `trouble` is what stopped it."""

    visits: list[tuple[list[Gathered], Answer]] = field(default_factory=list)
    trouble: HournoteError | None = None


def entered(desk: Desk, parts: Sequence[list[Gathered]], terms: Terms) -> Account:
    """Spend the parts one after another, up to the first that is not accepted. It takes as long as the service does."""
    account, offer_id = Account(), terms.offer.id if terms.offer else None
    for part in parts:
        try:
            answer = desk.redeem(Visit(tuple(note.text for note in part), offer_id, terms.practice))
        except HournoteError as error:
            account.trouble = error
            break
        account.visits.append((part, answer))
        if answer.outcome is not Outcome.ACCEPTED:
            break
    return account


def told(account: Account, terms: Terms, saying: Saying, now: datetime, *, is_group: bool) -> Said:
    """What is said of it."""
    trouble = saying.trouble(word_of(account.trouble)) if account.trouble is not None else None
    if not is_group:
        return trouble or saying.visit(account.visits[0][1], terms.offer, now, practice=terms.practice)
    answers = [answer for _, answer in account.visits]
    accepted = [answer for answer in answers if answer.outcome is Outcome.ACCEPTED]
    refused = next((answer for answer in answers if answer.outcome is Outcome.REFUSED), None)
    stopped = trouble or (saying.visit(refused, terms.offer, now) if refused else None)
    return saying.group(accepted, refused, stopped, now, practice=terms.practice)


def word_of(error: HournoteError) -> str:
    """The trouble that an error is, as `TROUBLES` names it."""
    word, status = error.evidence.get("word"), error.evidence.get("status")
    if isinstance(word, str):
        return word
    words = {401: "not_enrolled", 403: "check_only", 429: "too_often"}
    if isinstance(status, int):
        return words.get(status, "wrong")
    return "cannot_tell" if error.http_status >= 500 else "wrong"
