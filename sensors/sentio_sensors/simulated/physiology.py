"""Simulate the waveforms of the body sensors over one loop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.simulated.body import Body, band_noise, generator, lag, samples_near
from sentio_sensors.simulated.moments import DEEP, face_course, since
from sentio_sensors.simulated.scenario import Floats

Signal = NDArray[np.float32]

_ECG_WAVES = (
    # name, centre s (at 60 beats/min), width s, microvolts, scales with the interval
    ("P", -0.17, 0.022, 130.0, True),
    ("Q", -0.026, 0.009, -110.0, False),
    ("R", 0.0, 0.011, 1100.0, False),
    ("S", 0.028, 0.010, -230.0, False),
    ("T", 0.29, 0.050, 280.0, True),
)

_PULSE_WAVES = (
    # centre and width in parts of a beat, height: the systolic and the reflected (dicrotic)
    # wave, as two Gaussians (Tang et al. 2020); the notch is the valley between them.
    (0.18, 0.075, 1.0),
    (0.47, 0.095, 0.42),
)

_PULSE_DELAY = 0.22
"""Seconds from the R peak to the foot of the pulse at the wrist (Allen 2007)."""

_COUNTED = 5.0
"""Window over which a strap counts beats, seconds."""

_SCR_RISE, _SCR_DECAY = 0.75, 2.0
"""Time constants of a skin conductance response, seconds (Benedek & Kaernbach 2010)."""


def ecg(body: Body, rate: int, seed: int) -> Signal:
    """Return lead II in microvolts, shape ``(n, 1)``, as in ECGSYN.

    Each beat has five Gaussian waves. P and T move with the square root of the beat interval
    (Bazett); the QRS complex keeps its width (McSharry et al. 2003).
    """
    t = _times(body, rate)
    beats = body.beat.events()
    intervals = np.diff(np.append(beats, beats[0] + body.seconds))
    wave = np.zeros(len(t))
    sample, beat, delay = samples_near(t, beats, body.seconds, 0.35, 0.6)
    stretch = np.sqrt(np.clip(intervals, 0.4, 1.4))[beat]
    value = np.zeros(len(delay))
    for _, centre, width, height, moves in _ECG_WAVES:
        value += height * np.exp(
            -0.5 * ((delay - centre * (stretch if moves else 1.0)) / width) ** 2
        )
    np.add.at(wave, sample, value)
    wander = 40 * np.sin(2 * np.pi * body.breath.at(t)) + 12 * _white(seed, 10, len(t))
    return _column(wave + wander)


def ppg(body: Body, rate: int, seed: int) -> Signal:
    """Return a blood volume pulse, shape ``(n, 1)``, no unit, mean near 0.

    It has a dicrotic notch. Peripheral vessels narrow under stress, so the pulse gets smaller;
    breathing moves its baseline (Allen 2007).
    """
    t = _times(body, rate)
    phase = np.mod(body.beat.at(t - _PULSE_DELAY), 1.0)
    wave = np.zeros(len(t))
    for centre, width, height in _PULSE_WAVES:
        for turn in (-1, 0, 1):
            wave += height * np.exp(-0.5 * ((phase - centre + turn) / width) ** 2)
    size = 70 * (1 - 0.45 * body.curve("stress", t))
    breath = np.sin(2 * np.pi * body.breath.at(t))
    noise = band_noise(generator(seed, 11), len(t), rate, _pink(len(t), rate, 0.3))
    return _column(size * (wave - wave.mean()) * (1 + 0.06 * breath) + 4 * breath + 0.8 * noise)


def eda(body: Body, rate: int, seed: int) -> Signal:
    """Return skin conductance in microsiemens, shape ``(n, 1)``.

    Levels of 2..20 microsiemens that move by 1..3 with arousal over half a minute (Dawson,
    Schell & Filion 2007); responses with the bi-exponential shape of Benedek & Kaernbach 2010.
    """
    t = _times(body, rate)
    level = 5.0 + 1.8 * lag(body.curve("arousal", t), 15.0, rate)
    drift = band_noise(generator(seed, 12), len(t), rate, _pink(len(t), rate, 0.02) ** 2)
    onset, which, delay = samples_near(
        t, body.responses, body.seconds, 0, min(20.0, body.seconds - 1)
    )
    shape = np.where(delay >= 0, np.exp(-delay / _SCR_DECAY) - np.exp(-delay / _SCR_RISE), 0)
    peak = np.log(_SCR_DECAY / _SCR_RISE) / (1 / _SCR_RISE - 1 / _SCR_DECAY)
    shape /= np.exp(-peak / _SCR_DECAY) - np.exp(-peak / _SCR_RISE)
    responses = np.zeros(len(t))
    np.add.at(responses, onset, shape * body.amplitudes[which])
    return _column(level + 0.03 * drift + responses + 0.003 * _white(seed, 13, len(t)))


def heart_rate(body: Body, rate: int, seed: int) -> Signal:
    """Return beats a minute as a strap counts them, shape ``(n, 1)``."""
    t = _times(body, rate)
    counted = (body.beat.at(t) - body.beat.at(t - _COUNTED)) * 60 / _COUNTED
    return _column(np.round(counted))


def resp(body: Body, rate: int, seed: int) -> Signal:
    """Return the stretch of a chest belt, shape ``(n, 1)``; up is inspiration.

    It has no unit. Inspiration takes two fifths of a breath; depth falls as the rate rises.
    """
    t = _times(body, rate)
    phase = np.mod(body.breath.at(t), 1.0)
    rise = 0.5 - 0.5 * np.cos(np.pi * phase / 0.4)
    fall = 0.5 + 0.5 * np.cos(np.pi * (phase - 0.4) / 0.6)
    depth = 14.0 / body.curve("breathing_rate", t)
    wave = depth * (np.where(phase < 0.4, rise, fall) - 0.5)
    # A sigh begins where every breath begins, and goes further up.
    cycle = np.floor(body.breath.at(t))
    deep = np.isin(cycle, np.round(body.breath.at(body.sighs)))
    wave = np.where(deep, DEEP * (wave + 0.5 * depth) - 0.5 * depth, wave)
    return _column(wave + 0.01 * _white(seed, 14, len(t)))


def temp(body: Body, rate: int, seed: int) -> Signal:
    """Return skin temperature in degrees Celsius, shape ``(n, 1)``.

    It falls by tenths of a degree half a minute after vessels narrow (Vinkers et al. 2013).
    """
    t = _times(body, rate)
    skin = 33.2 - 0.9 * lag(body.curve("stress", t), 30.0, rate)
    return _column(skin + 0.01 * _white(seed, 15, len(t)))


def accel(body: Body, rate: int, seed: int) -> Signal:
    """Return acceleration of x, y, z in g, shape ``(n, 3)``.

    It consists of gravity, breathing and gestures.
    """
    t = _times(body, rate)
    n = len(t)
    f = np.fft.rfftfreq(n, 1 / rate)
    shape = np.exp(-0.5 * ((f - 1.8) / 1.0) ** 2)
    # Gestures are bursts where a slow noise is high.
    slow = band_noise(generator(seed, 16), n, rate, np.exp(-((f / 0.15) ** 2)))
    size = 0.25 * body.curve("moving", t) * np.clip(slow, 0, None)
    breath = 0.006 * np.sin(2 * np.pi * body.breath.at(t))
    start = since(t, body.startles, body.seconds)
    size = size + 0.35 * face_course(start)
    rows = []
    for axis, gravity in enumerate((-0.34, 0.42, 0.84)):
        gesture = band_noise(generator(seed, 17 + axis), n, rate, shape)
        rows.append(gravity + breath + size * gesture + 0.004 * _white(seed, 20 + axis, n))
    return np.stack(rows, axis=1).astype(np.float32)


def _times(body: Body, rate: int) -> Floats:
    return np.arange(body.seconds * rate) / rate


def _white(seed: int, part: int, n: int) -> Floats:
    return generator(seed, part).standard_normal(n)


def _pink(n: int, rate: float, low_hz: float) -> Floats:
    shape: Floats = 1 / np.sqrt(np.maximum(np.fft.rfftfreq(n, 1 / rate), low_hz))
    return shape


def _column(values: Floats) -> Signal:
    column: Signal = values.astype(np.float32)[:, None]
    return column
