from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sentio_recording import manifest_file, remove
from sentio_recording.export import csv_files
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.media.store import MediaSettings
from sentio_recording.recorder import Recorder
from sentio_recording.recording import Recording
from sentio_recording.repair import repair, verify
from sentio_recording.sealed import locks
from sentio_recording.sealed.data_keys import LockedError
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.locks import Lock
from sentio_recording.sealed.segments import HEAD, Segment, walk
from sentio_sensors import Channel, Chunk, Role, StreamSpec
from sentio_sensors.clock import ManualClock

PEOPLE = ("alice", "robert")
SECRET = {"alice": b"alice-was-here", "robert": b"robert-was-here"}


ENVIRON = {"SENTIO_PASSPHRASE": "a passphrase"}


class OpenFolder(KeyFolder):
    """Folder of keys that derives the key of its passphrase only once."""

    @staticmethod
    @cache
    def _derived(path: Path) -> Lock:
        return locks.passphrase_lock(path, create=True, secret=lambda: "a passphrase")

    def lock(self, setting: str) -> Lock:
        return self._derived(self.path)

    def _open(self, kind: str) -> Lock:
        return self._derived(self.path)


def spec(person: str, name: str, role: Role, rate: float, *channels: str) -> StreamSpec:
    return StreamSpec(
        f"{person}-{name}",
        role,
        rate,
        tuple(Channel(each, "uV") for each in channels),
        "device",
        {"subject": person},
    )


def record(
    folder: Path, keys: KeyFolder, people: tuple[str, ...] = PEOPLE, *, media: bool = False
) -> Path:
    """Record 3 s of each person with every kind of content; return the folder."""
    clock = ManualClock(100.0)
    manifest = Manifest(
        id="cd" * 16,
        clocks=Clocks(monotonic=100.0, wall="2026-01-02T03:04:05+00:00"),
        subjects=list(people),
        consent={person: {"eeg": ["record_raw"]} for person in people},
        profiles={person: SECRET[person].decode() for person in people},
    )
    recorder = Recorder(folder, manifest, clock, media=MediaSettings(sound="flac"))
    recorder.keys = keys.create(keys.lock("passphrase"), people)
    recorder.start()
    rng = np.random.default_rng(0)
    specs = {p: [spec(p, "eeg", Role.EEG, 250.0, "Fz", "Cz")] for p in people}
    for person in people:
        if media:
            specs[person].append(spec(person, "mic", Role.AUDIO, 16_000.0, "voice"))
            specs[person].append(spec(person, "cam", Role.VIDEO, 10.0, "rgb"))
        for each in specs[person]:
            recorder.stream(each)
    for part in range(12):
        for person in people:
            at = clock.now()
            times = at + np.arange(60) / 250
            values = rng.normal(size=(60, 2)).astype(np.float32)
            recorder.chunk(Chunk(f"{person}-eeg", times, values), person)
            if media:
                times = at + np.arange(4000) / 16_000
                sound = rng.uniform(-0.5, 0.5, (4000, 1)).astype(np.float32)
                recorder.chunk(Chunk(f"{person}-mic", times, sound), person)
                picture = rng.integers(0, 255, (1, 48, 64, 3), np.uint8)
                recorder.chunk(Chunk(f"{person}-cam", np.array([at]), picture), person)
            recorder.record("hub", at, SECRET[person] + b" %d" % part, owner=person)
        clock.sleep(0.25)
    recorder.stop()
    assert recorder.status.reason == "stopped", recorder.status
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, KeyFolder]:
    base = tmp_path_factory.mktemp("sealed")
    keys = OpenFolder(base / "keys", ENVIRON)
    return record(base / "rec", keys, media=True), keys


@pytest.fixture
def copy(made: tuple[Path, KeyFolder], tmp_path: Path) -> tuple[Path, KeyFolder]:
    folder, keys = made
    here = tmp_path / "keys"
    shutil.copytree(keys.path, here)
    return Path(shutil.copytree(folder, tmp_path / "rec")), OpenFolder(here, ENVIRON)


def all_values(recording: Recording) -> dict[str, int]:
    return {
        recording.label(n): len(recording.samples(n)[0]) for n, info in recording.streams.items()
    }


def test_nothing_of_a_person_is_readable_on_the_disk(made: tuple[Path, KeyFolder]) -> None:
    folder, _ = made
    for path in folder.rglob("*"):
        raw = path.read_bytes()
        for person in PEOPLE:
            assert person.encode() not in raw, path
        assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0


def test_every_reader_opens_it_with_the_key(made: tuple[Path, KeyFolder], tmp_path: Path) -> None:
    folder, keys = made
    with Recording(folder, unlock=keys.unlock) as recording:
        assert recording.manifest is not None
        assert recording.manifest.profiles == {p: SECRET[p].decode() for p in PEOPLE}
        assert not recording.damages
        for person in PEOPLE:
            (number,) = recording.numbers(f"{person}-eeg")
            assert len(recording.samples(number)[0]) == 720
        texts = [text for _, text in recording.texts("hub")]
        assert texts == [f"{p}-was-here {n}" for n in range(12) for p in PEOPLE]
        chunks = [r.item for r in recording.sensors() if isinstance(r.item, Chunk)]
        assert sum(len(c) for c in chunks if c.stream == "alice-mic") == 48_000
        assert sum(len(c) for c in chunks if c.stream == "robert-cam") == 12
        out = csv_files.export(recording, tmp_path / "csv", lambda *_: None)
        assert out
    report = verify(folder, keys.unlock)
    assert report.ok
    assert report.manifest == "sealed"


