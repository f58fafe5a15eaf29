"""Tests of stored profiles, and of the faults of invalid ones."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.personal.profile import Baseline, Profile, ProfileError, decode, encode

ANA = Profile(
    subject="ana",
    created="2026-01-01",
    blocks=["rest"],
    baselines={
        "body": {"heart_rate": Baseline(mean=65.0, sd=2.5, weight=2.0, low=61.0, high=69.0)}
    },
)


def test_it_is_readable_and_comes_back_whole():
    text = encode(ANA).decode()
    assert '"heart_rate"' in text
    assert text.count("\n") > 10
    assert decode(encode(ANA), "ana") == ANA


@pytest.mark.parametrize("keep", [0, 1, 40, 200])
def test_a_truncated_profile_is_reported(keep):
    with pytest.raises(ProfileError, match="the profile is incomplete"):
        decode(encode(ANA)[:keep])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 3}, "update sentio"),
        ({"version": 0}, "calibrate again"),
        ({"format": "other"}, "not a Sentio profile"),
        ({"subject": "ben"}, "'ben'"),
        ({"subject": 7}, "damaged"),
        ({"baselines": {"smell": {}}}, "smell"),
        (
            {"baselines": {"body": {"hr": {"mean": 1, "sd": 0, "weight": 1, "low": 0, "high": 2}}}},
            "sd",
        ),
    ],
)
def test_a_wrong_profile_is_refused_with_the_fault(change, words):
    data = json.dumps(json.loads(encode(ANA)) | change).encode()
    with pytest.raises(ProfileError, match=words):
        decode(data, "ana")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_profile_or_a_clear_error(data):
    with pytest.raises(ProfileError):
        decode(data)
