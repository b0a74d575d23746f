"""The reader: reads a stream of frames, dear looks only where cheap ones found nothing, and within a budget of time."""

import time
from dataclasses import dataclass, field, replace

from scanner import looks
from scanner.dull import Dull
from scanner.engines import zxing
from scanner.finders import candidates
from scanner.pace import Clock, Pace
from scanner.reading import Corners, Reading, new_among
from scanner.regions import Grain, Region
from scanner.shades import Frame, Grey, to_grey
from scanner.sighting import Sighting, sighted
from scanner.track import Track

BUDGET_SECONDS = 0.03
"""For one frame of a camera."""

_FORGOTTEN_SECONDS = 1.0
"""A note that was away for so long is met afresh."""

_PAUSE_SECONDS = 0.5
"""Between frames that nobody hurries with: pictures in a folder, or the first of all."""

_LONGEST_SECONDS = 0.25
"""For one frame of a stream, however seldom they come: whoever holds a note waits for it."""

_WHOLE_EVERY = 4
"""Frames of a stream of which one is given to the engine whole, for codes that fill it or are pale."""

_REST_EVERY = 4
"""Frames of a stream of which one is searched for more where something was found already."""

_MOST, _MOST_PATIENTLY = 8, 100
"""Regions of a frame of a camera, and of a picture, which may be a sheet of many notes."""

_PART = 0.62
"""Of its side, where a symbol shares a region with something else."""


