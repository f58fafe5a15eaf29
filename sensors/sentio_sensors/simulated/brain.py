"""Simulate eight channels of EEG: background, theta, alpha, beta and blinks."""

from __future__ import annotations

import numpy as np

from sentio_sensors.simulated.body import Body, band_noise, generator, samples_near
from sentio_sensors.simulated.physiology import Signal
from sentio_sensors.simulated.scenario import Floats

ELECTRODES = ("F3", "Fz", "F4", "C3", "C4", "Pz", "O1", "O2")
"""Positions of the 10-20 system (Jasper 1958), in column order."""

_ALPHA = (0.45, 0.40, 0.45, 0.55, 0.55, 0.85, 1.0, 1.0)
_BETA = (0.9, 0.9, 0.9, 1.0, 1.0, 0.7, 0.6, 0.6)
_THETA = (0.8, 1.0, 0.8, 0.6, 0.6, 0.5, 0.4, 0.4)
_BLINK = (70.0, 90.0, 70.0, 20.0, 20.0, 8.0, 3.0, 3.0)
"""Gain of each rhythm, and amplitude of blinks in microvolts, at the electrodes above."""

_LEFT, _RIGHT = ELECTRODES.index("F3"), ELECTRODES.index("F4")


def eeg(body: Body, rate: int, seed: int) -> Signal:
    """Return potentials in microvolts, shape ``(n, 8)``, columns ``ELECTRODES``.

    The background falls with 1/f; alpha (10 Hz) waxes and wanes, stronger in calm and over the
    back of the head (Klimesch 1999); more alpha over F4 than over F3 goes with pleasant,
    approaching states (Allen, Coan & Nazarian 2004); beta over (alpha + theta) rises with
    engagement (Pope, Bogart & Bartolome 1995), frontal theta with effort (Cavanagh & Frank 2014).
    """
    n = body.seconds * rate
    t = np.arange(n) / rate
    f = np.fft.rfftfreq(n, 1 / rate).astype(np.float64)
    arousal, valence = body.curve("arousal", t), body.curve("valence", t)
    engagement = body.curve("engagement", t)

    pink = np.where(f > 45, 0.3, 1.0) / np.sqrt(np.maximum(f, 0.5))
    shared = band_noise(generator(seed, 30), n, rate, pink)
    alpha_shared = band_noise(generator(seed, 31), n, rate, _peak(f, 10.2, 0.7))
    beta_shape = np.exp(-0.5 * ((f - 20) / 4) ** 2)
    theta_shared = band_noise(generator(seed, 32), n, rate, _peak(f, 6.0, 0.8))

    alpha_size = 9.0 * np.exp(-0.55 * arousal - 0.6 * (engagement - 0.4))
    beta_size = 2.2 * np.exp(0.8 * (engagement - 0.4) + 0.25 * arousal)
    theta_size = 3.0 * np.exp(0.5 * (engagement - 0.4))
    tilt = np.exp(0.2 * valence)

    out = np.empty((n, len(ELECTRODES)), np.float32)
    for column in range(len(ELECTRODES)):
        own = generator(seed, 40 + column)
        background = 0.6 * shared + 0.8 * band_noise(own, n, rate, pink)
        alpha = 0.8 * alpha_shared + 0.6 * band_noise(own, n, rate, _peak(f, 10.2, 0.7))
        beta = band_noise(own, n, rate, beta_shape)
        balance = tilt if column == _RIGHT else 1 / tilt if column == _LEFT else 1.0
        out[:, column] = (
            7.0 * background
            + _ALPHA[column] * alpha_size * balance * alpha
            + _BETA[column] * beta_size * beta
            + _THETA[column] * theta_size * theta_shared
        )
    sample, _, delay = samples_near(t, body.blinks, body.seconds, 0.0, 0.4)
    for column, height in enumerate(_BLINK):
        np.add.at(out[:, column], sample, (height * blink_shape(delay)).astype(np.float32))
    return out


def blink_shape(delay: Floats) -> Floats:
    """Return lid closure ``delay`` seconds after the start of a blink, 0..1.

    Closing takes about 100 ms and opening twice that (Caffier, Erdmann & Ullsperger 2003).
    """
    closing = np.clip(delay / 0.1, 0, 1)
    opening = np.clip((0.32 - delay) / 0.2, 0, 1)
    value: Floats = np.where(delay < 0, 0.0, np.minimum(closing, opening))
    return value * value * (3 - 2 * value)


def _peak(f: Floats, centre: float, width: float) -> Floats:
    peak: Floats = np.exp(-0.5 * ((f - centre) / width) ** 2)
    return peak
