"""Draw the plots of docs/fusion.md; needs ``pip install 'sentio-affect[report]'``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.affect import DIMENSIONS as AXES
from benchmarks.affect import SCENARIOS, Floats, session
from benchmarks.fusion_simulated import FIRST_TEST_SEED, averaged, evaluation_times, fused, truth_at
from sentio_bridge.affect.fusion import FusionSettings
from sentio_bridge.affect.fusion.filter import Filter
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, Measurement

BLUE, GREY, RED = "#2f6f9f", "#8a8a8a", "#b5432e"


def draw(folder: Path) -> None:
    """Write the plots of a session, of coverage and of overlap."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "font.size": 9})
    _session(folder / "fusion_session.png")
    _coverage(folder / "fusion_coverage.png")
    _overlap(folder / "fusion_overlap.png")


def _session(path: Path) -> None:
    from matplotlib import pyplot as plt

    figure, rows = plt.subplots(2, 1, figsize=(8, 5), sharex=True, layout="constrained")
    for axes, scenario in zip(rows, ("dropouts", "inverted face"), strict=True):
        played = session(1, "scripted", 300.0, SCENARIOS[scenario])
        times = evaluation_times(played)
        means, deviations = fused(played, times)
        k = AXES.index("arousal")
        t = times - times[0]
        mean, sd = means[:, k], deviations[:, k]
        plain = averaged(played, times, ("face", "voice", "body", "eeg"))[:, k]
        axes.fill_between(t, mean - 1.96 * sd, mean + 1.96 * sd, color=BLUE, alpha=0.15, lw=0)
        axes.fill_between(t, mean - sd, mean + sd, color=BLUE, alpha=0.25, lw=0)
        axes.plot(t, plain, color=GREY, lw=0.6, label="plain average")
        axes.plot(t, mean, color=BLUE, lw=1.5, label="fused, 68 % and 95 %")
        axes.plot(t, truth_at(played, times)[:, k], color=RED, lw=1.5, label="truth")
        axes.set(ylabel="arousal", ylim=(-1.2, 1.2))
        axes.set_title(scenario, loc="left")
    rows[0].legend(loc="upper right", ncols=3, frameon=False)
    rows[1].set_xlabel("seconds")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _coverage(path: Path) -> None:
    from matplotlib import pyplot as plt
    from scipy.stats import norm

    figure, axes = plt.subplots(figsize=(4.5, 4.2), layout="constrained")
    intervals = np.linspace(0.05, 0.99, 40)
    for scenario, colour in (("clean", BLUE), ("dropouts", GREY), ("inverted face", RED)):
        distances: list[Floats] = []
        for seed in range(FIRST_TEST_SEED, FIRST_TEST_SEED + 20):
            kind = ("wandering", "scripted")[seed % 2]
            played = session(seed, kind, 300.0, SCENARIOS[scenario])
            times = evaluation_times(played)
            means, deviations = fused(played, times)
            distances.append(np.abs(means - truth_at(played, times)) / deviations)
        z = np.concatenate(distances)
        coverage = [float(np.mean(z <= norm.ppf((1 + w) / 2))) for w in intervals]
        axes.plot(intervals, coverage, color=colour, label=scenario)
    axes.plot([0, 1], [0, 1], color="black", lw=0.8, ls=":")
    axes.set(xlabel="interval", ylabel="truth inside", xlim=(0, 1), ylim=(0, 1))
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _overlap(path: Path) -> None:
    from matplotlib import pyplot as plt

    settings = FusionSettings()
    figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
    prior, r, hop = settings.affect_sd, 0.1, 0.1
    filter_ = Filter(settings)
    arousal = DIMENSIONS.index("arousal")
    at = filter_.start()
    count = 300
    ours, naive = [], []
    for i in range(count):
        value = 0.3 + 1e-3 * (i % 2)  # identical values would be treated as a stuck sensor
        at = filter_.step(at, Measurement(i * hop, 0, 1.0, ((arousal, value, r),), None))
        ours.append(filter_.believe(at, arousal, at.time).variance ** 0.5)
        naive.append((1 / (1 / prior**2 + (i + 1) / r)) ** 0.5)
    seconds = np.arange(count) * hop
    axes.plot(seconds, ours, color=BLUE, label="Sentio")
    axes.plot(seconds, naive, color=GREY, label="estimates treated as independent")
    later = np.linspace(0, 60, 200)
    coverage = [filter_.believe(at, arousal, at.time + t).variance ** 0.5 for t in later]
    axes.plot(
        seconds[-1] + later, coverage, color=BLUE, ls="--", label="after the camera is covered"
    )
    axes.axhline(prior, color="black", lw=0.8, ls=":")
    axes.set(
        xlabel="seconds of a face at 10 estimates a second", ylabel="deviation", ylim=(0, 0.55)
    )
    axes.legend(frameon=False, loc="center right")
    figure.savefig(path, dpi=110)
    plt.close(figure)
