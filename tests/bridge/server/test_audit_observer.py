"""Tests that the audit has a line of each event, and a count of frequent ones."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sentio_bridge.core import commands as cmd
from sentio_bridge.core.sensor_status import SensorStatus
from sentio_bridge.privacy.audit import Audit
from sentio_bridge.privacy.audit_writer import AuditWriter
from sentio_bridge.privacy.free_texts import FILE, MOST, FreeTexts
from sentio_bridge.privacy.kept import Places
from sentio_bridge.privacy.personal_data import PersonalData
from sentio_bridge.privacy.salted_ids import SaltedIds
from sentio_bridge.server.audit_observer import FREQUENT, AuditObserver
from sentio_recording.sealed.key_folder import KeyFolder


def test_events_that_a_client_can_repeat_at_will_are_counted_beyond_a_rate(tmp_path: Path) -> None:
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


def test_free_texts_of_clients_are_not_in_the_audit_and_are_deleted_with_an_erasure(
    tmp_path: Path,
) -> None:
    """A game, a stream or an adaptation may bear a person's name."""
    state = tmp_path / "state"
    writer = AuditWriter(Audit(state, keys=tmp_path), SaltedIds(state))
    observer = AuditObserver(writer)
    name = "Eva Braun-Leitner"
    writer.note("client", data={"name": f"game of {name}", "version": name, "role": "game"})
    writer.note("client", data={"name": "godot", "version": "0.1.0", "role": "game"})
    writer.note("model", data={"name": "face.onnx", "sha256": "0" * 64})
    observer.applied(cmd.AdaptationReported("ana", f"calmer for {name}", 0.5, "", 1000.0), 1000.0)
    status = SensorStatus("on")
    observer.applied(cmd.SensorChanged("ana", "body", f"belt of {name}", status), 1000.0)
    observer.flush()
    writer.close()
    client, engine, model, capture, adaptation = (
        entry.data for entry in Audit(state, keys=tmp_path).entries()
    )
    assert name.encode() not in (state / "audit.jsonl").read_bytes()
    assert (engine["name"], engine["version"]) == ("godot", "0.1.0")
    assert model["name"] == "face.onnx"
    known = FreeTexts(state).known()
    found = [client["name"], client["version"], adaptation["what"], capture["source"]]
    assert [known[id_] for id_ in found] == [
        f"game of {name}", name, f"calmer for {name}", f"belt of {name}"
    ]  # fmt: skip
    places = Places(recordings=state, profiles=state, state=state, exports=state)
    PersonalData(places, KeyFolder(tmp_path / "keys")).erase("ana")
    assert [path for path in state.rglob("*") if name.encode() in read(path)] == []
    assert Audit(state, keys=tmp_path).verify().problem == ""


def test_texts_of_clients_do_not_fill_the_disk(tmp_path: Path) -> None:
    texts = FreeTexts(tmp_path)
    (tmp_path / FILE).write_bytes(msgspec.json.encode({str(n) + "x": "t" for n in range(MOST)}))
    assert texts.of("a new one") == "other"
    assert texts.of("0x") == "t"


def read(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
