"""Collect the pages of the site, and check that every link has a target.

A page stays where its readers look for it: the protocol beside the bridge, a model's card beside
its weights, a package's manual in the package. The site gets copies, with links rewritten.
"""

from __future__ import annotations

import posixpath
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

ELSEWHERE = {
    "CHANGELOG.md": "changelog.md",
    "CODE_OF_CONDUCT.md": "contributing/conduct.md",
    "CONTRIBUTING.md": "contributing/index.md",
    "SECURITY.md": "contributing/security.md",
    "bridge/PROTOCOL.md": "protocol/index.md",
    "bridge/README.md": "contributing/bridge.md",
    "docs/decisions/README.md": "decisions/index.md",
    "examples/README.md": "guides/examples.md",
    "examples/own_model/README.md": "guides/own_model.md",
    "examples/study/README.md": "guides/study.md",
    "examples/own_source/README.md": "guides/own_source.md",
    "examples/unity_template/README.md": "guides/unity/template.md",
    "godot_addon/README.md": "guides/godot_demos.md",
    "godot_addon/addons/sentio/README.md": "guides/godot.md",
    "models/README.md": "contributing/models.md",
    "models/cards/*.md": "models",
    "sensors/MEDIA.md": "guides/media.md",
    "sensors/README.md": "contributing/sensors.md",
    "sensors/sentio_recording/README.md": "contributing/recording_format.md",
    "tests/README.md": "contributing/tests.md",
    "tests/vectors/README.md": "protocol/vectors.md",
    "unity_plugin/Documentation~/*.md": "guides/unity",
    "unity_plugin/README.md": "guides/unity/package.md",
}
"""Files outside `docs/` that are pages, and their place; a pattern's place is a folder."""

_IMAGES = {".svg", ".png", ".jpg", ".gif", ".webm"}
_LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)((?:\s+\"[^\"]*\")?)\)")
_OUTSIDE = re.compile(r"[a-z][a-z+.-]*:|#")
_ITEM = re.compile(r"\s*([-*+]|\d+\.)\s")


class BrokenLinksError(Exception):
    """Pages link to files that are not there."""


def collect(root: Path) -> dict[str, str]:
    """Return the site's path of each page, by its path in the repository."""
    docs = root / "docs"
    pages = {
        path.relative_to(root).as_posix(): path.relative_to(docs).as_posix()
        for path in sorted(docs.rglob("*.md"))
    }
    for pattern, place in ELSEWHERE.items():
        for path in sorted(root.glob(pattern)):
            target = f"{place}/{path.name}" if "*" in pattern else place
            pages[path.relative_to(root).as_posix()] = target
    return pages


def build(root: Path, target: Path) -> None:
    """Write every page and every picture that one shows below `target`.

    Raises:
        BrokenLinksError: A relative link names a file that does not exist; all are listed.
    """
    pages = collect(root)
    broken: list[str] = []
    for source, place in pages.items():
        text = (root / source).read_text(encoding="utf-8")
        shown, images, missing = relink(text, source, place, pages, root)
        broken += [f"{source}: {link}" for link in missing]
        path = target / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(separate_blocks(shown), encoding="utf-8")
        for image in images:
            copy = target / image_place(image)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / image, copy)
    if broken:
        raise BrokenLinksError("links to files that do not exist:\n" + "\n".join(broken))


def image_place(image: str) -> str:
    """Return the site's path of a picture."""
    return image.removeprefix("docs/") if image.startswith("docs/") else f"assets/{image}"


def relink(
    text: str, source: str, place: str, pages: Mapping[str, str], root: Path
) -> tuple[str, set[str], list[str]]:
    """Rewrite the links of one page for its place in the site.

    A link to a file that is not a page, such as source code, becomes its text.

    Returns:
        The text, the repository's paths of the pictures it shows, and links to missing files.
    """
    images: set[str] = set()
    missing: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        mark, label, link, title = found.groups()
        if _OUTSIDE.match(link):
            return found[0]
        name, _, anchor = link.partition("#")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), name))
        if path.startswith("..") or not (root / path).exists():
            missing.append(link)
            return found[0]
        if posixpath.splitext(path)[1] in _IMAGES:
            images.add(path)
            new = image_place(path)
        elif path in pages:
            new = pages[path]
        elif path.startswith("docs/") and (root / path).is_dir():
            new = path.removeprefix("docs/") + "/index.md"
        else:
            return str(label)
        new = posixpath.relpath(new, posixpath.dirname(place) or ".")
        return f"{mark}[{label}]({new}{'#' + anchor if anchor else ''}{title})"

    lines = []
    for line, code in _lines(text):
        parts = [line] if code else re.split(r"(`+[^`]*`+)", line)
        # A label may be code: then the link spans parts, and is matched on the whole line.
        whole = line if code or re.search(r"\[`[^`]*`\]\(", line) else None
        if code:
            lines.append(line)
        elif whole is not None:
            lines.append(_LINK.sub(replaced, whole))
        else:
            lines.append("".join(p if p.startswith("`") else _LINK.sub(replaced, p) for p in parts))
    return "\n".join(lines) + "\n", images, missing


def separate_blocks(text: str) -> str:
    """Put an empty line before each list and table, and indents of four spaces.

    The site's Markdown needs both, also in code that belongs to a list.
    """
    result: list[str] = []
    before, shift = "", 0
    for line, code in _lines(text):
        kind, earlier = _kind(line), _kind(before)
        starts = kind in ("item", "table") and earlier not in (kind, "", "continued")
        if not code and before.strip() and starts:
            result.append("")
        if not code or re.match(r"\s*(`{3,}|~{3,})", line):
            indent = len(line) - len(line.lstrip(" "))
            shift = -indent % 4 if indent > 1 else 0
        result.append(" " * shift + (line.expandtabs(4) if code else line))
        before = line
    return "\n".join(result) + "\n"


def _kind(line: str) -> str:
    if not line.strip():
        return ""
    if _ITEM.match(line):
        return "item"
    if line.startswith("|"):
        return "table"
    return "continued" if line.startswith("  ") else "text"


def _lines(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line, and whether it belongs to a fenced block."""
    fence = ""
    for line in text.splitlines():
        opening = re.match(r"\s*(`{3,}|~{3,})", line)
        if fence:
            yield line, True
            if opening and opening[1].startswith(fence):
                fence = ""
        else:
            fence = opening[1] if opening else ""
            yield line, bool(opening)
