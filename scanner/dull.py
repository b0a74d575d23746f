"""Dull places: regions of a desk in which dear looks found nothing, which are looked at ever more seldom."""

from dataclasses import dataclass

from scanner.regions import Region

_LONGEST_WAIT = 16
"""Frames until a dull place is looked at again: half a second of a camera."""

_FORGOTTEN_FRAMES = 60


@dataclass(slots=True)
class _Place:
    region: Region
    misses: int
    at_frame: int


class Dull:
    """Counts frames; `is_due` says whether a region is worth a dear look in this one."""

    def __init__(self) -> None:
        self._places: list[_Place] = []
        self.frame = 0

    def next_frame(self) -> None:
        """Go on to the next frame; what nobody looked at for long is forgotten, so this never grows."""
        self.frame += 1
        self._places = [place for place in self._places if self.frame - place.at_frame < _FORGOTTEN_FRAMES]

    def is_due(self, region: Region) -> bool:
        """Whether the last look there was long enough ago: one frame after the first miss, two after the second."""
        place = self._at(region)
        return place is None or self.frame - place.at_frame >= min(_LONGEST_WAIT, 1 << place.misses >> 1)

    def missed(self, region: Region) -> None:
        """A dear look found nothing there."""
        place = self._at(region)
        if place is None:
            self._places.append(_Place(region, 1, self.frame))
        else:
            place.region, place.misses, place.at_frame = region, min(place.misses + 1, 10), self.frame

    def misses(self, region: Region) -> int:
        """How often in a row a dear look found nothing there."""
        place = self._at(region)
        return 0 if place is None else place.misses

    def waited(self, region: Region) -> int:
        """Frames since the last dear look there; many when there was none."""
        place = self._at(region)
        return _FORGOTTEN_FRAMES if place is None else self.frame - place.at_frame

    def found(self, region: Region) -> None:
        """Something was found there after all."""
        self._places = [place for place in self._places if place.region.shared(region) <= 0.5]

    def _at(self, region: Region) -> _Place | None:
        return next((place for place in self._places if place.region.shared(region) > 0.5), None)
