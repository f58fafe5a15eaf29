"""Play labelled photos and voice clips; measure how entries follow.

Scenes of ten seconds show ten photos of one expression, of ten people, or play the clips of one
actor in one emotion. Neither was used for training. The truth is the mean rating of the label's
word: what was posed or acted, not what anybody felt.

python -m benchmarks.felt_clips --data DIR [--plot FILE] prints the figures.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.felt_run import Felt, felt
from benchmarks.felt_sessions import START, Arrived, FeltSession
from sentio_bridge.pipeline.estimator_pipeline import EstimatorPipeline
from sentio_models.estimate import EMOTIONS
from sentio_models.estimator import Estimator
from sentio_models.modalities.face.circumplex import COORDINATES
from sentio_research.data.face_photos import read as read_photos
from sentio_research.data.images import read_rgb
from sentio_research.data.sounds import RATE, read_sound
from sentio_sensors.simulated.scenario import Scenario, Segment
from sentio_sensors.stream import Channel, Chunk, Role, StreamSpec

Floats = NDArray[np.float64]

SCENE = 10
"""Seconds of one label."""

FACES_HZ = 5.0
"""Images a second; each photo is shown for a second."""

SHOWN = ("neutral", "happiness", "sadness", "surprise", "anger", "disgust")
"""Expressions with photos enough."""

SCENES, SEQUENCES = 20, 3
"""Scenes of a sequence, and sequences of faces."""

BLOCK = 0.032
"""Seconds of sound in a block."""

PAUSE = 0.4
"""Seconds between two clips."""

ENTRIES = ("valence", "arousal", "stress", "valence_level", "arousal_level", "stress_level")

LONGEST_LAG = 12.0


@dataclass(frozen=True, slots=True)
class ClipSession(FeltSession):
    """Clips whose label changes at once."""

    def scenario(self) -> Scenario:
        """Return the labels as a script."""
        return Scenario(self.segments, blend=0.0)


def faces(data: Path, estimator: Estimator, seed: int) -> ClipSession:
    """Play photos as a camera's images, through a face estimator."""
    photos, draw = read_photos(data), np.random.default_rng([seed, 7])
    left = {
        name: draw.permutation(np.flatnonzero(photos.labels == EMOTIONS.index(name))).tolist()
        for name in SHOWN
    }
    names = order(SHOWN, SCENES, draw)
    pipeline = EstimatorPipeline(estimator)
    pipeline.apply(StreamSpec("clips/video", Role.VIDEO, FACES_HZ, (Channel("rgb"),)))
    arrived: list[Arrived] = []
    for index in range(round(SCENES * SCENE * FACES_HZ)):
        at = START + index / FACES_HZ
        if index % round(FACES_HZ) == 0:
            name = names[int(index / FACES_HZ / SCENE)]
            image = read_rgb(photos.paths[left[name].pop()])
        chunk = Chunk("clips/video", np.array([at]), image[None])
        made = pipeline.apply(chunk)
        if made is not None:
            arrived.append(Arrived(at, made[1], "face", made[0]))
    segments = tuple(segment(name, SCENE) for name in names)
    return ClipSession("photos", seed, segments, float(SCENES * SCENE), tuple(arrived))


