"""`python -m tests.notegen.golden [NAME...]` draws the golden pictures anew: of all designs, or of those named."""

import sys

from notegen import design
from tests.notegen import golden

for name in sys.argv[1:] or design.names(design.default_folder()):
    found = design.find(name, design.default_folder())
    golden.picture(found).save(golden.place(found), optimize=True)
    sys.stdout.write(f"{golden.place(found)}\n")
