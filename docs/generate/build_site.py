"""Assemble the site's pages and configuration in `build`.

    python docs/generate/build_site.py

`docs/site.yml` is the configuration; an entry of its navigation that ends in `/` becomes the pages
of that folder. A link to a file that does not exist ends this with a list of them.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import csharp
import gdscript
import mermaid
import navigation
import pages
import python_api
import yaml

ROOT = Path(__file__).resolve().parents[2]


def build(root: Path, target: Path) -> None:
    """Write all pages and the configuration below `target`.

    Raises:
        BrokenLinksError: A page links to a file that does not exist.
        NavigationError: The navigation and the pages are not the same set.
    """
    shutil.rmtree(target / "docs", ignore_errors=True)
    docs = target / "docs"
    docs.mkdir(parents=True)
    pages.build(root, docs)
    python_api.build(root, docs / "reference/python")
    gdscript.build(root / "godot_addon/addons/sentio", docs / "reference/gdscript")
    csharp.build(root / "unity_plugin/Runtime", docs / "reference/csharp")
    decisions_index(docs / "decisions")
    script = mermaid.provide(root / ".cache/mermaid")
    if script is None:
        print("no npm, or no network: diagrams are shown as their text", file=sys.stderr)
    else:
        (docs / "assets").mkdir(exist_ok=True)
        shutil.copyfile(script, docs / "assets/mermaid.min.js")
    text = (root / "docs/site.yml").read_text(encoding="utf-8")
    (target / "mkdocs.yml").write_text(
        configuration(text, docs, diagrams=script is not None), encoding="utf-8"
    )


def configuration(text: str, docs: Path, *, diagrams: bool) -> str:
    """Return the site's configuration with its whole navigation.

    Raises:
        NavigationError: The navigation and the pages are not the same set.
    """
    head, _, nav = text.partition("\nnav:\n")
    parts = [head]
    if diagrams:
        parts.append("extra_javascript: [assets/mermaid.min.js]")
    else:
        # With this class the theme would load the program from a public server.
        parts[0] = head.replace("class: mermaid\n", "class: diagram\n")
    whole = navigation.completed(yaml.safe_load(nav), docs)
    navigation.check(whole, docs)
    parts.append("nav: " + json.dumps(whole, indent=2))
    return "\n".join(parts) + "\n"


def decisions_index(folder: Path) -> None:
    """Write a table of all decisions where the folder has no index of its own."""
    if (folder / "index.md").exists():
        return
    rows = []
    for path in sorted(folder.glob("[0-9]*.md")):
        title = path.read_text(encoding="utf-8").split("\n", 1)[0]
        number, _, name = re.sub(r"^#\s*", "", title).partition(" ")
        rows.append(f"| {number.rstrip('.')} | [{name}]({path.name}) |")
    lines = ["# Decisions", "", "| number | decision |", "|---|---|", *rows, ""]
    (folder / "index.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    try:
        build(ROOT, ROOT / "build")
    except (pages.BrokenLinksError, navigation.NavigationError) as error:
        sys.exit(str(error))
