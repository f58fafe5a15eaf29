"""Simulate other caps and their noise on recordings of a full cap."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]

CAPS: Mapping[str, tuple[str, ...]] = {
    "10-20, 19": (
        *("Fp1", "Fp2", "F3", "F4", "F7", "F8", "T3", "T4", "C3", "C4"),
        *("T5", "T6", "P3", "P4", "O1", "O2", "Fz", "Cz", "Pz"),
    ),
    "10-20, 8": ("Fp1", "Fp2", "C3", "C4", "T5", "T6", "O1", "O2"),
    "10-20, 4": ("F3", "F4", "P3", "P4"),
    "frontal pair": ("Fp1", "Fp2"),
    "ear pair": ("T3", "T4"),
    "Muse": ("F7", "F8", "T5", "T6"),
    "Unicorn": ("Fz", "C3", "Cz", "C4", "Pz", "O1", "O2"),
}
"""Caps of the evaluation: Muse's TP9, AF7, AF8, TP10 and Unicorn's PO7, Oz, PO8 by sites near
them that EEGMAT has (Oz has none of its own). No head is fitted on one of these sets."""

MOST = 8
"""Most electrodes of a simulated cap in the fit."""


def random_caps(labels: Sequence[str], count: int, seed: int) -> list[tuple[str, ...]]:
    """Return caps of 1 to ``MOST`` random electrodes, none of them in ``CAPS``."""
    rng = np.random.default_rng(seed)
    kept = {frozenset(cap) for cap in CAPS.values()}
    caps: list[tuple[str, ...]] = []
    while len(caps) < count:
        number = min(int(rng.integers(1, MOST + 1)), len(labels))
        cap = tuple(rng.choice(labels, number, replace=False).tolist())
        if frozenset(cap) not in kept:
            caps.append(cap)
    return caps


def worn(
    labels: Sequence[str], person: str, part: int, seed: int
) -> Callable[[Samples, float], Samples]:
    """Return a change of recordings to a badly worn dry headset.

    Up to 2 microvolts of white noise and half a microvolt of steady muscle, the same for all
    recordings of a person; short muscle bursts of up to 8 microvolts and blinks of up to 160, at
    random in each ``part`` and so no sign of rest or work.
    """
    own = np.random.default_rng([seed, *person.encode()])
    level, tension = own.uniform(0, 2.0), own.uniform(0, 0.5)
    each = own.uniform(0.5, 1.5, len(labels))
    rng = np.random.default_rng([seed + 1, part, *person.encode()])

    def change(samples: Samples, rate_hz: float) -> Samples:
        n = len(samples)
        t = np.arange(n) / rate_hz
        force = np.full(n, tension)
        for _ in range(rng.integers(0, 4)):
            middle, width = rng.uniform(0, t[-1]), rng.uniform(0.3, 1.5)
            force += rng.uniform(0, 8) * np.exp(-0.5 * ((t - middle) / width) ** 2)
        noisy = samples + rng.normal(0, 1, samples.shape) * level * each
        noisy += muscle(rng, samples.shape, rate_hz) * force[:, None] * _temples(labels)
        for _ in range(rng.integers(0, 15)):
            noisy += blink(t, rng.uniform(0, t[-1]), rng.uniform(60, 160), labels)
        return np.asarray(noisy, np.float32)

    return change


def jaw_and_blinks(labels: Sequence[str], seed: int) -> Callable[[Samples, float], Samples]:
    """Return a change that adds three jaw clenches of 20 uV and 15 blinks."""
    rng = np.random.default_rng(seed)

    def change(samples: Samples, rate_hz: float) -> Samples:
        t = np.arange(len(samples)) / rate_hz
        force = np.zeros(len(samples))
        for middle in rng.uniform(0, t[-1], 3):
            force += 20 * np.exp(-0.5 * ((t - middle) / 0.7) ** 2)
        noisy = samples + muscle(rng, samples.shape, rate_hz) * force[:, None]
        for middle in rng.uniform(0, t[-1], 15):
            noisy += blink(t, middle, 150.0, labels)
        return np.asarray(noisy, np.float32)

    return change


def muscle(rng: np.random.Generator, shape: tuple[int, ...], rate_hz: float) -> Floats:
    """Return noise of unit deviation above 20 Hz, shape ``(n, channels)``."""
    lines = np.fft.rfft(rng.normal(0, 1, shape), axis=0)
    lines[np.fft.rfftfreq(shape[0], 1 / rate_hz) < 20] = 0
    noise = np.fft.irfft(lines, shape[0], axis=0)
    return np.asarray(noise / noise.std(), np.float64)


def blink(t: Floats, middle: float, height: float, labels: Sequence[str]) -> Floats:
    """Return one blink of ``height`` microvolts at Fp1 and Fp2.

    It is smaller towards the back.
    """
    reach = {"FP": 1.0, "F": 0.4, "C": 0.15, "T": 0.1}
    share = [next((v for k, v in reach.items() if n.upper().startswith(k)), 0.03) for n in labels]
    wave = height * np.exp(-0.5 * ((t - middle) / 0.08) ** 2)
    return np.asarray(wave[:, None] * np.array(share), np.float64)


def _temples(labels: Sequence[str]) -> Floats:
    """Return how strongly muscle reaches each site."""
    near = [n.startswith("T") or n in ("F7", "F8", "Fp1", "Fp2") for n in labels]
    return np.where(near, 1.0, 0.4)
