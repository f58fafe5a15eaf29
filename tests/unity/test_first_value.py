"""The script of the Unity README gives values from each kind of source, on stubs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent / "bench"), str(Path(__file__).parent)]
import build  # noqa: E402
import peers  # noqa: E402
from test_snippets import snippets  # noqa: E402

pytestmark = pytest.mark.engine

RECORDING = build.PACKAGE / "Samples~/Demos/Recordings/simulated.frames.bytes"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a game of the README's script and a feed."""
    if build.missing():
        pytest.skip(build.missing())
    folder = tmp_path_factory.mktemp("first_value")
    for layer in (build.core, build.engine, build.components):
        layer(folder)
    script = next(
        code
        for where, code in snippets()
        if where.startswith("unity_plugin/README.md") and "class Listen" in code
    )
    source = folder / "Listen.cs"
    source.write_text(script, encoding="utf-8")
    names = ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll")
    references = [f"-r:{folder / name}" for name in names]
    sources = [source, Path(__file__).with_name("FirstValue.cs")]
    return build.compile(folder / "FirstValue.exe", sources, *references, library=False)


def values(program: Path, *arguments: str) -> list[float]:
    """Run the game; return the logged values."""
    command = ["mono", str(program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return [float(line.removeprefix("log ")) for line in done.stdout.splitlines()]


def check(found: list[float]) -> None:
    assert len(found) >= 5
    assert all(0 <= value <= 1 for value in found)


def test_a_simulated_person(program: Path) -> None:
    check(values(program, "simulator"))


def test_a_recording(program: Path) -> None:
    check(values(program, "recording", str(RECORDING)))


def test_a_running_sidecar(program: Path) -> None:
    with peers.Sidecar() as sidecar:
        check(values(program, "sidecar", *map(str, sidecar.ports)))
