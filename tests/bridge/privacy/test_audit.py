"""Audit file: what was written is there, and every change of it is found."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sentio_bridge.privacy.audit import DAMAGE, FILE, HEAD, Audit, Entry, Head, sealed
from sentio_bridge.privacy.private_folder import PrivacyError

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
KINDS = ("grant", "withdrawal", "recording", "erasure", "client")


def written(folder: Path, count: int = 5) -> Audit:
    audit = Audit(folder, lambda: NOW, folder / "keys")
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


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.data())
def test_any_damage_is_found(tmp_path: Path, data: st.DataObject) -> None:
    audit = Audit(tmp_path, lambda: NOW, tmp_path / "keys")
    if not (tmp_path / "whole").exists():
        written(tmp_path)
        (tmp_path / "whole").write_bytes((tmp_path / FILE).read_bytes())
    whole = (tmp_path / "whole").read_bytes()
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start, len(whole)))
    damaged = whole[:start] + data.draw(st.binary(max_size=40)) + whole[end:]
    (tmp_path / FILE).write_bytes(damaged)
    assert bool(audit.verify().problem) is (damaged != whole)


def test_a_line_cut_by_a_crash_is_not_damage_and_is_continued(tmp_path: Path) -> None:
    audit = written(tmp_path)
    with (tmp_path / FILE).open("ab") as file:
        file.write(b'{"at":"2026')
    verdict = audit.verify()
    assert (verdict.entries, verdict.problem) == (5, "")
    assert verdict.note
    audit.append([("grant", {})])
    assert (audit.verify().entries, audit.verify().problem) == (6, "")


@pytest.mark.parametrize("lines", [1, 3])
def test_a_crash_before_the_head_is_written_is_not_damage(tmp_path: Path, lines: int) -> None:
    audit = written(tmp_path, 2)
    with crash_at_the_head(), pytest.raises(SystemExit):
        audit.append([("grant", {})] * lines)
    assert (audit.verify().entries, audit.verify().problem) == (2 + lines, "")
    written(tmp_path, 1)
    assert (audit.verify().entries, audit.verify().problem) == (3 + lines, "")


@contextmanager
def crash_at_the_head() -> Iterator[None]:
    """End the process, for the code under test, when it replaces the head."""
    with pytest.MonkeyPatch.context() as patch:

        def crash(*_: object) -> None:
            raise SystemExit

        patch.setattr("sentio_bridge.privacy.audit.replace", crash)
        yield


def test_lines_added_at_the_end_without_the_key_are_found(tmp_path: Path) -> None:
    audit = written(tmp_path, 2)
    last = list(audit.entries())[-1]
    _, line = sealed(Entry(n=3, at=NOW, kind="grant", prev=last.hash))
    with (tmp_path / FILE).open("ab") as file:
        file.write(line)
    assert "line 3 was added" in audit.verify().problem


@pytest.mark.parametrize("harm", ["cut", "removed", "changed", "added", "rolled back"])
def test_damage_is_still_found_after_many_valid_lines(tmp_path: Path, harm: str) -> None:
    audit = written(tmp_path, 6)
    older = {name: (tmp_path / name).read_bytes() for name in (FILE, HEAD)}
    lines = older[FILE].splitlines(keepends=True)
    audit.append([("erasure", {})])
    if harm == "cut":
        (tmp_path / FILE).write_bytes(b"".join(lines[:3]))
    elif harm == "removed":
        (tmp_path / FILE).unlink()
        (tmp_path / HEAD).unlink()
    elif harm == "changed":
        (tmp_path / FILE).write_bytes(b"".join([lines[0].replace(b"ana", b"bob"), *lines[1:]]))
    elif harm == "added":
        last = list(audit.entries())[-1]
        with (tmp_path / FILE).open("ab") as file:
            file.write(sealed(Entry(n=8, at=NOW, kind="grant", prev=last.hash))[1])
    else:
        for name, data in older.items():
            (tmp_path / name).write_bytes(data)
    for _ in range(3):  # programs that run later
        written(tmp_path, 5)
    found = Audit(tmp_path, lambda: NOW, tmp_path / "keys")
    assert found.verify().problem
    assert [entry.kind for entry in found.entries()].count(DAMAGE) == 1


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


def forged(folder: Path) -> None:
    """Make a new, valid chain of other lines, as one who knows the format."""
    before, n, lines = "0" * 64, 0, []
    for kind in ("client", "grant", "grant"):
        n += 1
        entry, line = sealed(Entry(n=n, at=NOW, kind=kind, prev=before))
        before = entry.hash
        lines.append(line)
    (folder / FILE).write_bytes(b"".join(lines))
    (folder / HEAD).write_bytes(msgspec.json.encode(Head(n=n, hash=before)))


def test_a_new_chain_without_the_key_is_found(tmp_path: Path) -> None:
    audit = written(tmp_path, 3)
    forged(tmp_path)
    assert "signature" in audit.verify().problem


def test_older_files_with_their_signature_are_found(tmp_path: Path) -> None:
    audit = written(tmp_path, 2)
    older = {name: (tmp_path / name).read_bytes() for name in (FILE, HEAD)}
    audit.append([("erasure", {})])
    assert audit.verify().problem == ""
    for name, data in older.items():
        (tmp_path / name).write_bytes(data)
    assert "line 3 was signed, 2 are left" in audit.verify().problem
    for name in older:
        (tmp_path / name).unlink()
    assert "line 3 was signed, 0 are left" in audit.verify().problem


def test_a_missing_or_damaged_key_is_reported(tmp_path: Path) -> None:
    audit = written(tmp_path)
    (key,) = (tmp_path / "keys").iterdir()
    assert key.stat().st_mode & 0o077 == 0
    whole = key.read_bytes()
    key.write_bytes(b"{")
    assert "key" in audit.verify().problem
    with pytest.raises(PrivacyError, match="key of the audit"):
        audit.append([("grant", {})])
    key.unlink()
    assert "key is missing" in audit.verify().problem
    key.write_bytes(whole)
    assert audit.verify().problem == ""


def test_a_crash_between_the_files_is_not_damage(tmp_path: Path) -> None:
    audit = written(tmp_path, 2)
    (key,) = (tmp_path / "keys").iterdir()
    before = key.read_bytes()
    audit.append([("grant", {})])
    key.write_bytes(before)  # the counter was not written
    assert audit.verify().problem == ""
    audit.append([("grant", {})])
    assert (audit.verify().entries, audit.verify().problem) == (4, "")


def test_every_changed_byte_of_the_head_is_found(tmp_path: Path) -> None:
    audit = written(tmp_path)
    whole = (tmp_path / HEAD).read_bytes()
    for position in range(len(whole)):
        damaged = bytearray(whole)
        damaged[position] ^= 1 << position % 8
        (tmp_path / HEAD).write_bytes(damaged)
        assert audit.verify().problem, position
