"""Audit file: what was written is there, and every change of it is found."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentio_bridge.privacy.audit import FILE, HEAD, Audit
from sentio_bridge.privacy.private_folder import PrivacyError

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
KINDS = ("grant", "withdrawal", "recording", "erasure", "client")


def written(folder: Path, count: int = 5) -> Audit:
    audit = Audit(folder, lambda: NOW)
    for number in range(count):
        audit.append([(KINDS[number % len(KINDS)], {"subject": "ana", "number": number})])
    return audit


def test_lines_are_kept_in_order_and_verified(tmp_path: Path) -> None:
    audit = written(tmp_path)
    assert [(e.n, e.kind) for e in audit.entries()] == list(enumerate(KINDS, 1))
    verdict = audit.verify()
    assert (verdict.entries, verdict.problem) == (5, "")
    if hasattr(Path, "owner"):
        assert tmp_path.stat().st_mode & 0o777 == 0o700
        assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_missing_file_is_an_empty_audit(tmp_path: Path) -> None:
    assert Audit(tmp_path).verify().entries == 0
    assert Audit(tmp_path).verify().problem == ""


def test_every_changed_byte_is_found(tmp_path: Path) -> None:
    audit = written(tmp_path)
    whole = (tmp_path / FILE).read_bytes()
    missed = []
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        (tmp_path / FILE).write_bytes(damaged)
        if not audit.verify().problem:
            missed.append(position)
    assert missed == []


def test_every_removed_moved_or_repeated_line_is_found(tmp_path: Path) -> None:
    audit = written(tmp_path)
    lines = (tmp_path / FILE).read_bytes().splitlines(keepends=True)
    changed = [lines[:i] + lines[i + 1 :] for i in range(5)]
    changed += [lines[:i] for i in range(5)]
    changed += [[*lines[:i], lines[i], *lines[i:]] for i in range(5)]
    changed += [[*lines[:i], lines[i + 1], lines[i], *lines[i + 2 :]] for i in range(4)]
    for case in changed:
        (tmp_path / FILE).write_bytes(b"".join(case))
        assert audit.verify().problem, case


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.data())
def test_any_damage_is_found(tmp_path: Path, data: st.DataObject) -> None:
    audit = Audit(tmp_path, lambda: NOW)
    if not (tmp_path / "whole").exists():
        written(tmp_path)
        (tmp_path / "whole").write_bytes((tmp_path / FILE).read_bytes())
    whole = (tmp_path / "whole").read_bytes()
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:]
    (tmp_path / FILE).write_bytes(damaged)
    assert bool(audit.verify().problem) is (damaged != whole)


def test_a_line_cut_by_a_crash_is_no_damage_and_is_continued(tmp_path: Path) -> None:
    audit = written(tmp_path)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"at":"2026')
    verdict = audit.verify()
    assert (verdict.entries, verdict.problem) == (5, "")
    assert verdict.note
    audit.append([("grant", {})])
    assert (audit.verify().entries, audit.verify().problem) == (6, "")


def test_a_crash_before_the_head_is_written_is_no_damage(tmp_path: Path) -> None:
    audit = written(tmp_path, 2)
    head = (tmp_path / HEAD).read_bytes()
    audit.append([("grant", {})])
    (tmp_path / HEAD).write_bytes(head)
    assert (audit.verify().entries, audit.verify().problem) == (3, "")


def test_nothing_is_appended_to_a_broken_last_line(tmp_path: Path) -> None:
    audit = written(tmp_path, 1)
    (tmp_path / FILE).write_bytes(b"broken\n")
    with pytest.raises(PrivacyError, match="damaged"):
        audit.append([("grant", {})])


def test_two_writers_make_one_chain(tmp_path: Path) -> None:
    first, second = Audit(tmp_path, lambda: NOW), Audit(tmp_path, lambda: NOW)
    for audit in (first, second, second, first):
        audit.append([("client", {}), ("grant", {})])
    assert first.verify().entries == 8
    assert first.verify().problem == ""
