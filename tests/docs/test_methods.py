"""The methods page covers every entry of the affect vector."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sentio_bridge.protocol.entries import ENTRIES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/methods.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, _ in ENTRIES])
def test_every_entry_is_on_the_page(name: str) -> None:
    assert re.search(rf"`{name}`", PAGE), f"describe {name} in docs/methods.md"


@pytest.mark.parametrize(
    "heading", ["Conventions", "What a paper should state", "How to cite", "Sources"]
)
def test_a_reviewers_questions_have_a_section(heading: str) -> None:
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    assert len(section) > 200


def test_every_source_that_is_named_is_listed() -> None:
    text, _, sources = PAGE.partition("## Sources\n")
    cited = re.findall(r"([A-Z][a-z]+)(?: et al\.| & [A-Z][a-z]+)? (?:19|20)\d\d", text)
    assert len(cited) > 20
    assert {name for name in cited if name not in sources} == set()
