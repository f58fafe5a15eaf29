"""Detection of event responses on simulated people with known responses."""

from __future__ import annotations

from typing import Any

import numpy as np

from sentio_bridge.affect.event_responses import Response, ResponseAnalyzer
from sentio_research.metrics import auc, bootstrap

RATE = 4.0
"""Samples per second of each signal."""

SKIN_RESPONSE = (0.4, 0.5)
"""Median and log spread of an evoked skin response, microsiemens: 0.1 to 1.0 and more is the
usual range for a clear stimulus (Boucsein 2012; Dawson, Schell & Filion 2007)."""

HEART = (-3.0, 5.0)
"""Slowing, then quickening, beats/min, after a significant stimulus (Graham & Clifton 1966;
Bradley, Codispoti, Cuthbert & Lang 2001: about 2 to 4, and up to 10 in defence)."""

SPONTANEOUS = (3.0, 0.12)
"""Spontaneous skin responses a minute (1 to 3 at rest, more under load: Boucsein 2012), and
their median, microsiemens."""


def person(
    rng: np.random.Generator, markers: np.ndarray, seconds: float, size: float, affect: bool
) -> list[Response]:
    """Simulate one person; return the analysis of each marker.

    Args:
        rng: Random generator.
        markers: Times of the markers, seconds.
        seconds: Length of the session.
        size: Factor on the published response sizes; 0 for no response.
        affect: Whether fused arousal is analysed, too.
    """
    times = np.arange(0.0, seconds, 1 / RATE)
    skin = 5 + 0.3 * np.cumsum(rng.normal(0, 0.01, len(times))) + rng.normal(0, 0.004, len(times))
    count = rng.poisson(SPONTANEOUS[0] * seconds / 60)
    for at, height in zip(
        rng.uniform(0, seconds, count),
        rng.lognormal(np.log(SPONTANEOUS[1]), 0.6, count),
        strict=True,
    ):
        skin += height * _skin(times - at)
    breath = 2 * np.pi * np.cumsum(rng.normal(0.25, 0.05, len(times))) / RATE
    slow = _smooth(rng.normal(0, 1, len(times)), 20.0)
    heart = 72 + 2.5 * np.sin(breath) + 2.0 * slow + rng.normal(0, 0.7, len(times))
    arousal = 0.15 * _smooth(rng.normal(0, 1, len(times)), 15.0) + rng.normal(0, 0.03, len(times))
    for at in markers:
        height = size * rng.lognormal(np.log(SKIN_RESPONSE[0]), SKIN_RESPONSE[1])
        skin += height * _skin(times - at - rng.uniform(1.2, 3.0))
        fall, climb = (size * h * rng.lognormal(0, 0.3) for h in HEART)
        heart += fall * np.exp(-0.5 * ((times - at - 2.2) / 0.9) ** 2)
        heart += climb * np.exp(-0.5 * ((times - at - 5.5) / 1.5) ** 2)
        arousal += size * 0.3 * _rise(times - at - 1.5)
    analyzer = ResponseAnalyzer()
    waiting = list(markers)
    responses: list[Response] = []
    for i, now in enumerate(times):
        analyzer.feature("scl_now", now, skin[i])
        analyzer.feature("heart_rate_now", now, heart[i])
        if affect:
            analyzer.feature("arousal", now, arousal[i])
        while waiting and waiting[0] <= now:
            analyzer.marker("event", float(waiting.pop(0)))
        if i % int(RATE) == 0:
            responses += analyzer.poll(float(now))
    return responses


def run(people: int = 40, seed: int = 0) -> dict[str, Any]:
    """Measure detection and false alarms, with intervals over people.

    Returns:
        For the body alone and for the body with fused arousal, at each response size: ``auc`` of
        the score, ``detected`` and ``false_alarms`` shares, each ``[value, low, high]``.
    """
    result: dict[str, Any] = {"people": people}
    for label, affect in (("body", False), ("body_and_arousal", True)):
        rng = np.random.default_rng(seed)
        without_response = [person(rng, _markers(rng), 1020.0, 0.0, affect) for _ in range(people)]
        for size in (0.5, 1.0):
            with_response = [
                person(rng, _markers(rng), 1020.0, size, affect) for _ in range(people)
            ]
            every = [(r, 1, k) for k, rs in enumerate(with_response) for r in rs]
            every += [(r, 0, people + k) for k, rs in enumerate(without_response) for r in rs]
            evaluated = [(r, y, k) for r, y, k in every if "warming" not in r.reasons]
            truth = np.array([y for _, y, _ in evaluated])
            scores = np.array([r.score for r, _, _ in evaluated])
            hits = np.array([r.detected for r, _, _ in evaluated])
            groups = np.array([k for _, _, k in evaluated])
            result[f"{label}_x{size:g}"] = {
                "markers": len(evaluated),
                "auc": _figure(truth, groups, lambda i, t=truth, s=scores: auc(t[i], s[i])),
                "detected": _share(hits[truth == 1], groups[truth == 1]),
                "false_alarms": _share(hits[truth == 0], groups[truth == 0]),
            }
    return result


def _figure(truth: np.ndarray, groups: np.ndarray, measure: Any) -> list[float]:
    figure = bootstrap(measure, groups, rounds=300)
    return [round(figure.value, 4), round(figure.low, 4), round(figure.high, 4)]


def _share(hits: np.ndarray, groups: np.ndarray) -> list[float]:
    return _figure(hits, groups, lambda i: float(hits[i].mean()))


def _markers(rng: np.random.Generator) -> np.ndarray:
    """Return marker times 20 to 40 s apart, the first after four minutes."""
    return 240.0 + np.cumsum(rng.uniform(20.0, 40.0, 19))


def _skin(after: np.ndarray) -> np.ndarray:
    """Return a skin response of height 1, as in Alexander et al. (2005).

    It rises for 0.75 s and decays over 2 s.
    """
    t = np.maximum(after, 0.0)
    shape = np.exp(-t / 2.0) - np.exp(-t / 0.75)
    return np.asarray(shape / 0.3463)


def _rise(after: np.ndarray) -> np.ndarray:
    t = np.maximum(after, 0.0)
    return np.asarray((1 - np.exp(-t / 1.5)) * np.exp(-t / 20.0))


def _smooth(noise: np.ndarray, tau: float) -> np.ndarray:
    """Return an Ornstein-Uhlenbeck process of spread 1."""
    keep = np.exp(-1 / (RATE * tau))
    out = np.empty_like(noise)
    level = noise[0]
    for i, shock in enumerate(noise):
        level = keep * level + np.sqrt(1 - keep**2) * shock
        out[i] = level
    return out
