"""Tests of erasing what a crash or damage has left: all of it, or it is reported."""

from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from sentio_bridge.privacy.ended import Ended
from sentio_bridge.privacy.kept import Places
from sentio_bridge.privacy.personal_data import PersonalData
from sentio_bridge.privacy.private_folder import UNFINISHED, PrivacyError
from sentio_bridge.privacy.purpose_erasure import PurposeErasure
from sentio_bridge.privacy.recorded_person import of_subject
from sentio_bridge.privacy.salted_ids import FILE, SaltedIds
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.storage import MANIFEST, Storage
from sentio_recording.xdf.headers import info_of
from sentio_sensors import Channel, Role, StreamSpec


def recording(folder: Path, *subjects: str) -> Path:
    """Write a recording with a stream and a sound file of each subject."""
    clocks = Clocks(monotonic=0.0, wall="2026-01-02T03:04:05Z")
    storage = Storage(folder, Manifest(id="x", clocks=clocks, subjects=list(subjects)), 0.0)
    for subject in subjects:
        spec = StreamSpec(f"eda/{subject}", Role.EDA, 4.0, (Channel("EDA", "uS"),), subject,
                          {"subject": subject})  # fmt: skip
        storage.open(spec.id, info_of(spec), 0.0)
        storage.samples(spec.id, np.arange(4.0), np.ones((4, 1), np.float32), (1.0, (), 0))
        (folder / f"{subject}.flac").write_bytes(subject.encode())
    storage.end(4.0, "stopped", {})
    return folder


def places_in(folder: Path) -> Places:
    return Places(
        **{name: folder / name for name in ("recordings", "profiles", "state", "exports")}
    )


def data_in(folder: Path) -> PersonalData:
    return PersonalData(places_in(folder), KeyFolder(folder / "keys"))


@pytest.mark.parametrize("manifest", [None, b"", b'{"id":"ana"'])
def test_a_recording_of_one_person_without_its_manifest_is_erased(
    tmp_path: Path, manifest: bytes | None
) -> None:
    folder = recording(tmp_path / "recordings" / "one", "ana")
    (folder / MANIFEST).unlink()
    if manifest is not None:
        (folder / MANIFEST).write_bytes(manifest)
    assert [found.kind for found in data_in(tmp_path).kept.of("ana")] == ["damaged"]
    data_in(tmp_path).erase("ana")
    assert not folder.exists()


@pytest.mark.parametrize("data", [True, False])
def test_a_damaged_recording_that_may_hold_others_is_reported(tmp_path: Path, data: bool) -> None:
    folder = recording(tmp_path / "recordings" / "two", "ana", "ben")
    whole = recording(tmp_path / "recordings" / "own", "ana")
    (folder / MANIFEST).write_bytes(b"{")
    if not data:
        (folder / "data.xdf").unlink()
    with pytest.raises(PrivacyError, match=r"two.*manifest cannot be read"):
        data_in(tmp_path).erase("ana")
    assert not whole.exists()
    assert folder.exists()
    with pytest.raises(PrivacyError, match="manifest cannot be read"):
        PurposeErasure(places_in(tmp_path), KeyFolder(tmp_path / "keys")).erase(
            "ana", [Ended("body")]
        )


@pytest.mark.parametrize("name", ['a"b', "a\\b", "ana-1", "Zoë", "a b"])
def test_a_person_with_any_name_is_erased_from_the_texts_of_others(
    tmp_path: Path, name: str
) -> None:
    clocks = Clocks(monotonic=0.0, wall="2026-01-02T03:04:05Z")
    folder = tmp_path / "recordings" / "two"
    storage = Storage(folder, Manifest(id="x", clocks=clocks, subjects=[name, "ben"]), 0.0)
    for stream in ("hub", "labels", "events"):
        lines = [{"subject": name, "kind": "state"}, {"subject": "ben"}, {"subject": name[:1]}]
        storage.text(stream, [(float(n), msgspec.json.encode(v)) for n, v in enumerate(lines)])
    event = {"subject": name, "kind": "marker"}
    storage.text("events", [(3.0, msgspec.json.encode(event))])
    storage.text("markers", [(3.0, b"the marker of this person")])
    storage.end(4.0, "stopped", {})
    data_in(tmp_path).erase(name)
    left = b"".join(path.read_bytes() for path in folder.iterdir())
    assert msgspec.json.encode(name)[1:-1] not in left.replace(b'\\\\"', b'"')
    assert b"the marker" not in left
    assert left.count(b'{"subject":"ben"}') == 3


