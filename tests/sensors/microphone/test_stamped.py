"""Tests that resampled samples keep their capture time over jitter and gaps."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_sensors.microphone.stamped import StampedResampler

BLOCK_S = 0.032


def ticks(rate: int, first: float, count: int) -> np.ndarray:
    """Return a sine whose phase encodes the capture time of each sample."""
    return np.sin(2 * np.pi * 5 * (first + np.arange(count) / rate)).astype(np.float32)


@pytest.mark.parametrize("rate", [16000, 44100, 48000])
def test_samples_keep_capture_time_over_a_gap(rate: int) -> None:
    stamped, size = StampedResampler(rate, 16000), int(BLOCK_S * rate)
    parts, lost = [], 0
    for i in range(60):
        first = 10.0 + i * size / rate + (0.2 if i >= 30 else 0.0)
        times, samples, missing = stamped.block(first, ticks(rate, first, size))
        parts.append((times, samples))
        lost += missing
    times = np.concatenate([p[0] for p in parts])
    samples = np.concatenate([p[1] for p in parts])
    assert (np.diff(times) > 0).all()
    assert lost == pytest.approx(0.2 * rate, abs=1)
    gap = int(np.argmax(np.diff(times)))
    end = 10.0 + 30 * size / rate
    assert times[gap] == pytest.approx(end, abs=2 / 16000)
    assert times[gap + 1] == pytest.approx(end + 0.2, abs=2 / 16000)
    error = np.abs(samples - np.sin(2 * np.pi * 5 * times))
    edges = np.minimum(np.abs(np.arange(len(times)) - gap), np.arange(len(times)))
    assert error[edges > 400].max() < 2e-3


def test_driver_jitter_keeps_times_increasing() -> None:
    rng = np.random.default_rng(1)
    stamped = StampedResampler(48000, 16000)
    times = np.concatenate(
        [
            stamped.block(5.0 + i * BLOCK_S + rng.exponential(0.002), np.zeros(1536, np.float32))[0]
            for i in range(300)
        ]
    )
    assert (np.diff(times) > 0).all()
