"""Write a page for each public type of the Unity package."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import tree_sitter
import tree_sitter_c_sharp

_TYPES = {
    "class_declaration": "class",
    "struct_declaration": "struct",
    "interface_declaration": "interface",
    "enum_declaration": "enum",
    "delegate_declaration": "delegate",
}
_MEMBERS = {
    "constructor_declaration": "Constructors",
    "event_declaration": "Events",
    "event_field_declaration": "Events",
    "property_declaration": "Properties",
    "indexer_declaration": "Properties",
    "field_declaration": "Fields",
    "method_declaration": "Methods",
    "operator_declaration": "Methods",
    "enum_member_declaration": "Values",
}
_ORDER = ("Constructors", "Events", "Properties", "Fields", "Methods", "Values")


@dataclass
class Member:
    """A public member of a type."""

    kind: str
    name: str
    declaration: str
    comment: str


@dataclass
class Type:
    """A public type; a nested one is named with its owner, a partial one is one type."""

    name: str
    declaration: str
    comment: str
    members: list[Member] = field(default_factory=list)


def parse(source: bytes) -> list[Type]:
    """Return the public types of one file."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c_sharp.language()))
    return list(_types(parser.parse(source).root_node, "", public=False))


def _types(node: tree_sitter.Node, owner: str, *, public: bool) -> Iterator[Type]:
    """Yield the public types below a node; members of an interface or enum are public."""
    for child in node.children:
        if child.type in _TYPES:
            if not (public or "public" in _modifiers(child)):
                continue
            name = owner + _text(child.child_by_field_name("name"))
            found = Type(name, _head(child), _comment(child))
            body = child.child_by_field_name("body")
            inside = child.type in ("interface_declaration", "enum_declaration")
            if body is not None:
                found.members = list(_members(body, public=inside))
            yield found
            if body is not None:
                yield from _types(body, name + ".", public=inside)
        elif child.type in ("namespace_declaration", "declaration_list", "compilation_unit") or (
            child.type.startswith("preproc_")
        ):
            yield from _types(child, owner, public=public)


def _members(body: tree_sitter.Node, *, public: bool) -> Iterator[Member]:
    for child in body.children:
        if child.type.startswith("preproc_"):
            yield from _members(child, public=public)
        kind = _MEMBERS.get(child.type)
        if kind and (public or "public" in _modifiers(child)):
            yield Member(kind, _name(child), _head(child), _comment(child))


def _name(node: tree_sitter.Node) -> str:
    """Return a member's name: of fields and events the first that is declared."""
    named = node.child_by_field_name("name")
    if named is not None:
        return _text(named)
    if node.type == "indexer_declaration":
        return "this"
    if node.type == "operator_declaration":
        return "operator " + _text(node.child_by_field_name("operator"))
    for child in node.children:
        if child.type == "variable_declaration":
            for declared in child.children:
                if declared.type == "variable_declarator":
                    return _text(declared.child_by_field_name("name"))
    return ""


def _modifiers(node: tree_sitter.Node) -> set[str]:
    return {_text(child) for child in node.children if child.type == "modifier"}


def _text(node: tree_sitter.Node | None) -> str:
    return node.text.decode() if node is not None and node.text is not None else ""


def _head(node: tree_sitter.Node) -> str:
    """Return a declaration without attributes, body and initial value, on one line."""
    parts = []
    for child in node.children:
        if child.type in ("attribute_list", "block", "declaration_list", "comment"):
            continue
        if child.type in ("accessor_list", "arrow_expression_clause"):
            parts.append(_accessors(child))
        elif child.type == "enum_member_declaration_list":
            continue
        elif child.type == "variable_declaration":
            declared = [c for c in child.children if c.type == "variable_declarator"]
            names = ", ".join(_text(c.child_by_field_name("name")) for c in declared)
            parts.append(f"{_text(child.child_by_field_name('type'))} {names}")
        elif child.type not in (";", "=") or node.type == "enum_member_declaration":
            parts.append(_text(child))
    line = " ".join(" ".join(parts).split())
    line = re.sub(r"\s+([(,\[<])", r"\1", line) if "operator" not in line else line
    return re.sub(r",(?=\S)", ", ", line)


