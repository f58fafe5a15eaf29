"""Tests that both engines use the vocabulary of docs/engines.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/engines.md"
ADDON = ROOT / "godot_addon/addons/sentio"
PACKAGE = ROOT / "unity_plugin"
DEMOS = ROOT / "godot_addon/demo", PACKAGE / "Samples~/Demos"
NONE = "-"
ASSEMBLY_ONLY = "AssemblyInfo.cs"
"""File with attributes of an assembly, without a class."""


def table(heading: str) -> list[list[str]]:
    """Return the cells of the page's table below a heading, without the header."""
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def code(cell: str) -> str:
    return cell.strip("`")


def scripts() -> list[list[str]]:
    return [[code(row[0]), code(row[1]), *row[2:]] for row in table("Scripts")]


def plain(name: str) -> str:
    """Return a class or file name without prefix, underscores and capitals."""
    return re.sub(r"^sentio_?", "", name.lower()).replace("_", "")


def pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def godot_classes() -> dict[str, str]:
    """Return the text of each addon class by its name."""
    classes = {}
    for path in ADDON.rglob("*.gd"):
        text = path.read_text(encoding="utf-8")
        match = re.search(r"^class_name (\w+)", text, re.MULTILINE)
        if match:
            classes[match[1]] = text
    return classes


def unity_sources() -> Iterator[tuple[Path, str]]:
    for folder in ("Runtime", "Editor"):
        for path in sorted((PACKAGE / folder).rglob("*.cs")):
            if path.name != ASSEMBLY_ONLY:
                yield path, path.read_text(encoding="utf-8")


def enumerations() -> tuple[set[str], set[str]]:
    """Return the names of all Godot and all Unity enumerations."""
    godot = {
        f"{name}.{enum}"
        for name, text in godot_classes().items()
        for enum in re.findall(r"^enum (\w+)", text, re.MULTILINE)
    }
    declared = re.compile(r"^\s*(?:public|internal|private) enum (\w+)", re.MULTILINE)
    unity = {enum for _, text in unity_sources() for enum in declared.findall(text)}
    return godot, unity


def test_every_script_is_listed_once() -> None:
    listed = [row[0] for row in scripts() if row[0] != NONE]
    assert sorted(listed) == sorted(p.relative_to(ADDON).as_posix() for p in ADDON.rglob("*.gd"))
    listed = [row[1] for row in scripts() if row[1] != NONE]
    assert sorted(listed) == sorted(p.relative_to(PACKAGE).as_posix() for p, _ in unity_sources())


@pytest.mark.parametrize("row", scripts(), ids=lambda row: row[0] if row[0] != NONE else row[1])
def test_script_has_a_description_and_the_name_of_its_pair(row: list[str]) -> None:
    godot, unity, description, reason = row
    assert description
    equal = NONE not in (godot, unity) and plain(Path(godot).stem) == plain(Path(unity).stem)
    assert equal or reason, f"{godot} and {unity} differ without a reason"


def test_every_unity_demo_script_is_listed_with_its_pair() -> None:
    rows = [[code(row[0]), code(row[1]), *row[2:]] for row in table("Demos")]
    scripts = sorted(p.relative_to(DEMOS[1]).as_posix() for p in DEMOS[1].rglob("*.cs"))
    assert sorted(row[1] for row in rows) == scripts
    for godot, unity, description, reason in rows:
        assert description
        assert godot == NONE or (DEMOS[0] / godot).is_file()
        equal = plain(Path(godot).stem) == plain(Path(unity).stem)
        assert equal or reason, f"{godot} and {unity} differ without a reason"
        name = Path(unity).stem
        text = (DEMOS[1] / unity).read_text(encoding="utf-8")
        assert re.search(rf"\b(?:class|struct|enum) {name}\b", text), unity


def test_class_has_the_name_of_its_file() -> None:
    for path in ADDON.rglob("*.gd"):
        match = re.search(r"^class_name (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        if match:
            assert plain(match[1]) == plain(path.stem), path
    declared = r"\b(?:class|struct|enum|interface) "
    # Inspectors.cs contains a small class for each component.
    mismatched = [
        path.name
        for path, text in unity_sources()
        if path.stem != "Inspectors" and not re.search(declared + path.stem + r"\b", text)
    ]
    assert mismatched == []


def test_every_enumeration_is_listed_with_its_pair() -> None:
    rows = [[code(row[0]), code(row[1]), row[2]] for row in table("Enumerations")]
    godot, unity = enumerations()
    assert {row[0] for row in rows} - {NONE} == godot
    assert {row[1] for row in rows} - {NONE} == unity
    for first, second, reason in rows:
        assert first.split(".")[-1] == second or reason, (first, second)


@pytest.mark.parametrize("row", table("Members"), ids=lambda row: code(row[0]))
def test_members_have_the_same_name_in_both_engines(row: list[str]) -> None:
    name = code(row[0])
    text = godot_classes()[name]
    names = {path.stem: source for path, source in unity_sources()}
    members = row[1].replace("`", "").split()
    assert members
    source = names.get(name) or names.get(name.removeprefix("Sentio"), "")
    source = source or names["SentioClient"]
    for member in members:
        declared = rf"^(?:@export.* |static )?(?:var|func|signal) {member}\b"
        assert re.search(declared, text, re.MULTILINE), f"{name}.{member} is not in Godot"
        shared = rf"^\s*(?:public|internal) [^=;{{]*\b{pascal(member)}\b"
        assert re.search(shared, source, re.MULTILINE), f"{name}.{pascal(member)} is not in Unity"
