"""Session recorder: records only what is requested and has consent."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from sentio_bridge.config.loader import ConfigError, parse
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.errors import RequestError
from sentio_bridge.pipeline.estimator_pipeline import Pace, Personalise
from sentio_bridge.privacy.sealing import Sealing
from sentio_bridge.protocol.bodies import HealthBody, SourceHealth
from sentio_bridge.recording.beginning import Beginnings
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_models import Norm
from sentio_recording.recorded import ORDER
from sentio_recording.recording import Recording
from sentio_recording.sealed.key_folder import KeyFolder
from sentio_recording.sealed.locks import MasterLock
from sentio_recording.summary import summarise
from sentio_sensors import Channel, Chunk, ManualClock, Role, StreamSpec

HEALTH = HealthBody(
    epoch=1,
    time=0.0,
    uptime=0.0,
    rate_hz=0.0,
    frames=0,
    cpu=0.0,
    rss=0,
    subscribers=0,
    latency={},
    sources={},
    models={},
    queues={},
    problems=(),
)
VIDEO = StreamSpec("cam/video", Role.VIDEO, 30.0, (Channel("rgb"),))
AUDIO = StreamSpec("mic/audio", Role.AUDIO, 8000.0, (Channel("voice", "1"),))
FLAC = '[recording.media]\nsound = "flac"\n'


def recorded(tmp_path: Path, consent: dict[str, list[str]], raw: list[str] | None) -> set[str]:
    """Record a session; return its media files and its streams with samples."""
    config = parse(f'[recording]\nfolder = "{tmp_path}"\n{FLAC}')
    clock, ledger = ManualClock(), ConsentLedger()
    for sensor, purposes in consent.items():
        ledger.grant(sensor, purposes, "test", 0.0)
    session = SessionRecorder(
        Beginnings(config.recording, clock, {"p": ledger}, configuration="", epoch=1)
    )
    session.start(raw=raw)
    for worker, spec in (("face", VIDEO), ("voice", AUDIO)):
        session.consumed("p", worker, spec)
    for part in range(10):
        at = 1000.0 + part / 10
        video = Chunk(VIDEO.id, np.array([at]), np.zeros((1, 8, 8, 3), np.uint8))
        session.consumed("p", "face", video)
        times = at + np.arange(800) / 8000
        sound = Chunk(AUDIO.id, times, np.zeros((800, 1), np.float32))
        session.consumed("p", "voice", sound)
    folder = Path(session.stop().folder)
    with Recording(folder) as recording:
        streams = {item.stream for _, item in recording.sensors() if isinstance(item, Chunk)}
    return streams | {path.name for path in folder.iterdir() if path.suffix in (".mkv", ".flac")}


BOTH = {"camera": ["adapt", "record_raw"], "microphone": ["adapt", "record_raw"]}
CAMERA, MICROPHONE = {"cam/video", "camera.mkv"}, {"mic/audio", "microphone.flac"}


def test_raw_media_needs_a_request_and_consent(tmp_path: Path) -> None:
    assert recorded(tmp_path, BOTH, ["camera"]) == CAMERA
    assert recorded(tmp_path, BOTH, ["microphone"]) == MICROPHONE
    assert recorded(tmp_path, BOTH, ["eeg"]) == set()
    assert recorded(tmp_path, BOTH, None) == CAMERA | MICROPHONE
    partial_consent = {**BOTH, "camera": ["adapt", "record"]}
    assert recorded(tmp_path, partial_consent, ["camera", "microphone"]) == MICROPHONE
    assert recorded(tmp_path, {}, ["camera", "microphone"]) == set()


def test_unknown_media_format_is_refused() -> None:
    with pytest.raises(ConfigError, match="mp3"):
        parse('[recording.media]\nsound = "mp3"\n')


def test_drop_counts_are_recorded_when_they_change(tmp_path: Path) -> None:
    config = parse(f'[recording]\nfolder = "{tmp_path}"\n')
    session = SessionRecorder(
        Beginnings(
            config.recording, ManualClock(), {"p": ConsentLedger()}, configuration="", epoch=1
        )
    )

    def counted(now: float, dropped: int, lost: int = 2) -> None:
        source = SourceHealth("p", "on", "", "", 64.0, now, 0, lost, 1)
        queues = {"face": dropped} if dropped else {}
        session.counted(replace(HEALTH, sources={"cam": source}, queues=queues), now)

    session.start()
    for now, dropped in ((1.0, 0), (2.0, 0), (3.0, 7)):
        counted(now, dropped)
    with Recording(Path(session.stop().folder)) as recording:
        counters = recording.texts("sentio/counters")
        assert [time for time, _ in counters] == [1.0, 3.0]
        assert '"reconnects":1' in counters[0][1]
        assert summarise(recording).dropped == {"queue face": 7, "source cam": 2}
    counted(4.0, 9)
    session.start()  # another recording has only what was lost since
    counted(5.0, 9)
    counted(6.0, 10, lost=5)
    with Recording(Path(session.stop().folder)) as recording:
        assert len(recording.texts("sentio/counters")) == 2
        assert summarise(recording).dropped == {"queue face": 1, "source cam": 3}


def test_usual_values_are_recorded_only_with_consent(tmp_path: Path) -> None:
    config = parse(f'[recording]\nfolder = "{tmp_path}"\n')
    ledger = ConsentLedger()
    ledger.grant("eeg", ["adapt", "record"], "test", 0.0)
    ledger.grant("body", ["adapt", "record_raw"], "test", 0.0)
    session = SessionRecorder(
        Beginnings(config.recording, ManualClock(), {"p": ledger}, configuration="", epoch=1)
    )
    session.start()
    norms = {"scl": Norm(4.0, 1.0, 60.0)}
    for estimator, modality in (("own", "eeg"), ("body", "body")):
        session.consumed("p", estimator, Personalise(norms, modality))
    session.consumed("p", "own", Pace(2.0, False))
    with Recording(Path(session.stop().folder)) as recording:
        texts = [text for _, text in recording.texts(ORDER)]
    own, body, pace = map(msgspec.json.decode, texts)
    assert pace == ["pace", "p", "own", {"limit_hz": 2.0, "is_slow": False}]
    assert own[:3] == ["personalise", "p", "own"]
    assert set(own[3]) == {"scl"}
    assert body == ["personalise", "p", "body", {}]


@pytest.mark.parametrize("people", [["p"], ["p", "q"]])
def test_state_of_several_people_has_no_key_of_its_own_and_is_not_stored(
    tmp_path: Path, people: list[str]
) -> None:
    config = parse(f'[recording]\nfolder = "{tmp_path / "recordings"}"\n')
    sealing = Sealing(MasterLock("keyring", b"k" * 32), KeyFolder(tmp_path / "keys"))
    session = SessionRecorder(Beginnings(
        config.recording, ManualClock(), {each: ConsentLedger() for each in people},
        configuration="", epoch=1, sealing=sealing,
    ))  # fmt: skip
    beginning = session.begin([], 0.0, saved=b"learnt")
    assert beginning is not None
    session.beginnings.open(beginning)
    session.opened(beginning, succeeded=True)
    keys = beginning.recorder.keys
    assert keys is not None
    with Recording(Path(session.stop().folder), unlock=lambda _: keys) as recording:
        assert len(recording.texts("sentio/state")) == (len(people) == 1)


@pytest.mark.parametrize("wait", range(3))
def test_a_withdrawal_while_the_disk_is_slow_leaves_nothing_of_the_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wait: int
) -> None:
    config = parse(f'[recording]\nfolder = "{tmp_path / "recordings"}"\n')
    ledger, keys = ConsentLedger(), KeyFolder(tmp_path / "keys")
    session = SessionRecorder(Beginnings(
        config.recording, ManualClock(), {"p": ledger}, configuration="", epoch=1,
        sealing=Sealing(MasterLock("keyring", b"k" * 32), keys),
    ))  # fmt: skip
    sync, calls = os.fsync, iter(range(1000))

    def slow(number: int) -> None:
        """Let the withdrawal come while the disk writes."""
        if next(calls) == wait:
            ledger.withdraw("eeg", "test", 1.0, ["record"])
        sync(number)

    monkeypatch.setattr(os, "fsync", slow)
    ledger.grant("eeg", ["adapt", "record"], "test", 0.0)
    with pytest.raises(RequestError, match="withdrawn meanwhile"):
        session.start(saved=b"learnt", contributed={"p": ("eeg",)})
    assert not list((tmp_path / "recordings").iterdir())
    assert not keys.ids()
    assert not session.body().active
    assert session.start().active, "it can begin without"
    session.stop()
