"""Tests of `sentio calibrate` with real sidecars."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.profiles.store import ProfileStore

from .conftest import DEADLINE, Sidecar, sidecars

SECONDS = 30.0
"""Length of the shortest block, seconds."""

pytestmark = pytest.mark.slow


def calibrate(sidecar: Sidecar, name: str) -> tuple[int, str]:
    """Run the command; return its exit code and output."""
    done = subprocess.run(
        [sys.executable, "-m", "sentio_bridge", "calibrate", "--seconds", str(SECONDS)]
        + ["--profile", name, "--endpoint", sidecar.control],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS + DEADLINE,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


@contextmanager
def played(path: Path, start: float) -> Iterator[None]:
    """Play a recording as LSL streams during the context."""
    player = subprocess.Popen(
        [sys.executable, "-m", "sentio_bridge", "play", str(path), "--from", str(start)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        player.terminate()
        player.wait(DEADLINE)


def stored(folder: Path, name: str, modality: str) -> Profile:
    profile = ProfileStore(folder).load(name)
    assert profile.created
    assert profile.blocks == ["rest"]
    assert modality in profile.baselines, list(profile.baselines)
    for baseline in profile.baselines[modality].values():
        assert baseline.low <= baseline.high
    return profile


@dataclass(frozen=True)
class Calibration:
    """Exit code and output of the command, and the folder of profiles."""

    code: int
    output: str
    profiles: Path


Calibrations = dict[str, Future[Calibration]]


def demo(folder: Path) -> Calibration:
    with sidecars(folder) as run:
        sidecar = run(XDG_DATA_HOME=str(folder))
        sidecar.until(b"detail/", lambda d: {"heart_rate", "arousal"} <= set(d["values"]))
        return Calibration(*calibrate(sidecar, "demo"), folder / "sentio" / "profiles")


def e4(data_dir: Path, workspace: Path) -> Calibration:
    copy = workspace / f"rest-{os.getpid()}.npz"
    copy.write_bytes((data_dir / "physio_stress_predict" / "S08.npz").read_bytes())
    streams = "".join(
        f'[[source]]\ntype = "lsl"\nstream_name = "{copy.stem}/{name}"\nsensors = ["body"]\n'
        for name in ("bvp", "eda", "temp", "acc")
    )
    folder = workspace / "profiles"
    with played(copy, 120.0), sidecars(workspace) as run:
        sidecar = run(f'profiles = "{folder}"\n[consent]\nbody = ["adapt"]\n{streams}')
        sidecar.until(b"detail/", lambda d: {"heart_rate", "arousal"} <= set(d["values"]))
        return Calibration(*calibrate(sidecar, "e4"), folder)


def without_consent(workspace: Path) -> Calibration:
    folder = workspace / "profiles"
    source = '[[source]]\ntype = "simulate"\nroles = ["ppg", "eda"]\n'
    with sidecars(workspace) as run:
        sidecar = run(f'profiles = "{folder}"\n{source}')  # without consent it stays closed
        assert sidecar.request("hello")["ok"]  # it has started
        return Calibration(*calibrate(sidecar, "without_consent"), folder)


@pytest.fixture(scope="module")
def calibrations(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Calibrations]:
    """Run all calibrations concurrently: each takes half a minute on any machine."""
    runs: dict[str, Callable[[Path], Calibration]] = {
        "demo": demo,
        "without_consent": without_consent,
    }
    with suppress(pytest.skip.Exception):
        runs["e4"] = partial(e4, request.getfixturevalue("data_dir"))
    with ThreadPoolExecutor() as pool:
        yield {name: pool.submit(s, tmp_path_factory.mktemp(name)) for name, s in runs.items()}


def test_demo_is_calibrated(calibrations: Calibrations) -> None:
    done = calibrations["demo"].result()
    assert done.code == 0, done.output
    assert "stored as profile demo" in done.output
    stored(done.profiles, "demo", "body")


def test_played_e4_recording_is_calibrated(calibrations: Calibrations, data_dir: Path) -> None:
    pytest.importorskip("pylsl", exc_type=ImportError)
    done = calibrations["e4"].result()
    assert done.code == 0, done.output
    heart = stored(done.profiles, "e4", "body").baselines["body"]["heart_rate"]
    assert 45 < heart.mean < 120


def test_baseline_without_data_is_refused(calibrations: Calibrations) -> None:
    done = calibrations["without_consent"].result()
    assert done.code != 0
    assert "the baseline was refused: nothing_heard" in done.output
    assert not done.profiles.exists()
