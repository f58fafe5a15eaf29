"""The site's generator: links, lists, and the references of GDScript and C#."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    """Import a module of docs/generate, and forget it afterwards."""
    monkeypatch.syspath_prepend(str(ROOT / "docs/generate"))
    before = set(sys.modules)

    def imported(name: str) -> ModuleType:
        return importlib.import_module(name)

    yield imported
    for name in set(sys.modules) - before:
        path = getattr(sys.modules[name], "__file__", None) or ""
        if "docs/generate" in path:
            del sys.modules[name]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = {
        "docs/a.md": "# A\n![x](images/x.png) [b](../bridge/PROTOCOL.md#six) [c](../code.py)\n",
        "docs/images/x.png": "",
        "bridge/PROTOCOL.md": "# B\n[a](../docs/a.md) `[not](a link)`\n",
        "code.py": "",
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_links_follow_a_page_to_its_place(load, repository: Path) -> None:
    load("pages").build(repository, repository / "site")
    site = repository / "site"
    assert (site / "a.md").read_text() == "# A\n![x](images/x.png) [b](protocol/index.md#six) c\n"
    assert (site / "protocol/index.md").read_text() == "# B\n[a](../a.md) `[not](a link)`\n"
    assert (site / "images/x.png").exists()


def test_a_link_to_nothing_is_an_error_that_names_it(load, repository: Path) -> None:
    (repository / "docs/a.md").write_text("[one](nowhere.md) [two](../../outside.md)\n")
    pages = load("pages")
    with pytest.raises(pages.BrokenLinksError) as error:
        pages.build(repository, repository / "site")
    assert "docs/a.md: nowhere.md" in str(error.value)
    assert "docs/a.md: ../../outside.md" in str(error.value)


def test_every_link_between_our_documents_leads_somewhere(load) -> None:
    pages = load("pages")
    found = pages.collect(ROOT)
    assert len(found) > 50
    broken = []
    for source, place in found.items():
        text = (ROOT / source).read_text()
        broken += [f"{source}: {x}" for x in pages.relink(text, source, place, found, ROOT)[2]]
    readme = pages.relink((ROOT / "README.md").read_text(), "README.md", "README.md", found, ROOT)
    assert broken + readme[2] == []


def test_lists_and_tables_get_the_empty_line_that_they_need(load) -> None:
    text = "Words:\n- a\n- b\n\nMore\n| x |\n|---|\n```\n- code\n\ttext\n- code\n```\n1. c\n"
    assert load("pages").separate_blocks(text) == (
        "Words:\n\n- a\n- b\n\nMore\n\n| x |\n|---|\n```\n- code\n    text\n- code\n```\n\n1. c\n"
    )


def test_what_belongs_to_a_list_is_indented_as_the_site_needs_it(load) -> None:
    text = "1. a\n   - b\n   ```\n   x\n     y\n   ```\n2. c\n"
    assert load("pages").separate_blocks(text) == (
        "1. a\n    - b\n    ```\n    x\n      y\n    ```\n2. c\n"
    )


SCRIPT = """@tool
class_name SentioThing
extends Node
## Does [b]one[/b] thing, see [member speed] and [method SentioPeer.go].
## [codeblock]
## x[0] = 1
## [/codeblock]

## Came.
signal came(what: String)
## How fast.
@export_range(0, 1) var speed := 0.5:
\tset(value):
\t\tspeed = value
var _hidden := 1
## Goes
## there.
func go(
\tto: String,
\tfast := true,
) -> void:
\tvar inner := 1


func undocumented() -> void:
\tpass
"""


def test_gdscript_gives_its_public_members_with_their_comments(load) -> None:
    gdscript = load("gdscript")
    script = gdscript.parse(SCRIPT)
    assert (script.name, script.parent) == ("SentioThing", "Node")
    assert [(m.kind, m.declaration, m.text) for m in script.members] == [
        ("Signals", "signal came(what: String)", "Came."),
        ("Properties", "var speed := 0.5", "How fast."),
        ("Methods", "func go(to: String, fast := true) -> void", "Goes\nthere."),
        ("Methods", "func undocumented() -> void", ""),
    ]
    page = gdscript.page(script, frozenset({"SentioThing", "SentioPeer"}))
    assert (
        "Does **one** thing, see [`speed`](#speed) and [`SentioPeer.go`](SentioPeer.md#go)." in page
    )
    assert "```gdscript\nx[0] = 1\n```" in page
    assert gdscript.parse("extends Node\n") is None


SOURCE = b"""namespace Sentio
{
    /// <summary>Does <c>one</c> thing, see <see cref="Go"/> and <see cref="Peer.Come"/>.</summary>
    public sealed class Thing : IDisposable
    {
        private int _hidden;
        /// <summary>How fast.</summary>
        public float Speed = 0.5f, Other;
        /// <summary>Came.</summary>
        public event Action<string> Came;
        public int Count { get; private set; }
        /// <summary>Goes.</summary>
        /// <param name="to">Where.</param>
        /// <exception cref="ArgumentException">There is no way.</exception>
        [Obsolete]
        public bool Go(string to) { return true; }
        internal void Inner() { }
        /// <summary>Inside.</summary>
        public enum Kind { /// <summary>First.</summary>
            One, Two }
    }
    internal class NotSeen { public int X; }
}
"""


def test_c_sharp_gives_its_public_types_and_members(load) -> None:
    csharp = load("csharp")
    thing, kind = csharp.parse(SOURCE)
    assert (thing.name, thing.declaration) == ("Thing", "public sealed class Thing : IDisposable")
    assert [(m.kind, m.name, m.declaration) for m in thing.members] == [
        ("Fields", "Speed", "public float Speed, Other"),
        ("Events", "Came", "public event Action<string> Came"),
        ("Properties", "Count", "public int Count { get; }"),
        ("Methods", "Go", "public bool Go(string to)"),
    ]
    assert (kind.name, [m.name for m in kind.members]) == ("Thing.Kind", ["One", "Two"])
    links = csharp.Links({"Thing": frozenset({"Go"}), "Peer": frozenset({"Come"})}, "Thing")
    page = csharp.page(thing, links)
    assert "Does `one` thing, see [`Go`](Thing.md#go) and [`Peer.Come`](Peer.md#come)." in page
    assert "Raises `ArgumentException`: There is no way." in page


def test_the_navigation_holds_every_page_once(load, tmp_path: Path) -> None:
    navigation = load("navigation")
    for name in ("a.md", "folder/index.md", "folder/b.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    nav = navigation.completed(["a.md", {"Folder": "folder/"}], tmp_path)
    assert nav == ["a.md", {"Folder": ["folder/index.md", "folder/b.md"]}]
    navigation.check(nav, tmp_path)
    for wrong, text in (
        (["a.md"], "not in the navigation: folder/b.md"),
        ([*nav, "gone.md"], "no page gone.md"),
        ([*nav, "a.md"], "twice in the navigation: a.md"),
    ):
        with pytest.raises(navigation.NavigationError, match=text):
            navigation.check(wrong, tmp_path)
