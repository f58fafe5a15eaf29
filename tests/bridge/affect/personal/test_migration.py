"""A profile of version 1, written by the program of then, reads as it did."""

from __future__ import annotations

import base64
import json
from math import isfinite
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.personal.profile import VERSION, ProfileError, decode, encode
from sentio_bridge.profiles.store import ProfileStore

OLD = Path(__file__).parent / "data" / "version_1.profile.json"

READ_BY_ONNXRUNTIME = (
    ((88.0, 0.0), 0.8807780742645264),
    ((60.0, 1.0), -0.48751959204673767),
    ((200.0, -9.0), 2.161827802658081),
    ((71.5, 0.3), 0.07386507093906403),
)
"""Features, and what the ONNX graph of the fixture gave for them when it was made."""


def test_the_weights_give_the_readings_of_the_onnx_graph():
    profile = decode(OLD.read_bytes(), "ana")
    (model,) = profile.personal
    for (heart_rate, ln_scl), expected in READ_BY_ONNXRUNTIME:
        reading = model.read({"heart_rate": heart_rate, "ln_scl": ln_scl})
        assert reading.mean == pytest.approx(expected, abs=1e-6)
        assert reading.variance == pytest.approx(0.010453282606347319)
    assert (model.gain, model.gain_low, model.labels) == (
        0.9598327688774115,
        0.934699577348685,
        96,
    )


def test_the_rest_of_the_profile_stays_and_the_new_form_comes_back_equal(tmp_path):
    (tmp_path / "ana.profile.json").write_bytes(OLD.read_bytes())
    store = ProfileStore(tmp_path)
    profile = store.load("ana")
    assert profile.version == VERSION
    assert profile.created == "2026-01-01T12:00:00+00:00"
    assert profile.baselines["body"]["heart_rate"].mean == 70.0
    store.save("ana", profile)
    assert store.load("ana") == profile
    assert b"onnx" not in encode(profile)


@pytest.mark.parametrize("onnx", ["", "AAAA", "not base64!", None, 7])
def test_an_unreadable_model_is_reported(onnx):
    data = json.loads(OLD.read_bytes())
    data["personal"][0]["onnx"] = onnx
    with pytest.raises(ProfileError, match="personal model of version 1"):
        decode(json.dumps(data).encode())


@given(st.integers(0, 400), st.binary(max_size=4))
def test_any_bytes_are_a_model_or_a_clear_error(place, patch):
    data = json.loads(OLD.read_bytes())
    onnx = bytearray(base64.b64decode(data["personal"][0]["onnx"]))
    onnx[place : place + len(patch)] = patch
    data["personal"][0]["onnx"] = base64.b64encode(onnx).decode()
    try:
        profile = decode(json.dumps(data).encode())
    except ProfileError:
        return
    assert isfinite(profile.personal[0].read({"heart_rate": 80.0, "ln_scl": 0.0}).mean)
