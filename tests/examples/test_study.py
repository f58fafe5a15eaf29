"""Tests of the study kit: randomisation, a small run, a real sidecar."""

from __future__ import annotations

import csv
import importlib.util
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from tests.integration.conftest import Sidecar
from tests.integration.conftest import run as run  # noqa: PLC0414 - a fixture

from sentio_recording.recording import Recording

KIT = Path(__file__).parents[2] / "examples/study"


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"study_{name}", KIT / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def python(*words: object) -> str:
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=KIT, capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("participants", [4, 20, 21])
def test_orders_are_balanced_in_every_block(tmp_path: Path, participants: int) -> None:
    plan = script("plan")
    rows = plan.randomised(participants, 5)
    assert [row.participant for row in rows] == [f"{i + 1:02d}" for i in range(participants)]
    for block in range(participants // 4):
        orders = Counter(row.order for row in rows if row.block == block)
        assert sorted(orders.values()) == [2, 2]
    assert rows == plan.randomised(participants, 5)
    assert rows != plan.randomised(participants, 6) or participants == 4
    plan.write(tmp_path / "plan.csv", rows)
    assert plan.read(tmp_path / "plan.csv") == rows


def test_what_cannot_be_used_is_named_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pandas = pytest.importorskip("pandas", exc_type=ImportError)
    pytest.importorskip("matplotlib", exc_type=ImportError)
    monkeypatch.syspath_prepend(str(KIT))
    analyse, model, figures = script("analyse"), script("model"), script("figures")
    frames = pandas.DataFrame({"sent": [float(i) for i in range(100)]})
    marks = {"rest/start": 0, "rest/end": 9, "adapted/start": 10, "adapted/end": 50,
             "control/start": 50, "control/end": 90}  # fmt: skip
    sessions = []
    for number in range(6):
        values = 0.1 * number + (frames["sent"] >= 50) * (1.0 + 0.1 * (number % 2))
        own = frames.assign(**dict.fromkeys(analyse.MEASURES, values))
        times = {k: float(v) for k, v in marks.items() if number or k != "control/end"}
        visit = "2" if number == 5 else "1"
        person = f"{min(number, 4):02d}"
        sessions.append(
            analyse.Session(
                f"sub-{person}_ses-{visit}", person, visit, ("adapted", "control"), own, times
            )
        )
    table = analyse.measures(sessions)
    assert "sub-00_ses-1: control is left out" in capsys.readouterr().out
    assert len(table) == 11
    effect = model.effect(table, "stress")
    assert (effect.people, effect.estimate) == (4, pytest.approx(1.0625))
    assert "all had the same" in effect.how or "paired" in effect.how
    assert model.effect(table[:3], "stress").people == 1
    within = figures.within(table, "stress")  # levels of people do not widen the interval
    assert within["half"].max() < 0.1
    figures.course(analyse.course(sessions, "stress"), "stress", tmp_path / "course.png")
    row = script("plan").Row("07", ("adapted", "control"), 0, 1)
    monkeypatch.setattr(analyse, "named", lambda found: {"sub-07": tmp_path, "sub-09": tmp_path})
    assert analyse.usable([], [row], tmp_path) == []
    assert "sub-07 is left out: it was not analysed" in capsys.readouterr().out


@pytest.mark.slow
def test_a_small_study_runs_and_finds_its_effect(tmp_path: Path) -> None:
    for package in ("pandas", "pyarrow", "matplotlib", "statsmodels"):
        pytest.importorskip(package, exc_type=ImportError)
    out = tmp_path / "out"
    output = python("study.py", out, "--participants", 4, "--seconds", 24, "--dask", "")
    assert "analysed 4 of 4" in output
    effects = (out / "effects.txt").read_text().splitlines()
    assert [line.split()[0] for line in effects] == [
        "stress", "arousal", "valence", "heart_rate_change",
    ]  # fmt: skip
    assert all("4 people, mixed model" in line for line in effects)
    signs = {line.split()[0]: float(line.split()[1]) for line in effects}
    assert signs["stress"] > 0 > signs["valence"]
    assert signs["arousal"] > 0
    with (out / "measures.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 8
    assert all(float(row["known"]) > 0.5 for row in rows)
    assert (out / "stress_people.png").stat().st_size > 10_000
    assert (out / "stress_course.png").stat().st_size > 10_000


def test_a_session_is_recorded_with_its_markers(
    run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    recordings = tmp_path / "recordings"
    text = (KIT / "study.toml").read_text()
    sidecar = run(text.replace('"recordings"', f"'{recordings}'"))
    python("plan.py", tmp_path / "plan.csv", "--participants", 4)
    output = python(
        "session.py", tmp_path / "plan.csv", "02",
        "--endpoint", sidecar.control, "--seconds", 20, "--speed", 40,
    )  # fmt: skip
    folder = recordings / "sub-02_ses-1"
    assert f"recorded {folder}" in output
    assert sidecar.end()[0] == 0
    order = script("plan").read(tmp_path / "plan.csv")[1].order
    names = ["rest", order[0], "pause", order[1]]
    with Recording(folder) as recording:
        marks = [name for _, name in recording.texts("markers")]
        assert any(info.kind == "PPG" for info in recording.streams.values())
    assert marks == [f"{name}/{edge}" for name in names for edge in ("start", "end")]
