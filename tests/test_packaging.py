"""What is installed with what: above all, never two builds of onnxruntime."""

from __future__ import annotations

import itertools
import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from sentio_bridge.config.source_registry import BUILT_IN

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]


def closure(extras: tuple[str, ...]) -> set[str]:
    """The packages that ``pip install sentio[extras]`` asks for."""
    wanted = list(PROJECT["dependencies"])
    for extra in extras:
        wanted += EXTRAS[extra]
    names: set[str] = set()
    for requirement in wanted:
        name, inner = re.match(r"([A-Za-z0-9_.-]+)(?:\[([^\]]*)\])?", requirement).groups()  # type: ignore[union-attr]
        if name == "sentio":
            names |= closure(tuple(e.strip() for e in inner.split(",")))
        else:
            names.add(name.lower())
    return names


def builds(extras: tuple[str, ...]) -> set[str]:
    return {name for name in closure(extras) if name.startswith("onnxruntime")}


@pytest.mark.parametrize(
    "wanted", ["camera", "face", "microphone", "eeg", "lsl", "ble", "gpu", "all", "dev"]
)
def test_the_promised_extras_are_there(wanted: str) -> None:
    assert EXTRAS[wanted]


def test_every_source_names_an_extra_that_all_includes() -> None:
    for extra in {kind.extra for kind in BUILT_IN if kind.extra}:
        assert set(EXTRAS[extra]) <= set(itertools.chain(*map(EXTRAS.get, _included("all"))))  # type: ignore[arg-type]


def _included(extra: str) -> list[str]:
    (requirement,) = EXTRAS[extra]
    return [name.strip() for name in requirement.partition("[")[2].rstrip("]").split(",")]


def test_gpu_with_anything_a_user_installs_gives_one_build() -> None:
    users = [extra for extra in EXTRAS if extra not in ("cpu", "gpu", "dev")]
    for count in range(3):
        for others in itertools.combinations(users, count):
            assert builds(("gpu", *others)) == {"onnxruntime-gpu"}, others
            assert builds(("cpu", *others)) == {"onnxruntime"}, others


def test_nothing_that_is_installed_brings_a_second_build() -> None:
    # What extras name may ask for more, and that for more again: as far as it is installed here.
    waiting, seen = sorted(closure(("all", "dask")) - {"sentio"}), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            asked = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        plain = [line for line in asked if "extra ==" not in line]
        waiting += [re.match(r"[A-Za-z0-9_.-]+", line).group().lower() for line in plain]  # type: ignore[union-attr]
    assert len(seen) > 30
    assert not {name for name in seen if name.startswith("onnxruntime")}


def test_the_core_is_light() -> None:
    heavy = {
        "mediapipe",
        "brainflow",
        "pylsl",
        "av",
        "torch",
        "matplotlib",
        "pyarrow",
        "onnxruntime",
    }
    assert not closure(()) & heavy
