"""Simulated people through the real estimators on a manual clock, with truth."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from sentio_bridge.config.loader import parse
from sentio_bridge.pipeline.estimator_pipeline import EstimatorPipeline
from sentio_bridge.pipeline.estimator_pool import kinds
from sentio_models import Estimate
from sentio_sensors import ManualClock
from sentio_sensors.simulated import SimulatedSource, SimulateSettings
from sentio_sensors.simulated.faults import Fault
from sentio_sensors.simulated.scenario import PRESETS, Scenario, Segment
from sentio_sensors.stream import Role

ESTIMATORS = ("expression", "voice", "body", "eeg")
"""Those that need no camera and no model from elsewhere."""

START = 1000.0
"""Of the clock, seconds."""

STEP = 0.05
"""Seconds between two looks at the sources."""

REST = 600
"""Seconds of the script of mere rest."""


ARTEFACTS = (
    Fault(kind="motion", role=Role.PPG, at=12.0, seconds=6.0, every=31.0),
    Fault(kind="motion", role=Role.ACCEL, at=12.0, seconds=6.0, every=31.0),
    Fault(kind="motion", role=Role.EDA, at=20.0, seconds=3.0, every=47.0),
    Fault(kind="motion", role=Role.EEG, at=5.0, seconds=1.5, every=9.0),
    Fault(kind="flat", role=Role.EEG, at=60.0, seconds=20.0, every=120.0, channel=0),
    Fault(kind="motion", role=Role.AUDIO, at=8.0, seconds=2.0, every=17.0),
    Fault(kind="dropout", role=Role.FACE, at=25.0, seconds=3.0, every=40.0),
)
"""Artefacts of real sensors: a moving wrist, a loose skin electrode, jaw and blinks in EEG, a lost
electrode, bursts of noise in the microphone, a face that leaves the picture."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """An estimate as it reached the hub.

    Attributes:
        now: When.
        captured: Of its newest sample.
        estimator: What made it.
        estimate: Itself.
    """

    now: float
    captured: float
    estimator: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class FeltSession:
    """One simulated person.

    Attributes:
        name: Of the script.
        seed: Of the person.
        segments: What they felt.
        seconds: How long; it begins at ``START``.
        arrived: All estimates in the order of their arrival.
    """

    name: str
    seed: int
    segments: tuple[Segment, ...]
    seconds: float
    arrived: tuple[Arrived, ...]

    def scenario(self) -> Scenario:
        """Return the script with its truth."""
        return Scenario(self.segments)


def shuffled(seed: int, count: int = 8) -> tuple[Segment, ...]:
    """Return a script of the known scenes in another order, length and strength."""
    draw = np.random.default_rng([seed, 4711])
    known = list(PRESETS["demo"])
    chosen: list[Segment] = []
    while len(chosen) < count:
        segment = known[int(draw.integers(len(known)))]
        if chosen and segment.name == chosen[-1].name:
            continue
        size = float(draw.uniform(0.6, 1.0))
        chosen.append(
            Segment(
                name=segment.name,
                seconds=int(draw.integers(15, 46)),
                valence=size * segment.valence,
                arousal=size * segment.arousal,
                dominance=size * segment.dominance,
                engagement=segment.engagement,
                talking=segment.talking,
                moving=segment.moving,
            )
        )
    return tuple(chosen)


def script(name: str, seed: int) -> tuple[Segment, ...]:
    """Return a preset, ``shuffled``, or ``rest`` without a repetition.

    A preset of one scene repeats its noise with the scene; ten minutes of rest must not.
    """
    if name == "rest":
        (segment,) = PRESETS["rest"]
        return (msgspec.structs.replace(segment, seconds=REST),)
    return shuffled(seed) if name == "shuffled" else PRESETS[name]


def estimates_of(
    source: SimulatedSource, clock: ManualClock, seconds: float, estimators: Collection[str]
) -> tuple[Arrived, ...]:
    """Return what some estimators make of a source, in order of arrival."""
    known = [kind for kind in kinds(parse("").models) if kind.name in estimators]
    pipelines = {kind.name: EstimatorPipeline(kind.make()) for kind in known}
    route: dict[str, str] = {}
    for spec in source.open():
        for kind in known:
            if spec.role.value in kind.roles:
                pipelines[kind.name].apply(spec)
                route[spec.id] = kind.name
    arrived: list[Arrived] = []
    while clock.now() < START + seconds:
        for chunk in source.read(STEP):
            estimator = route.get(chunk.stream)
            made = None if estimator is None else pipelines[estimator].apply(chunk)
            if estimator is not None and made is not None:
                arrived.append(Arrived(clock.now(), made[1], estimator, made[0]))
    return tuple(arrived)


def play(
    name: str, seed: int, seconds: float, faults: Sequence[Fault] = (), cache: Path | None = None
) -> FeltSession:
    """Run a simulated person through the estimators.

    Args:
        name: Of a script (``script``).
        seed: Of the person.
        seconds: How long.
        faults: What goes wrong with the sensors.
        cache: Folder where sessions are kept between runs; None keeps none. Delete it when a
            model has changed.
    """
    file = None if cache is None else cache / f"{name}-{seed}-{seconds:g}-{len(faults)}.pickle"
    if file is not None and file.exists():
        with file.open("rb") as stored:
            kept = pickle.load(stored)  # noqa: S301  (written below, by the same benchmark)
        assert isinstance(kept, FeltSession)
        return kept
    segments = script(name, seed)
    clock = ManualClock(START)
    source = SimulatedSource(
        SimulateSettings(seed=seed, scenario=segments, faults=tuple(faults)), clock
    )
    arrived = estimates_of(source, clock, seconds, ESTIMATORS)
    session = FeltSession(name, seed, segments, seconds, arrived)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stored:
            pickle.dump(session, stored)
    return session
