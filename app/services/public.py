"""What anybody may ask of a note: whether it is good. Never when or where it was spent, nor who issued it."""

from datetime import datetime

from app.core import token
from app.core.errors import BadToken
from app.core.verdict import Verdict
from app.services import judging
from app.store.database import Store


def note_is_good(store: Store, *, text: str, now: datetime) -> bool:
    """Whether the note of a token could be spent; no scan is recorded, and every refusal looks the same."""
    try:
        token.parse(text)
    except BadToken:
        return False
    (shown,) = judging.read([text])
    return store.read(lambda connection: judging.judge_alone(connection, shown, now=now)) is Verdict.GOOD
