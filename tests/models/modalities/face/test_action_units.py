"""Tests of action units: which movement changes which."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sentio_models.modalities.face import BlendshapeEstimator
from sentio_models.modalities.face.action_units import (
    NAMES,
    NEVER_FROM_CAMERA,
    SHAPES,
    from_camera,
    from_tracker,
)
from sentio_models.modalities.face.landmarks import BLENDSHAPES
from sentio_models.window import Signal, Window


def shapes(**values: float) -> np.ndarray:
    row = np.zeros(len(BLENDSHAPES), np.float32)
    for name, value in values.items():
        row[BLENDSHAPES.index(name)] = value
    return row


def test_every_unit_has_a_name_and_known_blendshapes() -> None:
    assert set(NAMES) == set(SHAPES)
    assert NEVER_FROM_CAMERA < set(SHAPES)
    used = [name for names in SHAPES.values() for name in names]
    assert set(used) <= set(BLENDSHAPES)
    assert len(used) == len(set(used))


def test_frown_is_a_brow_lowerer_and_a_lip_pressor() -> None:
    frown = from_camera(
        shapes(browDownLeft=0.8, browDownRight=0.6, mouthPressLeft=0.4, mouthPressRight=0.4)
    )
    assert frown["AU4"] == pytest.approx(0.7)
    assert frown["AU24"] == pytest.approx(0.4)
    assert sum(frown.values()) == pytest.approx(1.1)


def test_camera_does_not_claim_what_it_cannot_see() -> None:
    assert not set(from_camera(shapes(noseSneerLeft=1.0, cheekPuff=1.0))) & NEVER_FROM_CAMERA


def test_tracker_sends_the_units_whose_shapes_are_all_known() -> None:
    known = np.zeros(len(BLENDSHAPES), np.float32)
    for name in ("noseSneerLeft", "noseSneerRight", "browDownLeft", "jawOpen"):
        known[BLENDSHAPES.index(name)] = 1
    units = from_tracker(shapes(noseSneerLeft=1.0, noseSneerRight=1.0), known)
    assert units == {"AU9": 1.0, "AU26": 0.0}


@given(arrays(np.float32, 52, elements=st.floats(-2, 3, width=32)))
def test_strengths_are_shares(row: np.ndarray) -> None:
    assert all(0.0 <= value <= 1.0 for value in from_camera(row).values())


def test_estimate_of_a_headset_carries_its_units() -> None:
    row = shapes(jawOpen=0.5, browDownLeft=0.4, browDownRight=0.4)[None]
    signal = Signal(row.astype(np.float64), np.zeros(1), 30.0, BLENDSHAPES)
    estimate = BlendshapeEstimator("headset").estimate(Window({"face": signal}))
    assert estimate.action_units["AU26"] == pytest.approx(0.5)
    assert estimate.action_units["AU4"] == pytest.approx(0.4)
    assert estimate.finite()
