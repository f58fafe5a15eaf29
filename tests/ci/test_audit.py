"""Audit of the locked requirements with advisories of our own making."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = Path(__file__).parent / "advisories" / "example.json"

_spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
assert _spec is not None
assert _spec.loader is not None
audit = importlib.util.module_from_spec(_spec)
sys.modules["audit"] = audit
_spec.loader.exec_module(audit)


def requirements(folder: Path, *lines: str) -> Path:
    path = folder / "run.txt"
    path.write_text(
        "# made by hand\n" + "".join(f"{line} \\\n    --hash=sha256:0\n" for line in lines)
    )
    return path


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("example-package==1.0.4", ["SENTIO-EXAMPLE-0001"]),
        ("example.package==1.0.5", []),
        ("example-package[extra]==1.2", ["SENTIO-EXAMPLE-0001"]),
        ("Example_Package==2.0", []),
        ("example-package==2.0rc1", ["SENTIO-EXAMPLE-0001"]),
        ("example-package==9.9", []),
        ("other==3.1", ["SENTIO-EXAMPLE-0003"]),
        ("other==3.10", []),
        ("third==1.4", ["SENTIO-EXAMPLE-0004"]),
        ("third==1.5", []),
        ("third==0.9", []),
    ],
)
def test_affected_releases_are_found(tmp_path: Path, line: str, found: list[str]) -> None:
    locked = audit.pinned([requirements(tmp_path, line)])
    assert [finding.advisory for finding in audit.audit(EXAMPLE, locked)] == found


def test_exit_code_and_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = requirements(tmp_path, "example-package==1.2", "numpy==2.0; python_version > '3'")
    assert audit.main([str(EXAMPLE), str(path)]) == 1
    output = capsys.readouterr().out
    assert "example-package 1.2: SENTIO-EXAMPLE-0001, fixed in 1.0.5, 2.0." in output
    assert "1 known vulnerabilities in 2 locked releases" in output


def test_every_locked_release_of_this_repository_is_looked_up(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert audit.main([str(EXAMPLE)]) == 0
    count = int(capsys.readouterr().out.split(" locked")[0].rsplit(" ", 1)[1])
    assert count > 100


def test_zip_and_folder_are_read_too(tmp_path: Path) -> None:
    locked = {"other": {"3.1"}}
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(EXAMPLE, "PYSEC/example.json")
    assert len(audit.audit(archive, locked)) == 1
    assert len(audit.audit(EXAMPLE.parent, locked)) == 1


@pytest.mark.parametrize("content", ["{", "[1]", "{}", "[]", '{"id": 3}'])
def test_file_that_is_not_an_advisory_is_refused(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content)
    assert audit.main([str(path)]) == 2
    assert "audit:" in capsys.readouterr().err


def test_a_missing_file_is_reported_with_a_fix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.main([str(tmp_path / "nothing")]) == 2
    assert "osv.dev" in capsys.readouterr().err
