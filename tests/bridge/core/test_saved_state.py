"""Tests of a hub's saved state: exact, bounded, and without code."""

from __future__ import annotations

import base64
import contextlib
import os
import pickle
import tracemalloc
import zlib
from enum import Enum

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_bridge.affect.mood import SessionSummary
from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.hub import Hub, HubState
from sentio_bridge.core.saved_state import StateError, decode, encode, save
from sentio_bridge.core.subject_state import SubjectState
from sentio_models import Estimate, Reading

CODE = "a" * 64


def new_hub() -> Hub:
    consent = ConsentLedger()
    consent.grant("body", ("adapt", "record"), "test", 0.0)
    return Hub(7, {"ana": SubjectState(SubjectModel("ana"), consent, FramePacer(60.0))})


def run(hub: Hub, start: int, end: int) -> list[bytes]:
    """Apply an estimate and a poll every tenth of a second; return the messages."""
    sent = []
    for step in range(start, end):
        now = 0.1 * step
        reading = Reading(0.2 + 0.001 * step, 0.3)
        estimate = Estimate(
            modality="body", quality=0.9, readings={"arousal": reading, "heart_rate": reading}
        )
        hub.apply(cmd.EstimateReceived("ana", "body", now, estimate), now)
        if step % 7 == 0:
            hub.apply(cmd.MarkerReceived("ana", f"m{step}", now, {"step": step}), now)
        sent += [message.encoded for message in hub.poll(now)]
    return sent


def of_pickle(data: bytes) -> bytes:
    """Return a recorded state with any pickle."""
    text = base64.b64encode(zlib.compress(data)).decode()
    return msgspec.json.encode({"sources": CODE, "state": text})


def test_an_enumeration_is_written_by_its_value_on_every_python(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = new_hub()
    run(hub, 0, 50)
    by_name = lambda self, protocol: (getattr, (type(self), self._name_))  # noqa: E731, SLF001
    monkeypatch.setattr(Enum, "__reduce_ex__", by_name)  # as in Python 3.11.2
    assert b"getattr" not in save(hub)


def test_restored_hub_sends_the_same_bytes() -> None:
    hub, later = new_hub(), new_hub()
    run(hub, 0, 50)
    later.restore(decode(encode(save(hub), CODE), CODE))
    expected = run(hub, 50, 120)
    assert len(expected) > 60
    assert run(later, 50, 120) == expected


def test_earlier_sessions_are_left_out() -> None:
    hub = new_hub()
    session = SessionSummary(seconds=60.0, mean={}, sd={}, zones={"earlier": 60.0})
    hub.apply(cmd.ProfileUsed("ana", Profile(subject="ana", created="", sessions=[session])), 0.0)
    state = save(hub)
    assert b"earlier" not in state
    restored = decode(encode(state, CODE), CODE).subjects["ana"].person.profile
    assert restored is not None
    assert restored.sessions == []


def test_state_of_other_code_is_refused() -> None:
    with pytest.raises(StateError, match="another version"):
        decode(encode(save(new_hub()), CODE), "b" * 64)


class Attack:
    """Pickles to a call of any function."""

    def __init__(self, function: object, *arguments: object) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[object, ...]:
        return self._call


@pytest.mark.parametrize(
    "attack",
    [
        Attack(os.system, "true"),
        Attack(eval, "1"),
        Attack(getattr, Hub, "apply"),
        Attack(open, "/dev/null"),
    ],
)
def test_functions_are_never_called(attack: Attack) -> None:
    with pytest.raises(StateError, match="contains"):
        decode(of_pickle(pickle.dumps(attack)), CODE)


@pytest.mark.parametrize("name", ["np.load", "annotations", "Recent", "dataclass"])
def test_only_classes_defined_in_a_module_are_found(name: str) -> None:
    module = b"sentio_bridge.core.hub"
    data = b"\x80\x04\x8c" + bytes([len(module)]) + module
    data += b"\x8c" + bytes([len(name)]) + name.encode() + b"\x93."
    with pytest.raises(StateError, match="contains"):
        decode(of_pickle(data), CODE)


def test_other_object_is_refused() -> None:
    with pytest.raises(StateError, match="is a list"):
        decode(of_pickle(pickle.dumps([1, 2])), CODE)


def test_decompression_is_bounded() -> None:
    with pytest.raises(StateError, match="larger than 64 MiB"):
        decode(of_pickle(bytes(80 << 20)), CODE)


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x05\x4er\xff\xff\xff\x7f.",  # a memo of 2 billion entries
        b"\x80\x05\x96\xff\xff\xff\xff\x0f\x00\x00\x00.",  # 64 GB of bytes
        pickle.dumps(Attack(np.ndarray.__reduce__(np.zeros(0))[0], np.ndarray, (1 << 40,), b"b")),
    ],
)
def test_stated_sizes_are_not_allocated(data: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(StateError):
            decode(of_pickle(data), CODE)
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_state_is_refused_or_read(data: st.DataObject) -> None:
    state = bytearray(pickle.dumps(new_hub().saved(), protocol=5))
    for _ in range(data.draw(st.integers(1, 4))):
        state[data.draw(st.integers(0, len(state) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(StateError):
        assert isinstance(decode(of_pickle(bytes(state)), CODE), HubState)
