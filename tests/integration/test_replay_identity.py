"""A live session with threads, sockets, camera and microphone, and the same bytes again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.mjpeg import images
from sentio_bridge.affect.personal.profile import Baseline, Profile, encode
from sentio_bridge.client import Requester
from sentio_bridge.config.loader import Sidecar as Ports
from sentio_bridge.config.loader import parse
from sentio_bridge.core.outgoing import Outgoing
from sentio_bridge.protocol import codec
from sentio_bridge.replay.engine import frames
from sentio_bridge.replay.player import Player, played
from sentio_bridge.server.sidecar import Sidecar
from sentio_bridge.transport.ports import bind
from sentio_recording.recording import Recording
from sentio_recording.repair import verify
from sentio_sensors import ManualClock, MonotonicClock

from .conftest import DEADLINE

Ask = Callable[..., dict[str, Any]]

ALL = """
profiles = "{room}/profiles"
[models]
landmarker = "{landmarker}"
budget_ms = 5000
[recording]
folder = "{room}/recordings"
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
images = "{room}/pictures"
fps = 12
seconds = 0.1
[[source]]
type = "microphone"
file = "{voice}"
"""

BODY = """
profiles = "{room}/profiles"
[recording]
folder = "{room}/recordings"
start = {start}
[consent]
body = {raw}
[[source]]
type = "simulate"
sensors = ["body"]
roles = ["ppg", "eda"]
"""

RAW = '["adapt", "record", "record_raw"]'


class Kept:
    """An output that keeps every message."""

    def __init__(self, sent: list[bytes]) -> None:
        self._sent = sent

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self._sent.extend(message.encoded for message in messages)

    def close(self) -> None:
        pass


@contextmanager
def running(text: str) -> Iterator[tuple[Ask, list[bytes]]]:
    """Run a sidecar in this process, so that not one message can be missed."""
    sockets = bind(Ports(state_port=0, control_port=0))
    control = sockets.control_endpoint
    stop, sent = threading.Event(), list[bytes]()
    sidecar = Sidecar(parse(text), MonotonicClock(), sockets, [Kept(sent)])
    thread = threading.Thread(target=sidecar.run, args=(stop,))
    thread.start()
    try:
        with Requester(control, timeout=DEADLINE) as requester:
            yield requester.request, sent
    finally:
        stop.set()
        sidecar.wake()
        thread.join(DEADLINE)


def until(sent: list[bytes], condition: Callable[[dict[str, Any]], bool]) -> None:
    """Wait for a detail that fulfils ``condition``."""
    end, seen = time.monotonic() + DEADLINE, 0
    while time.monotonic() < end:
        for message in sent[seen:]:
            seen += 1
            if message.startswith(b"detail/") and condition(codec.decode_map(body(message))):
                return
        time.sleep(0.02)
    raise AssertionError("never fulfilled")


def body(message: bytes) -> bytes:
    return codec.split(message)[2]


def of(kind: bytes, messages: list[bytes]) -> list[bytes]:
    return [message for message in messages if message.startswith(kind)]


def about(messages: list[bytes]) -> list[dict[str, Any]]:
    """Details without what the recorder says of itself, which a replay has none of."""
    return [
        {k: v for k, v in codec.decode_map(body(m)).items() if k != "recording"}
        for m in of(b"detail/", messages)
    ]


def recorded(room: Path) -> Path:
    (folder,) = (room / "recordings").iterdir()
    assert verify(folder).ok
    return folder


def keep(room: Path) -> Profile:
    """Store a profile of the player, which the sidecar loads at its start."""
    known = Baseline(mean=70.0, sd=4.0, weight=20.0, low=62.0, high=80.0)
    profile = Profile(subject="player", created="", baselines={"body": {"hr": known}})
    (room / "profiles").mkdir()
    (room / "profiles" / "player.profile.json").write_bytes(encode(profile))
    (room / "profiles" / "other.profile.json").write_bytes(encode(profile))
    return profile


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "said"), [("demo", "N"), ("stress", "W"), ("frustration", "T")]
)
def test_every_modality_gives_the_same_bytes_at_every_speed(
    landmarker: Path, data_dir: Path, tmp_path: Path, scenario: str, said: str
) -> None:
    pytest.importorskip("mediapipe", exc_type=ImportError)
    photographs = pytest.importorskip("skimage.data", exc_type=ImportError)
    from PIL import Image

    Image.fromarray(photographs.astronaut()).save(tmp_path / "face.png")
    (tmp_path / "pictures").mkdir()
    for index, blob in enumerate(images(tmp_path / "face.png")):
        (tmp_path / "pictures" / f"{index:02}.jpg").write_bytes(blob)
    voice = sorted((data_dir / "voice_emodb").rglob(f"*{said}?.flac"))[0]
    keep(tmp_path)
    heard = {"face", "voice", "body", "eeg"}
    text = ALL.format(room=tmp_path, landmarker=landmarker, voice=voice, raw=RAW, scenario=scenario)
    with running(text) as (ask, sent):
        until(
            sent,
            lambda d: {n for n, m in d["modalities"].items() if m["state"] == "ok"} >= heard,
        )
        assert ask("marker", name="boss")["ok"]
        assert ask("text", line="a secret that I wrote")["accepted"]
        strap = {"stream": "visor", "role": "face", "channels": ["jawOpen", "mouthSmileLeft"]}
        for opened in (0.2, 0.7):
            assert ask("input", **strap, values=[opened, 0.6])["ok"]
        assert ask("label", name="arousal", value=0.4)["ok"]
        assert ask("adaptation", what="music", value=0.4, why="tense")["ok"]
        assert ask("override", values={"dominance": 0.5}, seconds=1)["ok"]
        assert ask("profile", action="use", name="other")["ok"]
        assert ask("consent", action="withdraw", sensor="microphone")["ok"]
        until(sent, lambda d: d["sensors"]["microphone"]["state"] == "withdrawn")
        until(sent, lambda d: d["modalities"].get("text", {}).get("age") is not None)
        assert ask("record", action="stop")["ok"]
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
        kept = {info.meta.get("role") for info in recording.streams.values()}
        assert kept >= {"video", "audio", "eeg", "ppg", "face"}
    assert (folder / "camera.mkv").exists()
    for speed in (0.0, 0.25, 100.0):
        with Recording(folder) as recording:
            assert recording.manifest is not None
            assert recording.manifest.complete_start
            clock = ManualClock()
            player = Player(lambda *_, r=recording: frames(r), clock, speed=speed)
            again = [s.message for s in played(player, clock)]
        same = of(b"affect/", again)
        assert len(same) > 60
        assert same == of(b"affect/", sent)[: len(same)]
        events = of(b"event/", again)
        assert events == of(b"event/", sent)[: len(events)]
        details = about(again)
        assert details == about(sent)[: len(details)]
    faces = [codec.decode_affect(m).get("p_happiness") for m in same]
    assert len({f for f in faces if f is not None}) > 5


def test_the_profile_in_use_at_the_start_is_recorded_and_used_again(tmp_path: Path) -> None:
    keep(tmp_path)
    with running(BODY.format(room=tmp_path, raw=RAW, start="true")) as (ask, sent):
        until(sent, lambda d: d["modalities"].get("body", {}).get("state") == "ok")
        assert ask("record", action="stop")["ok"]
    with Recording(recorded(tmp_path)) as recording:
        assert recording.manifest is not None
        assert '"mean": 70.0' in recording.manifest.profiles["player"]
        assert recording.manifest.complete_start
        again = [s.message for s in frames(recording)]
    assert of(b"affect/", again) == of(b"affect/", sent)[: len(of(b"affect/", again))]
    assert about(again) == about(sent)[: len(about(again))]


def test_a_profile_is_recorded_only_where_its_sensors_are_agreed_to(tmp_path: Path) -> None:
    keep(tmp_path)
    with running(BODY.format(room=tmp_path, raw='["adapt"]', start="true")) as (_, sent):
        until(sent, lambda d: "body" in d["sensors"])
    with Recording(recorded(tmp_path)) as recording:
        assert recording.manifest is not None
        assert recording.manifest.profiles == {}
        assert not recording.manifest.complete_start


def test_a_recording_that_begins_later_knows_what_was_before(tmp_path: Path) -> None:
    with running(BODY.format(room=tmp_path, raw=RAW, start="false")) as (ask, sent):
        until(sent, lambda d: "heart_rate" in d["values"])
        assert ask("freeze", reason="menu")["ok"]
        first = ask("record", action="start", raw=["body"])["recording"]
        assert ask("record", action="start")["recording"]["folder"] == first["folder"]
        until(sent, lambda d: d["recording"].get("seconds", 0) > 3)
        assert ask("record", action="stop")["ok"]
        assert ask("record", action="stop")["ok"]
        second = ask("record", action="start")["recording"]
        assert second["raw"] == []
        assert second["folder"] != first["folder"]
    with Recording(Path(first["folder"])) as recording:
        assert recording.manifest is not None
        assert not recording.manifest.complete_start
        again = [s.message for s in frames(recording)]
    last = codec.decode_map(body(of(b"detail/", again)[-1]))
    assert last["sensors"]["body"]["state"] == "on"
    assert last["state"] == "ok"
    assert last["frozen"]
    live = {codec.decode_affect(m).sent: codec.decode_affect(m) for m in of(b"affect/", sent)}
    rates = [
        (a.get("heart_rate"), live[a.sent].get("heart_rate"))
        for a in map(codec.decode_affect, of(b"affect/", again)[-5:])
    ]
    assert np.allclose([a for a, _ in rates if a], [b for _, b in rates if b], atol=0.1)
    with Recording(Path(second["folder"])) as recording:
        assert recording.manifest is not None
        assert not recording.manifest.complete_start  # the second of a sidecar never is
        # Raw samples are agreed to, and yet nobody asked for them.
        kept = {info.meta.get("role") for info in recording.streams.values()}
        assert kept.isdisjoint({"ppg", "eda"})


def test_a_recording_begins_before_its_device_and_goes_on_when_that_comes_back(
    tmp_path: Path,
) -> None:
    with running(BODY.format(room=tmp_path, raw=RAW, start="true")) as (ask, sent):
        until(sent, lambda d: d["sensors"].get("body", {}).get("state") == "on")
        assert ask("consent", action="withdraw", sensor="body")["ok"]
        until(sent, lambda d: d["sensors"]["body"]["state"] == "withdrawn")
        time_of = ask("time")["time"]
        purposes = ["adapt", "record", "record_raw"]
        assert ask("consent", action="grant", sensor="body", purposes=purposes)["ok"]
        until(sent, lambda d: d["sent"] > time_of and d["sensors"]["body"]["state"] == "on")
        assert ask("record", action="stop")["ok"]
    with Recording(recorded(tmp_path)) as recording:
        name = next(i.name for i in recording.streams.values() if i.meta.get("role") == "ppg")
        numbers = recording.numbers(name)
        assert len(numbers) == 2
        assert len({recording.streams[n].source_id for n in numbers}) == 1
        assert recording.manifest is not None
        assert recording.manifest.complete_start
