"""Check the layout, manifest, assemblies and C# syntax of the Unity package.

Reports what Unity's package manager and compiler would refuse or silently ignore.
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
"""Assemblies of Unity that ours may reference."""
OPTIONAL = {"Unity.InputSystem"}
"""Assemblies that may be missing: Unity ignores the reference; a version define shows it."""
BOOLEANS = ("allowUnsafeCode", "overrideReferences", "autoReferenced", "noEngineReferences")
SEMVER = re.compile(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?")
LICENCES = {"MIT": "Permission is hereby granted, free of charge"}
"""First words of the text that a licence identifier of package.json promises."""
LONGEST_PATH = 140
"""Characters from the package's root: the Asset Store's limit, and Windows has one too."""
SECTION = re.compile(r"^## \[[^\]]+\] - (\d{4}-\d{2}-\d{2}|unreleased)$", re.MULTILINE)
NATIVE = {".dll", ".so", ".dylib", ".bundle", ".a", ".aar", ".jar"}


def manifest(package: Path) -> Iterator[str]:
    """Yield faults of package.json."""
    content = json.loads((package / "package.json").read_text(encoding="utf-8"))
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+){2,}", content.get("name", "")):
        yield f"package.json: name {content.get('name')!r}, expected lower case com.owner.package"
    if not SEMVER.fullmatch(content.get("version", "")):
        yield f"package.json: version {content.get('version')!r} is not a semantic version"
    if f"[{content.get('version')}]" not in (package / "CHANGELOG.md").read_text(encoding="utf-8"):
        yield f"CHANGELOG.md has no section [{content.get('version')}]"
    if not re.fullmatch(r"\d{4}\.\d+", content.get("unity", "")):
        yield f"package.json: unity {content.get('unity')!r}, expected like 2022.3"
    if len(content.get("name", "")) > 50:
        yield "package.json: the editor shows only 50 characters of a name"
    if "git" in json.dumps(content.get("dependencies", {})):
        yield "package.json: registries refuse dependencies on git addresses"
    licence = LICENCES.get(content.get("license", ""), "no such licence")
    if licence not in (package / "LICENSE.md").read_text(encoding="utf-8"):
        yield f"LICENSE.md does not hold the licence {content.get('license')!r} of package.json"
    if not SECTION.search((package / "CHANGELOG.md").read_text(encoding="utf-8")):
        yield "CHANGELOG.md: expected sections like [1.2.3] - 2026-01-31, as registries read them"
    for key in ("displayName", "description", "license", "author"):
        if not content.get(key):
            yield f"package.json: {key} is missing"
    for name, version in content.get("dependencies", {}).items():
        if not name.startswith("com.unity.modules.") or not SEMVER.fullmatch(version):
            yield f"package.json: dependency {name} {version}; only engine modules, exact versions"
    for sample in content.get("samples", []):
        if not (package / sample["path"]).is_dir():
            yield f"package.json: sample folder {sample['path']} does not exist"
        if not sample.get("displayName") or not sample.get("description"):
            yield f"package.json: sample {sample['path']} lacks displayName or description"


def layout(package: Path) -> Iterator[str]:
    """Yield missing and forbidden files."""
    for part in PARTS:
        if not (package / part).exists():
            yield f"{part} is missing"
    for path in package.rglob("*"):
        name = path.relative_to(package).as_posix()
        if len(name) > LONGEST_PATH:
            yield f"{name}: the path has {len(name)} characters, at most {LONGEST_PATH} are allowed"
        if path.name.startswith(".") or not name.isascii():
            yield f"{name}: hidden files and names beyond ASCII are refused or lost by registries"
        if path.suffix in NATIVE:
            yield f"{name}: native libraries and binaries do not belong here"


def assemblies(package: Path) -> Iterator[str]:
    """Yield faults of the assembly definitions, and code without an assembly."""
    found = {path: json.loads(path.read_text()) for path in sorted(package.rglob("*.asmdef"))}
    names = [content["name"] for content in found.values()]
    for path, content in found.items():
        yield from assembly(path.relative_to(package), content, set(names))
        if path.stem != content["name"]:
            yield f"{path.name}: contains the assembly {content['name']}"
        if names.count(content["name"]) > 1:
            yield f"{path.name}: the name {content['name']} is taken"
        if sum(1 for _ in path.parent.glob("*.asmdef")) > 1:
            yield f"{path.parent.relative_to(package)}: more than one assembly in a folder"
    homes = {path.parent for path in found}
    for source in sorted(package.rglob("*.cs")):
        if not homes & set(source.parents):
            yield f"{source.relative_to(package)} belongs to no assembly"


def assembly(path: Path, content: dict[str, Any], names: set[str]) -> Iterator[str]:
    """Yield faults of one assembly definition."""
    for key in BOOLEANS:
        if not isinstance(content.get(key, False), bool):
            yield f"{path}: {key} is not a boolean"
    if content.get("allowUnsafeCode"):
        yield f"{path}: allows unsafe code"
    for reference in content.get("references", []):
        if reference not in names | ENGINE | OPTIONAL:
            yield f"{path}: refers to {reference}, which does not exist"
    if OPTIONAL & set(content.get("references", [])) and not content.get("versionDefines"):
        yield f"{path}: an optional reference needs a version define"
    platforms = content.get("includePlatforms", [])
    folder = path.parent.as_posix()
    tests = folder.startswith("Tests")
    if (folder.split("/")[-1] == "Editor") != (platforms == ["Editor"]):
        yield f"{path}: platforms {platforms}; expected Editor in Editor folders, and only there"
    if tests != ("UNITY_INCLUDE_TESTS" in content.get("defineConstraints", [])):
        yield f"{path}: expected the constraint UNITY_INCLUDE_TESTS in tests, and only there"
    if tests and "nunit.framework.dll" not in content.get("precompiledReferences", []):
        yield f"{path}: tests need nunit.framework.dll"
    core = folder == "Runtime/Core"
    if core != content.get("noEngineReferences", False):
        yield f"{path}: expected noEngineReferences in the core, and only there"
    if core and content.get("references"):
        yield f"{path}: the core refers to {content['references']}"
    if folder.startswith("Runtime") and "Sentio.Editor" in content.get("references", []):
        yield f"{path}: runtime code must not need the editor"


def syntax(package: Path) -> Iterator[str]:
    """Yield C# syntax errors, including branches for other platforms."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))
    for source in sorted(package.rglob("*.cs")):
        tree = parser.parse(source.read_bytes())
        for line in broken(tree.root_node):
            yield f"{source.relative_to(package)}:{line}: cannot be parsed"


def broken(node: tree_sitter.Node) -> Iterator[int]:
    """Yield lines at which a syntax tree has an error or a missing node."""
    if node.is_error or node.is_missing:
        yield node.start_point[0] + 1
    elif node.has_error:
        for child in node.children:
            yield from broken(child)


def problems(package: Path = PACKAGE) -> list[str]:
    """Return all faults, one line each."""
    parts = (layout(package), manifest(package), assemblies(package), syntax(package))
    return [line for part in parts for line in part]


if __name__ == "__main__":
    faults = problems()
    print("\n".join(faults) or "the Unity package is valid")
    sys.exit(1 if faults else 0)
