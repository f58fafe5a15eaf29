"""Write a page for each class of the Godot addon from its `##` comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_CLASS = re.compile(r"class_name\s+(\w+)")
_EXTENDS = re.compile(r"extends\s+(\w+)")
_MEMBER = re.compile(
    r"(?:@export[\w]*(?:\([^)]*\))?\s+)?(?P<static>static\s+)?"
    r"(?P<kind>signal|const|enum|var|func)\s+(?P<name>\w+)(?P<rest>.*)"
)
_KINDS = {"signal": "Signals", "var": "Properties", "func": "Methods", "enum": "Enumerations"}
_KINDS["const"] = "Constants"
_ORDER = ("Signals", "Properties", "Methods", "Enumerations", "Constants")


@dataclass
class Member:
    """A public signal, property, method, enumeration or constant."""

    kind: str
    name: str
    declaration: str
    text: str


@dataclass
class Script:
    """A script with a `class_name`."""

    name: str
    parent: str
    text: str
    members: list[Member] = field(default_factory=list)


def parse(source: str) -> Script | None:
    """Read a script; return None if it has no `class_name`."""
    lines = source.splitlines()
    name = next((m[1] for line in lines if (m := _CLASS.match(line))), None)
    if name is None:
        return None
    parent = next((m[1] for line in lines if (m := _EXTENDS.match(line))), "RefCounted")
    script = Script(name, parent, _class_text(lines))
    for declaration, comment in _declarations(lines):
        found = _MEMBER.match(declaration)
        if not found or found["name"].startswith("_"):
            continue
        shown = re.sub(r"^@\w+(\([^)]*\))?\s+", "", declaration)
        shown = re.sub(r"\s*:$", "", shown)
        script.members.append(Member(_KINDS[found["kind"]], found["name"], shown, comment))
    return script


def _class_text(lines: list[str]) -> str:
    """Return the comment of the class: the first block after its header."""
    taken: list[str] = []
    for line in lines:
        if line.startswith("##"):
            taken.append(line[2:].removeprefix(" "))
        elif taken or not re.match(r"(@\w+.*|class_name .*|extends .*|)$", line):
            break
    return "\n".join(taken)


def _declarations(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each declaration at the top level on one line, with the comment above it."""
    comment: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if line.startswith("##"):
            comment.append(line[2:].removeprefix(" "))
        elif line.startswith("@") and not _MEMBER.match(line):
            continue  # an annotation on a line of its own
        elif line[:1] in ("", "\t", " ", "#", ")", "]", "}"):
            comment = comment if line[:1] in ("\t", " ") else []
        else:
            text = line
            while text.count("(") > text.count(")") or text.count("{") > text.count("}"):
                text += " " + lines[index].strip()
                index += 1
            yield (
                re.sub(r"([({])\s+|\s+([)}])", r"\1\2", text).replace(",)", ")"),
                "\n".join(comment),
            )
            comment = []


@dataclass(frozen=True)
class Links:
    """Where references lead.

    Attributes:
        classes: The classes that have a page.
        members: Lower-case names of the members on the page of the reference.
    """

    classes: frozenset[str]
    members: frozenset[str] = frozenset()

    def to(self, name: str) -> str:
        """Return a link to a class or member, or its name as code where it has no page."""
        owner, _, member = name.rpartition(".")
        if name in self.classes:
            return f"[`{name}`]({name}.md)"
        if owner in self.classes:
            return f"[`{name}`]({owner}.md#{member.lower()})"
        return f"[`{name}`](#{name.lower()})" if name.lower() in self.members else f"`{name}`"


def markdown(text: str, links: Links) -> str:
    """Turn Godot's markup into Markdown."""
    text = re.sub(r"\[codeblock\]\n?(.*?)\[/codeblock\]", _block, text, flags=re.DOTALL)
    parts = re.split(r"(```.*?```)", text, flags=re.DOTALL)
    return "".join(p if p.startswith("```") else _inline(p, links) for p in parts)


def _block(found: re.Match[str]) -> str:
    return f"\n\n```gdscript\n{found[1].rstrip()}\n```\n"


def _inline(text: str, links: Links) -> str:
    parts = re.split(r"\[code\](.*?)\[/code\]", text, flags=re.DOTALL)
    for index, part in enumerate(parts):
        if index % 2:
            parts[index] = f"`{part}`"
            continue
        part = re.sub(r"\[/?b\]", "**", part)
        part = re.sub(r"\[/?i\]", "*", part)
        part = re.sub(r"\[param (\w+)\]", r"`\1`", part)
        kinds = r"\[(?:(?:member|method|signal|constant|enum|annotation) )([\w.@]+)\]"
        part = re.sub(kinds, lambda m: links.to(m[1]), part)
        parts[index] = re.sub(r"\[([A-Z]\w+)\](?!\()", lambda m: links.to(m[1]), part)
    return "".join(parts)


def page(script: Script, classes: frozenset[str]) -> str:
    """Return the page of one class."""
    links = Links(classes, frozenset(member.name.lower() for member in script.members))
    parts = [f"# {script.name}", f"Extends {links.to(script.parent)}."]
    parts.append(markdown(script.text, links))
    for kind in _ORDER:
        chosen = [member for member in script.members if member.kind == kind]
        if chosen:
            parts.append(f"## {kind}")
        for member in chosen:
            parts.append(f"### {member.name} {{ #{member.name.lower()} }}")
            parts.append(f"```gdscript\n{member.declaration}\n```")
            parts.append(markdown(member.text, links))
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def build(addon: Path, target: Path) -> list[str]:
    """Write a page for each class of `addon`, and an index; return the classes' names."""
    scripts = [parse(path.read_text(encoding="utf-8")) for path in sorted(addon.rglob("*.gd"))]
    classes = sorted((s for s in scripts if s is not None), key=lambda s: s.name)
    names = frozenset(script.name for script in classes)
    target.mkdir(parents=True, exist_ok=True)
    for script in classes:
        (target / f"{script.name}.md").write_text(page(script, names), encoding="utf-8")
    rows = [f"| [`{s.name}`]({s.name}.md) | {_first_line(s.text, names)} |" for s in classes]
    index = ["# GDScript reference", "", "| class | what |", "|---|---|", *rows, ""]
    (target / "index.md").write_text("\n".join(index), encoding="utf-8")
    return [script.name for script in classes]


def _first_line(text: str, names: frozenset[str]) -> str:
    return _inline(text.split("\n\n")[0].replace("\n", " "), Links(names))
