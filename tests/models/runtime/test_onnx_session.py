"""Tests that sessions check the inputs and outputs of models."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import msgspec
import numpy as np
import pytest

from sentio_models.errors import ModelFailedError, ModelRefusedError
from sentio_models.runtime.manifest import Tensor, load
from sentio_models.runtime.onnx_session import OnnxSession


def test_gpu_request_falls_back_to_the_cpu() -> None:
    assert OnnxSession.shipped("body").provider == "CPUExecutionProvider"
    provider = OnnxSession.shipped("body", gpu=True).provider
    assert provider in ("CPUExecutionProvider", "CUDAExecutionProvider")


def test_non_finite_inputs_are_refused() -> None:
    session = OnnxSession.shipped("body")
    inputs = np.zeros((1, session.manifest.inputs[0].shape[1]), np.float32)
    assert np.isfinite(session.run({"features": inputs})["stress"]).all()
    inputs[0, 3] = np.nan
    with pytest.raises(ModelFailedError, match="not finite"):
        session.run({"features": inputs})


def test_wrong_shape_raises_model_failed() -> None:
    session = OnnxSession.shipped("body")
    with pytest.raises(ModelFailedError, match="body"):
        session.run({"features": np.zeros((1, 3), np.float32)})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"inputs": [Tensor("other", [-1, 28])]}, "inputs"),
        ({"outputs": [Tensor("stress", [-1, 1])]}, "outputs"),
        ({"inputs": [Tensor("features", [-1, 7])]}, "shape"),
    ],
)
def test_file_that_differs_from_its_manifest_is_refused(change, words) -> None:
    manifest, blob = load("body")
    with pytest.raises(ModelRefusedError, match=words):
        OnnxSession(msgspec.structs.replace(manifest, **change), blob)


def test_bytes_that_are_not_a_model_are_refused() -> None:
    manifest, blob = load("body")
    with pytest.raises(ModelRefusedError, match="body"):
        OnnxSession(manifest, blob[: len(blob) // 2])


def test_manifest_is_immutable() -> None:
    manifest, _ = load("body")
    with pytest.raises((AttributeError, FrozenInstanceError)):
        manifest.sha256 = "0"  # type: ignore[misc]
