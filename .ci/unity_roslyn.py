"""Compile the Unity package with Roslyn against .NET Standard 2.1.

That is Unity's compiler and its default API profile since 2021.2; Mono's compiler accepts API that
Unity does not have. Each assembly definition is compiled with its own files and references, for
each platform and input system, with warnings as errors. Unity's own API comes from the stubs.

``unity_roslyn.py [FOLDER]``: the folder holds ``csc`` (by default .cache/roslyn); without it
nothing is compiled, and the output states so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "unity_plugin"
STUBS = ROOT / "tests/unity_stubs"
TEMPLATE = ROOT / "examples/unity_template/Assets"
COMPILER = ROOT / ".cache/roslyn"
NUNIT = Path("/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll")
OPTIONS = ("-target:library", "-langversion:8.0", "-warn:4", "-warnaserror+", "-nowarn:0649")
"""CS0649: fields that only Unity's inspector assigns; Unity's own compiler is quiet about them."""
STUB_OPTIONS = (*OPTIONS, "-nowarn:0067,0169,0414")
PLATFORMS = {
    "editor": ("UNITY_EDITOR", "ENABLE_LEGACY_INPUT_MANAGER"),
    "editor, Input System": ("UNITY_EDITOR", "ENABLE_INPUT_SYSTEM", "SENTIO_INPUT_SYSTEM"),
    "Windows, IL2CPP": ("UNITY_STANDALONE", "ENABLE_IL2CPP", "ENABLE_LEGACY_INPUT_MANAGER"),
    "Linux, Mono, both inputs": (
        "UNITY_STANDALONE",
        "ENABLE_INPUT_SYSTEM",
        "ENABLE_LEGACY_INPUT_MANAGER",
        "SENTIO_INPUT_SYSTEM",
    ),
    "Android": ("UNITY_ANDROID", "ENABLE_IL2CPP", "ENABLE_INPUT_SYSTEM", "SENTIO_INPUT_SYSTEM"),
    "iOS": ("UNITY_IOS", "ENABLE_IL2CPP", "ENABLE_LEGACY_INPUT_MANAGER"),
    "WebGL": ("UNITY_WEBGL", "ENABLE_IL2CPP", "ENABLE_LEGACY_INPUT_MANAGER"),
    "Input System not installed": ("UNITY_STANDALONE", "ENABLE_INPUT_SYSTEM"),
}
EVERYWHERE = ("UNITY_2022_3_OR_NEWER", "UNITY_INCLUDE_TESTS")


class CompileError(Exception):
    """Files that do not compile; holds the compiler's output."""


class Assembly(NamedTuple):
    """One assembly definition of the package."""

    name: str
    sources: list[Path]
    references: list[str]
    editor_only: bool
    engine: bool
    tests: bool


def assemblies(package: Path = PACKAGE) -> list[Assembly]:
    """Return the package's assemblies, each after those that it refers to."""
    paths = sorted(package.rglob("*.asmdef"))
    homes = {path.parent for path in paths}
    found = {}
    for path in paths:
        content = json.loads(path.read_text(encoding="utf-8"))
        sources = [
            source
            for source in sorted(path.parent.rglob("*.cs"))
            if next(p for p in source.parents if p in homes) == path.parent
        ]
        found[content["name"]] = Assembly(
            content["name"],
            sources,
            content["references"],
            content["includePlatforms"] == ["Editor"],
            not content["noEngineReferences"],
            "nunit.framework.dll" in content.get("precompiledReferences", []),
        )
    ordered: list[Assembly] = []
    while len(ordered) < len(found):
        done = {assembly.name for assembly in ordered}
        ordered.extend(
            assembly
            for name, assembly in found.items()
            if name not in done and not (set(assembly.references) & set(found)) - done
        )
    return ordered


class Roslyn:
    """The compiler in a folder, and where its assemblies go."""

    def __init__(self, folder: Path, out: Path) -> None:
        """Compile with ``folder``/csc into ``out``."""
        self._csc = folder / "csc"
        self._out = out

    def compile(self, name: str, sources: list[Path], *options: str) -> Path:
        """Compile one assembly; return it.

        Raises:
            CompileError: It does not compile, or with warnings.
        """
        target = self._out / f"{name}.dll"
        command = [str(self._csc), f"-out:{target}", *options, *map(str, sources)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CompileError(f"{name}:\n{done.stdout}{done.stderr}")
        return target

    def stubs(self) -> None:
        """Compile the stubs of Unity and of its Input System."""
        engine = self.compile("UnityEngine", sorted(STUBS.glob("*.cs")), *STUB_OPTIONS)
        inputs = sorted((STUBS / "input_system").glob("*.cs"))
        self.compile("Unity.InputSystem", inputs, *STUB_OPTIONS, f"-r:{engine}")

    def package(self, defines: tuple[str, ...], package: Path = PACKAGE) -> int:
        """Compile the package as for one platform; return the number of files."""
        editor, count = "UNITY_EDITOR" in defines, 0
        for assembly in assemblies(package):
            if assembly.editor_only and not editor:
                continue
            names = [name for name in assembly.references if self._available(name, defines)]
            names += ["UnityEngine"] if assembly.engine or assembly.tests else []
            references = [f"-r:{self._out / name}.dll" for name in dict.fromkeys(names)]
            references += [f"-r:{NUNIT}"] if assembly.tests else []
            define = f"-define:{';'.join((*defines, *EVERYWHERE))}"
            self.compile(assembly.name, assembly.sources, *OPTIONS, define, *references)
            count += len(assembly.sources)
        return count

    def template(self) -> int:
        """Compile the template project's scripts against the package; return their number."""
        sources = sorted(TEMPLATE.rglob("*.cs"))
        names = ("UnityEngine", "Sentio.Core", "Sentio")
        references = [f"-r:{self._out / name}.dll" for name in names]
        self.compile("Assembly-CSharp", sources, *OPTIONS, *references)
        return len(sources)

    @staticmethod
    def _available(name: str, defines: tuple[str, ...]) -> bool:
        if name == "Unity.InputSystem":
            return "SENTIO_INPUT_SYSTEM" in defines
        return "TestRunner" not in name


def main(folder: Path) -> int:
    """Compile for every platform; return the exit code."""
    if not (folder / "csc").exists():
        print(f"no {folder}/csc: the Unity package was not compiled with Roslyn")
        return 0
    with tempfile.TemporaryDirectory() as out:
        roslyn = Roslyn(folder, Path(out))
        try:
            roslyn.stubs()
            for platform, defines in PLATFORMS.items():
                print(f"{platform}: {roslyn.package(defines)} C# files", flush=True)
            print(f"template: {roslyn.template()} C# files", flush=True)
        except CompileError as error:
            print(error)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else COMPILER))