def _accessors(node: tree_sitter.Node) -> str:
    if node.type == "arrow_expression_clause":
        return "{ get; }"
    found = []
    for child in node.children:
        if child.type == "accessor_declaration":
            words = re.sub(r"\{.*|=>.*|;", "", _text(child), flags=re.DOTALL).split()
            if not {"private", "internal"} & set(words):
                found.append(" ".join(words) + ";")
    return "{ " + " ".join(found) + " }"


def _comment(node: tree_sitter.Node) -> str:
    """Return the XML of the `///` lines directly above a declaration."""
    lines: list[str] = []
    before = node.prev_sibling
    while before is not None and before.type == "comment" and _text(before).startswith("///"):
        lines.insert(0, _text(before)[3:].removeprefix(" "))
        before = before.prev_sibling
    return "\n".join(lines)


def markdown(comment: str, links: Links) -> str:
    """Turn a documentation comment into Markdown.

    Raises:
        ValueError: It is not well-formed.
    """
    if not comment.strip():
        return ""
    try:
        tree = ElementTree.fromstring(f"<doc>{comment}</doc>")
    except ElementTree.ParseError as error:
        raise ValueError(f"a documentation comment is not XML: {error}\n{comment}") from None
    parts = []
    for element in tree:
        text = " ".join(_flow(element, links).split())
        if element.tag in ("summary", "remarks", "value"):
            parts.append(text)
        elif element.tag == "returns":
            parts.append(f"Returns: {text}")
        elif element.tag in ("param", "typeparam"):
            parts.append(f"`{element.get('name')}`: {text}")
        elif element.tag == "exception":
            parts.append(f"Raises {links.to(element.get('cref', ''))}: {text}")
    return "\n\n".join(parts)


def _flow(element: ElementTree.Element, links: Links) -> str:
    text = element.text or ""
    for child in element:
        if child.tag in ("see", "seealso"):
            text += links.to(child.get("cref") or child.get("langword") or "")
        elif child.tag in ("paramref", "typeparamref"):
            text += f"`{child.get('name')}`"
        elif child.tag == "c":
            text += f"`{child.text}`"
        else:
            text += _flow(child, links)
        text += child.tail or ""
    return text


@dataclass(frozen=True)
class Links:
    """Where references lead.

    Attributes:
        types: Every type that has a page, with its members' names.
        owner: The type on whose page the reference is.
    """

    types: dict[str, frozenset[str]]
    owner: str = ""

    def to(self, reference: str) -> str:
        """Return a link to a type or member, or its name as code where it has no page."""
        name = re.sub(r"^[A-Z]:", "", reference).split("(")[0].removeprefix("Sentio.")
        owner, _, member = name.rpartition(".")
        if name in self.types:
            return f"[`{name}`]({name}.md)"
        if member in self.types.get(owner or self.owner, ()):
            return f"[`{name}`]({owner or self.owner}.md#{member.lower()})"
        return f"`{name}`"


def page(found: Type, links: Links) -> str:
    """Return the page of one type."""
    parts = [f"# {found.name}", f"```csharp\n{found.declaration}\n```"]
    parts.append(markdown(found.comment, links))
    for kind in _ORDER:
        chosen = [member for member in found.members if member.kind == kind]
        if chosen:
            parts.append(f"## {kind}")
        shown = ""
        for member in chosen:
            if member.name != shown:  # overloads share a heading
                parts.append(f"### {member.name} {{ #{member.name.lower()} }}")
                shown = member.name
            parts.append(f"```csharp\n{member.declaration}\n```")
            parts.append(markdown(member.comment, links))
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def build(runtime: Path, target: Path) -> list[str]:
    """Write a page for each public type and an index; return their names."""
    types: dict[str, Type] = {}
    for path in sorted(runtime.rglob("*.cs")):
        for found in parse(path.read_bytes()):
            same = types.setdefault(found.name, found)
            if same is not found:  # the other part of a partial type
                same.members += found.members
                same.comment = same.comment or found.comment
    members = {name: frozenset(m.name for m in found.members) for name, found in types.items()}
    target.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, found in sorted(types.items()):
        links = Links(members, name)
        (target / f"{name}.md").write_text(page(found, links), encoding="utf-8")
        first = markdown(found.comment, links).split("\n\n")[0]
        rows.append(f"| [`{name}`]({name}.md) | {first} |")
    index = ["# C# reference", "", "| type | what |", "|---|---|", *rows, ""]
    (target / "index.md").write_text("\n".join(index), encoding="utf-8")
    return sorted(types)