def test_erasing_a_person_keeps_the_markers_of_others_at_the_same_time(tmp_path: Path) -> None:
    clocks = Clocks(monotonic=0.0, wall="2026-01-02T03:04:05Z")
    folder = tmp_path / "recordings" / "two"
    storage = Storage(folder, Manifest(id="x", clocks=clocks, subjects=["ana", "ben"]), 0.0)
    for subject, name in (("ana", "boss"), ("ben", "boss"), ("ana", "hers"), ("ben", "his")):
        event = {"subject": subject, "kind": "marker", "name": name}
        storage.text("events", [(3.0, msgspec.json.encode(event))])
        storage.text("markers", [(3.0, name.encode())])
    storage.end(4.0, "stopped", {})
    data_in(tmp_path).erase("ana")
    with Recording(folder) as recording:
        assert recording.texts("markers") == [(3.0, "boss"), (3.0, "his")]


@pytest.mark.parametrize("written", ['"ana", "ben"', "'ana', \"ben\"", '"\\u0061na", "ben"', "["])
def test_a_person_is_erased_from_the_configuration_of_others(tmp_path: Path, written: str) -> None:
    clocks = Clocks(monotonic=0.0, wall="2026-01-02T03:04:05Z")
    manifest = Manifest(id="x", clocks=clocks, subjects=["ana", "ben"],
                        configuration=f"subjects = [{written}]")  # fmt: skip
    left = of_subject("ana").manifest(manifest)
    kept = 'subjects = ["erased", "ben"]' if written == '"ana", "ben"' else ""
    assert left.configuration == kept


def test_unfinished_files_of_a_crash_are_erased(tmp_path: Path) -> None:
    ids = SaltedIds(tmp_path / "state")
    ids.of("ana")
    left = tmp_path / "state" / f"{UNFINISHED}x1"
    left.write_bytes((tmp_path / "state" / FILE).read_bytes())
    assert SaltedIds(tmp_path / "state").erase("ana")
    assert not left.exists()


def test_a_copy_for_a_person_has_all_recordings_and_nothing_of_others(tmp_path: Path) -> None:
    data, out = data_in(tmp_path), tmp_path / "copy"
    for place in ("a", "b"):
        recording(tmp_path / "recordings" / place / "same name", "ana", "ben")
    damaged = recording(tmp_path / "recordings" / "three", "ana")
    (damaged / MANIFEST).unlink()
    before = sorted((tmp_path / "recordings").rglob("*"))
    written = data.export("ana", out)
    tables = [path.parent.name for path in written if path.suffix == ".csv"]
    assert sorted(tables) == ["2-same name", "same name"]
    assert not [path for path in written if b"ben" in path.read_bytes() or "ben" in path.name]
    assert sorted((tmp_path / "recordings").rglob("*")) == before
    assert f"Not in this copy:\n{damaged}: it is damaged" in (out / "README.txt").read_text()


def test_temporary_files_of_a_copy_are_erased_after_a_crash(tmp_path: Path) -> None:
    """A copy for one person begins as a whole recording, with the others."""
    recording(tmp_path / "recordings" / f"{UNFINISHED}x" / "two", "ana", "ben")
    data_in(tmp_path).erase("ben")
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left
    assert not [path for path in left if b"ben" in path.read_bytes()]


def test_a_participants_recordings_are_found_without_a_list_of_names(tmp_path: Path) -> None:
    """`sentio session start` names the folder, the configuration the subject."""
    first = recording(tmp_path / "recordings" / "sub-P01_ses-01_task-x_run-01", "player")
    other = recording(tmp_path / "recordings" / "sub-P010_ses-01_task-x_run-01", "player")
    data = data_in(tmp_path)
    assert [found.path for found in data.kept.of("P01")] == [first]
    data.erase("P01")
    assert not first.exists()
    assert other.exists()


def test_a_copy_for_a_person_follows_no_link_of_a_recording(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("another file of this user")
    for name, persons in (("one", ["ana"]), ("two", ["ana", "ben"])):
        folder = recording(tmp_path / "recordings" / name, *persons)
        (folder / "ana.flac").unlink()
        (folder / "ana.flac").symlink_to(secret)
    written = data_in(tmp_path).export("ana", tmp_path / "copy")
    assert [path for path in written if b"another file" in path.read_bytes()] == []
    assert "ana.flac: it is a link" in (tmp_path / "copy" / "README.txt").read_text()
