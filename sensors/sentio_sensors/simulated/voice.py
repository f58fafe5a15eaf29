"""Synthesise a voice on demand: harmonics, formants, breath and room noise."""

from __future__ import annotations

import numpy as np

from sentio_sensors.simulated.body import generator, whole_cycles
from sentio_sensors.simulated.physiology import Signal
from sentio_sensors.simulated.scenario import Floats
from sentio_sensors.simulated.speech import SPEECH_HZ, Speech

VOWELS = (
    # First three formants, Hz, men's means of Peterson & Barney 1952: a, e, i, o, u.
    (730.0, 1090.0, 2440.0),
    (530.0, 1840.0, 2480.0),
    (270.0, 2290.0, 3010.0),
    (570.0, 840.0, 2410.0),
    (300.0, 870.0, 2240.0),
)
_BANDWIDTHS = (80.0, 110.0, 160.0)
_HARMONICS = 28
_ROOM = 0.0006
"""Amplitude of the room noise: -64 dB of full scale."""
_BREATHINESS = 0.03
_NOISE = 16001
"""Period of the noise, samples: a prime, so that it never aligns with blocks."""


class Voice:
    """Audio of one loop by sample index.

    Args:
        speech: Speech curves.
        rate: Samples a second, a multiple of ``SPEECH_HZ``.
        seed: Seed of the noise.
    """

    def __init__(self, speech: Speech, rate: int, seed: int) -> None:
        self._rate = rate
        self._step = rate // SPEECH_HZ
        self._cycles = whole_cycles(speech.pitch, SPEECH_HZ)
        self._cells = len(speech.pitch)
        self._amplitudes = _harmonics(speech)
        self._breath = (_BREATHINESS * speech.level * speech.gain).astype(np.float32)
        self._noise = generator(seed, 61).standard_normal(_NOISE).astype(np.float32)
        self._orders = np.arange(1, _HARMONICS + 1, dtype=np.float32)

    def values(self, start: int, count: int) -> Signal:
        """Return samples ``start .. start + count``, -1..1, shape ``(count, 1)``."""
        index = np.arange(start, start + count)
        cell, within = np.divmod(index, self._step)
        fraction = (within / self._step).astype(np.float32)
        here, after = cell % self._cells, (cell + 1) % self._cells
        sound = (_ROOM + self._breath[here]) * self._noise[index % _NOISE]
        # Complete 10 ms cells are voiced or not, so any division into blocks gives the same sum.
        voiced = np.flatnonzero((self._breath[here] > 0) | (self._breath[after] > 0))
        if len(voiced):
            h, w = here[voiced], fraction[voiced][:, None]
            phase = self._cycles[h] + fraction[voiced] * (self._cycles[h + 1] - self._cycles[h])
            turn = (2 * np.pi * np.mod(phase, 1.0)).astype(np.float32)
            amplitude = self._amplitudes[h] * (1 - w) + self._amplitudes[after[voiced]] * w
            wave = np.sin(turn[:, None] * self._orders)
            sound[voiced] += (wave * amplitude).sum(axis=1)
        clipped: Signal = np.clip(sound, -1, 1).astype(np.float32)[:, None]
        return clipped


def _harmonics(speech: Speech) -> Signal:
    """Return harmonic amplitudes of each cell: a falling source, three formants."""
    orders = np.arange(1, _HARMONICS + 1)
    frequency = speech.pitch[:, None] * orders
    formants = np.array(VOWELS)[speech.vowel]
    response: Floats = np.zeros_like(frequency)
    for index, width in enumerate(_BANDWIDTHS):
        away = (frequency - formants[:, index : index + 1]) / width
        response += 0.7**index / (1 + away**2)
    # Louder voices have brighter sources: the glottal tilt flattens with gain.
    tilt = 1.5 - 1.2 * speech.gain[:, None]
    amplitude = (0.08 + response) * orders ** (-tilt) * (frequency < 7000)
    amplitude /= amplitude.sum(axis=1, keepdims=True)
    scaled: Signal = (amplitude * (speech.gain * speech.level)[:, None]).astype(np.float32)
    return scaled
