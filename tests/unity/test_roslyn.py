"""Tests of the checks with Unity's compiler, API versions and IL2CPP."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from ci_script import script  # noqa: E402

api = script("unity_api")
il2cpp = script("unity_il2cpp")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "unity_plugin", tmp_path / "unity_plugin"))


@pytest.fixture(scope="module")
def roslyn() -> ModuleType:
    module = script("unity_roslyn")
    if not (module.COMPILER / "csc").exists():
        pytest.skip("no Roslyn in .cache/roslyn: run ../shared/tools/get_roslyn.sh .cache/roslyn")
    return module


def add(package: Path, name: str, body: str, kind: str = "Added") -> None:
    """Add a C# file with ``body`` inside a class."""
    text = f"namespace Sentio\n{{\n    internal sealed class {kind}\n    {{\n{body}\n    }}\n}}\n"
    (package / name).write_text(text)


def test_assemblies_are_ordered_by_their_references() -> None:
    roslyn = script("unity_roslyn")
    names = [assembly.name for assembly in roslyn.assemblies()]
    assert names.index("Sentio.Core") < names.index("Sentio") < names.index("Sentio.Editor")
    compiled = [source for assembly in roslyn.assemblies() for source in assembly.sources]
    assert sorted(compiled) == sorted((ROOT / "unity_plugin").rglob("*.cs"))


IN_CORE = {
    # Mono's libraries have it, .NET Standard 2.1 does not.
    "PerformanceCounter": "        internal static object Make() { return new "
    "System.Net.HttpListener() ?? (object)new System.Diagnostics.PerformanceCounter(); }",
    "CS0168": "        internal int Count() { int unused; return 1; }",
    "UnityEngine": "        internal static object Any() { return new UnityEngine.Object(); }",
}
"""A fault of the core for each word of the message."""

OUTSIDE_THE_EDITOR = (
    "        internal static object Prefs() { return UnityEditor.Selection.activeObject == "
    "null ? null : typeof(EditorTools.Traffic); }"
)


@pytest.mark.engine
def test_roslyn_refuses_what_unity_would(roslyn: ModuleType, package: Path, tmp_path: Path) -> None:
    compiler = roslyn.Roslyn(roslyn.COMPILER, tmp_path)
    compiler.stubs()
    release = roslyn.PLATFORMS["Windows, IL2CPP"]
    for number, body in enumerate(IN_CORE.values()):
        add(package, f"Runtime/Core/Added{number}.cs", body, f"Added{number}")
    with pytest.raises(roslyn.CompileError) as refused:
        compiler.package(release, package)
    for number, wanted in enumerate(IN_CORE):
        lines = [line for line in str(refused.value).splitlines() if f"Added{number}.cs" in line]
        assert any(wanted in line for line in lines), str(refused.value)
        (package / f"Runtime/Core/Added{number}.cs").unlink()

    add(package, "Runtime/Unity/Added.cs", OUTSIDE_THE_EDITOR)
    with pytest.raises(roslyn.CompileError, match="EditorTools"):
        compiler.package(release, package)


def test_the_stubs_have_only_what_every_supported_unity_has() -> None:
    versions, facts = api.read_facts()
    assert versions[0] == "2022.3"
    assert "6000.0" in versions
    assert len(facts) > 600
    assert api.problems() == []


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("public void Rotate(float x, float y, float z)", "public void Rotate(int x)", "no fact"),
        (
            "public static T FindAnyObjectByType<T>()",
            "public T FindAnyObjectByType<T>()",
            "no stub",
        ),
        ("public class Behaviour : Component", "public class Behavior : Component", "no fact"),
    ],
)
def test_a_member_that_unity_does_not_have_is_reported(
    tmp_path: Path, before: str, after: str, wanted: str
) -> None:
    stubs = Path(shutil.copytree(api.STUBS, tmp_path / "stubs"))
    text = (stubs / "Objects.cs").read_text()
    assert before in text
    (stubs / "Objects.cs").write_text(text.replace(before, after))
    assert any(wanted in line for line in api.problems(stubs, api.FACTS))


def test_facts_are_looked_up_as_csharp_resolves_calls(tmp_path: Path) -> None:
    (tmp_path / "Unity.cs").write_text(
        "namespace UnityEngine;\n"
        "public class Base {\n    public int frames { get; set; }\n"
        "    [System.Obsolete] public void Old() {}\n}\n"
        "public partial class Thing : Base {\n"
        "    public static float Move(UnityEngine.Base on, float by = 1f) { return 0; }\n"
        "    internal void Hidden() {}\n}\n"
    )
    types: dict[str, object] = {}
    api.parse(tmp_path / "Unity.cs", types)
    wanted = {
        "frames": api.Member("frames", False, None, 0, "int", False),
        "Old": api.Member("Old", False, (), 0, "void", False),
        "Move": api.Member("Move", True, ("Base",), 1, "float", False),
        "Hidden": api.Member("Hidden", False, (), 0, "void", False),
    }
    found = {name: api.state(types, "UnityEngine.Thing", one) for name, one in wanted.items()}
    assert found == {"frames": "yes", "Old": "obsolete", "Move": "yes", "Hidden": "no"}


def test_nothing_in_the_package_breaks_under_il2cpp() -> None:
    assert il2cpp.problems() == []


def test_code_that_il2cpp_cannot_run_is_reported(package: Path) -> None:
    faulty = [
        ("        object Make() { return System.Activator.CreateInstance(null); }", "reflection"),
        ('        object Find() { return System.Type.GetType("X"); }', "by name"),
        ('        object Call(object o) { return o.GetType().GetMethod("X"); }', "members"),
        ("        protected virtual void Each<T>() { }", "generic and virtual"),
        ('        void Run() { System.Diagnostics.Process.Start("x"); }', "not supported"),
    ]
    for number, (body, _) in enumerate(faulty):
        comment = "        // Type.GetType( in a comment is no fault\n"
        add(package, f"Runtime/Unity/Added{number}.cs", comment + body, f"Added{number}")
    faults = il2cpp.problems(package)
    assert len(faults) == len(faulty)
    for number, (_, wanted) in enumerate(faulty):
        (fault,) = [line for line in faults if f"Added{number}.cs:6" in line]
        assert wanted in fault


def test_a_linker_file_that_keeps_nothing_is_reported(package: Path) -> None:
    link = package / "Samples~/Demos/link.xml"
    link.write_text(link.read_text().replace('"Sentio.Core"', '"Sentio.Gone"'))
    faults = "\n".join(il2cpp.problems(package))
    assert "there is no assembly Sentio.Gone" in faults
    assert "does not keep Sentio.Core" in faults
    link.rename(package / "Runtime/link.xml")
    assert "below Assets only" in "\n".join(il2cpp.problems(package))
