"""Draw the body estimator's stress index over complete sessions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelMissingError
from sentio_research.data.body import Rows
from sentio_research.evaluation.figures import ACCENT, INK, LINES

Floats = NDArray[np.float64]

ACROSS = 5


def rises(people: Sequence[Rows], stress: Sequence[Floats]) -> dict[str, float]:
    """Return by person the mean index in tasks minus the mean outside of them."""
    return {
        rows.person: float(indices[rows.labels == 1].mean() - indices[rows.labels == 0].mean())
        for rows, indices in zip(people, stress, strict=True)
    }


def sessions_figure(
    people: Sequence[Rows], stress: Sequence[Floats], path: Path, title: str
) -> None:
    """Draw a panel for each person: the index over time, stress tasks shaded.

    Raises:
        ModelMissingError: matplotlib is not installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise ModelMissingError(
            "figures need matplotlib, which is not installed", "pip install 'sentio-affect[report]'"
        ) from None
    down = -(-len(people) // ACROSS)
    figure = Figure(figsize=(2.3 * ACROSS, 1.15 * down + 0.5), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(down, ACROSS, sharex=True, sharey=True, squeeze=False).ravel()
    change = rises(people, stress)
    for panel, rows, indices in zip(panels, people, stress, strict=False):
        minutes = rows.times / 60
        panel.fill_between(minutes, 0, 1, where=rows.labels == 1, color=LINES[1], alpha=0.2, lw=0)
        panel.plot(minutes, indices, color=ACCENT, lw=0.9)
        panel.set_title(f"{rows.person}  {change[rows.person]:+.2f}", fontsize=8, color=INK)
        panel.set_ylim(0, 1)
        panel.tick_params(labelsize=7)
        panel.spines[["top", "right"]].set_visible(False)
    for panel in panels[len(people) :]:
        panel.set_visible(False)
    figure.suptitle(title, fontsize=11, color=INK)
    figure.supxlabel("minutes", fontsize=9, color=INK)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110, metadata={"Software": None})
