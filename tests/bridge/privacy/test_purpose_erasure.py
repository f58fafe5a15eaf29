"""Erasing takes what rests on withdrawn purposes, and states what stays."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pytest

from sentio_bridge.affect.personal.model import PersonalModel
from sentio_bridge.affect.personal.profile import Baseline, Profile, decode, encode
from sentio_bridge.core import command_log
from sentio_bridge.core.commands import ProfileUsed
from sentio_bridge.privacy.ended import Ended, ended_by, foretold
from sentio_bridge.privacy.kept import Places
from sentio_bridge.privacy.purpose_erasure import Erasure, PurposeErasure
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.recording import affect_streams
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.storage import MANIFEST, Storage
from sentio_recording.xdf.headers import info_of
from sentio_sensors import Channel, Role, StreamSpec

MODEL = PersonalModel(
    modality="face", dimension="valence", features=("smile",), mean=(0.0,), scale=(1.0,),
    weights=(1.0,), bias=0.0, variance=0.1, gain=0.2, gain_low=0.1, labels=40,
)  # fmt: skip
BASELINE = {"smile": Baseline(mean=0.1, sd=0.1, weight=9.0, low=0.0, high=0.4)}
PROFILE = Profile(
    subject="ana",
    baselines={"face": BASELINE, "body": BASELINE},
    personal=[MODEL, msgspec.structs.replace(MODEL, modality="body")],
)
RAW, FACE, STATE = "video/ana", "face/ana", "affect/ana"


class Kept:
    """A recording with a camera, a pulse, estimates and a profile, and its file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "profiles").mkdir()
        self.profile = folder / "profiles" / "ana.profile.json"
        self.profile.write_bytes(encode(PROFILE))

    def record(
        self, camera: Sequence[str], *changes: Sequence[str], modality: str = "face"
    ) -> Path:
        """Write a recording; ``changes`` are the camera's later purposes."""
        folder = self._folder / "recordings" / "one"
        manifest = Manifest(
            id="x",
            clocks=Clocks(monotonic=0.0, wall="2026-01-02T03:04:05Z"),
            subjects=["ana"],
            consent={"ana": {"camera": list(camera), "body": ["adapt", "record_raw"]}},
            profiles={"ana": encode(PROFILE).decode()},
        )
        storage = Storage(folder, manifest, 0.0)
        meta = {"subject": "ana", "meta_subject": "ana"}
        for id_, role in ((RAW, Role.EMG), (FACE, Role.FACE), ("ppg/ana", Role.PPG)):
            # The role of a picture needs a media file; any raw role of a sensor is removed alike.
            sensor = "body" if role is Role.PPG else "camera"
            spec = StreamSpec(id_, role, 4.0, (Channel("x"),), "", {**meta, "sensor": sensor})
            storage.open(spec.id, info_of(spec), 0.0)
            storage.samples(spec.id, np.arange(4.0), np.ones((4, 1), np.float32), (1.0, (), 0))
        for info in affect_streams.infos("ana"):
            storage.open(info.name, info, 0.0)
        estimate = {"subject": "ana", "estimate": {"modality": modality}}
        storage.text("estimates", [(1.0, msgspec.json.encode(estimate))])
        storage.text("hub", [(0.5, command_log.encode(ProfileUsed("ana", PROFILE)))])
        events: list[Mapping[str, object]] = [
            {"subject": "ana", "kind": "consent", "name": "camera", "data": {"purposes": each}}
            for each in changes
        ]
        if events:
            storage.text("events", [(2.0, msgspec.json.encode(event)) for event in events])
        storage.end(4.0, "stopped", {})
        return folder

    def erase(self, *ended: Ended) -> Erasure:
        places = {n: self._folder / n for n in ("recordings", "profiles", "state", "exports")}
        return PurposeErasure(Places(**places), KeyFolder(self._folder / "keys")).erase(
            "ana", ended
        )


def content(folder: Path) -> tuple[set[str], int, list[str]]:
    """Return streams, number of estimates, and modalities of personal models."""
    with Recording(folder) as recording:
        assert recording.manifest is not None
        streams = {info.name for info in recording.streams.values()}
        estimates = sum(1 for _ in recording.texts("estimates"))
        profiles = recording.manifest.profiles
        models = [m.modality for p in profiles.values() for m in decode(p.encode()).personal]
        models += [
            m.modality
            for _, text in recording.texts("hub")
            for m in command_log.decode(text).profile.personal  # type: ignore[union-attr]
        ]
        return streams, estimates, sorted(models)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


ALL = ("adapt", "record", "record_raw", "personal_model")


def ends(*purposes: str, standing: Sequence[str] = ALL) -> Ended:
    return ended_by("camera", purposes or None, standing)


def test_raw_samples_go_and_the_rest_stays(kept: Kept) -> None:
    folder = kept.record(ALL)
    result = kept.erase(ends("record_raw"))
    streams, estimates, models = content(folder)
    assert RAW not in streams
    assert {FACE, "ppg/ana", STATE} <= streams
    assert estimates == 1
    assert models == ["body", "body", "face", "face"]
    assert [found.kind for found in result.done] == ["recording"]
    assert "recording one: features and estimates of camera, for record" in result.stays
    assert decode(kept.profile.read_bytes()) == PROFILE


