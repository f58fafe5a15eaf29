"""Check the stubs of Unity against facts about its public API, version by version.

The package compiles against the stubs, so what the stubs declare is what it may use. The facts
(tests/unity_stubs/api.tsv) state for each member whether a version of Unity has it. They were
looked up in Unity's public C# reference source, which is for reading: nothing of it is kept here.

``unity_api.py`` checks; ``unity_api.py look VERSION=FOLDER ...`` rewrites the facts from folders
that hold the reference source of these versions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import tree_sitter
import tree_sitter_c_sharp

ROOT = Path(__file__).resolve().parents[1]
STUBS = ROOT / "tests/unity_stubs"
FACTS = STUBS / "api.tsv"
TYPES = {
    "class_declaration",
    "struct_declaration",
    "interface_declaration",
    "enum_declaration",
    "delegate_declaration",
}
OWN = {"UnityEngine.Stage", *(f"UnityEngine.Sheet{part}" for part in ("", ".Item", ".Node"))}
"""Types of the stubs that only tests use."""
FOR_TESTS = "For tests"
"""First words of the comment above a member that only tests use."""
ALIASES = (("UnityObject", "Object"), ("String", "string"))
"""Names that the reference source uses for a type."""
YES, OBSOLETE, NO = "yes", "obsolete", "no"


class Member(NamedTuple):
    """One member of a type, as C# declares it."""

    name: str
    static: bool
    parameters: tuple[str, ...] | None
    """Types of the parameters; None for fields, properties, events and enum values."""
    needed: int
    """Number of parameters without a default."""
    result: str
    obsolete: bool

    def __str__(self) -> str:
        """Return the member as one line of the facts."""
        call = "" if self.parameters is None else f"({', '.join(self.parameters)})"
        return f"{'static ' if self.static else ''}{self.result} {self.name}{call}".strip()


class Type(NamedTuple):
    """A type with its bases and members."""

    bases: list[str]
    members: list[Member]
    obsolete: bool


def parse(source: Path, types: dict[str, Type]) -> None:
    """Add the public types of a C# file to ``types``; parts of one type are merged."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))
    _walk(parser.parse(source.read_bytes()).root_node, "", types)


def _walk(node: tree_sitter.Node, scope: str, types: dict[str, Type]) -> None:
    for child in node.named_children:
        if child.type == "namespace_declaration":
            _walk(child, _join(scope, _text(child.child_by_field_name("name"))), types)
        elif child.type == "file_scoped_namespace_declaration":  # what it holds follows it
            scope = _text(child.child_by_field_name("name"))
        elif child.type in TYPES:
            _type(child, scope, types)
        elif child.type != "attribute_list":
            _walk(child, scope, types)


def _type(node: tree_sitter.Node, scope: str, types: dict[str, Type]) -> None:
    if _stub_only(node):
        return
    arity = _arity(node)
    name = _join(scope, _text(node.child_by_field_name("name")) + (f"`{arity}" if arity else ""))
    found = types.setdefault(name, Type([], [], "Obsolete" in _attributes(node)))
    for child in node.named_children:
        if child.type == "base_list":
            found.bases.extend(_plain(_text(base)) for base in child.named_children)
    body = node.child_by_field_name("body")
    for member in body.named_children if body else []:
        if member.type in TYPES:
            _type(member, name, types)
        else:
            found.members.extend(_members(member, node.type))


def _members(node: tree_sitter.Node, owner: str) -> Iterator[Member]:
    words = {_text(child) for child in node.children if child.type == "modifier"}
    if node.type == "preproc_if" or node.type.startswith("preproc"):
        for child in node.named_children:
            yield from _members(child, owner)
        return
    if _stub_only(node):
        return
    if owner == "interface_declaration" or node.type == "enum_member_declaration":
        words.add("public")
    if not words & {"public", "protected"} or words & {"override"} or "private" in words:
        return
    static = bool(words & {"static", "const"})
    obsolete = "Obsolete" in _attributes(node)
    kind = node.type
    if kind == "enum_member_declaration":
        yield Member(_text(node.child_by_field_name("name")), True, None, 0, "", obsolete)
    elif kind in ("method_declaration", "constructor_declaration", "operator_declaration"):
        yield _call(node, static, obsolete)
    elif kind == "conversion_operator_declaration":
        yield _call(node, static, obsolete, "conversion")
    elif kind == "indexer_declaration":
        yield _call(node, static, obsolete, "this")
    elif kind in ("property_declaration", "event_declaration"):
        result = _plain(_text(node.child_by_field_name("type")))
        yield Member(_text(node.child_by_field_name("name")), static, None, 0, result, obsolete)
    elif kind in ("field_declaration", "event_field_declaration"):
        declared = next(c for c in node.named_children if c.type == "variable_declaration")
        result = _plain(_text(declared.child_by_field_name("type")))
        for variable in declared.named_children:
            if variable.type == "variable_declarator":
                name = _text(variable.child_by_field_name("name"))
                yield Member(name, static, None, 0, result, obsolete)


def _call(node: tree_sitter.Node, static: bool, obsolete: bool, name: str = "") -> Member:
    result = _plain(_text(node.child_by_field_name("returns") or node.child_by_field_name("type")))
    given = node.child_by_field_name("operator")
    if not name:
        name = f"operator {_text(given)}" if given else _text(node.child_by_field_name("name"))
    if node.type == "constructor_declaration":
        name, result = "constructor", ""
    arity = _arity(node)
    types, needed = [], 0
    listed = node.child_by_field_name("parameters")
    for parameter in listed.named_children if listed else []:
        kind = parameter.child_by_field_name("type")
        if parameter.type == "array_type":  # the grammar has a params array outside a parameter
            types.append("params " + _plain(_text(parameter)))
        if parameter.type != "parameter" or kind is None:
            continue
        by = [_text(c) for c in parameter.children if c.type == "modifier"]
        by = [word for word in by if word in ("out", "ref", "in")]
        types.append(" ".join([*by, _plain(_text(kind))]))
        if not any(c.type == "=" for c in parameter.children):
            needed += 1
    name += f"`{arity}" if arity else ""
    return Member(name, static, tuple(types), needed, result, obsolete)


def _arity(node: tree_sitter.Node) -> int:
    listed = next((c for c in node.named_children if c.type == "type_parameter_list"), None)
    return sum(c.type == "type_parameter" for c in listed.named_children) if listed else 0


def _attributes(node: tree_sitter.Node) -> set[str]:
    return {
        _plain(_text(attribute.child_by_field_name("name"))).removesuffix("Attribute")
        for child in node.named_children
        if child.type == "attribute_list"
        for attribute in child.named_children
        if attribute.type == "attribute"
    }


def _stub_only(node: tree_sitter.Node) -> bool:
    before = node.prev_sibling
    return before is not None and before.type == "comment" and FOR_TESTS in _text(before)


def _text(node: tree_sitter.Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def _plain(name: str) -> str:
    """Return a type's name without namespaces, spaces and nullability."""
    word, out = "", ""
    for letter in name.replace(" ", "").replace("?", ""):
        if letter == ".":
            word = ""
        elif letter in "<>,[]":
            out, word = out + word + letter, ""
        else:
            word += letter
    out += word
    for alias, meant in ALIASES:
        out = out.replace(alias, meant)
    return out


