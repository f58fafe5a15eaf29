"""Profile store: list, load, write atomically, delete."""

from __future__ import annotations

import stat

import pytest

from sentio_bridge.affect.personal.profile import Profile, ProfileError
from sentio_bridge.profiles.store import ProfileStore

ANA = Profile(subject="ana", created="2026-01-01", blocks=["rest"])


def test_store_lists_loads_and_deletes(tmp_path):
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
def test_name_cannot_be_a_path(tmp_path, name):
    with pytest.raises(ProfileError, match="name"):
        ProfileStore(tmp_path).load(name)
