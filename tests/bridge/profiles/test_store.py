"""Profile store: list, load, write atomically, delete."""

from __future__ import annotations

import stat

import pytest
from msgspec.structs import replace

from sentio_bridge.affect.personal.profile import Profile, ProfileError, encode
from sentio_bridge.privacy.sealing import Sealing
from sentio_bridge.profiles.store import ProfileStore, profile_store
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.locks import PASSPHRASE_VARIABLE

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
    assert "the profile is incomplete" in listed["broken"].problem
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


def test_encrypted_profile_stays_encrypted_and_needs_its_key(tmp_path, monkeypatch):
    monkeypatch.setenv("SENTIO_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("SENTIO_PASSPHRASE", "a passphrase")
    path = profile_store(str(tmp_path / "profiles"), "passphrase").save("ana-vr", ANA)
    assert b"subject" not in path.read_bytes()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    plain = profile_store(str(tmp_path / "profiles"), "")
    assert plain.load("ana-vr", "ana") == ANA
    plain.save("ana-vr", replace(ANA, blocks=["calm"]))  # stays encrypted without the setting
    assert b"subject" not in path.read_bytes()
    assert plain.load("ana-vr").blocks == ["calm"]
    (key,) = (tmp_path / "keys").glob("?" * 32 + ".json")
    monkeypatch.setenv("SENTIO_PASSPHRASE", "wrong")
    with pytest.raises(ProfileError, match="passphrase"):
        profile_store(str(tmp_path / "profiles"), "").load("ana-vr")
    monkeypatch.setenv("SENTIO_PASSPHRASE", "a passphrase")
    raw = bytearray(path.read_bytes())
    store = profile_store(str(tmp_path / "profiles"), "")
    for at in range(len(raw)):
        raw[at] ^= 1
        path.write_bytes(raw)
        with pytest.raises(ProfileError):
            store.load("ana-vr")
        raw[at] ^= 1
    path.write_bytes(raw)
    profile_store(str(tmp_path / "profiles"), "").delete("ana-vr")
    assert not key.exists()


def test_another_persons_profile_is_not_overwritten(tmp_path):
    store = ProfileStore(tmp_path)
    store.save("ana", ANA)
    with pytest.raises(ProfileError, match="belongs to another person"):
        store.save("ana", replace(ANA, subject="ben"))
    assert store.load("ana") == ANA


@pytest.mark.parametrize("encrypt", ["", "passphrase"])
def test_another_persons_profile_is_not_loaded(tmp_path, encrypt):
    keys = KeyFolder(tmp_path / "keys", environ={PASSPHRASE_VARIABLE: "correct horse"})
    sealing = Sealing(keys.lock(encrypt), keys) if encrypt else None
    store = ProfileStore(tmp_path, sealing, keys)
    store.save("mine", ANA)
    assert store.load("mine", "ana") == ANA
    with pytest.raises(ProfileError, match="belongs to 'ana', expected 'ben'"):
        store.load("mine", "ben")


def test_owner_of_an_encrypted_profile_needs_no_secret(tmp_path):
    keys = KeyFolder(tmp_path / "keys", environ={PASSPHRASE_VARIABLE: "correct horse"})
    store = ProfileStore(tmp_path, Sealing(keys.lock("passphrase"), keys), keys)
    store.save("mine", ANA)
    locked = ProfileStore(tmp_path, keys=KeyFolder(tmp_path / "keys", environ={}))
    assert locked.owner("mine") == "ana"
    assert locked.of({"ana"}) == ["mine"]
    assert locked.of({"mine"}) == []


def test_every_change_of_a_plain_profile_is_found(tmp_path):
    """Valid values too: they would move what a person's state is estimated as."""
    store = ProfileStore(tmp_path)
    path = store.save("ana", ANA)
    data = path.read_bytes()
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        with pytest.raises(ProfileError):
            store.load("ana")
    for changed in (data.replace(b"2026", b"2025"), data + b" ", data.replace(b"  ", b" ")):
        path.write_bytes(changed)
        with pytest.raises(ProfileError, match="changed after it had been written"):
            store.load("ana")
    path.write_bytes(encode(ANA))  # of an earlier version
    assert store.load("ana") == ANA
