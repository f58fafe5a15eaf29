"""Plan the simulated speech: timing, level, pitch and vowels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.simulated.body import Body, generator
from sentio_sensors.simulated.moments import since
from sentio_sensors.simulated.scenario import Floats

SPEECH_HZ = 100
"""Rate of the speech curves, Hz: the usual 10 ms of phonetics."""

CRIES = 0.5
"""Share of the startles with a cry."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Curves at ``SPEECH_HZ`` over one loop.

    Attributes:
        level: Relative level, 0 (silent) .. 1 (peak of a stressed syllable).
        pitch: Fundamental frequency, Hz; defined also where the level is 0.
        gain: Peak amplitude of the loudest syllable, parts of full scale.
        vowel: Index into ``voice.VOWELS``.
    """

    level: Floats
    pitch: Floats
    gain: Floats
    vowel: NDArray[np.intp]


def plan_speech(body: Body, seed: int, vowels: int) -> Speech:
    """Plan the speech of a loop: phrases of syllables with pauses.

    Arousal raises pitch, its range, loudness and speed (Juslin & Laukka 2003); pitch falls along
    a phrase; 4..6 syllables a second are normal (Pellegrino, Coupe & Marsico 2011).

    Args:
        body: Gives arousal and the share of speech.
        seed: Seed of the phrases.
        vowels: Number of vowels to choose from.
    """
    rng = generator(seed, 60)
    n = body.seconds * SPEECH_HZ
    t = np.arange(n) / SPEECH_HZ
    level = np.zeros(n)
    vowel = np.zeros(n, np.intp)
    arousal, talking = body.curve("arousal", t), body.curve("talking", t)
    pitch = (125 if seed % 2 else 205) * np.exp2(0.45 * arousal)
    span = 0.12 + 0.10 * np.clip(arousal, -0.5, 1)

    now = 0.3
    while now < body.seconds - 1.0:
        share = float(np.interp(now, t, talking))
        if share < 0.02:
            now += 0.5
            continue
        syllable = 1 / (4.6 + 1.1 * float(np.interp(now, t, arousal)))
        count = int(rng.integers(6, 13))
        end = min(now + count * syllable, body.seconds - 0.3)
        phrase = (t >= now) & (t < end)
        within = (t[phrase] - now) / syllable
        stress = rng.uniform(0.55, 1.0, count + 1)[within.astype(np.intp)]
        # A syllable rises for two thirds and falls for the rest (its consonant).
        level[phrase] = stress * np.sin(np.pi * np.clip(np.mod(within, 1) / 0.85, 0, 1)) ** 0.7
        vowel[phrase] = rng.integers(0, vowels, count + 1)[within.astype(np.intp)]
        fall = 1 - (t[phrase] - now) / (end - now)
        pitch[phrase] *= 1 + span[phrase] * (fall - 0.5 + (stress - 0.78))
        now = end + (end - now) * (1 / share - 1) * rng.uniform(0.6, 1.4)
    gain = 0.16 * np.exp2(1.1 * arousal)
    cries = generator(seed, 82).random(len(body.startles)) < CRIES
    for at in body.startles[cries]:
        cry = since(t, np.array([at + 0.15]), body.seconds) < 0.35
        level[cry], vowel[cry] = 1.0, 0
        pitch[cry] *= 1.6
        gain[cry] = 0.5
    return Speech(level, pitch, np.minimum(gain, 0.6), vowel)
