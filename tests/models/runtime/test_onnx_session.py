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


def test_bound_session_gives_what_an_unbound_run_gives() -> None:
    session = OnnxSession.shipped("eeg_indices")
    bound = session.bound()
    rng = np.random.default_rng(0)
    bound.write("centre", [0.1, -0.2, 0.3, 0.0])
    bound.write("spread", [0.5, 1.0, 2.0, 0.7])
    for _ in range(3):
        powers = rng.normal(size=12)
        written = bound.write("powers", powers)
        assert written == powers.astype(np.float32).tolist()
        expected = session.run(
            {
                "powers": powers[None].astype(np.float32),
                "centre": np.array([[0.1, -0.2, 0.3, 0.0]], np.float32),
                "spread": np.array([[0.5, 1.0, 2.0, 0.7]], np.float32),
            }
        )
        assert bound.run() == {name: value[0].tolist() for name, value in expected.items()}


def test_bound_session_refuses_non_finite_numbers() -> None:
    bound = OnnxSession.shipped("eeg_indices").bound()
    with pytest.raises(ModelFailedError, match="input powers is not finite"):
        bound.write("powers", [np.nan] + [0.0] * 11)
    bound.write("powers", [200.0] + [0.0] * 11)  # beyond float32 as a power
    with pytest.raises(ModelFailedError, match="output raw is not finite"):
        bound.run()


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


def test_bytes_that_are_no_model_are_refused() -> None:
    manifest, blob = load("body")
    with pytest.raises(ModelRefusedError, match="body"):
        OnnxSession(manifest, blob[: len(blob) // 2])


def test_manifest_is_immutable() -> None:
    manifest, _ = load("body")
    with pytest.raises((AttributeError, FrozenInstanceError)):
        manifest.sha256 = "0"  # type: ignore[misc]
