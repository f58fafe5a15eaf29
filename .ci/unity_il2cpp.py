"""Find C# of the Unity package that breaks, or is stripped, in IL2CPP players.

IL2CPP compiles ahead of time: no code is made at run time, what only reflection reaches may be
stripped, and a generic virtual method exists only for the types that were seen. The rules hold for
everything that gets into a player: Runtime and the samples.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import tree_sitter
import tree_sitter_c_sharp

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "unity_plugin"
PLAYER = ("Runtime", "Samples~")
FORBIDDEN = (
    (r"\bSystem\.Reflection\b", "reflection: what only it reaches is stripped"),
    (r"\bSystem\.Linq\.Expressions\b", "expression trees are interpreted, if at all"),
    (r"\bActivator\.CreateInstance\b", "makes objects by reflection"),
    (r"\.Make(Generic(Type|Method)|ArrayType)\b", "makes types at run time"),
    (r"\bType\.GetType\s*\(", "finds types by name: they may be stripped"),
    (r"\.Get(Method|Field|Property|Member|Constructor)s?\s*\(", "reflection on members"),
    (r"\.DynamicInvoke\b", "calls by reflection"),
    (r"\bdynamic\b", "needs code made at run time"),
    (r"\bBinaryFormatter\b|\bXmlSerializer\b", "serialises by reflection"),
    (r"\bMarshal\.GetFunctionPointerForDelegate\b", "needs a static method with an attribute"),
    (r"\bAppDomain\.CreateDomain\b", "there is one domain"),
)
ALLOWED = {"Runtime/Core/AssemblyInfo.cs", "Runtime/Unity/AssemblyInfo.cs"}
"""Files that name System.Reflection for the attributes of an assembly."""
WITHOUT_IL2CPP = {
    "Runtime/Core/Connection/SidecarProcess.cs",
    "Runtime/Unity/Components/LaunchPlatform.cs",
}
"""Files that may start programs: components do not use them under IL2CPP."""
VIRTUAL = {"virtual", "abstract", "override"}


def problems(package: Path = PACKAGE) -> list[str]:
    """Return all faults, one line each."""
    out = []
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))
    for folder in PLAYER:
        for source in sorted((package / folder).rglob("*.cs")):
            name = source.relative_to(package).as_posix()
            tree = parser.parse(source.read_bytes())
            out += [f"{name}:{line}: {why}" for line, why in _faults(name, tree.root_node)]
    return [*out, *_links(package)]


def _faults(name: str, root: tree_sitter.Node) -> Iterator[tuple[int, str]]:
    code = _without_comments(root)
    rules = [] if name in ALLOWED else list(FORBIDDEN)
    if name not in WITHOUT_IL2CPP:
        rules.append((r"\bProcess\.Start\b", "is not supported by IL2CPP"))
    for pattern, why in rules:
        for found in re.finditer(pattern, code):
            yield code.count("\n", 0, found.start()) + 1, f"{found.group()}: {why}"
    yield from _generic_virtuals(root)


def _generic_virtuals(node: tree_sitter.Node) -> Iterator[tuple[int, str]]:
    for child in node.named_children:
        if child.type == "method_declaration":
            words = {_text(c) for c in child.children if c.type == "modifier"}
            generic = any(c.type == "type_parameter_list" for c in child.children)
            inside = node.parent is not None and node.parent.type == "interface_declaration"
            if generic and (words & VIRTUAL or inside):
                method = _text(child.child_by_field_name("name"))
                yield child.start_point[0] + 1, f"{method} is generic and virtual"
        yield from _generic_virtuals(child)


def _without_comments(root: tree_sitter.Node) -> str:
    data = bytearray(root.text or b"")
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type in ("comment", "string_literal", "verbatim_string_literal"):
            for at in range(node.start_byte, node.end_byte):
                data[at] = data[at] if data[at] == 10 else 32
        waiting.extend(node.children)
    return data.decode()


def _links(package: Path) -> Iterator[str]:
    """Yield faults of the linker's files: what they keep must exist."""
    names = {path.stem for path in package.rglob("*.asmdef")}
    found = sorted(package.rglob("link.xml"))
    for path in found:
        name = path.relative_to(package).as_posix()
        if not name.startswith("Samples~"):
            yield f"{name}: Unity reads link.xml below Assets only; keep it in a sample"
        root = ElementTree.parse(path).getroot()
        kept = [node.get("fullname") for node in root.iter("assembly")]
        yield from (f"{name}: there is no assembly {one}" for one in kept if one not in names)
        runtime = {"Sentio", "Sentio.Core"}
        yield from (f"{name}: does not keep {one}" for one in sorted(runtime - set(kept)))
    if not found:
        yield "Samples~ has no link.xml"


def _text(node: tree_sitter.Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


if __name__ == "__main__":
    faults = problems()
    print("\n".join(faults) or "nothing in the Unity package breaks under IL2CPP")
    sys.exit(1 if faults else 0)
