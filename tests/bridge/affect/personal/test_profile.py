"""Profiles survive the way to disk, and bad ones say what is wrong."""

from __future__ import annotations

import json
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.personal.profile import Baseline, Profile, ProfileError, decode, encode
from sentio_bridge.profiles.store import ProfileStore

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
def test_a_truncated_one_is_told(keep):
    with pytest.raises(ProfileError, match="not a whole profile"):
        decode(encode(ANA)[:keep])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "update sentio"),
        ({"version": 0}, "calibrate again"),
        ({"format": "other"}, "not a profile"),
        ({"subject": "ben"}, "'ben'"),
        ({"subject": 7}, "damaged"),
        ({"baselines": {"smell": {}}}, "smell"),
        (
            {"baselines": {"body": {"hr": {"mean": 1, "sd": 0, "weight": 1, "low": 0, "high": 2}}}},
            "sd",
        ),
    ],
)
def test_a_wrong_one_says_what_is_wrong(change, words):
    data = json.dumps(json.loads(encode(ANA)) | change).encode()
    with pytest.raises(ProfileError, match=words):
        decode(data, "ana")


@given(st.binary(max_size=300))
def test_any_bytes_are_a_profile_or_a_clear_error(data):
    with pytest.raises(ProfileError):
        decode(data)


def test_the_store_lists_loads_and_deletes(tmp_path):
    store = ProfileStore(tmp_path / "profiles")
    assert store.all() == []
    path = store.save("ana-vr", ANA)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    (store.folder / "broken.profile.json").write_bytes(b"{")
    listed = {entry.name: entry for entry in store.all()}
    assert listed["ana-vr"].profile == ANA
    assert listed["broken"].profile is None
    assert "not a whole profile" in listed["broken"].problem
    assert store.load("ana-vr", "ana") == ANA
    store.delete("ana-vr")
    with pytest.raises(ProfileError, match="broken"):
        store.load("ana-vr")
    with pytest.raises(ProfileError):
        store.delete("ana-vr")


@pytest.mark.parametrize("name", ["", "../x", ".hidden", "a/b", "a" * 65, "a b"])
def test_a_name_is_never_a_path(tmp_path, name):
    with pytest.raises(ProfileError, match="name"):
        ProfileStore(tmp_path).load(name)
