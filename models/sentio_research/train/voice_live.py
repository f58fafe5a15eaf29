"""Fit the voice gate and the comparison of a voice with itself, and write both.

    python -m sentio_research.train.voice_live --data DIR --out DIR

Needs the extras ``train`` (without torch) and ``microphone``, and the game sounds of
``data.game_sounds``; some minutes. The gate uses the development half of tracks and speakers only.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.modalities.voice.speech_detector import SpeechDetector
from sentio_research.data.game_sounds import game_sounds, in_development, mixed, typing
from sentio_research.data.sounds import RATE, live_windows, read_sound
from sentio_research.data.voice import Voices, read
from sentio_research.fitting.voice_live import export_gate, fit_gate
from sentio_research.fitting.voice_person import (
    TRAINED_ON,
    fit_person,
    measure_across,
    person_rows,
)

Floats = NDArray[np.float64]

MUSIC_SECONDS = 20
"""Seconds of each track, from its eighth second on."""

SPEECH_OVER_MUSIC = 200
"""Utterances over music, at 0, 5, 10 and 20 dB."""


def main() -> None:
    """Fit both models and print their figures of development."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled data")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--only", choices=("gate", "person"))
    given = parser.parse_args()
    voices = read(given.data)
    if given.only != "person":
        print(f"{_gate(voices, given.out)} written", flush=True)
    if given.only != "gate":
        rows = person_rows(voices)
        across = measure_across(rows)
        print(f"{across}", flush=True)
        everyone = np.ones(len(rows.values), np.bool_)
        print(f"{fit_person(rows, everyone, across, given.out)} written", flush=True)


def _gate(voices: Voices, out: Path) -> Path:
    detector, rng = SpeechDetector(), np.random.default_rng(0)
    rows: list[Floats] = []
    kinds: list[str] = []

    def add(kind: str, sound: NDArray[np.float32]) -> None:
        found = live_windows(sound, detector)
        rows.extend(found)
        kinds.extend([kind] * len(found))

    music = []
    for item in game_sounds():
        if not item.development or item.kind == "vocal":
            continue
        sound = read_sound(item.path)
        if item.kind == "music":
            music.append(sound[8 * RATE : 60 * RATE])
            sound = music[-1][: MUSIC_SECONDS * RATE]
        add(item.kind, sound)
    for seed in range(6):
        add("typing", typing(30.0, seed))
    print(f"{len(rows)} windows of other sounds", flush=True)
    dev = np.array([in_development(s) for s in voices.speakers])
    for i in np.flatnonzero(dev):
        add(str(voices.corpus[i]), voices.sounds[i])
    speech = np.flatnonzero(dev & (voices.corpus == "emodb"))
    for number in range(SPEECH_OVER_MUSIC):
        track = music[rng.integers(len(music))]
        first = int(rng.integers(max(1, len(track) - 2 * RATE)))
        over = mixed(voices.sounds[rng.choice(speech)], track[first:], (0, 5, 10, 20)[number % 4])
        add("mixed", over)
    names = np.array(kinds)
    is_voice = ~np.isin(names, ("music", "effects", "typing"))
    print(f"{is_voice.sum()} windows of voices", flush=True)
    others = "music and effects of SuperTux and the freedesktop sound theme (not included)"
    return export_gate(
        fit_gate(np.array(rows), is_voice, names),
        out,
        f"half of the people of {TRAINED_ON}; {others}",
    )


if __name__ == "__main__":
    main()
