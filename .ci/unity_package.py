"""Checks the Unity package's layout, package.json, assembly definitions and C# syntax.

What Unity's package manager and compiler would refuse, or quietly leave out, is said here by name.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tree_sitter
import tree_sitter_c_sharp

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "unity_plugin"
PARTS = ("package.json", "README.md", "CHANGELOG.md", "LICENSE.md", "Third Party Notices.md")
PARTS += ("Runtime/Core", "Runtime/Unity", "Editor", "Tests/Editor", "Tests/Runtime")
PARTS += ("Samples~", "Documentation~/index.md")
ENGINE = {"UnityEngine.TestRunner", "UnityEditor.TestRunner"}
"""Assemblies of Unity's own that ours may refer to by name."""
OPTIONAL = {"Unity.InputSystem"}
"""Assemblies that a project may lack: Unity passes over them, and a version define tells."""
BOOLEANS = ("allowUnsafeCode", "overrideReferences", "autoReferenced", "noEngineReferences")
SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
NATIVE = {".dll", ".so", ".dylib", ".bundle", ".a", ".aar", ".jar"}


def manifest(package: Path) -> Iterator[str]:
    """What is wrong with package.json."""
    told = json.loads((package / "package.json").read_text(encoding="utf-8"))
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+){2,}", told.get("name", "")):
        yield f"package.json: name {told.get('name')!r}, expected com.owner.package in lower case"
    if not SEMVER.fullmatch(told.get("version", "")):
        yield f"package.json: version {told.get('version')!r} is not a semantic version"
    if f"[{told.get('version')}]" not in (package / "CHANGELOG.md").read_text(encoding="utf-8"):
        yield f"CHANGELOG.md has no section [{told.get('version')}]"
    if not re.fullmatch(r"\d{4}\.\d+", told.get("unity", "")):
        yield f"package.json: unity {told.get('unity')!r}, expected like 2022.3"
    for key in ("displayName", "description", "license", "author"):
        if not told.get(key):
            yield f"package.json: {key} is missing"
    for name, version in told.get("dependencies", {}).items():
        if not name.startswith("com.unity.modules.") or not SEMVER.fullmatch(version):
            yield f"package.json: dependency {name} {version}; only engine modules, exact versions"
    for sample in told.get("samples", []):
        if not (package / sample["path"]).is_dir():
            yield f"package.json: sample folder {sample['path']} is not there"
        if not sample.get("displayName") or not sample.get("description"):
            yield f"package.json: sample {sample['path']} lacks displayName or description"


def layout(package: Path) -> Iterator[str]:
    """What is missing, and what must not be there."""
    for part in PARTS:
        if not (package / part).exists():
            yield f"{part} is missing"
    for path in package.rglob("*"):
        if path.suffix in NATIVE:
            yield f"{path.relative_to(package)}: native libraries and binaries do not belong here"


def assemblies(package: Path) -> Iterator[str]:
    """What is wrong with the assembly definitions, and which code belongs to none."""
    found = {path: json.loads(path.read_text()) for path in sorted(package.rglob("*.asmdef"))}
    names = [told["name"] for told in found.values()]
    for path, told in found.items():
        yield from assembly(path.relative_to(package), told, set(names))
        if path.stem != told["name"]:
            yield f"{path.name}: holds the assembly {told['name']}"
        if names.count(told["name"]) > 1:
            yield f"{path.name}: the name {told['name']} is taken"
        if sum(1 for _ in path.parent.glob("*.asmdef")) > 1:
            yield f"{path.parent.relative_to(package)}: more than one assembly in a folder"
    homes = {path.parent for path in found}
    for source in sorted(package.rglob("*.cs")):
        if not homes & set(source.parents):
            yield f"{source.relative_to(package)} belongs to no assembly"


def assembly(path: Path, told: dict[str, Any], names: set[str]) -> Iterator[str]:
    """What is wrong with one assembly definition."""
    for key in BOOLEANS:
        if not isinstance(told.get(key, False), bool):
            yield f"{path}: {key} is no boolean"
    if told.get("allowUnsafeCode"):
        yield f"{path}: allows unsafe code"
    for reference in told.get("references", []):
        if reference not in names | ENGINE | OPTIONAL:
            yield f"{path}: refers to {reference}, which is not there"
    if OPTIONAL & set(told.get("references", [])) and not told.get("versionDefines"):
        yield f"{path}: what is optional needs a version define"
    platforms = told.get("includePlatforms", [])
    folder = path.parent.as_posix()
    tests = folder.startswith("Tests")
    if (folder.split("/")[-1] == "Editor") != (platforms == ["Editor"]):
        yield f"{path}: platforms {platforms}; exactly what is in Editor is for the editor alone"
    if tests != ("UNITY_INCLUDE_TESTS" in told.get("defineConstraints", [])):
        yield f"{path}: exactly tests need the constraint UNITY_INCLUDE_TESTS"
    if tests and "nunit.framework.dll" not in told.get("precompiledReferences", []):
        yield f"{path}: tests need nunit.framework.dll"
    core = folder == "Runtime/Core"
    if core != told.get("noEngineReferences", False):
        yield f"{path}: exactly the core knows no engine"
    if core and told.get("references"):
        yield f"{path}: the core refers to {told['references']}"
    if folder.startswith("Runtime") and "Sentio.Editor" in told.get("references", []):
        yield f"{path}: what runs in games must not need the editor"


def syntax(package: Path) -> Iterator[str]:
    """Where C# cannot be parsed, branches for other platforms included."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))
    for source in sorted(package.rglob("*.cs")):
        tree = parser.parse(source.read_bytes())
        for line in broken(tree.root_node):
            yield f"{source.relative_to(package)}:{line}: cannot be parsed"


def broken(node: tree_sitter.Node) -> Iterator[int]:
    """Lines at which a syntax tree has an error or lacks something."""
    if node.is_error or node.is_missing:
        yield node.start_point[0] + 1
    elif node.has_error:
        for child in node.children:
            yield from broken(child)


def problems(package: Path = PACKAGE) -> list[str]:
    """Everything that is wrong, one line each."""
    parts = (layout(package), manifest(package), assemblies(package), syntax(package))
    return [line for part in parts for line in part]


if __name__ == "__main__":
    wrong = problems()
    print("\n".join(wrong) or "the Unity package is laid out well")
    sys.exit(1 if wrong else 0)
