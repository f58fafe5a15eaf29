"""A source of another installed distribution in a real sidecar."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from pathlib import Path

from .conftest import Sidecar

EXAMPLE = Path(__file__).parents[2] / "examples" / "own_source"


def installed(folder: Path) -> str:
    """Install the example in ``folder``; return a PYTHONPATH that finds it."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    info = folder / "sentio_pulse-1.0.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata)
    lines = [
        line
        for group, points in project["entry-points"].items()
        for line in (f"[{group}]", *(f"{name} = {value}" for name, value in points.items()))
    ]
    (info / "entry_points.txt").write_text("\n".join(lines))
    (folder / "sentio_pulse.py").write_text((EXAMPLE / "sentio_pulse.py").read_text())
    return os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))


def test_source_of_another_distribution_gives_a_heart_rate(
    run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    config = '[consent]\nbody = ["adapt"]\n[[source]]\ntype = "pulse"\nrate_hz = 128\n'
    sidecar = run(config, PYTHONPATH=installed(tmp_path / "site"))
    health = sidecar.until(b"health", lambda h: h["sources"]["pulse0"]["rate_hz"] > 0)
    assert health["sources"]["pulse0"]["state"] == "on"
    assert abs(health["sources"]["pulse0"]["rate_hz"] - 128) < 13
    detail = sidecar.until(b"detail/", lambda d: d["values"].get("heart_rate"))
    assert abs(detail["values"]["heart_rate"] - 72) < 5