def _join(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def stubs(folder: Path = STUBS) -> dict[str, Type]:
    """Return the types of the stubs of Unity's own assemblies."""
    types: dict[str, Type] = {}
    for source in sorted(folder.glob("*.cs")):
        parse(source, types)
    return {name: found for name, found in types.items() if name not in OWN}


def rows(types: dict[str, Type]) -> Iterator[tuple[str, Member | None]]:
    """Yield each type, and each of its members, with the type's name."""
    for name, found in sorted(types.items()):
        yield name, None
        for member in sorted(found.members, key=str):
            yield name, member


def key(name: str, member: Member | None) -> str:
    """Return the text by which the facts name a type or a member."""
    return name if member is None else f"{name}: {member}"


def state(types: dict[str, Type], name: str, member: Member | None) -> str:
    """Return whether ``types`` have a type or member that fits the stub."""
    found = types.get(name)
    if found is None or member is None:
        return NO if found is None else OBSOLETE if found.obsolete else YES
    if member.name == "constructor" and not member.parameters:
        return YES  # implicit, or declared
    best = NO
    for at in _lineage(types, name):
        for other in types[at].members:
            if _fits(other, member):
                if not other.obsolete:
                    return YES
                best = OBSOLETE
    return best


def _lineage(types: dict[str, Type], name: str) -> Iterator[str]:
    """Yield a type and its base types, each found in the nearest namespace."""
    waiting, seen = [name], set()
    while waiting:
        at = waiting.pop(0)
        if at in seen or at not in types:
            continue
        seen.add(at)
        yield at
        for base in types[at].bases:
            bare, _, arguments = base.partition("<")
            bare += f"`{arguments.count(',') + 1}" if arguments else ""
            scope = at
            while scope:
                scope = scope.rpartition(".")[0]
                waiting.append(_join(scope, bare))


def _fits(other: Member, member: Member) -> bool:
    if (other.name, other.static) != (member.name, member.static):
        return False
    if (other.result or "void") != (member.result or "void") and member.name != "constructor":
        return False
    if member.parameters is None or other.parameters is None:
        return member.parameters == other.parameters
    count = len(member.parameters)
    if not other.needed <= count <= len(other.parameters):
        return False
    return other.parameters[:count] == member.parameters


def read_facts(path: Path = FACTS) -> tuple[list[str], dict[str, list[str]]]:
    """Return the versions and, for each member, its state in each of them."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    split = [line.split("\t") for line in lines]
    return head.split("\t")[1:], {line[0]: line[1:] for line in split}


def problems(folder: Path = STUBS, path: Path = FACTS) -> list[str]:
    """Return one line for each stub that a supported version does not have."""
    versions, facts = read_facts(path)
    out = []
    for name, member in rows(stubs(folder)):
        text = key(name, member)
        if text not in facts:
            out.append(f"{text}: no fact; look it up in Unity's manual and add it to {path.name}")
            continue
        for version, given in zip(versions, facts[text], strict=True):
            if given != YES:
                out.append(f"{text}: {given} in Unity {version}")
    known = {key(name, member) for name, member in rows(stubs(folder))}
    out.extend(f"{text}: has no stub; remove the fact" for text in facts if text not in known)
    return out


def look(given: list[str]) -> None:
    """Write the facts from folders with the reference source: ``VERSION=FOLDER`` each."""
    found: dict[str, dict[str, Type]] = {}
    for pair in given:
        version, _, folder = pair.partition("=")
        found[version] = {}
        for source in sorted(Path(folder).rglob("*.cs")):
            parse(source, found[version])
    lines = ["\t".join(["member", *found])]
    for name, member in rows(stubs()):
        states = [state(types, name, member) for types in found.values()]
        lines.append("\t".join([key(name, member), *states]))
    FACTS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["look"]:
        look(sys.argv[2:])
    faults = problems()
    print("\n".join(faults) or "the stubs have only what every supported Unity has")
    sys.exit(1 if faults else 0)