def test_without_a_key_it_is_refused_with_what_to_do(
    made: tuple[Path, KeyFolder], tmp_path: Path
) -> None:
    folder, keys = made
    without = KeyFolder(tmp_path / "none").unlock
    wrong = KeyFolder(keys.path, {"SENTIO_PASSPHRASE": "wrong"}).unlock
    for unlock in (without, wrong):
        for read in (Recording, verify, repair):
            with pytest.raises(LockedError) as caught:
                read(folder, unlock=unlock)
            assert caught.value.fix
    assert verify(folder, keys.unlock).ok  # repair without a key has changed nothing


@pytest.mark.parametrize("name", ["data.xdf", "data.journal", "manifest.sealed", "manifest.json"])
def test_changed_byte_is_found_by_verify(copy: tuple[Path, KeyFolder], name: str) -> None:
    folder, keys = copy
    path = folder / name
    raw, rng = path.read_bytes(), random.Random(name)
    for _ in range(40):
        at = rng.randrange(HEAD if name != "manifest.json" else 0, len(raw))
        changed = bytearray(raw)
        changed[at] ^= 1 << rng.randrange(8)
        path.write_bytes(changed)
        assert not verify(folder, keys.unlock).ok, at
    path.write_bytes(raw)
    assert verify(folder, keys.unlock).ok


def test_cut_file_is_found_by_verify(copy: tuple[Path, KeyFolder]) -> None:
    folder, keys = copy
    for name in ("data.xdf", "data.journal", "manifest.sealed"):
        path = folder / name
        raw = path.read_bytes()
        cuts = [s.end for s in walk(memoryview(raw)) if isinstance(s, Segment)]
        for length in (cuts[-2], cuts[len(cuts) // 2], cuts[-1] - 1, HEAD):
            path.write_bytes(raw[:length])
            assert not verify(folder, keys.unlock).ok, (name, length)
        path.write_bytes(raw)


def test_changed_media_are_found(copy: tuple[Path, KeyFolder]) -> None:
    folder, keys = copy
    for name in ("camera.mkv", "microphone.flac"):
        path = folder / name
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 4
        path.write_bytes(raw)
        assert verify(folder, keys.unlock).damages, name
        raw[len(raw) // 2] ^= 4
        path.write_bytes(raw)


def test_repair_of_a_cut_recording_keeps_it_encrypted(copy: tuple[Path, KeyFolder]) -> None:
    folder, keys = copy
    with Recording(folder, unlock=keys.unlock) as recording:
        before = all_values(recording)
    raw = (folder / "data.xdf").read_bytes()
    (folder / "data.xdf").write_bytes(raw[: len(raw) * 2 // 3])
    repair(folder, keys.unlock)
    assert verify(folder, keys.unlock).ok
    with Recording(folder, unlock=keys.unlock) as recording:
        after = all_values(recording)
        assert recording.owner(next(recording.chunks(recording.numbers("robert-eeg")))) == "robert"
    assert 0 < after["alice-eeg"] < before["alice-eeg"]
    for path in folder.rglob("*"):
        assert b"was-here" not in path.read_bytes()


def test_copy_of_an_erased_person_is_unreadable(copy: tuple[Path, KeyFolder]) -> None:
    folder, keys = copy
    assert len(keys.erase("alice")) == 1
    with Recording(folder, unlock=keys.unlock) as recording:
        found = all_values(recording)
        assert recording.manifest is not None
        assert set(recording.manifest.profiles) == set(recording.manifest.consent) == {"robert"}
        assert [text for _, text in recording.texts("hub")] == [
            f"robert-was-here {n}" for n in range(12)
        ]
    assert "alice-eeg" not in found
    assert found["robert-eeg"] == 720
    report = verify(folder, keys.unlock)
    assert report.erased > 30
    assert not report.damages


def test_person_is_removed_from_an_encrypted_recording(copy: tuple[Path, KeyFolder]) -> None:
    folder, keys = copy
    removal = remove.Removal(
        stream=lambda info: info.meta.get("meta_subject") == "alice",
        text=lambda name, time, text: "alice" in text,
        manifest=lambda manifest: manifest,
    )
    remove.remove(folder, removal, keys.unlock)
    assert verify(folder, keys.unlock).ok
    with Recording(folder, unlock=keys.unlock) as recording:
        assert all_values(recording)["robert-eeg"] == 720
        assert not recording.numbers("alice-eeg")
        (part, *_) = recording.chunks(recording.numbers("hub"))
        assert recording.owner(part) == "robert"


def test_manifest_needs_no_key_for_listing(made: tuple[Path, KeyFolder]) -> None:
    public = manifest_file.public(made[0])
    assert public.sealed
    assert public.subjects == []
    assert public.clocks.wall.startswith("2026-01-02")


def test_one_person_needs_no_chunks_of_their_own(
    tmp_path: Path, folder: KeyFolder, make: Callable[..., Path]
) -> None:
    path = record(tmp_path / "one", folder, ("alice",))
    with Recording(path) as recording:
        assert len(recording.texts("hub")) == 12
    assert folder.erase("alice")
    with pytest.raises(LockedError):
        Recording(path)
