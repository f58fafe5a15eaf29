"""Run a session in one thread on a manual clock."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import Config, parse
from sentio_bridge.config.loader import Recording as Settings
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.pipeline.estimator_pipeline import EstimatorPipeline, Forget
from sentio_bridge.pipeline.estimator_pool import kinds
from sentio_bridge.pipeline.user_models import EstimatorKind
from sentio_bridge.recording.beginning import Beginnings
from sentio_bridge.recording.model_hashes import hashes
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_sensors import ManualClock
from sentio_sensors.simulated import SimulatedSource, SimulateSettings

TEXT = """
subjects = ["player"]
[consent]
camera = {purposes}
microphone = {purposes}
eeg = {purposes}
body = {purposes}
"""


def usable(config: Config) -> tuple[EstimatorKind, ...]:
    """Return the estimators that need neither a camera nor a downloaded model."""
    available = []
    for kind in kinds(config.models):
        if kind.name in ("expression", "body", "eeg"):
            kind.make()
            available.append(kind)
    return tuple(available)


def live(
    folder: Path, scenario: str, seed: int, seconds: float, purposes: str, act: bool = True
) -> tuple[list[bytes], Path]:
    """Run a session like the sidecar; return its messages and the recording's folder.

    Args:
        folder: Parent folder of the recording.
        scenario: Scenario of the simulated person.
        seed: Seed of the simulated person.
        seconds: Length of the session.
        purposes: Purposes granted for every sensor, as a TOML list.
        act: Half way, send a marker and make the body's estimator forget.
    """
    text = TEXT.format(purposes=purposes)
    config = parse(text)
    clock = ManualClock(5000.0 + seed / 7)
    ledger = ConsentLedger()
    for sensor, granted in config.consent.items():
        ledger.grant(sensor, granted, "config", clock.now())
    subject_state = SubjectState(
        SubjectModel("player", config.fusion), ledger, FramePacer(config.sidecar.rate_hz)
    )
    session = SessionRecorder(
        Beginnings(
            Settings(folder=str(folder)),
            clock,
            {"player": ledger},
            configuration=text,
            epoch=77,
            models=partial(hashes, config.models),
        )
    )
    hub = Hub(77, {"player": subject_state}, observers=(session,))
    session.start(hub.state(), clock.now())
    source = SimulatedSource(SimulateSettings(seed=seed, scenario=scenario), clock)
    known = {k.name: k for k in usable(config)}
    pipelines = {
        name: EstimatorPipeline(kind.make(), observe=partial(session.consumed, "player", name))
        for name, kind in known.items()
    }
    route: dict[str, str] = {}
    for spec in source.open():
        for name, kind in known.items():
            if spec.role.value in kind.roles:
                pipelines[name].apply(spec)
                route[spec.id] = name
    status = SensorStatus("on", (), "", tuple(route))
    for sensor in config.consent:
        hub.apply(cmd.SensorChanged("player", sensor, "sim", status), clock.now())
    sent: list[bytes] = []
    end, acted = clock.now() + seconds, False
    while clock.now() < end:
        for chunk in source.read(0.02):
            if chunk.stream not in route:
                continue
            name = route[chunk.stream]
            result = pipelines[name].apply(chunk)
            if result is not None:
                estimate, captured = result
                hub.apply(cmd.EstimateReceived("player", name, captured, estimate), clock.now())
        if act and not acted and clock.now() > end - seconds / 2:
            acted = True
            hub.apply(cmd.MarkerReceived("player", "boss", clock.now()), clock.now())
            pipelines["body"].apply(Forget())
        clock.sleep(0.003)
        sent += [message.encoded for message in hub.poll(clock.now())]
    return sent, Path(session.stop().folder)
