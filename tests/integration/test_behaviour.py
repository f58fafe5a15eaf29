"""What engines do with affect: the shared vectors, and the C# that is held against them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "unity_plugin/Runtime/Core/Behaviour"
TESTS = ROOT / "unity_plugin/Tests/Editor"
DEADLINE = 120.0
"""Seconds that a compiler or a test run may take on a slow, busy machine."""


def run(*command: str | Path) -> str:
    """Run to its good end, and give what it said."""
    told = [str(part) for part in command]
    environment = os.environ | {"SENTIO_VECTORS": str(ROOT / "tests/vectors")}
    done = subprocess.run(
        told,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-4000:]
    return said


def compiler() -> list[str]:
    """Mono's compiler, set to what Unity's oldest supported version reads as well."""
    found = shutil.which("mcs")
    if not found:
        pytest.skip("no Mono: install mono-mcs, nunit-console and libnunit-cil-dev")
    return [found, "-langversion:7.2", "-warnaserror+", "-t:library"]


def nunit() -> Path:
    """The newest NUnit that is installed."""
    found = sorted(Path("/usr/lib/cli").glob("nunit.framework-*/nunit.framework.dll"))
    if not found or not shutil.which("nunit-console"):
        pytest.skip("no NUnit: install nunit-console and libnunit-cil-dev")
    return found[-1]


def test_the_vectors_are_what_the_reference_gives() -> None:
    said = run(sys.executable, ROOT / "tests/vectors/behaviour/make.py", "--check")
    assert said.strip() == "15 kinds, 0 written"


def test_the_c_sharp_passes_its_tests_alone_and_without_an_engine(tmp_path: Path) -> None:
    library, tests = tmp_path / "Behaviour.dll", tmp_path / "Tests.dll"
    run(*compiler(), f"-out:{library}", f"-doc:{tmp_path / 'b.xml'}", *sorted(CORE.glob("*.cs")))
    sources = [*sorted((TESTS / "Behaviour").glob("*.cs")), TESTS / "Vectors.cs"]
    run(*compiler(), f"-out:{tests}", f"-r:{library}", f"-r:{nunit()}", *sources)
    said = run("nunit-console", "-nologo", f"-xml={tmp_path / 'result.xml'}", tests)
    assert "Errors: 0, Failures: 0" in said, said[-4000:]
    assert "Not run: 0" in said, said[-4000:]
