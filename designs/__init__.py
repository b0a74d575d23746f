"""The designs of the notes: a folder for each front, and `national` for the one back.

A design is its `design.toml` and the `art.pdf` that `notegen.engraving` makes of it; a package so that a wheel carries them.
"""
