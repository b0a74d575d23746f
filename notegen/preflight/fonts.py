"""Fonts: every one with which a letter is shown is embedded (ISO 32000-1:2008, 9.9), and none is of Type 3.

A font that is only named is no fault: PDF/X asks for those that are used for rendering (ISO 15930-7).
"""

from collections.abc import Iterator

from notegen.preflight import parts
from notegen.preflight.fault import Fault

_FILES = ("/FontFile", "/FontFile2", "/FontFile3")
RULES = {"font", "type-3"}
_KINDS = {"/Type0", "/Type1", "/MMType1", "/TrueType"}


def judge(font: object, where: str) -> Iterator[Fault]:
    """Faults of one font; those below a Type 0 font are judged with it."""
    kind = parts.name(parts.entry(font, "/Subtype"))
    if kind == "/Type3":
        yield Fault("type-3", "A Type 3 font is drawn differently by every RIP: use outlines.", where)
    if kind not in _KINDS:
        return
    below = parts.listed(parts.entry(font, "/DescendantFonts"))
    described = parts.entry(below[0] if kind == "/Type0" and below else font, "/FontDescriptor")
    if not any(parts.entry(described, key) is not None for key in _FILES):
        yield Fault("font", f"{parts.name(parts.entry(font, '/BaseFont'))[1:] or 'A font'} is not embedded.", where)
