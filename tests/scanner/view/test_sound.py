"""Three sounds that nobody confuses."""

import numpy as np
import pytest

from scanner.view.sound import RATE, TONES, wave_of


def loudest_hertz(samples: np.ndarray[tuple[int, ...], np.dtype[np.int16]]) -> float:
    heard = np.abs(np.fft.rfft(samples.astype(np.float64)))
    return float(np.fft.rfftfreq(len(samples), 1 / RATE)[heard.argmax()])


def test_good_rises_and_no_falls() -> None:
    for name, rises in (("good", True), ("no", False)):
        mono = wave_of(name)[:, 0]
        first, last = mono[: len(mono) // 3], mono[-len(mono) // 3 :]
        assert (loudest_hertz(last) > loudest_hertz(first)) is rises


def test_attention_knocks_twice() -> None:
    loud = np.abs(wave_of("attention")[:, 0].astype(np.int32)) > 3000
    spells = np.convolve(loud, np.ones(RATE // 50), "same") > 0
    assert int((np.diff(spells.astype(np.int8)) == 1).sum() + spells[0]) == 2


@pytest.mark.parametrize("name", TONES)
def test_a_sound_is_short_and_never_clips(name: str) -> None:
    samples = wave_of(name)
    assert len(samples) / RATE < 0.7
    assert 3000 < int(np.abs(samples.astype(np.int32)).max()) <= 32767
