from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from benchmarks.offline_session import live
from sentio_bridge.core import command_log
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame import LAYOUT, AffectFrame, State, pack, pack_evidence
from sentio_bridge.recording.affect_streams import evidence_row, rows
from sentio_bridge.recording.affect_streams import frame as frame_of
from sentio_bridge.replay.engine import ReplayError, frames, recorded_frames
from sentio_bridge.replay.player import Player, played
from sentio_bridge.replay.server import native
from sentio_recording.recording import Recording
from sentio_recording.repair import verify
from sentio_sensors import ManualClock

RAW = '["adapt", "record", "record_raw"]'


@pytest.mark.parametrize(
    ("scenario", "seed"),
    [
        ("stress", 4),
        pytest.param("demo", 3, marks=pytest.mark.slow),
        pytest.param("frustration", 5, marks=pytest.mark.slow),
    ],
)
def test_replay_gives_the_same_bytes(tmp_path: Path, scenario: str, seed: int) -> None:
    sent, folder = live(tmp_path, scenario, seed, 8.0, RAW)
    affect = [m for m in sent if m.startswith(b"affect/")]
    assert len(affect) > 100
    assert len({codec.decode_affect(m).get("valence") for m in affect}) > 20
    assert verify(folder).ok
    with Recording(folder) as recording:
        for speed in (0.0, 1.0, 100.0):
            clock = ManualClock()
            player = Player(lambda *_, r=recording: frames(r), clock, speed=speed)
            assert [s.message for s in played(player, clock)] == sent
        # After a seek the recorded estimates are used, and give the same.
        assert [s.message for s in frames(recording, compute=False)] == sent
        assert [s.message for s in recorded_frames(recording)] == affect
    assert b"secret" not in (folder / "data.xdf").read_bytes()


def test_recording_without_raw_samples_replays_from_estimates(tmp_path: Path) -> None:
    sent, folder = live(tmp_path, "demo", 6, 6.0, '["adapt", "record"]')
    with Recording(folder) as recording:
        roles = {info.meta.get("role") for info in recording.streams.values()}
        assert "eeg" not in roles
        assert "face" in roles
        assert [s.message for s in frames(recording)] == sent


def test_sensor_without_consent_is_not_recorded(tmp_path: Path) -> None:
    _, folder = live(tmp_path, "demo", 6, 4.0, '["adapt"]')
    with Recording(folder) as recording:
        assert not [i for i in recording.streams.values() if i.meta.get("role")]
        assert recording.texts("estimates") == []
        assert [text for _, text in recording.texts("markers")] == ["boss"]
        with pytest.raises(ReplayError, match="contains no frames"):
            native(recording, compute=False)


def test_foreign_recording_is_refused(data_dir: Path) -> None:
    with (
        Recording(data_dir / "xdf_examples" / "minimal.xdf") as recording,
        pytest.raises(ReplayError),
    ):
        list(frames(recording))


def test_frame_is_unchanged_after_conversion_to_rows() -> None:
    vector = np.arange(len(LAYOUT), dtype=np.float32)
    vector[3] = 0
    original = AffectFrame("p", 5, 6, 7.25, 8.5, State.WARMING, (1 << len(LAYOUT)) - 1 - 8, vector)
    for frame in (original, replace(original, captured=None, mask=0, vector=vector * 0)):
        a, b = rows(frame)
        assert codec.encode_affect(frame_of("p", 8.5, a[0], b[0])) == codec.encode_affect(frame)


def test_ages_and_confidences_survive_their_row() -> None:
    mask, vector = pack({"valence": 0.5, "scr_now": 0.25})
    ages = pack_evidence({"valence": 1.5, "scr_now": 0.25})
    one = AffectFrame("p", 5, 6, 7.25, 8.5, State.OK, mask, vector, ages, ages / 2)
    a, b = rows(one)
    kept = evidence_row(one)
    assert kept is not None
    again = frame_of("p", 8.5, a[0], b[0], kept[0])
    assert codec.encode_affect(again) == codec.encode_affect(one)
    assert evidence_row(replace(one, age=None, confidence=None)) is None


@pytest.mark.parametrize("text", ["", "[]", '["z"]', "{}", '["m","a"]', "[1,2"])
def test_invalid_log_entry_is_refused(text: str) -> None:
    with pytest.raises(command_log.LogError):
        command_log.decode(text)
