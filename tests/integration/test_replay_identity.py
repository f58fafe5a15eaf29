"""Tests that a live session with all devices replays to the same bytes."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from tests.needs_mediapipe import needs_mediapipe

from benchmarks.mjpeg import images
from sentio_bridge.affect.personal.profile import Baseline, Profile, encode
from sentio_bridge.protocol import codec
from sentio_bridge.replay.engine import frames
from sentio_bridge.replay.player import Player, played
from sentio_recording.recording import Recording
from sentio_recording.repair import verify
from sentio_sensors import ManualClock

from .in_process import body, details_of, of_kind, running, until

ALL = """
profiles = "{folder}/profiles"
[models]
landmarker = "{landmarker}"
budget_ms = 5000
[recording]
folder = "{folder}/recordings"
start = true
[consent]
camera = {raw}
microphone = {raw}
eeg = {raw}
body = {raw}
headset = {raw}
text = ["adapt", "record"]
[[source]]
type = "simulate"
scenario = "{scenario}"
sensors = ["eeg", "body"]
roles = ["eeg", "ppg", "ecg", "eda", "resp", "temp", "accel", "marker"]
[[source]]
type = "camera"
images = "{folder}/pictures"
fps = 12
seconds = 0.1
[[source]]
type = "microphone"
file = "{voice}"
"""

BODY = """
profiles = "{folder}/profiles"
[recording]
folder = "{folder}/recordings"
start = {start}
[consent]
body = {raw}
[[source]]
type = "simulate"
sensors = ["body"]
roles = ["ppg", "eda"]
"""

RAW = '["adapt", "record", "record_raw"]'


def recorded(folder: Path) -> Path:
    (folder,) = (folder / "recordings").iterdir()
    assert verify(folder).ok
    return folder


def store_profiles(folder: Path) -> Profile:
    """Store two profiles of the player; the sidecar loads one at its start."""
    known = Baseline(mean=70.0, sd=4.0, weight=20.0, low=62.0, high=80.0)
    profile = Profile(subject="player", created="", baselines={"body": {"hr": known}})
    (folder / "profiles").mkdir()
    (folder / "profiles" / "player.profile.json").write_bytes(encode(profile))
    (folder / "profiles" / "other.profile.json").write_bytes(encode(profile))
    return profile


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "emotion"), [("demo", "N"), ("stress", "W"), ("frustration", "T")]
)
def test_replay_of_all_modalities_gives_the_same_bytes(
    landmarker: Path, data_dir: Path, tmp_path: Path, scenario: str, emotion: str
) -> None:
    needs_mediapipe()
    photographs = pytest.importorskip("skimage.data", exc_type=ImportError)
    from PIL import Image

    Image.fromarray(photographs.astronaut()).save(tmp_path / "face.png")
    (tmp_path / "pictures").mkdir()
    for index, blob in enumerate(images(tmp_path / "face.png")):
        (tmp_path / "pictures" / f"{index:02}.jpg").write_bytes(blob)
    voice = sorted((data_dir / "voice_emodb").rglob(f"*{emotion}?.flac"))[0]
    store_profiles(tmp_path)
    expected = {"face", "voice", "body", "eeg"}
    text = ALL.format(
        folder=tmp_path, landmarker=landmarker, voice=voice, raw=RAW, scenario=scenario
    )
    with running(text) as (request, sent):
        until(
            sent,
            lambda d: {n for n, m in d["modalities"].items() if m["state"] == "ok"} >= expected,
        )
        assert request("marker", name="boss")["ok"]
        assert request("text", line="a secret that I wrote")["accepted"]
        strap = {"stream": "visor", "role": "face", "channels": ["jawOpen", "mouthSmileLeft"]}
        for opened in (0.2, 0.7):
            assert request("input", **strap, values=[opened, 0.6])["ok"]
        assert request("label", name="arousal", value=0.4)["ok"]
        assert request("adaptation", what="music", value=0.4, why="tense")["ok"]
        assert request("override", values={"dominance": 0.5}, seconds=1)["ok"]
        assert request("profile", action="use", name="other")["ok"]
        assert request("consent", action="withdraw", sensor="microphone")["ok"]
        until(sent, lambda d: d["sensors"]["microphone"]["state"] == "withdrawn")
        until(sent, lambda d: d["modalities"].get("text", {}).get("age") is not None)
        assert request("record", action="stop")["ok"]
    folder = recorded(tmp_path)
    assert b"secret" not in (folder / "data.xdf").read_bytes()
    with Recording(folder) as recording:
        for name in ("events", "markers", "estimates", "adaptations", "sentio/counters"):
            assert recording.texts(name), name
        assert '"music"' in recording.texts("adaptations")[0][1]
        assert recording.manifest is not None
        models = recording.manifest.models
        assert models["face_landmarker"] == sha256(landmarker.read_bytes()).hexdigest()
        assert len(models["body"]) == len(models["eeg_workload"]) == 64
        roles = {info.meta.get("role") for info in recording.streams.values()}
        assert roles >= {"video", "audio", "eeg", "ppg", "face"}
    assert (folder / "camera.mkv").exists()
    for speed in (0.0, 0.25, 100.0):
        with Recording(folder) as recording:
            assert recording.manifest is not None
            assert recording.manifest.complete_start
            clock = ManualClock()
            player = Player(lambda *_, r=recording: frames(r), clock, speed=speed)
            replayed = [s.message for s in played(player, clock)]
        same = of_kind(b"affect/", replayed)
        assert len(same) > 60
        assert same == of_kind(b"affect/", sent)[: len(same)]
        events = of_kind(b"event/", replayed)
        assert events == of_kind(b"event/", sent)[: len(events)]
        details = details_of(replayed)
        assert details == details_of(sent)[: len(details)]
    faces = [codec.decode_affect(m).get("p_happiness") for m in same]
    assert len({f for f in faces if f is not None}) > 5


def test_profile_in_use_at_the_start_is_recorded_and_replayed(tmp_path: Path) -> None:
    store_profiles(tmp_path)
    with running(BODY.format(folder=tmp_path, raw=RAW, start="true")) as (request, sent):
        until(sent, lambda d: d["modalities"].get("body", {}).get("state") == "ok")
        assert request("record", action="stop")["ok"]
    with Recording(recorded(tmp_path)) as recording:
        assert recording.manifest is not None
        assert '"mean": 70.0' in recording.manifest.profiles["player"]
        assert recording.manifest.complete_start
        replayed = [s.message for s in frames(recording)]
    assert (
        of_kind(b"affect/", replayed)
        == of_kind(b"affect/", sent)[: len(of_kind(b"affect/", replayed))]
    )
    assert details_of(replayed) == details_of(sent)[: len(details_of(replayed))]


def test_profile_is_recorded_only_with_consent_for_its_sensors(tmp_path: Path) -> None:
    store_profiles(tmp_path)
    with running(BODY.format(folder=tmp_path, raw='["adapt"]', start="true")) as (_, sent):
        until(sent, lambda d: "body" in d["sensors"])
    with Recording(recorded(tmp_path)) as recording:
        assert recording.manifest is not None
        assert recording.manifest.profiles == {}
        assert not recording.manifest.complete_start


def test_later_recording_contains_the_earlier_state(tmp_path: Path) -> None:
    with running(BODY.format(folder=tmp_path, raw=RAW, start="false")) as (request, sent):
        until(sent, lambda d: "heart_rate" in d["values"])
        assert request("freeze", reason="menu")["ok"]
        first = request("record", action="start", raw=["body"])["recording"]
        assert request("record", action="start")["recording"]["folder"] == first["folder"]
        until(sent, lambda d: d["recording"].get("seconds", 0) > 3)
        assert request("record", action="stop")["ok"]
        assert request("record", action="stop")["ok"]
        second = request("record", action="start")["recording"]
        assert second["raw"] == []
        assert second["folder"] != first["folder"]
    with Recording(Path(first["folder"])) as recording:
        assert recording.manifest is not None
        assert not recording.manifest.complete_start
        replayed = [s.message for s in frames(recording)]
    last = codec.decode_map(body(of_kind(b"detail/", replayed)[-1]))
    assert last["sensors"]["body"]["state"] == "on"
    assert last["state"] == "ok"
    assert last["frozen"]
    live = {codec.decode_affect(m).sent: codec.decode_affect(m) for m in of_kind(b"affect/", sent)}
    rates = [
        (a.get("heart_rate"), live[a.sent].get("heart_rate"))
        for a in map(codec.decode_affect, of_kind(b"affect/", replayed)[-5:])
    ]
    assert np.allclose([a for a, _ in rates if a], [b for _, b in rates if b], atol=0.1)
    with Recording(Path(second["folder"])) as recording:
        assert recording.manifest is not None
        assert not recording.manifest.complete_start  # never for the second recording of a sidecar
        # Raw samples have consent but were not requested.
        roles = {info.meta.get("role") for info in recording.streams.values()}
        assert roles.isdisjoint({"ppg", "eda"})


def test_recording_continues_when_its_device_returns(
    tmp_path: Path,
) -> None:
    with running(BODY.format(folder=tmp_path, raw=RAW, start="true")) as (request, sent):
        # Streams are recorded as the estimator reads them, once it is loaded.
        until(sent, lambda d: d["modalities"].get("body", {}).get("age") is not None)
        assert request("consent", action="withdraw", sensor="body")["ok"]
        until(sent, lambda d: d["sensors"]["body"]["state"] == "withdrawn")
        time_of = request("time")["time"]
        purposes = ["adapt", "record", "record_raw"]
        assert request("consent", action="grant", sensor="body", purposes=purposes)["ok"]
        until(sent, lambda d: d["sent"] > time_of and d["sensors"]["body"]["state"] == "on")
        assert request("record", action="stop")["ok"]
    with Recording(recorded(tmp_path)) as recording:
        name = next(i.name for i in recording.streams.values() if i.meta.get("role") == "ppg")
        numbers = recording.numbers(name)
        assert len(numbers) == 2
        assert len({recording.streams[n].source_id for n in numbers}) == 1
        assert recording.manifest is not None
        assert recording.manifest.complete_start
