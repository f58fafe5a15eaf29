from __future__ import annotations

from pathlib import Path

import pytest

from sentio_recording.sealed.data_keys import DataKeys
from sentio_recording.sealed.key_folder import KeyFolder

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeyFolder:
    """Return an empty folder of keys, with a passphrase in the environment."""
    monkeypatch.setenv("SENTIO_KEYS", str(tmp_path / "keys"))
    monkeypatch.setenv("SENTIO_PASSPHRASE", PASSPHRASE)
    return KeyFolder()


@pytest.fixture
def keys() -> DataKeys:
    """Return keys of two persons that are stored nowhere."""
    slots = {n: bytes([n + 1]) * 32 for n in range(3)}
    return DataKeys("ab" * 16, ("", "alice", "bob"), slots)