class Reader:
    """Keeps what a stream has shown. Frames of one camera in their order; not for several threads at once.

    `budget_seconds` is for a frame of a camera, of the processor's time on this thread unless `clock` is another: a busy
    neighbour must not make a desk blind. Where frames come more slowly, half of the time between them is used, up to a
    quarter of a second; after a pause, as for the first frame, every look is tried, but never in two frames behind one
    another: on a slow computer the looking itself makes the pause. With None every look is taken, always.
    """

    def __init__(self, budget_seconds: float | None = BUDGET_SECONDS, clock: Clock = time.thread_time) -> None:
        self._budget, self._pace, self._patient = budget_seconds, Pace(clock), False
        self._tracks: list[Track] = []
        self._dull = Dull()
        self._last_at = float("-inf")

    def read(self, frame: Frame, at_seconds: float = 0.0) -> list[Reading]:
        """Every QR text in the frame, each place once; corners in pixels. Raises BadInput for what is no picture.

        `at_seconds` is when it was taken, by a clock that never runs backwards.
        """
        grey = to_grey(frame)
        self._begin(at_seconds)
        view = _View(grey, at_seconds, Grain(grey), _MOST_PATIENTLY if self._patient else _MOST)
        for step in (self._plainly, self._sharply, self._whole, self._apart, self._patiently):
            view.take_stock()
            step(view)
        return view.found

    def _begin(self, at_seconds: float) -> None:
        pause, self._last_at = at_seconds - self._last_at, at_seconds
        self._patient = self._budget is None or (pause >= _PAUSE_SECONDS and not self._patient)
        self._pace.start(None if self._budget is None else max(self._budget, min(pause / 2, _LONGEST_SECONDS)))
        self._dull.next_frame()
        self._tracks = [track for track in self._tracks if at_seconds - track.seen_at < _FORGOTTEN_SECONDS]

    @property
    def tracks(self) -> int:
        """How many symbols are being followed that no engine could read at once."""
        return len(self._tracks)

    def _plainly(self, view: "_View") -> None:
        for place in view.open():
            self._pace.take("plain", lambda place=place: view.add(looks.plain(view.grey, place)))  # type: ignore[misc]

    def _sharply(self, view: "_View") -> None:
        for place in self._due(view):
            if self._pace.allows("sharp") and view.is_open(place):
                starts = view.starts.setdefault(place, [])
                self._pace.take(
                    "sharp",
                    lambda place=place, starts=starts: view.add(looks.sharp(view.grey, place, starts)),  # type: ignore[misc]
                )

    def _whole(self, view: "_View") -> None:
        """The whole frame, in a stream only where nothing was found in parts of it, and not every time."""
        due = self._patient or (not view.found and self._dull.frame % _WHOLE_EVERY == 1)
        if due and self._pace.allows("whole"):
            self._pace.take("whole", lambda: view.add(zxing(view.grey)))

    def _apart(self, view: "_View") -> None:
        for place in self._due(view):
            if view.is_open(place) and self._pace.allows("apart"):
                self._pace.take("apart", lambda place=place: self._take_apart(view, place))  # type: ignore[misc]

    def _patiently(self, view: "_View") -> None:
        """What the engines can do more, for codes that are no notes; nobody waits for it where something was found."""
        for look in looks.PATIENT if self._patient and not view.found else ():
            for place in view.open():
                if self._pace.allows("patient"):
                    self._pace.take("patient", lambda look=look, place=place: view.add(look(view.grey, place)))  # type: ignore[misc]

    def _due(self, view: "_View") -> list[Region]:
        """Where a note was a moment ago, then what waited longest for a dear look, without what is dull."""
        tracked = [place for place in view.open() if self._tracked_in(place)]
        others = [place for place in view.open() if place not in tracked and self._dull.is_due(place)]
        if view.found and not self._patient and self._dull.frame % _REST_EVERY:
            return tracked
        return tracked + sorted(others, key=lambda place: -self._dull.waited(place))

    def _take_apart(self, view: "_View", place: Region) -> None:
        """Module by module, from where the last frame, an engine or finder patterns say that a symbol stands."""
        known = [track.corners for track in self._tracked_in(place)]
        sighting = sighted(view.grey, [*known, *view.starts.get(place, [])]) or self._searched(view.grey, place)
        if sighting is None:
            self._dull.missed(place)
            return
        self._dull.found(place)
        track = self._track(sighting, view.at_seconds)
        text = track.add(sighting, view.at_seconds)
        if text is None and self._patient:
            text = track.add(sighting.tightened(view.grey), view.at_seconds)
        view.add([Reading(text, sighting.lattice.corners)] if text else [])

    def _searched(self, grey: Grey, place: Region) -> Sighting | None:
        """By finder patterns, of the size that they have if all of the region is symbol, and in turn if a part is."""
        part = replace(place, module=place.module * _PART)
        sizes = [place, part] if self._patient else [part if self._dull.misses(place) % 2 else place]
        return next((found for size in sizes if (found := sighted(grey, candidates(grey, size)))), None)

    def _track(self, sighting: Sighting, at_seconds: float) -> Track:
        """The track of a symbol, begun when it is new."""
        corners = sighting.lattice.corners
        track = next((track for track in self._tracks if track.is_at(corners)), None)
        if track is None:
            track = Track(corners, at_seconds)
            self._tracks.append(track)
        return track

    def _tracked_in(self, place: Region) -> list[Track]:
        return [track for track in self._tracks if place.holds(track.corners)]


@dataclass(slots=True)
class _View:
    """One frame while it is looked at: what was found so far, and where engines saw symbols that they could not read."""

    grey: Grey
    at_seconds: float
    grain: Grain
    most: int
    places: list[Region] = field(default_factory=list)
    found: list[Reading] = field(default_factory=list)
    starts: dict[Region, list[Corners]] = field(default_factory=dict)

    def take_stock(self) -> None:
        """Of the regions, those that are left without what was found."""
        self.places = self.grain.regions(self.most, [reading.corners for reading in self.found])

    def add(self, readings: list[Reading]) -> None:
        """Add those that stand where nothing was found yet."""
        self.found += new_among(readings, self.found)

    def open(self) -> list[Region]:
        """The regions with room for a symbol that was not read yet."""
        return [place for place in self.places if self.is_open(place)]

    def is_open(self, place: Region) -> bool:
        """Whether there is room for another symbol: those found there fill less than a fifth of it."""
        taken = sum(reading.side**2 for reading in self.found if place.holds(reading.corners))
        return taken < 0.2 * place.area
