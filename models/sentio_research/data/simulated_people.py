"""Simulated people for the body, with their true beats."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sentio_research.data.body import Stream
from sentio_sensors.simulated import PRESETS, Scenario, physiology
from sentio_sensors.simulated.body import Body, simulate_body

Floats = NDArray[np.float64]

SECONDS = 300.0
"""How long each is watched; shorter scenarios start over."""

_MAKERS = {
    "ppg": (physiology.ppg, 64),
    "ecg": (physiology.ecg, 250),
    "eda": (physiology.eda, 4),
    "resp": (physiology.resp, 25),
    "temp": (physiology.temp, 4),
    "accel": (physiology.accel, 32),
    "heart_rate": (physiology.heart_rate, 1),
}

SCENARIOS = tuple(name for name in PRESETS if name != "jump-scare")
"""Names of the scenarios."""


def person(scenario: str, seed: int) -> tuple[Body, Mapping[str, Stream]]:
    """Return a body and its sensors' streams of ``SECONDS``, from 0 s."""
    body = simulate_body(Scenario(PRESETS[scenario]), seed)
    loops = int(np.ceil(SECONDS / body.seconds))
    streams = {
        role: Stream(np.tile(make(body, rate, seed), (loops, 1)), float(rate), 0.0)
        for role, (make, rate) in _MAKERS.items()
    }
    return body, streams


def beat_rate(body: Body, times: Floats, before: float, after: float) -> Floats:
    """Return the rate of true beats around each time, beats a minute."""
    first = np.maximum(times - before, 0.0)
    counted: Floats = (body.beat.at(times + after) - body.beat.at(first)) / (times + after - first)
    return 60.0 * counted


def responses(body: Body) -> tuple[Floats, Floats]:
    """Return onsets (s) and amplitudes (uS) of the true skin responses."""
    loops = int(np.ceil(SECONDS / body.seconds))
    onsets = np.concatenate([body.responses + loop * body.seconds for loop in range(loops)])
    amplitudes = np.tile(body.amplitudes, loops)
    inside = onsets < SECONDS
    return onsets[inside], amplitudes[inside]
