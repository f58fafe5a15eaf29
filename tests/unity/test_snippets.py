"""The C# of the manuals compiles against the package."""

from __future__ import annotations

import re
import sys
import textwrap
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import build  # noqa: E402

pytestmark = pytest.mark.engine

FENCED = re.compile(r"^( *)```csharp\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
PAGES = [build.ROOT / "README.md", *sorted(build.PACKAGE.rglob("*.md"))]
PAGES += sorted((build.ROOT / "docs").rglob("*.md"))

READER = """
using System;
using System.Collections.Generic;
using Sentio;
using UnityEngine;

public class Spawner {{ public float PerMinute; }}

public class Reader : MonoBehaviour
{{
    public SentioClient client;
    public SentioFeed feed;
    public SentioDirector director;
    public SentioRails rails;
    public Spawner spawner;
    public Light lamp;
    public Color wantedColour;
    public float wanted, lostLately;

    public void Say()
    {{
{lines}
    }}
}}
"""
"""Code around snippets that are not a whole file."""


def snippets() -> list[tuple[str, str]]:
    """Return the position and text of each fenced C# snippet."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in FENCED.finditer(text):
            line = text[: match.start()].count("\n") + 1
            where = f"{page.relative_to(build.ROOT)}:{line}"
            found.append((where, textwrap.dedent(match[2])))
    return found


SNIPPETS = snippets()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if build.missing():
        pytest.skip(build.missing())
    folder = tmp_path_factory.mktemp("manual")
    for layer in (build.core, build.engine, build.components):
        layer(folder)
    return folder


def compiled(built: Path, folder: Path, code: str) -> None:
    source = folder / "Manual.cs"
    source.write_text(code if "class " in code else READER.format(lines=code), encoding="utf-8")
    names = ("Sentio.Core.dll", "UnityEngine.dll", "Sentio.dll")
    references = [f"-r:{built / name}" for name in names]
    build.compile(folder / "Manual.dll", [source], build.UNSET, *references)


@pytest.mark.parametrize("code", [s[1] for s in SNIPPETS], ids=[s[0] for s in SNIPPETS])
def test_it_compiles(built: Path, tmp_path: Path, code: str) -> None:
    compiled(built, tmp_path, code)


def test_snippets_exist_and_broken_ones_fail(built: Path, tmp_path: Path) -> None:
    assert len(SNIPPETS) >= 5
    with pytest.raises(build.BuildError, match="Nonsense"):
        compiled(built, tmp_path, "rails.Nonsense();")
