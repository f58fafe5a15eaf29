"""Describe how a game is operated, relative to how this person usually plays."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

import numpy as np

from sentio_models.estimate import Estimate
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.game.input_features import NAMES, SPANS, measure, rows
from sentio_models.runtime.norms import RunningReference, norms
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

HOP = 0.5
"""Seconds between two estimates."""

SHORTEST = 3.0
"""Seconds of statistics before the first estimate."""

SPACING = 5.0
"""Seconds between two entries of the running reference."""

SETTLED = 12
"""Entries (a minute) after which the person's own way to play dominates."""

IDLE = 20.0
"""Seconds without any input after which activity is evidence of nothing: a scene may be shown."""

CLIP = 3.0
"""Spreads from the usual beyond which a value contributes no more."""

ERRORS_OVER = 15.0
"""Seconds over which errors are counted."""

RECENT = [NAMES.index("actions_15_s"), NAMES.index("movement_15_s")]
"""Places of the features that activity is the mean of."""


class GameInputEstimator:
    """Estimator for one stream of input statistics.

    It gives features and no reading: what rates of keys and mouse reveal of arousal in unseen
    players (AUC .57 within a match) is too little to be fused (``models/cards/game.md``).
    ``input_arousal``, -1..1, is what the model expects; ``input_activity`` is the activity of the
    newest 15 s in spreads from the usual; ``input_errors`` are errors per minute; ``input_idle``
    is seconds since the last input.

    Args:
        session: The model; the shipped one if None.

    Raises:
        ModelMissingError: onnxruntime or the weights are missing.
        ModelRefusedError: The weights differ from their manifest.
    """

    def __init__(self, session: OnnxSession | None = None) -> None:
        self._session = session or OnnxSession.shipped("game_input")
        constants = self._session.manifest.constants
        self._reference = RunningReference(
            norms(constants["prior"]), spacing=SPACING, memory=1800.0
        )

    @property
    def modality(self) -> str:
        """``game``."""
        return "game"

    @property
    def needs(self) -> Needs:
        """A minute of input statistics, twice a second."""
        return Needs(frozenset({"input"}), max(SPANS), HOP)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Reset to a person's baseline of the features in ``input_features.NAMES``."""
        self._reference.restart(baseline)

    def estimate(self, window: Window) -> Estimate:
        """Compare the newest minute of input with this person's usual activity.

        Raises:
            ModelFailedError: The model failed.
        """
        signal = window.signals.get("input")
        if signal is None or signal.values.ndim != 2 or not len(signal.offsets):
            return Estimate("game", reasons=("no_signal",))
        columns = rows(signal)
        values = measure(columns, signal.offsets)
        if not np.isfinite(values).any():
            return Estimate("game", reasons=("no_signal",))
        features = {n: v for n, v in zip(NAMES, values.tolist(), strict=True) if isfinite(v)}
        newest = signal.offsets > -ERRORS_OVER
        if "errors" in columns:
            features["input_errors"] = float(columns["errors"][newest].mean()) * 60.0
        idle = float(columns["idle"][-1]) if "idle" in columns else 0.0
        features["input_idle"] = idle
        if -signal.offsets[0] < SHORTEST:
            return Estimate("game", reasons=("warming",), features=features)
        centred, _ = self._reference.compare(values)
        spreads = np.nan_to_num(np.clip(centred, -CLIP, CLIP))
        known = np.isfinite(centred[RECENT])
        features["input_activity"] = float(spreads[RECENT][known].mean())
        if idle >= IDLE:
            return Estimate("game", quality=0.0, reasons=("idle",), features=features)
        outputs = self._session.run({"activity": spreads[None].astype(np.float32)})
        features["input_arousal"] = float(outputs["arousal"][0, 0])
        self._reference.learn(values, window.step)
        settled = min(1.0, self._reference.moments / SETTLED)
        return Estimate(
            "game",
            quality=signal.quality * (0.3 + 0.7 * settled),
            reasons=tuple(dict.fromkeys((*(("warming",) if settled < 1 else ()), *signal.reasons))),
            features=features,
        )
