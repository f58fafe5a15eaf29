"""Short run of the recording suite; checks results, not speed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.recording_cost import day
from benchmarks.recording_harm import flipped, full, killed, truncated
from benchmarks.recording_scene import part_of, read_with_pyxdf, small
from benchmarks.recording_sealed import sealed_cost, sealed_kill

pytestmark = pytest.mark.bench


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_killed_writers_lose_no_acknowledged_samples(tmp_path: Path) -> None:
    result = killed(tmp_path, 4, seed=5)
    assert result["kills"] == 4
    assert result["acknowledged_samples"] > 0
    assert result["met"], result


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_killed_writers_of_encrypted_recordings_lose_nothing(tmp_path: Path) -> None:
    result = sealed_kill(tmp_path, 4, seed=5)
    assert result["acknowledged_samples"] > 0
    assert result["met"], result


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize(
    "kills", [pytest.param(60, marks=pytest.mark.slow), pytest.param(300, marks=pytest.mark.figure)]
)
def test_many_killed_writers_of_encrypted_recordings_lose_nothing(
    tmp_path: Path, kills: int
) -> None:
    result = sealed_kill(tmp_path, kills, seed=7)
    assert result["kills"] == kills
    assert result["met"], result


def test_cost_of_encryption_is_measured(tmp_path: Path) -> None:
    result = sealed_cost(tmp_path, 0.5)
    assert result["appends"] > 100
    assert result["encrypted_s"] > result["plain_s"] > 0


def test_truncated_and_changed_files_are_detected(tmp_path: Path) -> None:
    result = truncated(tmp_path, 211)
    assert result["cuts"] > 20
    assert result["met"], result
    result = flipped(tmp_path, 40, seed=5)
    assert result["found"] == result["located"] == 40
    assert result["met"], result


@pytest.mark.slow
def test_full_disk_leaves_a_valid_file(tmp_path: Path) -> None:
    result = full(tmp_path)
    assert result["disks"] > 50
    assert result["met"], result


def test_quarter_of_an_hour_is_recorded_in_order(tmp_path: Path) -> None:
    result = day(tmp_path, 0.25)
    assert result["samples"] == 900 * (64 + 32 + 4 + 1)  # including one text of the hub per second
    assert result["ascending"]


def test_comparison_detects_a_wrong_value(tmp_path: Path) -> None:
    truth = read_with_pyxdf(small(tmp_path / "small"))
    assert part_of(truth, truth)
    name = "a/eeg"
    wrong = [row if n else [row[0] + 1, *row[1:]] for n, row in enumerate(truth[name][1])]
    assert not part_of({**truth, name: (truth[name][0], wrong)}, truth)
