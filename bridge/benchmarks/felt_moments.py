"""Measure how soon startles and sighs of simulated people are found.

python -m benchmarks.felt_moments prints the figures.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np

from benchmarks.felt_sessions import START, Arrived, estimates_of
from sentio_bridge.affect.expressions import Expressions
from sentio_sensors import ManualClock
from sentio_sensors.simulated import SimulatedSource, SimulateSettings
from sentio_sensors.simulated.body import simulate_body
from sentio_sensors.simulated.scenario import PRESETS, Scenario, Segment
from sentio_sensors.stream import Role

UNSEEN = (21, 22, 23, 24)
"""Seeds that are measured; weights were fitted on 11 to 14."""

ESTIMATORS = ("expression", "voice", "body", "motion")

ROLES = (Role.PPG, Role.EDA, Role.RESP, Role.TEMP, Role.ACCEL, Role.AUDIO, Role.FACE, Role.MOTION)

SENSORS: dict[str, frozenset[str]] = {
    "face, voice, body, head": frozenset({"face", "voice", "body", "movement"}),
    "face, voice, body": frozenset({"face", "voice", "body"}),
    "face": frozenset({"face"}),
    "head, body": frozenset({"movement", "body"}),
    "voice, body": frozenset({"voice", "body"}),
    "voice": frozenset({"voice"}),
    "body": frozenset({"body"}),
}
"""Which modalities are there."""

NEAR = {"startle": 2.0, "sigh": 2.5}
"""Seconds from the truth within which an event's time must lie."""

FACES_HZ = 10.0
"""Rate of a camera's estimates; the simulated tracker is quicker."""


@dataclass(frozen=True, slots=True)
class Eventful:
    """A simulated person who is startled and sighs.

    Attributes:
        seconds: How long; it begins at ``START``.
        truth: Times of startles and sighs, seconds from the start.
        arrived: All estimates in the order of their arrival.
    """

    seconds: float
    truth: dict[str, Sequence[float]]
    arrived: tuple[Arrived, ...]


def script(seed: int, count: int = 8) -> tuple[Segment, ...]:
    """Return the demonstration's scenes shuffled, with startles and sighs."""
    draw = np.random.default_rng([seed, 99])
    known, chosen = list(PRESETS["demo"]), []
    for _ in range(count):
        segment = known[int(draw.integers(len(known)))]
        seconds = int(draw.integers(35, 60))
        at = sorted(draw.uniform(8, seconds - 6, int(draw.integers(0, 3))).tolist())
        startles = tuple(t for i, t in enumerate(at) if i == 0 or t - at[i - 1] > 9)
        sighs = (float(draw.uniform(5, seconds - 5)),) if draw.random() < 0.5 else ()
        chosen.append(
            msgspec.structs.replace(segment, seconds=seconds, startles=startles, sighs=sighs)
        )
    return tuple(chosen)


def play(seed: int) -> Eventful:
    """Run a person through the estimators."""
    segments, clock = script(seed), ManualClock(START)
    settings = SimulateSettings(seed=seed, scenario=segments, roles=ROLES)
    source = SimulatedSource(settings, clock)
    seconds = float(sum(segment.seconds for segment in segments))
    arrived = estimates_of(source, clock, seconds, ESTIMATORS)
    body = simulate_body(Scenario(segments), seed)
    truth = {"startle": body.startles.tolist(), "sigh": body.sighs.tolist()}
    return Eventful(seconds, truth, arrived)


def found(one: Eventful, only: Collection[str]) -> list[tuple[str, float, float, float]]:
    """Return name, time, arrival and probability of startles and sighs."""
    expressions, due, events = Expressions(), 0.0, []
    for arrival in one.arrived:
        made = arrival.estimate
        if made.modality not in only:
            continue
        if made.modality == "face":
            if arrival.now < due:
                continue
            due = arrival.now + 0.95 / FACES_HZ
        for event in expressions.take(made, arrival.captured):
            if event.name in NEAR and event.probability is not None:
                at, now = event.onset - START, arrival.now - START
                events.append((event.name, at, now, event.probability))
    return events


def figures(people: Sequence[Eventful], only: Collection[str], name: str) -> dict[str, Any]:
    """Return found and false events of a kind, their delays and the mean probability."""
    count, false, delays, stated, right = 0, 0, [], [], []
    for one in people:
        events = [event for event in found(one, only) if event[0] == name]
        taken: set[float] = set()
        count += len(one.truth[name])
        for time in one.truth[name]:
            near = [event for event in events if abs(event[1] - time) < NEAR[name]]
            if near:
                delays.append(near[0][2] - time)
                taken.add(near[0][2])
        false += sum(event[2] not in taken for event in events)
        stated += [event[3] for event in events]
        right += [event[2] in taken for event in events]
    minutes = sum(one.seconds for one in people) / 300.0
    return {
        "true": count,
        "found": round(len(delays) / max(1, count), 2),
        "delay": round(float(np.median(delays)), 2) if delays else None,
        "delay_90": round(float(np.percentile(delays, 90)), 2) if delays else None,
        "false_in_5_minutes": round(false / minutes, 2),
        "probability": round(float(np.mean(stated)), 2) if stated else None,
        "right": round(float(np.mean(right)), 2) if right else None,
    }


def run(seeds: Sequence[int] = UNSEEN) -> dict[str, Any]:
    """Return the figures of startles by sensors, and of sighs with a belt."""
    people = [play(seed) for seed in seeds]
    table: dict[str, Any] = {
        name: figures(people, only, "startle") for name, only in SENSORS.items()
    }
    return {"startle": table, "sigh": figures(people, {"body"}, "sigh")}


def main() -> None:
    """Print the figures."""
    print(json.dumps(run(), indent=1))


if __name__ == "__main__":
    main()
