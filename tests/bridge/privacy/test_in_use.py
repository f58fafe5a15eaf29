"""Tests of the mark of running sidecars: erasing waits for none and disturbs none."""

from __future__ import annotations

from pathlib import Path

import pytest

from sentio_bridge.privacy.in_use import InUse, unused
from sentio_bridge.privacy.private_folder import PrivacyError


def test_a_folder_in_use_is_refused_until_the_last_sidecar_ends(tmp_path: Path) -> None:
    first, second = InUse(tmp_path / "state"), InUse(tmp_path / "state")
    for running in (first, second):
        with pytest.raises(PrivacyError, match="running sidecar"), unused(tmp_path / "state"):
            pass
        running.end()
    with unused(tmp_path / "state"):
        pass


def test_no_sidecar_starts_while_a_person_is_erased(tmp_path: Path) -> None:
    with unused(tmp_path), pytest.raises(PrivacyError, match="being erased"):
        InUse(tmp_path)
    InUse(tmp_path).end()


def test_a_sidecar_of_another_configuration_that_writes_the_same_recordings_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "marks"))
    recordings = tmp_path / "recordings"
    (tmp_path / "link").symlink_to(recordings)
    running = InUse(tmp_path / "one", tmp_path / "link")
    with pytest.raises(PrivacyError, match="running sidecar"):
        with unused(tmp_path / "two", recordings):
            pass
    with unused(tmp_path / "two", tmp_path / "others"):
        pass
    running.end()
    with unused(tmp_path / "two", recordings), pytest.raises(PrivacyError, match="being erased"):
        InUse(tmp_path / "one", recordings)
    InUse(tmp_path / "one", recordings).end()
    assert not recordings.exists()  # nothing is written there


def test_a_file_in_the_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(PrivacyError, match="cannot use"):
        InUse(tmp_path / "state")
