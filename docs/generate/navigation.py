"""Completes the site's navigation, and holds it to the pages that there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any


class NavigationError(Exception):
    """The navigation names pages that are not there, or misses some."""


def completed(nav: list[Any], docs: Path) -> list[Any]:
    """Replace each entry that ends in `/` with its folder's pages, index first."""
    result: list[Any] = []
    for entry in nav:
        if not isinstance(entry, dict):
            result.append(entry)
            continue
        ((title, value),) = entry.items()
        if isinstance(value, list):
            value = completed(value, docs)
        elif value.endswith("/"):
            value = [value + name for name in _names(docs / value)]
        result.append({title: value})
    return result


def check(nav: list[Any], docs: Path) -> None:
    """Hold the navigation to the pages that there are."""
    listed = list(_pages(nav))
    there = {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    wrong = [f"no page {name}" for name in listed if name not in there]
    wrong += [f"not in the navigation: {name}" for name in sorted(there - set(listed))]
    wrong += [f"twice in the navigation: {n}" for n in sorted(set(listed)) if listed.count(n) > 1]
    if wrong:
        raise NavigationError("docs/site.yml:\n" + "\n".join(wrong))


def _pages(nav: list[Any]) -> Iterator[str]:
    for entry in nav:
        value = next(iter(entry.values())) if isinstance(entry, dict) else entry
        if isinstance(value, list):
            yield from _pages(value)
        else:
            yield value


def _names(folder: Path) -> list[str]:
    names = sorted(path.name for path in folder.glob("*.md"))
    return sorted(names, key=lambda name: name != "index.md")
