"""A design to take away: its folder as a zip, with what a designer needs to know to finish it."""

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from notegen.together import folder
from notegen.together.choices import Choices
from notegen.together.window import Brought

_EPOCH = (1980, 1, 1, 0, 0, 0)
_README = """{title}: a front for Hournote

art.pdf      the art, in vectors and CMYK (FOGRA39), 135 x 66 mm with 3 mm of bleed. Illustrator, Affinity, Inkscape and
             Scribus open it.
picture.jpg  the picture as it was brought, where there is one; art.pdf has the part that the window shows.
design.toml  the inks, the slots that the press prints into, and every layer of the art in mm.

Two ways to go on:
- Change numbers, inks and words in design.toml, then: python -m notegen.engraving {name}
- Change art.pdf in your program. Then delete all [[engraving.layer]] tables of design.toml, because the art is not theirs any more.

Leave the white panel of the QR bare, and the slots light. The QR, the serials and the back are printed by Hournote.
Then: notegen check {name}, with the folder national of Hournote's designs beside it, until it says No faults.
"""


def zipped(choices: Choices, picture: Brought | None, data: bytes) -> bytes:
    """The design in a folder of its name; the same bytes for the same choices. Raises BadDesign."""
    file = BytesIO()
    with TemporaryDirectory(prefix="notegen-") as parent, ZipFile(file, "w", ZIP_DEFLATED) as packed:
        made = folder.write(choices, picture, data, Path(parent))
        for path in sorted(made.iterdir()):
            packed.writestr(_entry(f"{choices.name}/{path.name}"), path.read_bytes())
        packed.writestr(_entry(f"{choices.name}/README.txt"), _README.format(title=choices.title, name=choices.name))
    return file.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
    return entry
