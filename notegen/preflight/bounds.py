"""Bounds: how much of a hostile or broken file is looked at before it is called a fault."""

from notegen.unpacking import MOST_BYTES, TooMuch, bounded, unpacked

__all__ = ["MOST_BYTES", "TooMuch", "bounded", "unpacked"]

MOST_OPERATIONS = 1_000_000
OPERATIONS_A_PAGE = 2_000
"""A file may draw so much, and so much more for each of its pages; a stretch of lines and curves is one."""

OPERATIONS_A_FORM = 50
"""What it takes to begin a form counts as so many."""

DEEPEST_FORM = 28
"""How far forms may lie in one another, as q may (ISO 32000-1:2008, annex C)."""
