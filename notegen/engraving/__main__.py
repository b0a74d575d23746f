"""`python -m notegen.engraving FOLDER...` engraves each design anew and lays the art beside its design.toml."""

import sys
from pathlib import Path

from app.core.errors import BadDesign
from notegen.design import read
from notegen.engraving import engrave


def main(folders: list[str]) -> int:
    """Engrave the designs in `folders`; 0, or 2 with a sentence on standard error at the first that cannot be."""
    try:
        for folder in map(Path, folders):
            design = read(folder)
            if design.art.suffix.lower() != ".pdf":
                raise BadDesign(f"{design.art} would be written over with a PDF: name art.pdf in design.toml.")
            design.art.write_bytes(engrave(design))
    except BadDesign as fault:
        sys.stderr.write(f"{fault}\n")
        return fault.exit_code
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
