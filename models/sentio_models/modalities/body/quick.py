"""Features of the newest 15 s of pulse and skin conductance.

The minute's features react slowly: half a minute after a change they are half of the old state.
These react within their own window. They are noisier, so each pulse feature comes with two numbers
that state how far it can be trusted: how alike the beats are, and how still the sensor is.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import numpy as np

from sentio_models.modalities.body.heart import pulse
from sentio_models.modalities.body.motion import motion
from sentio_models.modalities.body.signals import (
    Floats,
    band_pass,
    grid,
    middle,
    newest,
)
from sentio_models.modalities.body.skin import DRY, WETTEST
from sentio_models.window import Signal

SECONDS = 15.0
"""Length of the window."""

LEAST_SECONDS = 10.0
"""Seconds of signal from which the features are known."""

LEAST_BEATS = 5
"""Beats from which a mean beat is taken."""

BEFORE, AFTER = 0.35, 0.62
"""Part of a beat's period that is cut out before and after its steepest rise."""

SLOWEST_PERIOD = 1.2
"""Seconds; of a slower beat no more is cut out."""

BAND = 0.5, 9.0
"""Hz of the pulse wave whose shape is measured."""

MOVING = 0.03
"""Root-mean-square acceleration, g, at which half of an optical pulse's trust is left."""

UNALIKE, ALIKE = 0.6, 0.95
"""Correlation of beats with their mean at which none and all of the trust is left."""

PULSE = ("heart_rate_15s", "pulse_skewness_15s", "pulse_kurtosis_15s", "ln_pulse_width_15s")
"""Features that depend on clean beats."""

TRUST = ("pulse_likeness_15s", "pulse_stillness_15s")
"""Trust in ``PULSE``, 0..1: likeness of the beats, and stillness of the sensor."""

SKIN = ("ln_scl_rise_15s", "ln_scl_slope_15s", "ln_scl_noise_15s")
"""Features of skin conductance."""

NAMES = PULSE + TRUST + SKIN

_PPG_HZ, _EDA_HZ = 64.0, 8.0


def quick(signals: Mapping[str, Signal], column: str = "") -> dict[str, float]:
    """Measure the newest 15 s of ``ppg`` and ``eda``; unknown features are missing.

    Args:
        signals: By role.
        column: Label of the PPG column to read; the first if empty.

    Returns:
        By name of ``NAMES``: beats a minute, skewness and kurtosis of the mean beat, logarithm of
        its width at half height in seconds, trust 0..1, change of the logarithm of skin conductance
        over 10 s, its slope a minute, and the logarithm of its roughness relative to its level.
    """
    found: dict[str, float] = {}
    with np.errstate(all="ignore"):
        if "ppg" in signals:
            found |= _beats(newest(signals["ppg"], SECONDS), column)
            moved = motion(signals["accel"], SECONDS) if found and "accel" in signals else None
            if moved is not None:
                found["pulse_stillness_15s"] = 1.0 / (1.0 + (moved.rms / MOVING) ** 2)
        if "eda" in signals:
            found |= _skin(newest(signals["eda"], SECONDS))
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _beats(signal: Signal, column: str) -> dict[str, float]:
    index = signal.channels.index(column) if column in signal.channels else 0
    even = grid(signal, _PPG_HZ, SECONDS, index)
    heart = pulse(signal, SECONDS, index) if even is not None else None
    if even is None or heart is None or even.seconds < LEAST_SECONDS:
        return {}
    found = {"pulse_skewness_15s": heart.skewness}
    if len(heart.intervals) > LEAST_BEATS:
        found["heart_rate_15s"] = 60.0 / float(heart.intervals.mean())
    if len(heart.beats) <= LEAST_BEATS:
        return found
    wave = band_pass(even.values, _PPG_HZ, *BAND)
    slope = np.gradient(wave)
    steep = np.clip(slope / (slope.std() + 1e-12), -4, 4)
    if float(np.mean(steep * steep * steep)) < 0:  # a sensor that counts light the other way
        wave = -wave
    return found | _shape(wave, heart.beats)


def _shape(wave: Floats, beats: Floats) -> dict[str, float]:
    """Return shape and likeness of beats that rise at ``beats``."""
    period = min(float(np.median(np.diff(beats))), SLOWEST_PERIOD)
    before, after = round(BEFORE * period * _PPG_HZ), round(AFTER * period * _PPG_HZ)
    at = np.round(beats * _PPG_HZ).astype(int) + len(wave) - 1
    at = at[(at >= before) & (at < len(wave) - after)]
    if len(at) < LEAST_BEATS:
        return {}
    cut = wave[at[:, None] + np.arange(-before, after + 1)]
    typical = np.median(cut, axis=0)
    centred = cut - cut.mean(axis=1, keepdims=True)
    centred /= np.sqrt((centred**2).sum(axis=1, keepdims=True)) + 1e-12
    template = np.median(centred, axis=0)
    template /= np.sqrt((template**2).sum()) + 1e-12
    alike = (float((centred @ template).mean()) - UNALIKE) / (ALIKE - UNALIKE)
    found = {"pulse_likeness_15s": float(np.clip(alike, 0, 1))}
    first = max(before - 2, 0)
    crest = first + int(np.argmax(typical[first : before + round(BEFORE * _PPG_HZ)]))
    foot = int(np.argmin(typical[: before + 1]))
    height = float(typical[crest] - typical[foot])
    if height <= 0 or crest <= foot:
        return found
    relative = (typical - typical[foot]) / height
    rise = foot + int(np.argmax(relative[foot : crest + 1] >= 0.5))
    below = np.flatnonzero(relative[crest:] < 0.5)
    fall = crest + int(below[0]) if len(below) else len(relative) - 1
    about = typical - typical.mean()
    found["ln_pulse_width_15s"] = log((fall - rise) / _PPG_HZ + 0.01)
    found["pulse_kurtosis_15s"] = float(np.mean(about**4) / np.mean(about**2) ** 2)
    return found


def _skin(signal: Signal) -> dict[str, float]:
    even = grid(signal, _EDA_HZ, SECONDS)
    if even is None or even.seconds < LEAST_SECONDS:
        return {}
    values = even.values
    level = middle(values[-round(4 * _EDA_HZ) :])
    if not DRY < level < WETTEST:
        return {}
    logs = np.log(np.maximum(values, 0.02))
    times = np.arange(len(values)) / _EDA_HZ
    rest = values - np.polyval(np.polyfit(times, values, 1), times)
    found = {
        "ln_scl_slope_15s": 60.0 * float(np.polyfit(times, logs, 1)[0]),
        "ln_scl_noise_15s": log(0.002 + float(rest.std()) / max(level, 0.1)),
    }
    if len(logs) > round(12 * _EDA_HZ):
        old, new = logs[-round(12 * _EDA_HZ) : -round(10 * _EDA_HZ)], logs[-round(2 * _EDA_HZ) :]
        found["ln_scl_rise_15s"] = middle(new) - middle(old)
    return found
