"""Simulated people with known affect, and modalities with realistic errors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_models import Estimate, Reading
from sentio_sensors.simulated.scenario import PRESETS, Scenario

Floats = NDArray[np.float64]

DIMENSIONS = ("valence", "arousal")
"""Dimensions that the simulated modalities measure."""

SPREAD = 0.45
"""Standard deviation of simulated affect over people and time."""

GRID = 0.1
"""Seconds between samples of the truth."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A simulated modality.

    Attributes:
        name: Name of the modality.
        hop: Seconds between its estimates.
        variance: Variance of its errors over many people and times.
        memory: Correlation time of its errors, seconds.
        delay: Seconds from capture to arrival.
        offset: Share of the variance that is constant for a person.
        coloured: Share with correlation time ``memory``; the rest is white.
        available: Share of the time with estimates.
    """

    name: str
    hop: float
    variance: float
    memory: float
    delay: float
    offset: float
    coloured: float
    available: float = 1.0


INSTRUMENTS = (
    Instrument("face", 0.2, 0.10, 2.0, 0.02, 0.4, 0.4, 0.9),
    Instrument("voice", 1.0, 0.14, 4.0, 0.15, 0.3, 0.4, 0.4),
    Instrument("body", 2.0, 0.12, 25.0, 0.30, 0.4, 0.5),
    Instrument("eeg", 0.5, 0.20, 6.0, 0.05, 0.3, 0.5),
)
"""Rates and errors similar to those of the shipped models. Shares and correlation times differ from
those that the filter assumes, because the true ones are not known exactly."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An estimate with its times.

    Attributes:
        now: Time of arrival.
        captured: Its stated capture time.
        estimate: The estimate.
    """

    now: float
    captured: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Session:
    """Session of one simulated person.

    Attributes:
        times: Times of the truth, every ``GRID`` seconds.
        truth: By name of ``DIMENSIONS``, at ``times``.
        arrivals: Estimates in order of arrival.
    """

    times: Floats
    truth: dict[str, Floats]
    arrivals: list[Arrival]


Fault = Callable[[np.random.Generator, list[Arrival], float], list[Arrival]]


def wandering(seconds: float, tau: float, sd: float, rng: np.random.Generator) -> Floats:
    """Return an Ornstein-Uhlenbeck path every ``GRID`` seconds."""
    count = int(seconds / GRID) + 1
    keep = np.exp(-GRID / tau)
    steps = rng.normal(size=count) * sd * np.sqrt(1 - keep * keep)
    steps[0] = rng.normal() * sd
    path = np.empty(count)
    value = 0.0
    for i in range(count):
        value = steps[i] if i == 0 else keep * value + steps[i]
        path[i] = value
    return path


def truth_of(kind: str, seconds: float, rng: np.random.Generator) -> dict[str, Floats]:
    """Return affect over time: ``wandering``, or the script of the demo.

    Args:
        kind: ``wandering`` or ``scripted``.
        seconds: Length.
        rng: Random generator; also for the start within the script.
    """
    if kind == "scripted":
        scenario = Scenario(PRESETS["demo"])
        grid = np.arange(int(seconds / GRID) + 1) * GRID + rng.uniform(0, scenario.seconds)
        course = scenario.truth(grid)
        return {"valence": course.valence, "arousal": course.arousal}
    return {
        name: np.clip(wandering(seconds, rng.uniform(20, 60), SPREAD, rng), -1, 1)
        for name in DIMENSIONS
    }


def session(seed: int, kind: str, seconds: float, faults: tuple[Fault, ...] = ()) -> Session:
    """Simulate one person.

    Args:
        seed: Seed of all random values.
        kind: See ``truth_of``.
        seconds: Length.
        faults: Faults to inject, in this order.
    """
    rng = np.random.default_rng([seed, 4])
    start = 1000.0
    truth = truth_of(kind, seconds, rng)
    times = np.arange(len(truth["valence"]), dtype=np.float64) * GRID + start
    arrivals: list[Arrival] = []
    for instrument in INSTRUMENTS:
        errors = {}
        for name in DIMENSIONS:
            sd = np.sqrt(instrument.variance)
            person = rng.normal() * np.sqrt(instrument.offset)
            coloured = wandering(seconds, instrument.memory, 1.0, rng)
            errors[name] = sd * (person + coloured * np.sqrt(instrument.coloured))
        share = 1 - instrument.offset - instrument.coloured
        white = np.sqrt(instrument.variance * share * 3 / 5)  # Student-t of 5 has variance 5/3
        # A fitted model reports the expectation given its input, which is smaller than the input.
        shrinkage = SPREAD**2 / (SPREAD**2 + instrument.variance)
        active = _on_and_off(instrument.available, seconds, rng)
        for at in np.arange(rng.uniform(0, instrument.hop), seconds, instrument.hop):
            i = int(at / GRID)
            if not active[i]:
                continue
            readings = {
                name: Reading(
                    float(
                        shrinkage * (truth[name][i] + errors[name][i] + rng.standard_t(5) * white)
                    ),
                    shrinkage * instrument.variance,
                )
                for name in DIMENSIONS
            }
            estimate = Estimate(instrument.name, readings, quality=1.0)
            captured = start + i * GRID
            arrivals.append(Arrival(captured + instrument.delay, captured, estimate))
    for fault in faults:
        arrivals = fault(rng, arrivals, seconds)
    arrivals.sort(key=lambda arrival: arrival.now)
    return Session(times, truth, arrivals)


def _on_and_off(share: float, seconds: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return whether a modality is active, in periods of about 10 s."""
    if share >= 1:
        return np.ones(int(seconds / GRID) + 1, np.bool_)
    path = wandering(seconds, 10.0, 1.0, rng)
    return np.asarray(path < np.quantile(path, share), np.bool_)


