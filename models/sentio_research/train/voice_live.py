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
from sentio_research.data.sounds import RATE, live_windows, read_sound, statistics_of
from sentio_research.data.voice import Voices, read, vary_person
from sentio_research.fitting.voice_live import (
    NETWORK_SHARE,
    PRIOR,
    causally_centred,
    centred,
    export_gate,
    export_person,
    fit_arousal,
    fit_gate,
    population,
    softer,
    spread,
    temperature,
    whitening,
)

Floats = NDArray[np.float64]

COPIES = 3
"""Augmented copies of each person."""

MUSIC_SECONDS = 20
"""Seconds of each track, from its eighth second on."""

OWN_SHARE = 0.98
"""Share of a person's own speech, 6 s at a time, that is within the limit of ``other_voice``."""

SPEECH_OVER_MUSIC = 200
"""Utterances over music, at 0, 5, 10 and 20 dB."""

TRAINED_ON = (
    "EmoDB (Burkhardt et al. 2005, CC0-1.0): 10 actors, German; "
    "bursts of EmoGator (Buhl 2023, Apache-2.0): 100 people"
)


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
        print(f"{_person(voices, given.out)} written", flush=True)


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


def _person(voices: Voices, out: Path) -> Path:
    values, source, people = [], [], []
    for i, sound in enumerate(voices.sounds):
        for copy in range(COPIES + 1):
            who = f"{voices.speakers[i]}#{copy}"
            found = statistics_of(vary_person(sound, f"{voices.corpus[i]}{who}") if copy else sound)
            if found is not None:
                values.append(found)
                source.append(i)
                people.append(who)
    rows, index, who_of = np.array(values), np.array(source), np.array(people)
    corpus, high = voices.corpus[index], voices.arousal[index]
    cells = np.char.add(corpus, voices.labels[index])
    plain = np.char.endswith(who_of, "#0")
    start = population(rows[plain], corpus[plain])
    own = centred(rows, who_of, start, PRIOR)
    running = causally_centred(rows, who_of, start, PRIOR, 11)

    # Across corpora: fitted on one, tested on the other, each person in a random order.
    degrees, scores, sides = [], [], []
    for name in ("emodb", "bursts"):
        here, there = corpus == name, (corpus != name) & plain
        logits = fit_arousal(own[here], high[here], cells[here])(running[there])
        degrees.append(temperature(logits, high[there]))
        scores.append(logits)
        sides.append(high[there])
    degree = float(np.exp(np.mean(np.log(degrees))))
    sd = spread(np.concatenate(scores) / degree, np.concatenate(sides))
    print(f"temperatures {degrees}, spread {sd:.3f}", flush=True)

    speech = plain & (corpus == "emodb")
    matrix = whitening(rows[speech], who_of[speech])
    limit = _own_limit(rows[speech], who_of[speech], matrix)
    constants: dict[str, object] = {
        "population": start.tolist(),
        "prior": PRIOR,
        "network_share": NETWORK_SHARE / degree,
        "other_voice": limit,
        "sd": {"arousal": sd},
    }
    return export_person(
        softer(fit_arousal(own, high, cells), degree), matrix, out, constants, TRAINED_ON
    )


def _own_limit(rows: Floats, people: NDArray[np.str_], matrix: Floats) -> float:
    """Return the limit of the distance between windows of two people."""
    rng = np.random.default_rng(0)
    found = []
    for person in np.unique(people):
        mine = rows[people == person]
        for _ in range(100):
            order = rng.permutation(len(mine))
            between = mine[order[10:13]].mean(axis=0) - mine[order[:10]].mean(axis=0)
            found.append(float(((between @ matrix) ** 2).sum()))
    return float(np.quantile(found, OWN_SHARE))


if __name__ == "__main__":
    main()
