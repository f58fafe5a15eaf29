"""Tests of the Unity demos on stubs, from a file and with a sidecar."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent / "bench"), str(Path(__file__).parent)]
import build  # noqa: E402
import peers  # noqa: E402

pytestmark = pytest.mark.engine

RECORDING = build.PACKAGE / "Samples~/Demos/Recordings/simulated.frames.bytes"


@pytest.mark.slow
def test_the_demos_play_and_the_rails_hold(tmp_path: Path) -> None:
    if build.missing():
        pytest.skip(build.missing())
    for layer in (build.core, build.engine, build.components, build.demos):
        layer(tmp_path)
    tests = build.demo_tests(tmp_path)
    with peers.Sidecar() as sidecar:
        ports = ",".join(map(str, sidecar.ports))
        environment = {"SENTIO_RECORDING": str(RECORDING), "SENTIO_PORTS": ports}
        assert build.passed(tests, **environment) >= 22


def test_the_demos_recording_is_the_example() -> None:
    example = build.ROOT / "examples/recordings/simulated.frames"
    assert RECORDING.read_bytes() == example.read_bytes()
