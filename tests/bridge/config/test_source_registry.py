"""Source kinds from other distributions."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from sentio_bridge.config.loader import parse
from sentio_bridge.config.presets import starter
from sentio_bridge.config.source_registry import BUILT_IN, SourceRegistry, collect
from sentio_bridge.errors import ConfigError
from sentio_bridge.protocol.vocabulary import SENSORS

EXAMPLE = Path(__file__).parents[3] / "examples" / "own_source"
MODULE = (EXAMPLE / "sentio_pulse.py").read_text()


def install(folder: Path, entry_points: str, **modules: str) -> Path:
    """Create an installed distribution ``sentio-pulse`` in ``folder``."""
    info = folder / "sentio_pulse-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sentio-pulse\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[sentio.sources]\n{entry_points}\n")
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def sentio(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(filter(None, (str(folder), os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, "-m", "sentio_bridge", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": paths},
    )


def collected(monkeypatch: pytest.MonkeyPatch, folder: Path) -> SourceRegistry:
    monkeypatch.syspath_prepend(folder)
    (distribution,) = metadata.distributions(path=[str(folder)])
    return collect(distribution.entry_points)


def test_kind_of_another_distribution_is_listed_checked_and_written(tmp_path: Path) -> None:
    site = install(tmp_path / "site", "pulse = sentio_pulse:KIND", sentio_pulse=MODULE)
    listed = sentio(site, "devices", "--wait", "0.1")
    assert listed.returncode == 0, listed.stderr
    assert "Pulse sensors" in listed.stdout
    assert "pulse 7  found by an external package" in listed.stdout
    path = tmp_path / "sentio.toml"
    assert sentio(site, "config", "init", path).returncode == 0
    assert '# type = "pulse"\n# rate_hz = 64' in path.read_text()
    path.write_text('[consent]\nbody = ["adapt"]\n[[source]]\ntype = "pulse"\n')
    checked = sentio(site, "config", "check", path)
    assert checked.stdout.splitlines()[-1] == "  source pulse0: opens for body"
    path.write_text('[[source]]\ntype = "pulse"\nrate = 3\n')
    refused = sentio(site, "config", "check", path)
    assert refused.returncode == 2
    assert "line 3: rate: unknown key 'rate'" in refused.stderr
    assert "did you mean 'rate_hz'?" in refused.stderr


def test_kind_that_fails_to_load_is_reported_and_does_not_affect_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = install(tmp_path, "broken_pulse = broken_pulse:KIND", broken_pulse="import not_there")
    registry = collected(monkeypatch, site)
    assert list(registry.kinds.values()) == list(BUILT_IN)
    assert "sentio-pulse" in registry.problems["broken_pulse"]
    assert "not_there" in registry.problems["broken_pulse"]
    with pytest.raises(ConfigError, match="line 2: type: 'broken_pulse' is not available"):
        parse('[[source]]\ntype = "broken_pulse"', registry=registry)
    assert parse('[[source]]\ntype = "camera"', registry=registry).sources
    listed = sentio(site, "devices", "--wait", "0.1")
    assert listed.returncode == 0
    assert "✗ broken_pulse" in listed.stdout
    assert "Cameras" in listed.stdout


def changed(old: str, new: str) -> str:
    assert old in MODULE
    return MODULE.replace(old, new)


@pytest.mark.parametrize(
    ("name", "module", "problem"),
    [
        ("camera", changed('name="pulse"', 'name="camera"'), "already has this type"),
        ("pulse", changed('name="pulse"', 'name="clip"'), "its entry point is named 'pulse'"),
        ("pulse", changed('("body",)', '("heart",)'), "expected some of camera"),
        ("pulse", changed('("body",)', "()"), "expected some of camera"),
        ("pulse", changed("settings=PulseSettings", "settings=dict"), "msgspec.Struct"),
        ("pulse", changed("rate_hz: float", "name: str = ''\n    rate_hz: float"), "name"),
        ("pulse", changed("rate_hz: float", "rate_hz: NoSuchType"), "NoSuchType"),
        ("pulse", changed("discover=discover", "separable=True"), "no roles"),
        ("pulse", "import sys\nsys.exit(3)", "SystemExit"),
        ("pulse", "KIND = 3", "expected a SourceKind, got int"),
    ],
)
def test_invalid_kind_is_refused_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, problem: str
) -> None:
    module_name = f"pulse_{tmp_path.name}"  # Python caches modules by name
    site = install(tmp_path, f"{name} = {module_name}:KIND", **{module_name: module})
    registry = collected(monkeypatch, site)
    assert problem in registry.problems[name]
    assert list(registry.kinds.values()) == list(BUILT_IN)


def test_built_in_kinds_are_consistent() -> None:
    names = [kind.name for kind in BUILT_IN]
    assert len(set(names)) == len(names)
    for kind in BUILT_IN:
        assert set(kind.sensors) <= set(SENSORS)
        assert starter([kind]).count(f'type = "{kind.name}"') == 1


def test_registry_imports_no_device_package() -> None:
    code = (
        "import sys; import sentio_bridge.config.source_registry; "
        "print(*sorted({'av', 'sounddevice', 'soundfile', 'pylsl', 'brainflow', 'bleak', 'mne',"
        " 'pyarrow', 'matplotlib', 'onnxruntime', 'cv2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
