"""Words that people give with a deed: kept on one line, bounded, and fit to be shown again."""

from app.core.errors import BadInput, shown

LONGEST_REASON = 40
LONGEST_REMARK = 500


def one_line(text: str, what: str, most: int) -> str:
    """The text with its spaces made single. Raises BadInput when nothing is left, it is too long or not printable."""
    line = " ".join(text.split())
    if not line or len(line) > most or not line.isprintable():
        raise BadInput(f"{shown(text)} is no {what}: write 1 to {most} letters.")
    return line


def perhaps(text: str | None, what: str, most: int) -> str | None:
    """The same of a text that may be left out, or be empty."""
    return one_line(text, what, most) if text and not text.isspace() else None
