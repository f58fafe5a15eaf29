"""Write a page for each package folder, which mkdocstrings fills."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGES = {
    "sentio_bridge": "bridge",
    "sentio_sensors": "sensors",
    "sentio_recording": "sensors",
    "sentio_models": "models",
}
"""Packages that the wheel carries, and the folder each lies in."""


def folders(package: Path) -> list[str]:
    """Return the public sub-packages and modules directly in a package."""
    found = []
    for path in sorted(package.iterdir()):
        name = path.stem
        if name.startswith("_"):
            continue
        if path.suffix == ".py" or (path / "__init__.py").exists():
            found.append(name)
    return found


def summary(path: Path) -> str:
    """Return the first line of a module's docstring."""
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return text.split("\n")[0]


def page(name: str, *, submodules: bool) -> str:
    """Return the page of one package or module."""
    options = f"    options:\n      show_submodules: {str(submodules).lower()}\n"
    return f"# {name}\n\n::: {name}\n{options}"


def build(root: Path, target: Path) -> list[str]:
    """Write the pages and an index; return the pages' names."""
    target.mkdir(parents=True, exist_ok=True)
    lines = ["# Python reference", ""]
    names = []
    for package, folder in PACKAGES.items():
        home = root / folder / package
        lines += [f"## {package}", "", summary(home), "", "| folder | what |", "|---|---|"]
        (target / f"{package}.md").write_text(page(package, submodules=False), encoding="utf-8")
        names.append(package)
        for part in folders(home):
            name = f"{package}.{part}"
            (target / f"{name}.md").write_text(page(name, submodules=True), encoding="utf-8")
            lines.append(f"| [`{part}`]({name}.md) | {summary(home / part)} |")
            names.append(name)
        lines.append("")
    (target / "index.md").write_text("\n".join(lines), encoding="utf-8")
    return names