def dropouts(rng: np.random.Generator, arrivals: list[Arrival], seconds: float) -> list[Arrival]:
    """Remove 20 to 90 s of each modality, three times in ten minutes.

    The modalities drop out at different times.
    """
    remaining = arrivals
    for name in sorted({a.estimate.modality for a in arrivals}):
        for _ in range(max(1, round(seconds / 200))):
            begin = 1000.0 + rng.uniform(0, seconds)
            end = begin + rng.uniform(20, 90)
            remaining = [
                a
                for a in remaining
                if a.estimate.modality != name or not begin <= a.captured <= end
            ]
    return remaining


def wrong_clocks(
    rng: np.random.Generator, arrivals: list[Arrival], seconds: float
) -> list[Arrival]:
    """Shift one clock by 2 s, one by -1.5 s, and add jitter of half a second to one."""
    shifted = []
    for a in arrivals:
        shift = {"body": 2.0, "face": -1.5, "eeg": rng.uniform(-0.5, 0.5)}
        shifted.append(replace(a, captured=a.captured + shift.get(a.estimate.modality, 0.0)))
    return shifted


def inverted(rng: np.random.Generator, arrivals: list[Arrival], seconds: float) -> list[Arrival]:
    """Invert the sign of the face's readings."""
    return [
        replace(a, estimate=_with_means(a.estimate, lambda mean: -mean))
        if a.estimate.modality == "face"
        else a
        for a in arrivals
    ]


def frozen(rng: np.random.Generator, arrivals: list[Arrival], seconds: float) -> list[Arrival]:
    """Repeat the body's readings after one minute, at full quality."""
    last: Estimate | None = None
    stuck = []
    for a in arrivals:
        if a.estimate.modality == "body":
            if last is None or a.captured < 1060.0:
                last = a.estimate
            else:
                a = replace(a, estimate=last)
        stuck.append(a)
    return stuck


def overconfident(
    rng: np.random.Generator, arrivals: list[Arrival], seconds: float
) -> list[Arrival]:
    """Divide the stated variance of the noisiest modality by 20."""
    return [
        replace(
            a,
            estimate=msgspec.structs.replace(
                a.estimate,
                readings={
                    n: Reading(r.mean, r.variance / 20) for n, r in a.estimate.readings.items()
                },
            ),
        )
        if a.estimate.modality == "eeg"
        else a
        for a in arrivals
    ]


def outliers(rng: np.random.Generator, arrivals: list[Arrival], seconds: float) -> list[Arrival]:
    """Replace one estimate in ten by random values."""
    return [
        replace(a, estimate=_with_means(a.estimate, lambda _: float(rng.uniform(-1, 1))))
        if rng.uniform() < 0.1
        else a
        for a in arrivals
    ]


def _with_means(estimate: Estimate, change: Callable[[float], float]) -> Estimate:
    readings = {n: Reading(change(r.mean), r.variance) for n, r in estimate.readings.items()}
    return msgspec.structs.replace(estimate, readings=readings)


SCENARIOS: dict[str, tuple[Fault, ...]] = {
    "clean": (),
    "dropouts": (dropouts,),
    "wrong clocks": (wrong_clocks,),
    "outliers": (outliers,),
    "frozen body": (frozen,),
    "overconfident eeg": (overconfident,),
    "inverted face": (inverted,),
    "everything": (dropouts, wrong_clocks, outliers, inverted),
}
"""Injected faults by scenario."""
