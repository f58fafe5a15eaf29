"""Describe how head and hands move, from positions that an engine reports."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import Estimate
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.motion.movement import PARTS, Path, path_of
from sentio_models.window import Window

Floats = NDArray[np.float64]

HOP = 0.1
"""Seconds between two estimates."""

SECONDS = 10.0
"""Seconds over which stillness and restlessness are measured."""

SHORTEST = 1.0
"""Seconds of movement before the first estimate."""

NEWEST = 0.25
"""Seconds whose speed is the present one."""

STALE = 1.0
"""Seconds without a row after which nothing is known of the moment."""

STILL = {"head": 0.03, "left": 0.05, "right": 0.05}
"""Metres per second under which a part is still: the sway of a standing person is about half."""

TURNING = 8.0
"""Degrees per second under which the head is not turning."""

LIVELY = {"head": 0.12, "left": 0.35, "right": 0.35}
"""Metres per second, as a mean over ``SECONDS``, at which restlessness is a half."""


class MotionEstimator:
    """Estimator of how head and hands move; it gives no reading.

    ``head_speed`` (m/s), ``head_turn`` (degrees/s) and ``hand_speed`` (m/s) of the newest quarter
    of a second; ``head_jolt`` (m/s²), the highest acceleration of the head in the newest half
    second; ``stillness`` (0..1), the share of the newest 10 s in which nothing moved;
    ``restlessness`` (0..1), the path of head and hands in that time, a half at a lively pace.

    Movement shows how a person plays at least as much as what they feel; nothing of it is fused.
    """

    modality = "movement"
    needs = Needs(frozenset({"motion"}), SECONDS, HOP)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Do nothing: the features are not relative to a person."""

    def estimate(self, window: Window) -> Estimate:
        """Measure the newest 10 s.

        Returns:
            Quality 0 with ``no_motion`` without positions of a head, ``warming`` in the first
            second, ``gap`` if the newest row is over a second old.
        """
        signal = window.signals.get("motion")
        if signal is None or signal.values.ndim != 2 or not len(signal.offsets):
            return Estimate(self.modality, reasons=("no_motion",))
        paths = {part: path for part in PARTS if (path := path_of(signal, part)) is not None}
        head = paths.get("head")
        if head is None:
            return Estimate(self.modality, reasons=("no_motion", *signal.reasons))
        if head.times[-1] < -STALE:
            return Estimate(self.modality, reasons=("gap", *signal.reasons))
        if head.times[-1] - head.times[0] < SHORTEST:
            return Estimate(self.modality, reasons=("warming", *signal.reasons))
        return Estimate(
            self.modality,
            quality=signal.quality,
            reasons=signal.reasons,
            features=_features(head, paths),
        )


def _features(head: Path, paths: Mapping[str, Path]) -> dict[str, float]:
    features = {
        "head_speed": head.newest(head.speed, NEWEST),
        "head_jolt": head.jolt(),
        "stillness": _stillness(paths),
        "restlessness": _restlessness(paths),
    }
    if head.turning is not None:
        features["head_turn"] = head.newest(head.turning, NEWEST)
    hands = [paths[part] for part in ("left", "right") if part in paths]
    if hands:
        features["hand_speed"] = max(hand.newest(hand.speed, NEWEST) for hand in hands)
    return features


def _stillness(paths: Mapping[str, Path]) -> float:
    """Return the share of the time in which no part moves and the head does not turn."""
    head = paths["head"]
    still = head.speed < STILL["head"]
    if head.turning is not None:
        still &= head.turning < TURNING
    for part in ("left", "right"):
        if part in paths:
            still &= np.interp(head.middles, paths[part].middles, paths[part].speed) < STILL[part]
    return float(np.average(still, weights=np.diff(head.times)))


def _restlessness(paths: Mapping[str, Path]) -> float:
    """Return the pace of the part that moves most, 0..1."""
    paces = [
        float(np.average(path.speed, weights=np.diff(path.times))) / LIVELY[part]
        for part, path in paths.items()
    ]
    most = max(paces)
    return most / (1.0 + most)
