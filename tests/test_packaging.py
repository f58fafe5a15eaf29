"""What is installed with what, under which name, and what the wheel carries."""

from __future__ import annotations

import itertools
import re
import subprocess
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from sentio_bridge.config.source_registry import BUILT_IN
from sentio_bridge.version import VERSION

ROOT = Path(__file__).parents[1]
NAME = "sentio-affect"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
DEVELOPMENT = {"dev", "docs"}
RUNTIME_CHOSEN = {"cpu", "all", *DEVELOPMENT}
"""Extras that bring the CPU build of onnxruntime."""

FOREIGN_NAME = re.compile(
    r"pip install (?:-\S+ )*['\"]?sentio(?![-\w])"  # by itself
    r"|(?<![-\w/])sentio\[[A-Za-z{]"  # with an extra
)
"""The name of another project's distribution on the public index, as if it were ours."""


def closure(extras: tuple[str, ...]) -> set[str]:
    """Return the packages that ``pip install sentio-affect[extras]`` asks for."""
    wanted = list(PROJECT["dependencies"])
    for extra in extras:
        wanted += EXTRAS[extra]
    names: set[str] = set()
    for requirement in wanted:
        found = re.match(r"([A-Za-z0-9_.-]+)(?:\[([^\]]*)\])?", requirement)
        assert found, requirement
        name, inner = found.groups()
        if name == NAME:
            names |= closure(tuple(e.strip() for e in inner.split(",")))
        else:
            names.add(name.lower())
    return names


def builds(extras: tuple[str, ...]) -> set[str]:
    return {name for name in closure(extras) if name.startswith("onnxruntime")}


def test_the_distribution_has_our_name() -> None:
    assert PROJECT["name"] == NAME
    assert PROJECT["scripts"] == {"sentio": PROJECT["scripts"]["sentio"]}


def test_no_shipped_text_installs_another_project() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    texts = (".py", ".md", ".toml", ".gd", ".cs", ".yml", ".yaml", ".txt", ".html", ".json")
    read, wrong = 0, []
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix not in texts or not path.is_file() or path == Path(__file__):
            continue
        read += 1
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if FOREIGN_NAME.search(line):
                wrong.append(f"{name}:{number}: {line.strip()[:100]}")
    assert read > 500
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "pip install 'sentio[cpu]'",
        "pip install -U sentio",
        "`sentio[gpu]`",
        "pip install sentio,",
        "sentio[{extra}]",
    ],
)
def test_the_other_projects_name_is_recognised(text: str) -> None:
    assert FOREIGN_NAME.search(text)
    assert not FOREIGN_NAME.search(text.replace("sentio", NAME))


@pytest.mark.parametrize(
    ("lock", "extra"), [("run", "cpu"), ("dev", "dev"), ("docs", "docs"), ("release", None)]
)
def test_what_make_installs_is_pinned_with_hashes(lock: str, extra: str | None) -> None:
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    pinned = re.split(r"\n(?=\S)", "\n".join(x for x in text.splitlines() if "#" not in x))
    names = set()
    for requirement in filter(None, pinned):
        found = re.match(r"([a-z0-9.-]+)==\S+", requirement)
        assert found, requirement
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", requirement), requirement
        names.add(found[1])
    assert {"hatchling", "editables"} <= names or lock in ("docs",)
    if extra:
        missing = {re.sub(r"[-_.]+", "-", name) for name in closure((extra,))} - names
        assert not missing, "make lock"


@pytest.mark.parametrize(
    "lock", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda p: p.stem
)
def test_no_pin_names_an_index_or_a_path(lock: Path) -> None:
    assert not re.search(r"://|index-url|find-links|(^|\s)/|file:", lock.read_text())


@pytest.mark.parametrize("wanted", ["camera", "face", "microphone", "eeg", "lsl", "ble", "gpu"])
def test_the_promised_extras_are_there(wanted: str) -> None:
    assert EXTRAS[wanted]


def test_every_source_names_an_extra_that_all_includes() -> None:
    for extra in {kind.extra for kind in BUILT_IN if kind.extra}:
        assert closure((extra,)) <= closure(("all",)), extra


def test_all_runs_models_on_the_cpu_and_all_gpu_on_the_card() -> None:
    assert builds(("all",)) == {"onnxruntime"}
    assert builds(("all-gpu",)) == {"onnxruntime-gpu"}
    assert closure(("all",)) - builds(("all",)) == closure(("all-gpu",)) - builds(("all-gpu",))


def test_gpu_with_any_other_extras_gives_one_build() -> None:
    others = [e for e in EXTRAS if e not in RUNTIME_CHOSEN | {"gpu", "all-gpu"}]
    for count in range(3):
        for chosen in itertools.combinations(others, count):
            assert builds(("gpu", *chosen)) == {"onnxruntime-gpu"}, chosen
            assert builds(("cpu", *chosen)) == {"onnxruntime"}, chosen


def test_no_installed_dependency_brings_another_build() -> None:
    # What extras name may ask for more, and that for more again: as far as it is installed here.
    waiting = sorted(closure(("all", "dask")) - {"onnxruntime"})
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            required = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue
        for line in required:
            if "extra ==" not in line and (found := re.match(r"[A-Za-z0-9_.-]+", line)):
                waiting.append(found.group().lower())
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


def test_the_wheel_carries_the_sidecar_and_nothing_of_the_workshop(tmp_path: Path) -> None:
    builder = pytest.importorskip("hatchling.builders.wheel")
    (built,) = builder.WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        names = wheel.namelist()
    assert Path(built).name == f"sentio_affect-{VERSION}-py3-none-any.whl"
    packages = {name.split("/")[0] for name in names}
    assert packages == {
        "sentio_bridge",
        "sentio_sensors",
        "sentio_recording",
        "sentio_models",
        f"sentio_affect-{VERSION}.dist-info",
    }
    assert not [n for n in names if "bench" in Path(n).parent.name or "/tests/" in n]
    assert {"sentio_bridge/py.typed", "sentio_bridge/cli/app.py"} <= set(names)
    assert [n for n in names if n.endswith(".onnx")]
