"""Draw played clips and wristbands; needs ``pip install 'sentio-affect[report]'``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.felt_played import Played
from benchmarks.felt_run import Felt

BLUE, RED, GREY = "#2f6f9f", "#b5432e", "#8a8a8a"

_SHOWN = {"photos": ("valence", "arousal"), "voices": ("arousal",)}


def legend(figure: Any, axes: Any) -> None:
    """Put what ``axes`` names below all plots, where it can hide no curve."""
    handles, names = axes.get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower right", ncols=len(names), frameon=False)


def clips(path: Path, found: dict[str, list[Felt]]) -> None:
    """Write a picture of the first course of each kind against its labels."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "font.size": 9})
    rows = [(kind, name) for kind in found for name in _SHOWN[kind]]
    figure, axes = plt.subplots(len(rows), 1, figsize=(9, 2.4 * len(rows)), layout="constrained")
    for place, (kind, name) in zip(np.atleast_1d(axes), rows, strict=True):
        one = found[kind][0]
        value, deviation = one.values[name], one.values[f"{name}_sd"]
        low, high = value - deviation, value + deviation
        place.fill_between(one.times, low, high, color=BLUE, alpha=0.2, lw=0)
        place.plot(one.times, value, color=BLUE, lw=1.5, label="in the frames")
        place.plot(one.times, one.truth[name], color=RED, lw=1.2, label="rating of the label")
        for at, title in one.session.scenario().boundaries(0.0, float(one.times[-1])):
            place.axvline(at, color=GREY, lw=0.4)
            place.annotate(
                title, (at + 0.5, 1.02), xycoords=("data", "axes fraction"), fontsize=6, rotation=20
            )
        place.set(ylabel=f"{kind}: {name}", xlabel="seconds", ylim=(-1, 1))
    legend(figure, np.atleast_1d(axes)[0])
    figure.savefig(path, dpi=110)
    plt.close(figure)


def wristbands(path: Path, people: Sequence[Played]) -> None:
    """Write a picture of the levels of played people, with their load."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "font.size": 9})
    size = (9, 1.9 * len(people))
    figure, rows = plt.subplots(len(people), 1, figsize=size, layout="constrained")
    for axes, one in zip(np.atleast_1d(rows), people, strict=True):
        axes.plot(one.times, one.values["stress_level"], color=BLUE, lw=1.3, label="stress_level")
        axes.plot(one.times, one.values["arousal_level"], color=GREY, lw=0.9, label="arousal_level")
        load = one.labels == 1
        axes.fill_between(
            one.times, 0, 1, where=load, color=RED, alpha=0.12, lw=0, step="post", label="load"
        )
        axes.set(ylabel=one.person, ylim=(0, 1))
    legend(figure, np.atleast_1d(rows)[0])
    np.atleast_1d(rows)[-1].set(xlabel="seconds")
    figure.savefig(path, dpi=110)
    plt.close(figure)
