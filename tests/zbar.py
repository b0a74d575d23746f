"""Whether zbar is here: pip cannot bring it, and a machine without it tests all the rest."""

from ctypes.util import find_library

import pytest

HAS_ZBAR = find_library("zbar") is not None
needs_zbar = pytest.mark.skipif(not HAS_ZBAR, reason="libzbar0 is not installed.")


def but_for_zbar(said: str) -> str:
    """What was said on standard error, without the line which says that zbar is not here."""
    return said if HAS_ZBAR else "".join(line for line in said.splitlines(keepends=True) if "zbar" not in line)
