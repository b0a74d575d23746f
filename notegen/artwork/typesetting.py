"""Typst in a process of its own, which may take so much memory and time and no more: `python typesetting.py FOLDER`.

It stands alone, so that the process starts with nothing but Typst.
"""

import datetime
import resource
import sys
from pathlib import Path

SOURCE, MADE = "art.typ", "art.pdf"
UNDRAWN = 3
"""How the process ends when Typst says that it cannot draw what is in the folder."""

_MEMORY_BYTES = 1536 << 20
_SECONDS = 20
_MOMENT = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


def _draw(folder: Path) -> None:
    """Make MADE of SOURCE. What a crash leaves would be as large as the memory, so it leaves none."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import typst  # within the limits

    try:
        compiler = typst.Compiler(folder / SOURCE, root=folder, ignore_system_fonts=True)
        compiler.compile(output=folder / MADE, pdf_tags=False, timestamp=_MOMENT)
    except typst.TypstError:
        sys.exit(UNDRAWN)


if __name__ == "__main__":
    _draw(Path(sys.argv[1]))
