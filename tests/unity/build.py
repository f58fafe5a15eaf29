"""Compile the Unity package with Mono, layer by layer, with warnings as errors."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from tests.locked import locked

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "unity_plugin"
STRICT = ("-langversion:7.2", "-warnaserror+")
FRIENDS = Path(__file__).parent / "Friends.cs"
"""Makes the package's internal members visible to the tests' programs."""
CACHE = "SENTIO_MONO_CACHE"
"""Variable: folder in which compiled assemblies are kept for other processes; nothing without."""
DOC, REFERENCE = "-doc", "-r"
UNSET = "-nowarn:0649"
"""Fields that only Unity's inspector assigns."""


class BuildError(Exception):
    """Compiling or testing failed; holds the output."""


def missing() -> str:
    """Return a message about a missing program; empty if there is none."""
    for name in ("mcs", "mono", "nunit-console"):
        if shutil.which(name) is None:
            return f"no {name}: apt-get install mono-mcs nunit-console libnunit-cil-dev"
    return ""


def compile(out: Path, sources: list[Path], *options: str, library: bool = True) -> Path:
    """Compile C# files; return the assembly.

    The processes of a test session compile each combination once, and copy it.

    Raises:
        BuildError: They do not compile, or with warnings.
    """
    given = [*STRICT, f"-target:{'library' if library else 'exe'}", *options]
    cache = os.environ.get(CACHE)
    if cache is None:
        _compile(out, sources, given)
        return out
    key = _key(out.name, sources, given)
    kept = Path(cache) / key
    with locked(Path(cache) / f"{key}.lock"):
        if not kept.exists():
            fresh = Path(cache) / f"{key}.new"
            fresh.mkdir(parents=True, exist_ok=True)
            given = [f"-doc:{fresh / Path(o).name}" if o.startswith(DOC) else o for o in given]
            _compile(fresh / out.name, sources, given)
            fresh.rename(kept)
    for file in kept.iterdir():
        shutil.copy(file, out.parent)
    return out


