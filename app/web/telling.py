"""What is done with the answer about notes before a desk is told it: it is counted, and a desk that guesses is not told."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from flask import current_app

from app.core.errors import TooOften
from app.services.desks import AtVenue
from app.web import metrics
from app.web.site import guesses, now


def check(desk: AtVenue) -> None:
    """Refuse a desk that guesses before anything is done for it. Raises TooOften."""
    guesses().check(desk.desk.id, now=now())


def visit(desk: AtVenue, answer: Mapping[str, Any], *, is_new: bool) -> None:
    """Count what a visit came to, if it is new, and its notes that are none, however often it is told. Raises TooOften."""
    if is_new:
        metrics.of(current_app).visit(answer)
    _bad_notes(desk, answer)


def entry(desk: AtVenue, answer: Mapping[str, Any], is_new: bool) -> None:
    """The same of a visit in a journal, whose answer is told whatever it is, so that a journal always gets through: a desk
    that guesses is refused its next call."""
    with suppress(TooOften):
        visit(desk, answer, is_new=is_new)


def question(desk: AtVenue, answer: Mapping[str, Any]) -> None:
    """Count the verdicts of a check, and its notes that are none. Raises TooOften."""
    metrics.of(current_app).verdicts("check", answer)
    _bad_notes(desk, answer)


def _bad_notes(desk: AtVenue, answer: Mapping[str, Any]) -> None:
    guesses().tell(desk.desk.id, (note["verdict"] for note in answer["notes"]), now=now())
