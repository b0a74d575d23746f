"""The reader: reads a stream of frames, dear looks only where cheap ones found nothing, and within a budget of time."""

import time
from collections.abc import Callable, Iterator

import numpy as np

from scanner.engines import Grey, zbar, zxing, zxing_faults
from scanner.finders import candidates
from scanner.passes import Frame, sharpened, thresholded, to_grey
from scanner.reading import Corners, Reading, new_among
from scanner.regions import Region, regions
from scanner.sighting import Sighting, sighted
from scanner.track import Track

BUDGET_SECONDS = 0.03
"""For one frame; nothing new is begun after it."""

_FORGOTTEN_SECONDS = 1.0
"""A note that was away for so long is met afresh."""

Clock = Callable[[], float]


class Reader:
    """Keeps what a stream has shown. Frames of one camera in their order; not for several threads at once.

    `budget_seconds` None means that every look is taken.
    """

    def __init__(self, budget_seconds: float | None = BUDGET_SECONDS, clock: Clock = time.perf_counter) -> None:
        self._budget, self._clock = budget_seconds, clock
        self._tracks: list[Track] = []
        self._frames = 0

    def read(self, frame: Frame, at_seconds: float = 0.0) -> list[Reading]:
        """Every QR text in the frame, each place once; corners in pixels. Raises BadInput for what is no picture."""
        grey = to_grey(frame)
        ends = None if self._budget is None else self._clock() + self._budget
        self._tracks = [track for track in self._tracks if at_seconds - track.seen_at < _FORGOTTEN_SECONDS]
        self._frames += 1
        found: list[Reading] = []
        for look in self._looks(grey, at_seconds, found):
            found += new_among(look(), found)
            if ends is not None and self._clock() >= ends:
                break
        return found

    def _looks(self, grey: Grey, at_seconds: float, found: list[Reading]) -> Iterator[Callable[[], list[Reading]]]:
        """What might be done with the frame, the best gain for its time first."""
        places = self._by_promise(regions(grey))
        if not places:
            yield lambda: zxing(grey)
            return
        for place in places:
            if _is_open(place, found):
                yield lambda place=place: _moved(zxing(place.cut(grey)), place, 1)
        starts: dict[int, list[Corners]] = {}
        for number, place in enumerate(places):
            if _is_open(place, found):
                yield lambda number=number, place=place: _sharply(grey, place, starts.setdefault(number, []))
        if not found:
            yield lambda: zxing(grey)
        for number, place in enumerate(places):
            if _is_open(place, found):
                yield lambda number=number, place=place: self._apart(grey, place, starts.get(number, []), at_seconds)
        if self._budget is None:
            for place in places:
                for patient in (_soft, _plain_4x, _otsu, _zbar):
                    if _is_open(place, found):
                        yield lambda patient=patient, place=place: patient(grey, place)

    def _by_promise(self, places: list[Region]) -> list[Region]:
        """Where a note was a moment ago comes first; without notes each takes its turn at coming first."""
        tracked = [place for place in places if any(_inside(track.corners, place) for track in self._tracks)]
        others = [place for place in places if place not in tracked]
        turn = self._frames % len(others) if others and self._budget is not None else 0
        return tracked + (others[turn:] + others[:turn] if self._frames > 1 else others)

    def _apart(self, grey: Grey, place: Region, starts: list[Corners], at_seconds: float) -> list[Reading]:
        """Module by module, from where an engine, the last frame or finder patterns say that a symbol stands."""
        tracks = [track.corners for track in self._tracks if _inside(track.corners, place)]
        sighting = sighted(grey, [*starts, *tracks]) or sighted(grey, candidates(grey, place))
        return [] if sighting is None else self._tracked(sighting, at_seconds)

    def _tracked(self, sighting: Sighting, at_seconds: float) -> list[Reading]:
        corners = sighting.lattice.corners
        track = next((track for track in self._tracks if track.is_at(corners)), None)
        if track is None:
            track = Track(corners, at_seconds)
            self._tracks.append(track)
        text = track.add(sighting, at_seconds)
        return [] if text is None else [Reading(text, corners)]


def _is_open(place: Region, found: list[Reading]) -> bool:
    """Whether there is room in a region for a symbol that was not read yet."""
    area = (place.right - place.left) * (place.bottom - place.top)
    taken = sum(reading.side**2 for reading in found if _inside(reading.corners, place))
    return taken < 0.2 * area


def _inside(corners: Corners, place: Region) -> bool:
    x, y = corners.mean(axis=0)
    return bool(place.left < x < place.right and place.top < y < place.bottom)


def _moved(readings: list[Reading], place: Region, factor: float) -> list[Reading]:
    """Readings in an enlarged region, as in the picture."""
    shift = np.array((place.left, place.top))
    return [Reading(each.text, each.scaled(factor).corners + shift) for each in readings]


def _sharply(grey: Grey, place: Region, starts: list[Corners]) -> list[Reading]:
    """Twice as large and sharpened; `starts` gets the corners of symbols that the engine saw and could not read."""
    readings, faults = zxing_faults(sharpened(place.enlarged(grey, 2), sigma=3, amount=7))
    starts += [reading.corners for reading in _moved(faults, place, 2)]
    return _moved(readings, place, 2)


def _soft(grey: Grey, place: Region) -> list[Reading]:
    return _moved(zxing(sharpened(place.enlarged(grey, 3), sigma=4.5, amount=2)), place, 3)


def _plain_4x(grey: Grey, place: Region) -> list[Reading]:
    return _moved(zxing(place.enlarged(grey, 4)), place, 4)


def _otsu(grey: Grey, place: Region) -> list[Reading]:
    return _moved(zxing(thresholded(place.enlarged(grey, 2))), place, 2)


def _zbar(grey: Grey, place: Region) -> list[Reading]:
    return _moved(zbar(place.enlarged(grey, 2)), place, 2)
