"""Three sounds that nobody confuses - good rises, attention knocks twice, no falls low - and a short tick for a note that was read."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray

RATE = 44_100


@dataclass(frozen=True, slots=True)
class Tone:
    """Frequency in Hz, from and to; start and length in seconds; its wave (sine, triangle, saw) and its loudness."""

    start_hz: float
    end_hz: float
    at: float
    length: float
    wave: str
    gain: float


TONES: dict[str, tuple[Tone, ...]] = {
    "good": (Tone(659, 659, 0, 0.12, "sine", 0.9), Tone(988, 988, 0.12, 0.24, "sine", 0.9)),
    "attention": (Tone(440, 440, 0, 0.14, "triangle", 1), Tone(440, 440, 0.24, 0.14, "triangle", 1)),
    "no": (Tone(233, 116, 0, 0.55, "saw", 0.7),),
    "read": (Tone(1319, 1319, 0, 0.045, "sine", 0.35),),
}


def wave_of(name: str) -> NDArray[np.int16]:
    """The samples of a sound (N, 2), both ears alike."""
    tones = TONES[name]
    whole = np.zeros(round(RATE * max(tone.at + tone.length for tone in tones)) + 1)
    for tone in tones:
        samples = _sung(tone)
        first = round(RATE * tone.at)
        whole[first : first + len(samples)] += samples
    mono = np.clip(whole * 0.8 * 32767, -32767, 32767).astype(np.int16)
    return np.column_stack([mono, mono])


class Sound:
    """Plays, where this computer can; a computer without a loudspeaker is silent."""

    def __init__(self) -> None:
        try:
            pygame.mixer.init(RATE, -16, 2, 512)
            self._works = True
        except pygame.error:
            self._works = False

    def play(self, name: str) -> None:
        """A sound by its name."""
        if self._works and name in TONES:
            _made(name).play()


@lru_cache(maxsize=8)
def _made(name: str) -> pygame.mixer.Sound:
    return pygame.mixer.Sound(buffer=wave_of(name).tobytes())


def _sung(tone: Tone) -> NDArray[np.float64]:
    count = round(RATE * tone.length)
    share = np.arange(count) / max(1, count)
    hertz = tone.start_hz * (tone.end_hz / tone.start_hz) ** share
    turns = np.cumsum(hertz) / RATE % 1.0
    waves = {"sine": np.sin(2 * np.pi * turns), "triangle": 4 * np.abs(turns - 0.5) - 1, "saw": 2 * turns - 1}
    swell = np.minimum(1, np.arange(count) / (0.01 * RATE)) * np.exp(-4 * share)
    return np.asarray(waves[tone.wave] * swell * tone.gain)
