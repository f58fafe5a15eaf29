"""Tests of deleting expired recordings and nothing else."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sentio_recording.manifest import Clocks, Manifest, encode
from sentio_recording.retention import plausible, recordings, remove

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def recording(path: Path, expires: str, *, age: float = 3600.0) -> Path:
    path.mkdir(parents=True)
    manifest = Manifest(id="t", clocks=Clocks(monotonic=1.0, wall=NOW.isoformat()), expires=expires)
    (path / "manifest.json").write_bytes(encode(manifest))
    (path / "data.xdf").write_bytes(b"XDF:")
    for file in path.iterdir():
        os.utime(file, (NOW.timestamp() - age,) * 2)
    return path


def days(number: float) -> str:
    return (NOW + timedelta(days=number)).isoformat()


@pytest.mark.parametrize(
    ("expires", "age", "goes"),
    [
        (days(-1), 3600.0, True),
        (days(1), 3600.0, False),
        ("", 3600.0, False),
        ("soon", 3600.0, False),
        ("2020-01-01", 3600.0, True),  # without a zone: UTC
        (days(-1), 1.0, False),  # it may still be written
    ],
)
def test_recording_expires_on_its_date(
    tmp_path: Path, expires: str, age: float, goes: bool
) -> None:
    recording(tmp_path / "one", expires, age=age)
    (kept,) = recordings(tmp_path)
    assert kept.expired(NOW) is goes


def test_only_recordings_are_found_and_links_are_not_followed(tmp_path: Path) -> None:
    place = tmp_path / "recordings"
    elsewhere = recording(tmp_path / "elsewhere", days(-1))
    recording(place / "a", days(-1))
    (place / "link").symlink_to(elsewhere)
    (place / "notes").mkdir()
    (place / "notes" / "manifest.json").write_text('{"expires": "2020-01-01"}')
    (place / "paper.txt").write_text("x")
    assert [kept.path.name for kept in recordings(place)] == ["a"]
    assert list(recordings(tmp_path / "nothing")) == []


def test_recording_is_deleted_without_following_links(tmp_path: Path) -> None:
    path = recording(tmp_path / "recordings" / "a", days(-1))
    (path / "export").mkdir()
    (path / "export" / "eeg.csv").write_text("1,2")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("x")
    (path / "link").symlink_to(mine)
    (kept,) = recordings(path.parent)
    remove(kept)
    assert not path.exists()
    assert (mine / "letter.txt").exists()


def test_interrupted_deletion_can_be_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording(tmp_path / "a", days(-1))
    (kept,) = recordings(tmp_path)

    def fails(self: Path) -> None:
        raise PermissionError(self)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", fails)
        with pytest.raises(PermissionError):
            remove(kept)
    (again,) = recordings(tmp_path)
    remove(again)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("starts", "trusted"),
    [
        ([0], [True]),  # an hour after the newest recording
        ([0, 29, 58], [True, True, True]),
        ([0, 2000, 0.1], [True, False, True]),  # ahead for one start, then set right
        ([0, 2000, 2000.5, 2001.1], [True, False, False, True]),  # really not used for years
        ([40, 40.2], [False, False]),
    ],
)
def test_a_clock_that_is_far_ahead_must_stay_so_for_a_day(
    tmp_path: Path, starts: list[float], trusted: list[bool]
) -> None:
    recording(tmp_path / "one", days(-1))
    found = [plausible(tmp_path, NOW + timedelta(days=day)) for day in starts]
    assert found == trusted
    (tmp_path / ".clock.json").write_bytes(b"[1]")  # damaged: as if it were not there
    assert plausible(tmp_path, NOW)
