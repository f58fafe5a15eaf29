"""Tests of the benchmarks with a pass criterion, scaled down.

Times are for `make bench-unity`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests/unity/bench"), str(ROOT / "tests/unity")]
import bench as figures  # noqa: E402
import build  # noqa: E402
import peers  # noqa: E402

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> figures.Bench:
    if build.missing():
        pytest.skip(build.missing())
    return figures.Bench(tmp_path_factory.mktemp("bench"))


def test_states_are_read_without_allocating(bench: figures.Bench) -> None:
    found = {figure["suite"]: figure for figure in bench.run("decode", 20_000)}
    assert set(found) == {"decode", "decode_evidence"}
    for figure in found.values():
        assert figure["messages"] == 20_000
        assert figure["allocated"] == figure["collections"] == 0


def test_states_come_through_a_socket_without_allocating(bench: figures.Bench) -> None:
    link, client = figures.flood(bench, 5_000)
    assert link["allocated"] == link["collections"] == client["collections"] == 0
    assert link["malformed"] == client["malformed"] == 0


def test_idle_frames_allocate_nothing(bench: figures.Bench) -> None:
    with peers.publisher(60.0) as ports:
        (figure,) = bench.run("drain", *ports, 120)
    assert figure["states"] > 60
    assert figure["allocated"] == 0


def test_malformed_bytes_break_nothing(bench: figures.Bench) -> None:
    (figure,) = figures.malformed(bench, 4_000)
    assert figure["not_finite"] == 0
    assert figure["hung_up"] > 500
    assert figure["refused"] > 500
    assert figure["most_output"] < 65536
    assert figure["kept_bytes"] < 1_000_000


QUICK = ("no sidecar, waiting to reconnect", "live at 60 Hz", "up, but silent")


def ends() -> Iterator[Any]:
    for state in figures.STATES:
        for how in ("", "domain-"):
            if not (how and state[2] == "Off"):
                marks = () if state[0] in QUICK and not how else (pytest.mark.slow,)
                yield pytest.param(state[0], how, marks=marks)


@pytest.mark.parametrize(("name", "how"), list(ends()))
def test_dispose_leaves_no_thread_from_any_state(bench: figures.Bench, name: str, how: str) -> None:
    _, peer, wanted, settle, requests, token = next(s for s in figures.STATES if s[0] == name)
    with peer() as ports:
        (figure,) = bench.run("dispose", how + wanted, *ports, 2, settle, requests, token=token)
    assert figure["threads_left"] == 0


@pytest.mark.parametrize("suite", ["restart", pytest.param("reconnect", marks=pytest.mark.slow)])
def test_a_restarted_sidecar_is_found(bench: figures.Bench, suite: str) -> None:
    (figure,) = figures.SUITES[suite](bench, 2)
    assert figure["rounds"] == 2
