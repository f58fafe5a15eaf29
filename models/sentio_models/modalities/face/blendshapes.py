"""Estimate from named blendshapes of a simulator, VR headset or phone."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sentio_models.estimate import Estimate
from sentio_models.estimator import Needs, Norm
from sentio_models.modalities.face import action_units
from sentio_models.modalities.face.circumplex import derive
from sentio_models.modalities.face.estimator import FUSED, NeutralFace, expression_features, named
from sentio_models.modalities.face.landmarks import BLENDSHAPES
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.window import Window

HEADSET_NAMES: Mapping[str, str] = {
    "browlowererleft": "browDownLeft",
    "browlowererright": "browDownRight",
    "innerbrowraiserleft": "browInnerUp",
    "innerbrowraiserright": "browInnerUp",
    "outerbrowraiserleft": "browOuterUpLeft",
    "outerbrowraiserright": "browOuterUpRight",
    "cheekraiserleft": "cheekSquintLeft",
    "cheekraiserright": "cheekSquintRight",
    "eyesclosedleft": "eyeBlinkLeft",
    "eyesclosedright": "eyeBlinkRight",
    "lidtightenerleft": "eyeSquintLeft",
    "lidtightenerright": "eyeSquintRight",
    "upperlidraiserleft": "eyeWideLeft",
    "upperlidraiserright": "eyeWideRight",
    "jawdrop": "jawOpen",
    "jawthrust": "jawForward",
    "lipcornerdepressorleft": "mouthFrownLeft",
    "lipcornerdepressorright": "mouthFrownRight",
    "lipcornerpullerleft": "mouthSmileLeft",
    "lipcornerpullerright": "mouthSmileRight",
    "lipstretcherleft": "mouthStretchLeft",
    "lipstretcherright": "mouthStretchRight",
    "lippressorleft": "mouthPressLeft",
    "lippressorright": "mouthPressRight",
    "lowerlipdepressorleft": "mouthLowerDownLeft",
    "lowerlipdepressorright": "mouthLowerDownRight",
    "upperlipraiserleft": "mouthUpperUpLeft",
    "upperlipraiserright": "mouthUpperUpRight",
    "dimplerleft": "mouthDimpleLeft",
    "dimplerright": "mouthDimpleRight",
    "nosewrinklerleft": "noseSneerLeft",
    "nosewrinklerright": "noseSneerRight",
}
"""ARKit name of each FACS-style name that headsets use."""

ENOUGH = 12
"""Least number of known blendshapes for an expression."""

_KNOWN = {re.sub(r"[^a-z]", "", name.lower()): i for i, name in enumerate(BLENDSHAPES)}
_KNOWN |= {alias: BLENDSHAPES.index(name) for alias, name in HEADSET_NAMES.items()}


def position(channel: str) -> int | None:
    """Return the blendshape index of a channel, or None.

    Case, spaces and underscores are ignored, and a single ``L`` or ``R`` at the end is a side:
    ``eyeBlinkLeft``, ``EyeBlink_L`` and ``Eyes_Closed_L`` are the same.
    """
    spelt = re.sub(r"(?:[_\s.]|(?<=[a-z]))(L|R)$", r"_\1", channel.strip())
    words = re.sub(r"_l$", "left", re.sub(r"_r$", "right", spelt.lower()))
    return _KNOWN.get(re.sub(r"[^a-z]", "", words))


class BlendshapeEstimator:
    """Estimator of expression, valence and arousal from blendshapes.

    Valence and arousal derive from the expression. It is less accurate than the camera model
    (docs/models.md), but needs no image and works with headsets that cover the eyes. Blendshapes
    that the stream lacks are marked as unknown, which the network was trained for.

    Args:
        modality: ``face``, or ``headset`` for a head-mounted display.
        session: The network; default is the shipped one.
    """

    needs = Needs(roles=frozenset({"face"}), seconds=0.0, hop=0.0, newest=True)

    def __init__(self, modality: str = "face", session: OnnxSession | None = None) -> None:
        if modality not in ("face", "headset"):
            raise ValueError(f"modality is {modality!r}, expected 'face' or 'headset'")
        self.modality = modality
        self._session = session or OnnxSession.shipped("face_blendshapes")
        self._resting = NeutralFace()
        self._channels: tuple[str, ...] = ()
        self._places: list[tuple[int, int]] = []

    def estimate(self, window: Window) -> Estimate:
        """Estimate from the newest blendshapes of the window's ``face``.

        Returns:
            Quality 0 with ``few_blendshapes`` if fewer than twelve names are known, with
            ``not_finite`` if the values are not numbers, with ``no_face`` if all are 0, which
            trackers send without a face.

        Raises:
            ModelFailedError: The network failed.
        """
        signal = window.signals.get("face")
        if signal is None or len(signal.values) == 0:
            return Estimate(self.modality, reasons=("no_blendshapes",))
        if signal.quality < FUSED:
            return Estimate(self.modality, quality=signal.quality, reasons=signal.reasons)
        row = np.asarray(signal.values[-1], np.float64).ravel()
        shapes, known = self._place(row, signal.channels)
        if known.sum() < ENOUGH:
            return Estimate(self.modality, reasons=("few_blendshapes", *signal.reasons))
        if not np.isfinite(shapes).all():
            return Estimate(self.modality, reasons=("not_finite", *signal.reasons))
        if not shapes.any():
            return Estimate(self.modality, reasons=("no_face", *signal.reasons))
        reasons = list(signal.reasons)
        if shapes.min() < -0.01 or shapes.max() > 1.01:
            reasons.append("out_of_range")
        shapes = np.clip(shapes, 0, 1)
        inputs = {"blendshapes": shapes[None].astype(np.float32), "known": known[None]}
        probabilities = self._session.run(inputs)["probabilities"][0]
        derived = derive(probabilities)
        missing = 1 - float(known[1:].mean())
        if missing > 0.25:
            reasons.append("blendshapes_missing")
        return Estimate(
            self.modality,
            readings=self._resting.correct(derived),
            emotions=named(probabilities),
            quality=signal.quality * (0.5 if "out_of_range" in reasons else 1.0) * (1 - missing),
            reasons=tuple(reasons),
            features={
                **expression_features(shapes),
                **{f"raw_{name}": reading.mean for name, reading in derived.items()},
            },
            action_units=action_units.from_tracker(shapes, known),
        )

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        """Correct for this person's resting face, if known."""
        self._resting = NeutralFace(baseline)

    def _place(
        self, row: NDArray[np.float64], channels: tuple[str, ...]
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return a row in the model's order, and a mask of its known entries."""
        if channels != self._channels:
            self._channels = channels
            self._places = [
                (column, place)
                for column, name in enumerate(channels)
                if (place := position(name)) is not None
            ]
        shapes = np.zeros(len(BLENDSHAPES))
        known = np.zeros(len(BLENDSHAPES), np.float32)
        for column, place in self._places:
            if column < len(row):
                shapes[place] = row[column]
                known[place] = 1
        return shapes, known
