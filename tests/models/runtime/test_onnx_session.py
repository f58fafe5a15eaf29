"""The one place that runs models: what it is given is checked, and so is what comes out."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import msgspec
import numpy as np
import pytest

from sentio_models.errors import ModelFailedError, ModelRefusedError
from sentio_models.runtime.manifest import Tensor, load
from sentio_models.runtime.onnx_session import OnnxSession


def test_without_a_graphics_card_it_runs_on_the_processor_also_where_one_was_asked_for() -> None:
    assert OnnxSession.shipped("body").provider == "CPUExecutionProvider"
    asked = OnnxSession.shipped("body", gpu=True).provider
    assert asked in ("CPUExecutionProvider", "CUDAExecutionProvider")


def test_numbers_that_are_none_do_not_go_in() -> None:
    session = OnnxSession.shipped("body")
    inputs = np.zeros((1, session.manifest.inputs[0].shape[1]), np.float32)
    assert np.isfinite(session.run({"features": inputs})["stress"]).all()
    inputs[0, 3] = np.nan
    with pytest.raises(ModelFailedError, match="not finite"):
        session.run({"features": inputs})


def test_a_wrong_shape_is_a_failure_of_the_model_and_not_a_crash() -> None:
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
def test_a_file_that_is_not_what_its_manifest_says_is_refused(change, words) -> None:
    manifest, blob = load("body")
    with pytest.raises(ModelRefusedError, match=words):
        OnnxSession(msgspec.structs.replace(manifest, **change), blob)


def test_bytes_that_are_no_model_are_refused() -> None:
    manifest, blob = load("body")
    with pytest.raises(ModelRefusedError, match="body"):
        OnnxSession(manifest, blob[: len(blob) // 2])


def test_a_manifest_cannot_be_changed_once_read() -> None:
    manifest, _ = load("body")
    with pytest.raises((AttributeError, FrozenInstanceError)):
        manifest.sha256 = "0"  # type: ignore[misc]
