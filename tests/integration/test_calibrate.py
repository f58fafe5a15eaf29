"""`sentio calibrate` against real sidecars: the demo, a played recording, and nobody there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sentio_bridge.profile import Profile
from sentio_bridge.profiles_store import ProfileStore

from .conftest import DEADLINE, Sidecar

Run = Callable[..., Sidecar]

SECONDS = 30.0
"""The shortest block."""

pytestmark = pytest.mark.slow


def calibrate(sidecar: Sidecar, name: str) -> tuple[int, str]:
    """Run the command and return its exit code and what it said."""
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
    """Play a recording as LSL streams meanwhile."""
    player = subprocess.Popen(
        [sys.executable, "-m", "sentio_bridge", "play", str(path), "--start", str(start)],
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


def test_the_demo_is_calibrated(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    sidecar = run()
    sidecar.until(b"detail/", lambda d: {"heart_rate", "arousal"} <= set(d["values"]))
    code, said = calibrate(sidecar, "demo")
    assert code == 0, said
    assert "stored as profile demo" in said
    stored(tmp_path / "sentio" / "profiles", "demo", "body")


def test_a_played_e4_recording_is_calibrated(run: Run, data_dir: Path, tmp_path: Path) -> None:
    pytest.importorskip("pylsl", exc_type=ImportError)
    copy = tmp_path / f"rest-{os.getpid()}.npz"
    copy.write_bytes((data_dir / "physio_stress_predict" / "S08.npz").read_bytes())
    streams = "".join(
        f'[[source]]\ntype = "lsl"\nstream_name = "{copy.stem}/{name}"\nsensors = ["body"]\n'
        for name in ("bvp", "eda", "temp", "acc")
    )
    folder = tmp_path / "profiles"
    with played(copy, 120.0):
        sidecar = run(f'profiles = "{folder}"\n[consent]\nbody = ["adapt"]\n{streams}')
        sidecar.until(b"detail/", lambda d: {"heart_rate", "arousal"} <= set(d["values"]))
        code, said = calibrate(sidecar, "e4")
    assert code == 0, said
    heart = stored(folder, "e4", "body").baselines["body"]["heart_rate"]
    assert 45 < heart.mean < 120


def test_a_baseline_of_nobody_is_refused(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "profiles"
    source = '[[source]]\ntype = "simulate"\nroles = ["ppg", "eda"]\n'
    sidecar = run(f'profiles = "{folder}"\n{source}')  # without consent it stays closed
    assert sidecar.ask("hello")["ok"]  # it is up
    code, said = calibrate(sidecar, "nobody")
    assert code != 0
    assert "the baseline was refused: nothing_heard" in said
    assert not folder.exists()
