"""Tests that frames follow a person's state in real recordings.

Times are those of the recordings, so nothing waits. Most people must show the effect, not each.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.frame import LAYOUT, pack
from sentio_bridge.replay.foreign import ForeignReplay
from sentio_models import Signal, Window
from sentio_models.modalities.face import FaceEstimator
from sentio_models.modalities.voice import VoiceEstimator
from sentio_recording.manifest import Clocks, Manifest
from sentio_recording.recording import Recording
from sentio_recording.storage import Storage
from sentio_recording.xdf.headers import StreamInfo
from sentio_research.data.body import cogwear
from sentio_research.data.eeg import eegmat
from sentio_research.data.ferplus import read, stage
from sentio_research.data.sounds import read_sound
from sentio_sensors import Channel, Role

pytestmark = [pytest.mark.data, pytest.mark.slow]

START = 1000.0
PEOPLE = 5

Samples = tuple[NDArray[np.float32], float, tuple[str, ...], str]
"""Values, rate, channels and unit of a stream from ``START`` on."""


def recorded(folder: Path, streams: Mapping[str, Samples]) -> Path:
    """Write a recording like that of another program."""
    storage = Storage(
        folder, Manifest(id="t", clocks=Clocks(monotonic=START, wall="")), START, reserved=0
    )
    last = START
    for name, (_, rate, labels, unit) in streams.items():
        channels = tuple(Channel(label, unit) for label in labels)
        storage.open(name, StreamInfo(name, name, channels, rate, "float32", name), START)
    for name, (values, rate, _, _) in streams.items():
        times = START + np.arange(len(values)) / rate
        for first in range(0, len(values), 4096):
            part = slice(first, first + 4096)
            storage.samples(name, times[part], values[part])
        last = max(last, float(times[-1]))
    storage.end(last, "stopped", {})
    return folder / "data.xdf"


def entry_over_time(
    file: Path, roles: Mapping[str, Role], entry: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the times of an entry, seconds into the file, and its values."""
    with Recording(file) as recording:
        sent = [s.message for s in ForeignReplay(recording, roles).messages()]
    frames = [codec.decode_affect(m) for m in sent if m.startswith(b"affect/")]
    known = [(f.sent - START, f.get(entry)) for f in frames if f.get(entry) is not None]
    times, values = zip(*known, strict=True)
    return np.array(times), np.array(values)


def test_stress_rises_with_mental_load_of_real_people(data_dir, tmp_path) -> None:
    """CogWear: the shipped model was fitted on its people too."""
    complete = [
        s for s in cogwear(data_dir) if all({"ppg", "eda", "temp"} <= p.keys() for p in s.parts)
    ]
    rises = []
    for number, session in enumerate(complete[:: len(complete) // PEOPLE][:PEOPLE]):
        rest, load = session.parts
        change = min(len(s.values) / s.rate_hz for s in rest.values())
        streams = {
            role: (
                np.concatenate(
                    [rest[role].values[: int(change * rest[role].rate_hz)], load[role].values]
                ),
                rest[role].rate_hz,
                ("value",),
                {"ppg": "au", "eda": "uS", "temp": "degC"}[role],
            )
            for role in ("ppg", "eda", "temp")
        }
        file = recorded(tmp_path / str(number), streams)
        roles = {"ppg": Role.PPG, "eda": Role.EDA, "temp": Role.TEMP}
        times, stress = entry_over_time(file, roles, "stress")
        before = stress[(times > change - 60) & (times < change)]
        after = stress[times > change + 60]
        rises.append(float(after.mean() - before.mean()))
    assert sum(rise > 0 for rise in rises) >= PEOPLE - 1
    assert np.mean(rises) > 0.05


def test_focus_rises_during_mental_arithmetic(data_dir, tmp_path) -> None:
    recordings = list(eegmat(data_dir))
    rises = []
    for rest in [r for r in recordings if not r.work][:: 36 // PEOPLE][:PEOPLE]:
        work = next(r for r in recordings if r.work and r.person == rest.person)
        values = np.concatenate([rest.samples, work.samples])
        file = recorded(tmp_path / rest.person, {"eeg": (values, rest.rate_hz, rest.labels, "uV")})
        times, focus = entry_over_time(file, {"eeg": Role.EEG}, "focus")
        change = len(rest.samples) / rest.rate_hz
        before = focus[(times > change - 20) & (times < change)]
        rises.append(float(focus[times > change + 15].mean() - before.mean()))
    assert sum(rise > 0 for rise in rises) >= PEOPLE - 1
    assert np.mean(rises) > 0.1


def last_value(estimates: Iterator, entry: str, step: float) -> float:
    """Fuse estimates every ``step`` seconds; return an entry of the last frame."""
    person, now = SubjectModel("p"), START
    for estimate in estimates:
        now += step
        person.estimate(estimate, now - 0.02, now)
    mask, vector = pack(person.snapshot(now).values)
    index = LAYOUT.index(entry)
    assert mask >> index & 1
    return float(vector[index])


def test_happy_faces_have_higher_valence_than_sad_and_angry_ones(data_dir, landmarker) -> None:
    faces = read(data_dir / "face_ferplus", "test")
    estimator = FaceEstimator(landmarker)

    def face_estimates(emotion: int) -> Iterator:
        clear = (faces.majority == emotion) & (faces.soft[:, emotion] > 0.9)
        for tile in islice(faces.images[clear], 12):
            estimator.personalise({})
            signal = Signal(stage(tile)[None], np.zeros(1), 10.0, ())
            yield estimator.estimate(Window({"video": signal}, float("inf")))

    happy, sad, angry = (last_value(face_estimates(e), "valence", 0.5) for e in (1, 3, 4))
    assert happy > 0.3
    assert sad < 0 < happy
    assert angry < 0


def test_angry_voices_have_higher_arousal_than_sad_ones(data_dir) -> None:
    def voice_estimates(letter: str) -> Iterator:
        for file in sorted((data_dir / "voice_emodb").glob(f"*{letter}?.flac"))[::15]:
            sound, estimator = read_sound(file).astype(np.float32), VoiceEstimator()
            for end in range(4000, len(sound) + 1, 4000):
                part = sound[max(0, end - 32_000) : end]
                offsets = (np.arange(len(part)) - len(part) + 1) / 16_000
                step = 0.25 if end > 4000 else float("inf")
                yield estimator.estimate(
                    Window({"audio": Signal(part[:, None], offsets, 16_000.0, ("voice",))}, step)
                )

    angry = last_value(voice_estimates("W"), "arousal", 0.25)
    sad = last_value(voice_estimates("T"), "arousal", 0.25)
    # Arousal is relative to the person's own voice; each clip here is a person's first.
    assert angry > sad + 0.2
    assert angry > 0.1
