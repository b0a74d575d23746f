"""Worn notes before a cheap camera: a simulator of print, wear and optics, seeded, with named axes.

| part | what |
| --- | --- |
| `printed` | notes as `notegen compose` writes them: real art, real signed tokens, 300 dots per inch |
| `axes`, `mixes` | what can be wrong with a picture, one number each; how much of it, in three mixes |
| `paper` | ink gain, fading, folds, stains, pens and holes, on the sheet |
| `pose`, `optics`, `light` | where the sheet lies before the lens; blur, noise and JPEG; light and glare |
| `desks` | what lies under the notes, and desks without any |
| `shots`, `clips` | one frame; ten frames of a hand that holds a note |

Two parts, `TUNING` and `HELD_OUT`, share no design, no serial and no seed: tune on one, report the other.
"""
