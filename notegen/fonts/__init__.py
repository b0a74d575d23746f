"""Typefaces under the SIL Open Font License, as TrueType for reportlab to embed; each licence lies beside its files.

Atkinson Hyperlegible Next (Braille Institute) is made so that 0 and O, 1 and I are told apart: serials and plain text.
Libre Bodoni is the display face of the notes. Both came as web fonts (Latin and Latin Extended, so that Welsh has its
ŵ and ŷ), were joined with fontTools and stripped of hinting and layout tables, which a press does not use.
"""
