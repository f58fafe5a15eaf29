"""Tests that the audit has a line of each event, and a count of frequent ones."""

from __future__ import annotations

from pathlib import Path

from sentio_bridge.core import commands as cmd
from sentio_bridge.privacy.audit import Audit
from sentio_bridge.privacy.audit_writer import AuditWriter
from sentio_bridge.privacy.salted_ids import SaltedIds
from sentio_bridge.server.audit_observer import FREQUENT, AuditObserver


def test_what_a_client_can_cause_at_will_is_counted_beyond_a_rate(tmp_path: Path) -> None:
    writer = AuditWriter(Audit(tmp_path / "state", keys=tmp_path), SaltedIds(tmp_path / "state"))
    observer = AuditObserver(writer)
    for _ in range(FREQUENT + 50):
        observer.applied(cmd.Freeze("ana", ""), 1000.0)
    observer.applied(cmd.ConsentWithdrawn("ana", "eeg", "ana"), 1000.0)
    observer.polled([], 1100.0)
    writer.close()
    entries = list(Audit(tmp_path / "state", keys=tmp_path).entries())
    kinds = [entry.kind for entry in entries]
    assert kinds == ["freeze"] * FREQUENT + ["withdrawal", "freeze"]
    assert entries[-1].data["more"] == 50


def test_names_of_who_decided_are_not_in_the_audit(tmp_path: Path) -> None:
    """Erasing cannot remove them from it."""
    ids = SaltedIds(tmp_path / "state")
    writer = AuditWriter(Audit(tmp_path / "state", keys=tmp_path), ids)
    observer = AuditObserver(writer)
    for by in ("ana", "guardian", "Dr. Eva Braun-Leitner", "player"):
        observer.applied(cmd.ConsentGranted("ana", "eeg", ("adapt",), by), 1000.0)
    writer.close()
    entries = list(Audit(tmp_path / "state", keys=tmp_path).entries())
    named = ids.of("ana", "Dr. Eva Braun-Leitner")
    assert [entry.data["by"] for entry in entries] == ["subject", "guardian", named, "player"]
