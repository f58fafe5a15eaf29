"""People with known affect, and modalities that measure it with the faults of real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sentio_models import Estimate, Reading
from sentio_sensors.simulated.scenario import PRESETS, Scenario

Floats = NDArray[np.float64]

TOLD = ("valence", "arousal")
"""What the simulated modalities measure."""

SPREAD = 0.45
"""Of simulated affect over people and moments."""

GRID = 0.1
"""Seconds between the points at which truth is known."""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A simulated modality.

    Attributes:
        name: Of the modality.
        hop: Seconds between its estimates.
        variance: Of the errors of what it sees, over many people and moments.
        memory: Seconds over which its errors are alike.
        delay: Seconds from capture to arrival.
        offset: Share of the variance that is one person's own, for the whole session.
        coloured: Share that lasts for ``memory``; the rest is new each time.
        there: Share of the time that it has anything to say.
    """

    name: str
    hop: float
    variance: float
    memory: float
    delay: float
    offset: float
    coloured: float
    there: float = 1.0


INSTRUMENTS = (
    Instrument("face", 0.2, 0.10, 2.0, 0.02, 0.4, 0.4, 0.9),
    Instrument("voice", 1.0, 0.14, 4.0, 0.15, 0.3, 0.4, 0.4),
    Instrument("body", 2.0, 0.12, 25.0, 0.30, 0.4, 0.5),
    Instrument("eeg", 0.5, 0.20, 6.0, 0.05, 0.3, 0.5),
)
"""Rates and errors of the order that the shipped models have. The shares are not those that the
filter assumes, nor are the memories: nobody knows these exactly."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An estimate on its way.

    Attributes:
        now: When it arrives.
        captured: What it says of its capture.
        estimate: Itself.
    """

    now: float
    captured: float
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Session:
    """One simulated person.

    Attributes:
        times: Of the truth, every ``GRID`` seconds.
        truth: By name of ``TOLD``, at ``times``.
        arrivals: In the order of arrival.
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
    """Return a course of affect: ``wandering``, or the demonstration's script.

    Args:
        kind: ``wandering`` or ``scripted``.
        seconds: How long.
        rng: Draws it; the script starts anywhere.
    """
    if kind == "scripted":
        scenario = Scenario(PRESETS["demo"])
        grid = np.arange(int(seconds / GRID) + 1) * GRID + rng.uniform(0, scenario.seconds)
        course = scenario.truth(grid)
        return {"valence": course.valence, "arousal": course.arousal}
    return {
        name: np.clip(wandering(seconds, rng.uniform(20, 60), SPREAD, rng), -1, 1) for name in TOLD
    }


def session(seed: int, kind: str, seconds: float, faults: tuple[Fault, ...] = ()) -> Session:
    """Simulate one person.

    Args:
        seed: Decides everything.
        kind: See ``truth_of``.
        seconds: How long.
        faults: What goes wrong on the way, in this order.
    """
    rng = np.random.default_rng([seed, 4])
    start = 1000.0
    truth = truth_of(kind, seconds, rng)
    times = np.arange(len(truth["valence"]), dtype=np.float64) * GRID + start
    arrivals: list[Arrival] = []
    for instrument in INSTRUMENTS:
        errors = {}
        for name in TOLD:
            sd = np.sqrt(instrument.variance)
            person = rng.normal() * np.sqrt(instrument.offset)
            coloured = wandering(seconds, instrument.memory, 1.0, rng)
            errors[name] = sd * (person + coloured * np.sqrt(instrument.coloured))
        share = 1 - instrument.offset - instrument.coloured
        white = np.sqrt(instrument.variance * share * 3 / 5)  # Student-t of 5 has variance 5/3
        # A model fitted to people says what it expects, given what it saw: less than it saw.
        told = SPREAD**2 / (SPREAD**2 + instrument.variance)
        speaking = _on_and_off(instrument.there, seconds, rng)
        for when in np.arange(rng.uniform(0, instrument.hop), seconds, instrument.hop):
            i = int(when / GRID)
            if not speaking[i]:
                continue
            readings = {
                name: Reading(
                    float(told * (truth[name][i] + errors[name][i] + rng.standard_t(5) * white)),
                    told * instrument.variance,
                )
                for name in TOLD
            }
            estimate = Estimate(instrument.name, readings, quality=1.0)
            captured = start + i * GRID
            arrivals.append(Arrival(captured + instrument.delay, captured, estimate))
    for fault in faults:
        arrivals = fault(rng, arrivals, seconds)
    arrivals.sort(key=lambda arrival: arrival.now)
    return Session(times, truth, arrivals)


def _on_and_off(share: float, seconds: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return whether it speaks, in stretches of about 10 s."""
    if share >= 1:
        return np.ones(int(seconds / GRID) + 1, np.bool_)
    path = wandering(seconds, 10.0, 1.0, rng)
    return np.asarray(path < np.quantile(path, share), np.bool_)


def dropouts(rng: np.random.Generator, arrivals: list[Arrival], seconds: float) -> list[Arrival]:
    """Silence every modality for 20 to 90 s, three times in ten minutes, each at its own times."""
    kept = arrivals
    for name in sorted({a.estimate.modality for a in arrivals}):
        for _ in range(max(1, round(seconds / 200))):
            begin = 1000.0 + rng.uniform(0, seconds)
            end = begin + rng.uniform(20, 90)
            kept = [
                a for a in kept if a.estimate.modality != name or not begin <= a.captured <= end
            ]
    return kept


def wrong_clocks(
    rng: np.random.Generator, arrivals: list[Arrival], seconds: float
) -> list[Arrival]:
    """Let one clock run 2 s ahead, one 1.5 s behind, and one jitter by half a second."""
    moved = []
    for a in arrivals:
        shift = {"body": 2.0, "face": -1.5, "eeg": rng.uniform(-0.5, 0.5)}
        moved.append(replace(a, captured=a.captured + shift.get(a.estimate.modality, 0.0)))
    return moved


def lying(rng: np.random.Generator, arrivals: list[Arrival], seconds: float) -> list[Arrival]:
    """Turn the face's readings round: it looks glad and lively when the person is not."""
    return [
        replace(a, estimate=_said(a.estimate, lambda mean: -mean))
        if a.estimate.modality == "face"
        else a
        for a in arrivals
    ]


def frozen(rng: np.random.Generator, arrivals: list[Arrival], seconds: float) -> list[Arrival]:
    """Let the body's readings stay what they are after a minute, at full quality."""
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


def bragging(rng: np.random.Generator, arrivals: list[Arrival], seconds: float) -> list[Arrival]:
    """Let the noisiest modality claim a twentieth of its variance."""
    return [
        replace(
            a,
            estimate=replace(
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
    """Replace one estimate in ten by anything at all."""
    return [
        replace(a, estimate=_said(a.estimate, lambda _: float(rng.uniform(-1, 1))))
        if rng.uniform() < 0.1
        else a
        for a in arrivals
    ]


def _said(estimate: Estimate, turn: Callable[[float], float]) -> Estimate:
    readings = {n: Reading(turn(r.mean), r.variance) for n, r in estimate.readings.items()}
    return replace(estimate, readings=readings)


SCENARIOS: dict[str, tuple[Fault, ...]] = {
    "clean": (),
    "dropouts": (dropouts,),
    "wrong clocks": (wrong_clocks,),
    "outliers": (outliers,),
    "frozen body": (frozen,),
    "overconfident eeg": (bragging,),
    "lying face": (lying,),
    "everything": (dropouts, wrong_clocks, outliers, lying),
}
"""What is injected, by name."""
