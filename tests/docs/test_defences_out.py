"""With its defence taken out, the test of a threat fails (docs/threat-model.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.docs.change import Change
from tests.docs.defences import OUT, QUICK
from tests.docs.test_threat_model import ROWS

ROOT = Path(__file__).parents[2]

PACKAGES = ("bridge", "sensors", "models")

LONGEST_WAIT = 20.0
"""Seconds that a test waits for what should come within one: it does not come here."""

AT_ONCE = 4
"""Runs at the same time."""

TESTS = {cells.split("|")[0].strip(): named for _, cells, named in ROWS}
"""The test of each threat."""


def overlay(folder: Path, changes: tuple[Change, ...]) -> Path:
    """Return a repository of links to this one, but for the changed files."""
    texts: dict[str, str] = {}
    for file, old, new in changes:
        text = texts.get(file) or (ROOT / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} has changed: adapt tests/docs/defences.py"
        texts[file] = text.replace(old, new)
    _link(ROOT, folder, {Path(file).parts for file in texts})
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def _link(source: Path, target: Path, changed: set[tuple[str, ...]]) -> None:
    """Link the entries of a folder; those above a changed file become folders."""
    target.mkdir(exist_ok=True)
    inner: dict[str, set[tuple[str, ...]]] = {}
    for first, *rest in changed:
        inner.setdefault(first, set()).add(tuple(rest))
    for entry in source.iterdir():
        rests = inner.get(entry.name)
        if rests is None:
            if entry.name not in (".git", "__pycache__"):
                (target / entry.name).symlink_to(entry)
        elif () not in rests:
            _link(entry, target / entry.name, rests)


def failed(test: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run a test of Python or Godot on an overlay."""
    if test.endswith(".gd"):
        from tests.integration.test_godot import godot

        project = root / "godot_addon"
        start = [godot(), "--headless", "--path", str(project)]
        if not (project / ".godot").exists():
            subprocess.run([*start, "--import"], capture_output=True, check=False)
        command = [*start, "-s", "tests/run.gd", "--", test.removeprefix("godot_addon/")]
    else:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider"]
        command += ["-m", "not slow and not figure", test]
    paths = [str(root / package) for package in PACKAGES]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "SENTIO_TEST_DEADLINE": str(LONGEST_WAIT),
        },
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


Runs = dict[str, Future[subprocess.CompletedProcess[str]]]


@pytest.fixture(scope="module")
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Runs]:
    """Start the run of each selected threat, some at the same time.

    Most wait for what does not come without the defence.
    """
    mine = [item for item in request.session.items if item.path == Path(__file__)]
    selected = [i.callspec.params["threat"] for i in mine if hasattr(i, "callspec")]
    folder = tmp_path_factory.mktemp("without")

    def run(threat: str) -> subprocess.CompletedProcess[str]:
        place = folder / str(list(OUT).index(threat))
        return failed(TESTS[threat], overlay(place, OUT[threat]))

    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {threat: pool.submit(run, threat) for threat in selected}
        pool.shutdown(cancel_futures=True)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "threat", [t if t in QUICK else pytest.param(t, marks=pytest.mark.slow) for t in OUT]
)
def test_test_fails_without_its_defence(threat: str, runs: Runs) -> None:
    done = runs[threat].result()
    assert done.returncode == 1, done.stdout[-1500:]  # 0: nothing failed; others: no test ran


def test_every_threat_of_the_model_is_here() -> None:
    assert list(OUT) == list(TESTS)
    assert set(QUICK) <= set(OUT)


def test_every_place_still_exists() -> None:
    for threat, changes in OUT.items():
        for file, old, _ in changes:
            assert (ROOT / file).read_text(encoding="utf-8").count(old) == 1, threat