def test_estimates_of_a_sensor_without_recorded_features_stay_and_are_named(kept: Kept) -> None:
    kept.record(ALL, modality="body")
    result = kept.erase(ended_by("body", ["record_raw"], ALL))
    assert "recording one: features and estimates of body, for record" in result.stays


def test_features_and_all_that_is_fused_go_and_raw_samples_stay(kept: Kept) -> None:
    folder = kept.record(ALL)
    result = kept.erase(ends("record"))
    streams, estimates, _ = content(folder)
    assert not streams & {FACE, STATE}
    assert {RAW, "ppg/ana"} <= streams
    assert estimates == 0
    assert "recording one: raw samples of camera, for record_raw" in result.stays
    assert decode(kept.profile.read_bytes()) == PROFILE


def test_personal_models_go_wherever_they_are(kept: Kept) -> None:
    folder = kept.record(ALL)
    result = kept.erase(ends("personal_model"))
    streams, estimates, models = content(folder)
    assert {RAW, FACE, STATE} <= streams
    assert estimates == 1
    assert set(models) == {"body"}
    left = ProfileStore(kept.profile.parent).load("ana")
    assert [model.modality for model in left.personal] == ["body"]
    assert left.baselines == PROFILE.baselines
    assert b'"sha256"' in kept.profile.read_bytes(), "changes are found as before"
    assert {found.kind for found in result.done} == {"recording", "profile"}
    assert any("usual values of camera, for adapt" in text for text in result.stays)


def test_the_last_reading_purpose_takes_everything_of_the_sensor(kept: Kept) -> None:
    folder = kept.record(ALL)
    result = kept.erase(ends("adapt"))
    streams, estimates, models = content(folder)
    assert streams & {RAW, FACE, "ppg/ana", STATE} == {"ppg/ana"}
    assert estimates == 0
    assert models == []
    left = decode(kept.profile.read_bytes())
    assert set(left.baselines) == {"body"}
    assert [model.modality for model in left.personal] == ["body"]
    assert result.stays == []


@pytest.mark.parametrize(
    ("at_start", "changes", "goes"),
    [
        (["research", "record"], [], True),
        (["adapt", "record"], [], False),
        (["adapt", "research", "record"], [], False),  # cannot be separated, and adapt stands
        (["adapt", "record"], [["research", "record"]], True),
        ([], [["research", "record"]], True),
        ([], [], False),
    ],
)
def test_a_recording_is_deleted_if_a_part_of_it_was_for_the_ended_purpose_only(
    kept: Kept, at_start: list[str], changes: list[list[str]], goes: bool
) -> None:
    folder = kept.record(at_start, *changes)
    before = (folder / "data.xdf").read_bytes()
    result = kept.erase(ends("research", standing=["adapt", "research", "record"]))
    assert (FACE not in content(folder)[0]) == goes
    assert bool(result.done) == goes
    if not goes:
        assert (folder / "data.xdf").read_bytes() == before
    assert decode(kept.profile.read_bytes()) == PROFILE


def test_nothing_rests_on_share(kept: Kept) -> None:
    folder = kept.record([*ALL, "share"])
    before = (folder / "data.xdf").read_bytes()
    assert kept.erase(ends("share", standing=[*ALL, "share"])).done == []
    assert (folder / "data.xdf").read_bytes() == before


def test_a_single_file_is_not_divided_and_named(kept: Kept) -> None:
    folder = kept.record(ALL)
    file = folder.with_name("two.xdf")
    file.write_bytes((folder / "data.xdf").read_bytes())
    result = kept.erase(ends())
    assert "file two.xdf: no sensor can be removed from a single file" in result.stays
    assert file.exists()


@pytest.mark.parametrize(
    ("purposes", "standing", "stated"),
    [
        (("record",), ALL, "recorded features"),
        (("record_raw",), ALL, "raw samples"),
        (("personal_model",), ALL, "personal models"),
        (("share",), (*ALL, "share"), "nothing here rests on share"),
        (("adapt",), ALL, "all recorded data"),
        ((), ALL, "all recorded data"),
        (("research",), (*ALL, "research"), "cannot be separated and stay"),
    ],
)
def test_what_goes_is_stated_first(
    purposes: tuple[str, ...], standing: Sequence[str], stated: str
) -> None:
    lines = foretold(ends(*purposes, standing=standing))
    assert stated in lines[0]
    assert ("exports" in lines[-1]) == (purposes != ("share",))


def test_a_removal_that_a_crash_ended_is_done_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = kept.record(ALL)
    picture = folder / "camera.mkv"
    picture.write_bytes(b"a face")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", killed_before(folder / MANIFEST))
        with pytest.raises(KeyboardInterrupt):
            kept.erase(ends("record_raw"))
    kept.erase(ends("record_raw"))
    assert not picture.exists()
    assert RAW not in content(folder)[0]
    assert (folder / "data.journal").exists()


def killed_before(place: Path) -> Callable[[Path, Path], None]:
    """Return a replacement of ``os.replace`` that ends before a file is replaced."""
    real = os.replace

    def replace(source: Path, target: Path) -> None:
        if target == place:
            raise KeyboardInterrupt
        real(source, target)

    return replace
