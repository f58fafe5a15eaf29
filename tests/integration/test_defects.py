"""Tests of defects in a running sidecar: logged, counted, frames go on."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from sentio_bridge.cli.log_setup import Level, logging_to
from sentio_bridge.client import Requester
from sentio_bridge.config.loader import Sidecar as Ports
from sentio_bridge.config.loader import parse
from sentio_bridge.core.outgoing import FrameMessage, Outgoing
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_bridge.server import sidecar as server
from sentio_bridge.server.health import Health
from sentio_bridge.transport.ports import bind
from sentio_models.modalities.body import BodyEstimator
from sentio_recording.storage import Storage
from sentio_sensors import MonotonicClock
from sentio_sensors.simulated.source import SimulatedSource

from .conftest import DEADLINE

CONFIGURATION = """
subjects = ["ann", "ben"]
profiles = "{room}/profiles"
[recording]
folder = "{room}/recordings"
[consent]
body = ["adapt", "record"]
text = ["adapt"]
[[source]]
type = "simulate"
subject = "ann"
name = "left"
roles = ["ppg"]
[[source]]
type = "simulate"
subject = "ben"
name = "right"
roles = ["eda"]
"""

Patch = pytest.MonkeyPatch


class Running:
    """A sidecar on a thread of this process, so that defects can be planted in it."""

    leaves_machine = False

    def __init__(self, room: Path) -> None:
        self.sent: list[Outgoing] = []
        self.broken = False
        self.sockets = bind(Ports(state_port=0, control_port=0))
        text = CONFIGURATION.format(room=room)
        self.sidecar = server.Sidecar(parse(text), MonotonicClock(), self.sockets, [self])
        self.requester = Requester(self.sockets.control_endpoint, timeout=DEADLINE)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self.sidecar.run, args=(self._stop,))
        self._thread.start()

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.sent.extend(messages)
        if self.broken:
            planted()

    def close(self) -> None:
        pass

    def ask(self, op: str, **arguments: Any) -> dict[str, Any]:
        return self.requester.try_call(op, **arguments)

    def health(self) -> dict[str, Any]:
        health: dict[str, Any] = self.ask("status", subject="ann")["health"]
        return health

    def frames(self, subject: str) -> int:
        return sum(isinstance(m, FrameMessage) and m.key == subject for m in list(self.sent))

    def end(self) -> None:
        self.requester.close()
        self._stop.set()
        self.sidecar.wake()
        self._thread.join(DEADLINE)
        assert not self._thread.is_alive()


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "never fulfilled"
        time.sleep(0.02)


def planted(*_: Any, **__: Any) -> Any:
    raise ZeroDivisionError("a planted defect")


def counted(running: Running) -> int:
    """Return what health has counted, wherever it happened."""
    health = running.health()
    failures = [model["failures"] for model in health["models"].values()]
    return int(health["defects"]) + sum(failures)


def in_a_handler(patch: Patch, running: Running) -> None:
    patch.setattr(running.sidecar._control, "_handlers", {"rate": planted, **_rest(running)})  # noqa: SLF001
    reply = running.ask("rate", hz=10)
    assert reply["error"]["code"] == "failed"
    assert "a planted defect" in reply["error"]["message"]


def _rest(running: Running) -> dict[str, Any]:
    handlers = running.sidecar._control._handlers  # noqa: SLF001
    return {op: handler for op, handler in handlers.items() if op != "rate"}


def in_an_answer(patch: Patch, running: Running) -> None:
    class Unknown:
        @property
        def __class__(self) -> Any:  # whatever encodes the answer looks at it
            planted()

    handlers = {"freeze": lambda *_: {"frozen": Unknown()}}
    known = running.sidecar._control._handlers  # noqa: SLF001
    patch.setattr(running.sidecar._control, "_handlers", {**known, **handlers})  # noqa: SLF001
    assert running.ask("freeze", subject="ann")["error"]["code"] == "failed"


def in_a_job(patch: Patch, running: Running) -> None:
    patch.setattr(ProfileStore, "of", planted)
    assert running.ask("profile", action="use", name="ann", subject="ann")["ok"] is False
    patch.undo()
    assert running.ask("profile", action="list", subject="ann")["ok"]


def in_an_estimator(patch: Patch, running: Running) -> None:
    patch.setattr(BodyEstimator, "estimate", planted)
    until(lambda: counted(running) > 0)


def in_a_source(patch: Patch, running: Running) -> None:
    read = SimulatedSource.read

    def one_fails(source: SimulatedSource, timeout: float) -> Any:
        return (
            planted()
            if threading.current_thread().name.endswith("left-body")
            else read(source, timeout)
        )

    patch.setattr(SimulatedSource, "read", one_fails)
    until(lambda: running.health()["sources"]["ann/left-body"]["state"] == "error")
    assert running.health()["sources"]["ben/right-body"]["state"] == "on"


def in_an_output(patch: Patch, running: Running) -> None:
    running.broken = True
    until(lambda: running.health()["outputs"] != {})


def in_the_fusion(patch: Patch, running: Running) -> None:
    patch.setattr(SubjectState, "estimate", planted)
    until(lambda: counted(running) > 0)


def in_one_persons_frame(patch: Patch, running: Running) -> None:
    snapshot = SubjectState.snapshot

    def anns(state: SubjectState, now: float) -> Any:
        return planted() if state.person.subject == "ann" else snapshot(state, now)

    patch.setattr(SubjectState, "snapshot", anns)
    until(lambda: counted(running) > 3)
    before = running.frames("ben")
    until(lambda: running.frames("ben") > before + 3)
    patch.undo()


def in_an_observer(patch: Patch, running: Running) -> None:
    patch.setattr(SessionRecorder, "polled", planted)
    until(lambda: counted(running) > 0)


def in_the_recorder(patch: Patch, running: Running) -> None:
    assert running.ask("record", action="start")["ok"]
    patch.setattr(Storage, "text", planted)
    until(lambda: not running.ask("record", action="status")["recording"]["active"])
    assert "planted" in running.ask("record", action="status")["recording"]["reason"]


def in_the_text_model(patch: Patch, running: Running) -> None:
    patch.setattr(running.sidecar._texts, "_make", planted)  # noqa: SLF001
    assert running.ask("text", subject="ann", line="hello")["accepted"]
    until(lambda: counted(running) > 0)


def in_health(patch: Patch, running: Running) -> None:
    patch.setattr(Health, "body", planted)
    until(lambda: running.sidecar.defects.count > 0)
    patch.undo()


PLACES = (
    in_a_handler,
    in_an_answer,
    in_a_job,
    in_an_estimator,
    in_a_source,
    in_an_output,
    in_the_fusion,
    in_one_persons_frame,
    in_an_observer,
    in_the_recorder,
    in_the_text_model,
    in_health,
)


@pytest.mark.parametrize("plant", PLACES, ids=lambda plant: plant.__name__)
def test_a_defect_is_logged_and_counted_and_frames_go_on(
    tmp_path: Path, monkeypatch: Patch, plant: Callable[[Patch, Running], None]
) -> None:
    log = tmp_path / "sentio.log"
    with logging_to(Level.INFO, log, as_json=False):
        running = Running(tmp_path)
        try:
            until(lambda: min(running.frames("ann"), running.frames("ben")) > 3)
            assert counted(running) == 0
            plant(monkeypatch, running)
            assert counted(running) > 0
            before = running.frames("ann"), running.frames("ben")
            until(lambda: running.frames("ann") > before[0] + 3)
            until(lambda: running.frames("ben") > before[1] + 3)
        finally:
            running.end()
    text = log.read_text()
    assert "Traceback (most recent call last)" in text
    assert "ZeroDivisionError: a planted defect" in text
    assert "in planted" in text
    assert text.count("Traceback") <= 4, "the same defect was logged again and again"
