"""Suite ``felt``: how well entries follow simulated players with known truth.

python -m benchmarks.felt --page docs/felt.md writes the page with its plot.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks import felt_clips, felt_moments, felt_played
from benchmarks.felt_figures import changes, entry, rest_used
from benchmarks.felt_run import Felt, felt
from benchmarks.felt_sessions import ARTEFACTS, play

UNSEEN = (21, 22, 23, 24)
"""Seeds of the people that are measured; what can be fitted was fitted on 11 to 14."""

SCRIPTS = ("demo", "shuffled")

SECONDS, REST = 300.0, 600.0

SENSORS: dict[str, tuple[str, ...] | None] = {
    "all": None,
    "body": ("body",),
    "face": ("face",),
    "voice": ("voice",),
    "eeg": ("eeg",),
}
"""Which modalities are there."""

_DIMENSIONS = ("valence", "arousal", "stress", "engagement", "relaxation")
ENTRIES = (*_DIMENSIONS, *(f"{n}_level" for n in _DIMENSIONS), "heart_rate", "breathing_rate")


def gathered(
    cache: Path | None = None, seeds: tuple[int, ...] = UNSEEN
) -> dict[str, tuple[list[Felt], list[Felt]]]:
    """Return what a game received of each person, and of some at rest, by sensors."""
    sessions = [play(name, seed, SECONDS, cache=cache) for seed in seeds for name in SCRIPTS]
    resting = [play("rest", seed, REST, cache=cache) for seed in seeds[:2]]
    found = {
        name: (
            [felt(session, only) for session in sessions],
            [felt(session, only) for session in resting],
        )
        for name, only in SENSORS.items()
    }
    disturbed = [play("demo", seed, SECONDS, ARTEFACTS, cache) for seed in seeds]
    found["artefacts"] = ([felt(session) for session in disturbed], [])
    return found


def figures(found: dict[str, tuple[list[Felt], list[Felt]]]) -> dict[str, Any]:
    """Return all figures by the sensors that are there."""
    table: dict[str, Any] = {}
    for name, (moved, rest) in found.items():
        entries = {e: entry(moved, e) for e in ENTRIES if e in moved[0].values}
        table[name] = {
            "entries": {e: row for e, row in entries.items() if row.get("known", 0.0) > 0.0},
            "changes": changes(moved, rest),
            "rest_used": rest_used(rest),
        }
    return table


def run(cache: Path | None = None) -> dict[str, Any]:
    """Run the suite; see ``figures``."""
    return figures(gathered(cache))


def main() -> None:
    """Print the figures, and write the page and its plot if asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, help="keep the people's estimates here")
    parser.add_argument("--page", type=Path, help="write this page and its plot")
    parser.add_argument("--data", type=Path, help="folder of labelled data: play recordings too")
    given = parser.parse_args()
    found = gathered(given.cache)
    table = figures(found)
    moments = felt_moments.run()
    courses = None if given.data is None else felt_played.gathered(given.data)
    played = None if courses is None else {n: felt_played.figures(p) for n, p in courses.items()}
    shown = None if given.data is None else felt_clips.play(given.data)
    clips = None if shown is None else {n: felt_clips.figures(many) for n, many in shown.items()}
    print(json.dumps({**table, "moments": moments, "played": played, "clips": clips}, indent=1))
    if given.page is not None:
        from benchmarks.felt_page import write

        write(given.page, found, table, moments, played, clips)
        if shown is not None and courses is not None:
            from benchmarks import felt_plots

            images = given.page.parent / "images"
            felt_plots.clips(images / "felt_clips.png", shown)
            felt_plots.wristbands(images / "felt_e4.png", courses["CogWear"][:4])


if __name__ == "__main__":
    main()
