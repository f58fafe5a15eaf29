"""Draws courses of played clips; needs ``pip install 'sentio-affect[report]'``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.felt_run import Felt

BLUE, RED, GREY = "#2f6f9f", "#b5432e", "#8a8a8a"

_SHOWN = {"photos": ("valence", "arousal"), "voices": ("arousal",)}


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
        place.plot(one.times, value, color=BLUE, lw=1.5, label=f"{name} in the frames")
        place.plot(one.times, one.truth[name], color=RED, lw=1.2, label="rating of the label")
        for at, title in one.session.scenario().boundaries(0.0, float(one.times[-1])):
            place.axvline(at, color=GREY, lw=0.4)
            place.annotate(
                title, (at + 0.5, 1.02), xycoords=("data", "axes fraction"), fontsize=6, rotation=20
            )
        place.set(ylabel=f"{kind}: {name}", xlabel="seconds", ylim=(-1, 1))
        place.legend(loc="lower right", ncols=2, frameon=False, fontsize=7)
    figure.savefig(path, dpi=110)
    plt.close(figure)