def voices(data: Path, estimator: Estimator, speaker: str, seed: int) -> ClipSession:
    """Play the clips of one actor of nEMO as a microphone's sound."""
    draw = np.random.default_rng([seed, 8])
    clips = _clips(data, speaker)
    left = {name: draw.permutation(len(files)).tolist() for name, files in clips.items()}
    segments: list[Segment] = []
    parts: list[Floats] = []
    while any(left.values()):
        names = [name for name in left if left[name]]
        if segments and len(names) > 1:
            names = [name for name in names if name != segments[-1].name]
        name = names[int(draw.integers(len(names)))]
        sound: list[Floats] = []
        while left[name] and sum(map(len, sound)) < SCENE * RATE:
            sound.append(read_sound(clips[name][left[name].pop()]).astype(np.float64))
            sound.append(np.zeros(round(PAUSE * RATE)))
        whole = np.concatenate(sound)
        seconds = max(1, len(whole) // RATE)
        segments.append(segment(name, seconds))
        parts.append(whole[: seconds * RATE])
    every = np.concatenate(parts)
    # A room is never without noise.
    every = every + 0.0005 * draw.standard_normal(len(every))
    arrived = list(_received(every.astype(np.float32), EstimatorPipeline(estimator)))
    return ClipSession(speaker, seed, tuple(segments), len(every) / RATE, tuple(arrived))


def _received(sound: NDArray[np.float32], pipeline: EstimatorPipeline) -> Iterator[Arrived]:
    pipeline.apply(StreamSpec("clips/audio", Role.AUDIO, float(RATE), (Channel("mono"),)))
    block = round(BLOCK * RATE)
    for first in range(0, len(sound) - block + 1, block):
        times = START + np.arange(first, first + block) / RATE
        made = pipeline.apply(Chunk("clips/audio", times, sound[first : first + block, None]))
        if made is not None:
            yield Arrived(float(times[-1]), made[1], "voice", made[0])


def _clips(data: Path, speaker: str) -> dict[str, list[Path]]:
    folder = data / "voice_nemo_pl"
    found: dict[str, list[Path]] = {}
    with (folder / "labels.csv").open(newline="") as file:
        for line in csv.DictReader(file):
            name = {"surprised": "surprise"}.get(line["emotion"], line["emotion"])
            if line["speaker"] == speaker:
                found.setdefault(name, []).append(folder / line["file"])
    return found


def order(names: Sequence[str], count: int, draw: np.random.Generator) -> list[str]:
    """Return labels of which no two that follow one another are alike."""
    chosen: list[str] = []
    while len(chosen) < count:
        for name in draw.permutation(list(names)).tolist():
            if len(chosen) < count and (not chosen or chosen[-1] != name):
                chosen.append(str(name))
    return chosen


def segment(name: str, seconds: int) -> Segment:
    """Return a scene of one label, with the ratings of its word."""
    valence, arousal = COORDINATES[name]
    return Segment(name=name, seconds=seconds, valence=valence, arousal=arousal)


def follow(one: Felt, name: str) -> dict[str, float]:
    """Return r of an entry, its best lag, and how often its interval holds."""
    value, truth = one.values[name], one.truth[name.removesuffix("_level")]
    judged = one.times > SCENE
    known = np.isfinite(value) & judged
    row = {"known": float(known.sum() / judged.sum())}
    if known.sum() < 40 or np.ptp(value[known]) < 1e-9:
        return row
    row["r"] = _r(value[known], truth[known])
    step = float(one.times[1] - one.times[0])
    best = [
        _r(value[shift:][kept], truth[: len(truth) - shift][kept])
        for shift in range(round(LONGEST_LAG / step))
        for kept in [known[shift:]]
    ]
    row["lag"], row["r_at_lag"] = step * int(np.argmax(best)), max(best)
    if not name.endswith("_level"):
        off = np.abs(value - truth)[known] / one.values[f"{name}_sd"][known]
        row["holds_68"], row["holds_95"] = float(np.mean(off <= 1.0)), float(np.mean(off <= 1.96))
    return row


def _r(a: Floats, b: Floats) -> float:
    return float(np.corrcoef(a, b)[0, 1]) if np.ptp(a) > 1e-9 and np.ptp(b) > 1e-9 else 0.0


def figures(people: Sequence[Felt]) -> dict[str, dict[str, float]]:
    """Return the mean figures of each entry that is known."""
    table: dict[str, dict[str, float]] = {}
    for name in ENTRIES:
        rows = [follow(one, name) for one in people]
        keys = {key for row in rows for key in row}
        means = {
            key: round(float(np.mean([row[key] for row in rows if key in row])), 2)
            for key in sorted(keys)
        }
        if means["known"] > 0.0:
            table[name] = means
    return table


def play(data: Path) -> dict[str, list[Felt]]:
    """Return the courses of photos and of voices."""
    from sentio_models.modalities.face import FaceEstimator
    from sentio_models.modalities.voice import VoiceEstimator

    photos = []
    for seed in range(SEQUENCES):
        estimator = FaceEstimator()
        photos.append(felt(faces(data, estimator, seed)))
        estimator.close()
    with (data / "voice_nemo_pl" / "labels.csv").open(newline="") as file:
        speakers = sorted({line["speaker"] for line in csv.DictReader(file)})
    sounds = [
        felt(voices(data, VoiceEstimator(), speaker, seed)) for seed, speaker in enumerate(speakers)
    ]
    return {"photos": photos, "voices": sounds}


def main() -> None:
    """Print the figures, and draw one course of each kind if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--plot", type=Path)
    given = parser.parse_args()
    found = play(given.data)
    print(json.dumps({name: figures(people) for name, people in found.items()}, indent=1))
    if given.plot is not None:
        from benchmarks.felt_plots import clips

        clips(given.plot, found)


if __name__ == "__main__":
    main()
