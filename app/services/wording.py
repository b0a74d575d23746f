"""Words that people give with a deed: kept on one line, bounded, and fit to be shown again."""

import unicodedata

from app.core.errors import BadInput, shown

LONGEST_REASON = 40
LONGEST_REMARK = 500

CONFIRMED_BY = "confirmed by"
"""How the books say who the second person was; what people type may not say it."""


def one_line(text: str, what: str, most: int) -> str:
    """The text with its spaces made single. Raises BadInput when nothing is left, it is too long or not printable."""
    line = " ".join(text.split())
    if not line or len(line) > most or not line.isprintable():
        raise BadInput(f"{shown(text)} is no {what}: write 1 to {most} letters.", most=most)
    return line


def perhaps(text: str | None, what: str, most: int) -> str | None:
    """The same of a text that may be left out, or be empty."""
    return one_line(text, what, most) if text and not text.isspace() else None


def note(text: str | None, most: int) -> str | None:
    """The same of a note, which names no second person. Raises BadInput."""
    line = perhaps(text, "note", most)
    if line is not None and CONFIRMED_BY in unicodedata.normalize("NFKC", line).casefold():
        raise BadInput("A note cannot say who confirmed it: leave that out, the books add it.")
    return line


def confirmed(note: str | None, email: str) -> str:
    """A note as the books keep it, with the second person first, where nobody's own words can stand."""
    return joined(f"{CONFIRMED_BY} {email}", note) or ""


def joined(*parts: str | None) -> str | None:
    """Parts of a note as one; None where there is none."""
    return "; ".join(filter(None, parts)) or None
