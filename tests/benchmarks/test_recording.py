"""A small run of the recording suite: what it says of itself is checked, not how fast it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.recording_cost import day
from benchmarks.recording_harm import flipped, full, killed, truncated
from benchmarks.recording_scene import judge, part_of, small

pytestmark = pytest.mark.bench


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_killed_writers_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    told = killed(tmp_path, 4, seed=5)
    assert told["kills"] == 4
    assert told["acknowledged_samples"] > 0
    assert told["met"], told


def test_cut_and_changed_files_are_found_out(tmp_path: Path) -> None:
    told = truncated(tmp_path, 211)
    assert told["cuts"] > 20
    assert told["met"], told
    told = flipped(tmp_path, 40, seed=5)
    assert told["found"] == told["located"] == 40
    assert told["met"], told


@pytest.mark.slow
def test_a_full_disk_at_every_chunk_leaves_a_valid_file(tmp_path: Path) -> None:
    told = full(tmp_path)
    assert told["disks"] > 50
    assert told["met"], told


def test_a_quarter_of_an_hour_goes_by_in_order(tmp_path: Path) -> None:
    told = day(tmp_path, 0.25)
    assert told["samples"] == 900 * (64 + 32 + 4 + 1)  # one text of the hub a second
    assert told["ascending"]


def test_the_judge_sees_a_wrong_value(tmp_path: Path) -> None:
    truth = judge(small(tmp_path / "small"))
    assert part_of(truth, truth)
    name = "a/eeg"
    wrong = [row if n else [row[0] + 1, *row[1:]] for n, row in enumerate(truth[name][1])]
    assert not part_of({**truth, name: (truth[name][0], wrong)}, truth)
