from __future__ import annotations

import os
import stat
from pathlib import Path

import keyring
import pyrage
import pytest
from keyring.backend import KeyringBackend

from sentio_recording.disk import FullError
from sentio_recording.sealed import locks
from sentio_recording.sealed.data_keys import LockedError
from sentio_recording.sealed.key_folder import KeyFolder


class MemoryKeyring(KeyringBackend):
    """Keyring of one test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.items[service, username]


@pytest.fixture
def system() -> MemoryKeyring:
    before, memory = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


@pytest.fixture(params=["keyring", "passphrase", "age"])
def setting(
    request: pytest.FixtureRequest,
    folder: KeyFolder,
    system: MemoryKeyring,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    if request.param != "age":
        return str(request.param)
    identity = pyrage.x25519.Identity.generate()
    file = tmp_path / "identity.txt"
    file.write_text(f"# created: today\n{identity}\n")
    monkeypatch.setenv("SENTIO_AGE_IDENTITY", str(file))
    return str(identity.to_public())


def test_keys_of_every_lock_are_unlocked_again(folder: KeyFolder, setting: str) -> None:
    made = folder.create(folder.lock(setting), ["alice", "bob"])
    assert KeyFolder().unlock(made.id) == made
    assert folder.owners(made.id) == ("alice", "bob")
    assert len(set(made.keys.values())) == 3
    raw = folder.path_of(made.id).read_bytes()
    assert not any(key in raw for key in made.keys.values())


def test_folder_and_files_are_private(folder: KeyFolder) -> None:
    made = folder.create(folder.lock("passphrase"), ["alice"])
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    for path in (folder.path_of(made.id), folder.path / "passphrase.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_erased_key_is_gone_and_the_others_stay(folder: KeyFolder, setting: str) -> None:
    lock = folder.lock(setting)
    shared, own = folder.create(lock, ["alice", "bob"]), folder.create(lock, ["alice"])
    other = folder.create(lock, ["bob"])
    assert sorted(folder.erase("alice")) == sorted((shared.id, own.id))
    left = folder.unlock(shared.id)
    assert left.owners == ("", "", "bob")
    assert set(left.keys) == {0, 2}
    assert folder.unlock(other.id) == other
    assert folder.of("alice") == []
    with pytest.raises(LockedError, match="no key"):
        folder.unlock(own.id)
    assert not any("alice" in path.read_text() for path in folder.path.glob("*.json"))


def test_wrong_passphrase_is_refused(folder: KeyFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    made = folder.create(folder.lock("passphrase"), ["alice"])
    monkeypatch.setenv("SENTIO_PASSPHRASE", "wrong")
    with pytest.raises(LockedError, match="passphrase is wrong"):
        folder.unlock(made.id)
    with pytest.raises(LockedError, match="passphrase is wrong"):
        folder.lock("passphrase")


def test_missing_secret_names_what_to_do(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = folder.create(folder.lock("passphrase"), ["alice"])
    monkeypatch.delenv("SENTIO_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(LockedError) as caught:
        folder.unlock(made.id)
    assert "SENTIO_PASSPHRASE_FILE" in caught.value.fix
    file = tmp_path / "secret"
    file.write_text("correct horse battery staple\n")
    monkeypatch.setenv("SENTIO_PASSPHRASE_FILE", str(file))
    assert folder.unlock(made.id) == made
    elsewhere = KeyFolder(tmp_path / "none")
    with pytest.raises(LockedError) as caught:
        elsewhere.unlock(made.id)
    assert "SENTIO_KEYS" in caught.value.fix


def test_recipient_records_without_an_identity(folder: KeyFolder) -> None:
    public = str(pyrage.x25519.Identity.generate().to_public())
    made = folder.create(folder.lock(public), ["alice"])
    with pytest.raises(LockedError) as caught:
        folder.unlock(made.id)
    assert "SENTIO_AGE_IDENTITY" in caught.value.fix
    with pytest.raises(LockedError, match="age1"):
        folder.lock("nonsense")


def test_system_without_a_keyring_is_reported(folder: KeyFolder) -> None:
    from keyring.backends.fail import Keyring

    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())
    try:
        with pytest.raises(LockedError, match="keyring"):
            folder.lock("keyring")
    finally:
        keyring.set_keyring(before)


def test_keys_are_bound_to_their_place(folder: KeyFolder) -> None:
    lock = folder.lock("passphrase")
    first, second = folder.create(lock, ["alice"]), folder.create(lock, ["alice"])
    text = folder.path_of(second.id).read_text().replace(second.id, first.id)
    folder.path_of(first.id).write_text(text)
    with pytest.raises(LockedError):
        folder.unlock(first.id)


@pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="needs a folder it cannot write"
)
def test_keys_that_cannot_be_stored_encrypt_nothing(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    lock = locks.MasterLock("passphrase", bytes(32))
    with pytest.raises(FullError, match="cannot be stored"):
        KeyFolder(closed / "keys").create(lock, ["alice"])


def test_damaged_key_file_is_reported_after_the_others_are_erased(folder: KeyFolder) -> None:
    lock = folder.lock("passphrase")
    made = [folder.create(lock, ["alice"]) for _ in range(5)]
    for at in range(4):
        folder.path_of(made[at].id).write_bytes(b"{")
    with pytest.raises(LockedError):
        folder.erase("alice")
    assert not folder.path_of(made[4].id).exists()


@pytest.mark.parametrize("how", ["erase", "forget"])
def test_the_rest_of_an_interrupted_erasure_is_destroyed_and_blocks_no_other(
    folder: KeyFolder, how: str
) -> None:
    lock = folder.lock("passphrase")
    shared, wiped = folder.create(lock, ["alice", "bob"]), folder.create(lock, ["alice"])
    # Killed before a file without alice replaced the old one, and before one was unlinked.
    beside = folder.path_of(shared.id).with_suffix(".new")
    beside.write_bytes(folder.path_of(shared.id).read_bytes())
    path = folder.path_of(wiped.id)
    path.write_bytes(bytes(path.stat().st_size))
    if how == "erase":
        assert folder.erase("bob") == [shared.id]
        assert folder.owners(shared.id) == ("alice",)
    else:
        folder.forget(shared.id)
        assert folder.ids() == []
    assert not beside.exists(), "it still had keys that were destroyed"
    assert not path.exists(), "it can be read by no one, and would stop every erasure"


def test_a_key_file_that_does_not_fit_on_the_disk_replaces_none(
    folder: KeyFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = folder.create(folder.lock("passphrase"), ["alice", "bob"])
    write, room = os.write, [40]

    def almost_full(handle: int, data: memoryview) -> int:
        """Take some bytes, as a disk does that is almost full."""
        taken = write(handle, bytes(data)[: room[0]])
        room[0] -= taken
        if not taken:
            raise OSError(28, "No space left on device")
        return taken

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", almost_full)
        with pytest.raises(FullError):
            folder.erase("alice")
    assert folder.unlock(made.id) == made