def _compile(out: Path, sources: list[Path], options: list[str]) -> None:
    command = ["mcs", f"-out:{out}", *options, *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or "warning" in done.stderr:
        raise BuildError(done.stdout + done.stderr)


def _key(name: str, sources: list[Path], options: list[str]) -> str:
    """Return a text that differs if any input of the compiler does."""
    digest = hashlib.sha256(name.encode())
    for option in options:
        kind, _, value = option.partition(":")
        digest.update(
            f"\n{kind}:{Path(value).name if kind in (DOC, REFERENCE) else value}".encode()
        )
        if kind == REFERENCE and Path(value).exists():
            digest.update(Path(value).read_bytes())
    for source in sources:
        digest.update(b"\n" + source.name.encode() + source.read_bytes())
    return digest.hexdigest()[:32]


def passed(tests: Path, **environment: str) -> int:
    """Run an assembly of tests; return their number.

    Raises:
        BuildError: One failed or was not run; with the output.
    """
    result = tests.with_suffix(".xml")
    done = subprocess.run(
        [
            "nunit-console",
            "-nologo",
            f"-xml={result}",
            str(tests),
        ],
        capture_output=True,
        text=True,
        cwd=tests.parent,
        env={**os.environ, "SENTIO_VECTORS": str(ROOT / "tests/vectors"), **environment},
        check=False,
    )
    if done.returncode or not result.exists():
        raise BuildError(done.stdout[-6000:] + done.stderr)
    result = ElementTree.parse(result).getroot().attrib
    if any(result[kind] != "0" for kind in ("failures", "errors", "ignored", "not-run")):
        raise BuildError(done.stdout[-6000:])
    return int(result["total"])


def files(*parts: str) -> list[Path]:
    """Return the C# files under a folder of the package."""
    return sorted(PACKAGE.joinpath(*parts).rglob("*.cs"))


def core(folder: Path) -> Path:
    """Compile the core without any engine."""
    docs = f"-doc:{folder / 'Sentio.Core.xml'}"
    return compile(folder / "Sentio.Core.dll", [*files("Runtime", "Core"), FRIENDS], docs)


def engine(folder: Path) -> Path:
    """Compile the stubs of Unity."""
    stubs = sorted((ROOT / "tests/unity_stubs").glob("*.cs"))
    quiet = "-nowarn:0414,0067,0649"
    return compile(folder / "UnityEngine.dll", stubs, quiet)


def host(folder: Path) -> Path:
    """Compile the client of the integration tests."""
    source = Path(__file__).parent / "Host.cs"
    reference = f"-r:{folder / 'Sentio.Core.dll'}"
    return compile(folder / "Host.exe", [source], reference, library=False)


def bench(folder: Path) -> Path:
    """Compile the benchmarks of the core."""
    sources = sorted((Path(__file__).parent / "bench").glob("*.cs"))
    reference = f"-r:{folder / 'Sentio.Core.dll'}"
    return compile(folder / "Bench.exe", sources, reference, "-optimize+", library=False)


def editor_tests(folder: Path) -> Path:
    """Compile the tests of the core."""
    reference = f"-r:{folder / 'Sentio.Core.dll'}"
    return compile(folder / "Tests.dll", files("Tests", "Editor"), "-pkg:nunit", reference)


def input_system(folder: Path) -> Path:
    """Compile the stubs of Unity's Input System."""
    sources = sorted((ROOT / "tests/unity_stubs/input_system").glob("*.cs"))
    return compile(folder / "Unity.InputSystem.dll", sources, f"-r:{folder / 'UnityEngine.dll'}")


def components(folder: Path, *defines: str) -> Path:
    """Compile the components against the stubs with a build's ``defines``."""
    names = ["Sentio.Core.dll", "UnityEngine.dll"]
    if "SENTIO_INPUT_SYSTEM" in defines:
        names.append("Unity.InputSystem.dll")
    references = [f"-r:{folder / name}" for name in names]
    docs = f"-doc:{folder / 'Sentio.xml'}"
    given = [f"-define:{';'.join(defines)}"] if defines else []
    sources = [*files("Runtime", "Unity"), FRIENDS]
    return compile(folder / "Sentio.dll", sources, UNSET, docs, *given, *references)


def editor(folder: Path) -> Path:
    """Compile what runs in Unity's editor."""
    references = [
        f"-r:{folder / name}" for name in ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll")
    ]
    sources = [*files("Editor"), FRIENDS]
    return compile(folder / "Sentio.Editor.dll", sources, UNSET, *references)


def demos(folder: Path) -> Path:
    """Compile the demos, which are a sample of the package."""
    references = [
        f"-r:{folder / name}" for name in ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll")
    ]
    return compile(folder / "Sentio.Demos.dll", files("Samples~", "Demos"), UNSET, *references)


def demo_tests(folder: Path) -> Path:
    """Compile the tests of the demos."""
    names = ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll", "Sentio.Demos.dll")
    references = [f"-r:{folder / name}" for name in names]
    sources = sorted((Path(__file__).parent / "demos").glob("*.cs"))
    return compile(folder / "DemoTests.dll", sources, "-pkg:nunit", *references)


def input_tests(folder: Path) -> Path:
    """Compile the tests of panels and demos with the Input System only."""
    names = ("Sentio.Core.dll", "UnityEngine.dll", "Unity.InputSystem.dll")
    names += ("Sentio.dll", "Sentio.Demos.dll")
    references = [f"-r:{folder / name}" for name in names]
    sources = sorted((Path(__file__).parent / "input").glob("*.cs"))
    return compile(folder / "InputTests.dll", sources, UNSET, "-pkg:nunit", *references)


def old_input_tests(folder: Path) -> Path:
    """Compile the tests of panels with the Input Manager."""
    names = ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll")
    references = [f"-r:{folder / name}" for name in names]
    sources = sorted((Path(__file__).parent / "old_input").glob("*.cs"))
    return compile(folder / "OldInputTests.dll", sources, UNSET, "-pkg:nunit", *references)


def editor_tools_tests(folder: Path) -> Path:
    """Compile the tests of what runs in Unity's editor."""
    names = ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll")
    names += ("Sentio.Editor.dll", "Sentio.Demos.dll")
    references = [f"-r:{folder / name}" for name in names]
    sources = sorted((Path(__file__).parent / "editor").glob("*.cs"))
    sources.append(PACKAGE / "Tests/Runtime/Rig.cs")
    return compile(folder / "EditorTests.dll", sources, "-pkg:nunit", "-r:System.Core", *references)


def runtime_tests(folder: Path) -> Path:
    """Compile the tests of the components."""
    own = sorted((Path(__file__).parent / "components").glob("*.cs"))
    vectors = PACKAGE / "Tests/Editor/Vectors.cs"
    references = [
        f"-r:{folder / name}" for name in ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll")
    ]
    sources = [*files("Tests", "Runtime"), vectors, *own]
    return compile(folder / "RuntimeTests.dll", sources, UNSET, "-pkg:nunit", *references)


def stage(folder: Path) -> Path:
    """Compile the game of the integration tests."""
    source = Path(__file__).parent / "Game.cs"
    references = [
        f"-r:{folder / name}" for name in ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll")
    ]
    return compile(folder / "Game.exe", [source], UNSET, *references, library=False)
