"""Windows of made-up sensors for the tests of the body."""

from collections.abc import Iterator, Mapping

import numpy as np

from sentio_models import Signal, Window
from sentio_research.data.synthetic_hearts import COMPLEXES, PULSES, steady, wave

Recording = Mapping[str, tuple[np.ndarray, float]]
"""By role: values, shape ``(n, channels)``, and samples a second, from 0 s."""


def windows(recording: Recording, seconds: float, hop: float = 0.5) -> Iterator[tuple[float, dict]]:
    """Cut growing windows of at most a minute; a stream that is over goes after 2 s."""
    for now in np.arange(2.0, seconds + 1e-9, hop):
        signals = {}
        for role, (values, rate) in recording.items():
            first, last = max(0, int((now - 60) * rate)), min(int(now * rate), len(values))
            offsets = (np.arange(first, last) + 1) / rate - now
            if len(offsets) and offsets[-1] > -2.0:
                names = tuple("abcdefgh"[: values.shape[1]])
                signals[role] = Signal(values[first:last].astype(np.float32), offsets, rate, names)
        yield float(now), signals


def follow(tracker, recording: Recording, seconds: float, hop: float = 0.5) -> list[tuple]:
    """Return ``(time, answer)`` of a heart tracker."""
    step, results = float("inf"), []
    for now, signals in windows(recording, seconds, hop):
        results.append((now, tracker.update(signals, step)))
        step = hop
    return results


def play(estimator, recording: Recording, seconds: float, hop: float = 0.5) -> list[tuple]:
    """Return ``(time, estimate)`` of an estimator."""
    step, results = float("inf"), []
    for now, signals in windows(recording, seconds, hop):
        results.append((now, estimator.estimate(Window(signals, step))))
        step = hop
    return results


def column(values) -> np.ndarray:
    """Return one channel."""
    return np.asarray(values, np.float64)[:, None]


def pulse(beats, rate=64.0, seconds=60.0, noise=0.02, seed=0, **more) -> tuple[np.ndarray, float]:
    """Return a photoplethysmogram of beats."""
    values = wave(np.asarray(beats), PULSES["notched"], rate, seconds, **more)
    values += noise * np.random.default_rng(seed).standard_normal(len(values))
    return column(values), rate


def ecg(beats, rate=250.0, seconds=60.0, noise=0.02, seed=0, **more) -> tuple[np.ndarray, float]:
    """Return an electrocardiogram of beats, microvolts."""
    values = wave(np.asarray(beats), COMPLEXES["upright"], rate, seconds, **more)
    values += noise * np.random.default_rng(seed).standard_normal(len(values))
    return column(1000 * values), rate


def still(seconds=60.0, rate=32.0, seed=9) -> tuple[np.ndarray, float]:
    """Return the accelerometer of a person who holds still, g."""
    noise = np.random.default_rng(seed).normal(0, 0.003, (int(seconds * rate), 3))
    return noise + [0.0, 0.0, 1.0], rate


def ramp(first, last, begin, end, seconds) -> np.ndarray:
    """Return beats whose rate moves from one to another between two times."""
    times = [0.3]
    while times[-1] < seconds + 2:
        part = min(max((times[-1] - begin) / (end - begin), 0.0), 1.0)
        times.append(times[-1] + 60 / (first + part * (last - first)))
    return np.array(times)


__all__ = ["column", "ecg", "follow", "play", "pulse", "ramp", "steady", "still", "windows"]
