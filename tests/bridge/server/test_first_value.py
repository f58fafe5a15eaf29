"""Tests that a first value is known, trusted and moves within 20 s."""

from __future__ import annotations

import pytest

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import parse
from sentio_bridge.config.presets import DEMO, starter
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.outgoing import FrameMessage
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.pipeline.estimator_pipeline import EstimatorPipeline
from sentio_bridge.pipeline.estimator_pool import kinds
from sentio_bridge.protocol.frame import AffectFrame
from sentio_sensors import ManualClock
from sentio_sensors.kinds import KINDS
from sentio_sensors.simulated import SimulatedSource, SimulateSettings

TRUST = 0.02
"""Confidence from which the snippet of the README and bindings use a value."""

MOVED = 0.02
"""Change of a value of 0..1 that a player can see."""

ESTIMATORS = ("expression", "voice", "body", "eeg")


def frames(text: str, seconds: float) -> list[tuple[float, AffectFrame]]:
    """Run a configuration's simulated source for some seconds; return time and frame."""
    config = parse(text)
    clock = ManualClock(1000.0)
    ledger = ConsentLedger()
    for sensor, purposes in config.consent.items():
        ledger.grant(sensor, purposes, "config", clock.now())
    state = SubjectState(SubjectModel("player", config.fusion), ledger, FramePacer(10.0))
    hub = Hub(1, {"player": state})
    (entry,) = config.sources
    assert isinstance(entry.settings, SimulateSettings)
    source = SimulatedSource(entry.settings, clock)
    known = {kind.name: kind for kind in kinds(config.models) if kind.name in ESTIMATORS}
    pipelines: dict[str, EstimatorPipeline] = {}
    route: dict[str, str] = {}
    for spec in source.open():
        kind = next((k for k in known.values() if spec.role.value in k.roles), None)
        if kind is not None and ledger.allows(kind.sensor):
            pipeline = pipelines.setdefault(kind.name, EstimatorPipeline(kind.make()))
            pipeline.apply(spec)
            route[spec.id] = kind.name
    found = []
    while clock.now() < 1000.0 + seconds:
        for chunk in source.read(0.1):
            name = route.get(chunk.stream)
            made = None if name is None else pipelines[name].apply(chunk)
            if name is not None and made is not None:
                command = cmd.EstimateReceived("player", name, made[1], made[0])
                hub.apply(command, clock.now())
        for message in hub.poll(clock.now()):
            if isinstance(message, FrameMessage):
                found.append((clock.now() - 1000.0, message.body))
    return found


def first_move(played: list[tuple[float, AffectFrame]], entry: str) -> float:
    """Return when an entry, while trusted, has first moved by ``MOVED``; 0 for never."""
    start: float | None = None
    confidence = 0.0
    for time, frame in played:
        if frame.confidence is not None:
            confidence = frame.confidence_of(entry) or 0.0
        value = frame.get(entry)
        if value is None or confidence <= TRUST:
            continue
        if start is None:
            start = value
        elif abs(value - start) >= MOVED:
            return time
    return 0.0


FACE = DEMO.replace('"face", "audio", "eeg", "ppg", "eda", "resp", "temp", "accel", ', '"face", ')


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        (starter(KINDS), ("arousal_level", "stress_level", "heart_rate")),
        (FACE, ("valence_level", "stress_level")),
        (DEMO, ("arousal_level", "valence_level", "stress_level", "engagement_level")),
    ],
    ids=["config init", "face only", "all sensors"],
)
def test_the_first_bound_value_moves_within_20_seconds(text: str, entries: tuple[str, ...]) -> None:
    played = frames(text, 20.0)
    moved = {entry: first_move(played, entry) for entry in entries}
    assert all(0.0 < time <= 20.0 for time in moved.values()), moved
