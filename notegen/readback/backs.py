"""The backs of a press file: behind each note its back, alike on every sheet, and nothing where the paper stays blank."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from notegen.geometry.slot import Box
from notegen.readback import cell, kinds
from notegen.readback.eye import Eye
from notegen.readback.film import Film, Shot
from notegen.readback.kinds import Kind

DPI = 100

_LEAST_INK = 0.02
"""As a part of the pixels of a note's back; less is no back."""

_PAPER = 245
_UNLIKE, _MOST_UNLIKE = 24, 0.005
"""Levels of grey by which a pixel must differ, and the part of a back's pixels that may: edges fall as they fall."""

_EDGE_MM = 4.0
"""So far the bleed of a neighbour may reach into a place that stays blank."""


@dataclass(frozen=True, slots=True)
class Back:
    """What a back of one kind has: a picture of each place, and what is wrong with it by itself."""

    places: tuple[Shot, ...]
    faults: tuple[str, ...]


class Backs:
    """Looks at the backs of a job, behind whose notes `boxes` lie, each with the lines `words` on it."""

    def __init__(self, boxes: Sequence[Box], words: Sequence[str], eyes: Sequence[Eye]) -> None:
        self._boxes, self._words, self._eyes = tuple(boxes), tuple(words), tuple(eyes)

    def faults(self, path: Path, filled: Mapping[int, int]) -> Iterator[tuple[list[int], str]]:
        """The pages (of fronts) with a back that is not good, and why, for each kind of fault.

        `filled` is by the page of a front which of its positions carry a note, as bits. Raises BadInput.
        """
        found = kinds.of_pages(path)
        missing = [page for page in filled if page + 1 > len(found) or page + 1 in filled]
        if missing:
            yield missing, "Its sheet has no back: the page after its front is not there."
        behind = {page: (found[page], filled[page]) for page in filled if page not in missing}
        if not behind:
            return
        with Film(path) as film:
            usual = Counter(behind.values()).most_common(1)[0][0]
            pattern = self._back(film, next(page for page in behind if behind[page] == usual), *usual)
            for kind in dict.fromkeys(behind.values()):
                pages = [page for page in behind if behind[page] == kind]
                back = self._back(film, pages[0], *kind)
                why = next(iter(back.faults), None) or _unlike(back, pattern, kind[1] & usual[1])
                if why:
                    yield pages, why

    def _back(self, film: Film, front: int, kind: Kind, filled: int) -> Back:
        key = (kind, filled, self._boxes, self._words)
        known = _KNOWN.get(key)
        if known is None:
            known = _KNOWN[key] = self._looked_at(film, front + 1, filled)
            if len(_KNOWN) > _MOST_KNOWN:
                del _KNOWN[next(iter(_KNOWN))]
        return known

    def _looked_at(self, film: Film, page: int, filled: int) -> Back:
        with film.leaf(page) as leaf:
            whole = leaf.shot(DPI)
            words = leaf.words(self._boxes) if self._words else [""] * len(self._boxes)
        places = tuple(whole.cut(box) for box in self._boxes)
        return Back(places, tuple(self._wrong(whole, places, words, filled)))

    def _wrong(self, whole: Shot, places: Sequence[Shot], words: Sequence[str], filled: int) -> Iterator[str]:
        for place, (shot, said) in enumerate(zip(places, words, strict=True)):
            if not filled >> place & 1:
                if _inked(whole.cut(_within(self._boxes[place]))):
                    yield "Something is printed on the back of a place that the manifest leaves blank."
            elif np.mean(shot.pixels < _PAPER) < _LEAST_INK:
                yield "The back of the note is missing: there is bare paper."
            elif why := cell.lacking(said, self._words):
                yield f"Its back: {why}"
        if any(eye.read(whole.pixels) for eye in self._eyes):
            yield "A QR is printed on its back."


_KNOWN: dict[tuple[Kind, int, tuple[Box, ...], tuple[str, ...]], Back] = {}
"""Backs of this process's files: those of one job are alike in all of them."""

_MOST_KNOWN = 16


def _unlike(back: Back, pattern: Back, filled: int) -> str | None:
    """Whether a back differs from the usual one of the file at the places that both fill."""
    for place, (one, other) in enumerate(zip(back.places, pattern.places, strict=True)):
        if filled >> place & 1 and _differ(one, other):
            return "Its back is not like those of the other sheets."
    return None


def _differ(one: Shot, other: Shot) -> bool:
    apart = np.abs(one.pixels.astype(np.int16) - other.pixels)
    return bool(np.mean(apart > _UNLIKE) > _MOST_UNLIKE)


def _inked(shot: Shot) -> bool:
    return bool((shot.pixels < _PAPER).any())


@lru_cache(maxsize=64)
def _within(box: Box) -> Box:
    return box[0] + _EDGE_MM, box[1] + _EDGE_MM, box[2] - _EDGE_MM, box[3] - _EDGE_MM
