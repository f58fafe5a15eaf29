"""User models under ``[models] own``: what they replace, and what is refused."""

from __future__ import annotations

import hashlib
import queue
from pathlib import Path

import numpy as np
import pytest

from benchmarks import own_models
from sentio_bridge.config.loader import Models
from sentio_bridge.core.commands import EstimateReceived
from sentio_bridge.errors import ConfigError
from sentio_bridge.pipeline.estimator_pool import EstimatorPool, kinds
from sentio_bridge.recording.model_hashes import hashes
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Channel, Chunk, MonotonicClock, Role, StreamSpec

pytest.importorskip("onnx")


def write(folder: Path, modality: str = "body", front: str = "samples:ppg") -> Path:
    """Write a model whose stress is the mean of a second of samples."""
    return own_models.write(folder, "mean", own_models.mean(), modality=modality, front=front)


def test_hashes_contain_user_models_and_omit_missing_ones(tmp_path: Path) -> None:
    path = write(tmp_path)
    digests = hashes(Models(own=[str(path)], landmarker=str(tmp_path / "missing")))
    assert digests["mean"] == hashlib.sha256((tmp_path / "mean.onnx").read_bytes()).hexdigest()
    assert {"body", "voice", "mean"} <= set(digests)
    assert "face_landmarker" not in digests


def test_user_model_replaces_the_built_in_one(tmp_path: Path) -> None:
    available = kinds(Models(own=[str(write(tmp_path))]))
    assert (available[0].name, available[0].sensor, available[0].roles) == ("mean", "body", {"ppg"})
    posted: queue.Queue[object] = queue.Queue()
    estimators = EstimatorPool(
        "player", available, clock=MonotonicClock(), budget=Budget(seconds=60.0), post=posted.put
    )
    spec = StreamSpec("watch/ppg", Role.PPG, 64.0, (Channel("ppg"),))
    estimators.open("body", spec)
    for second in range(4):
        times = 1000.0 + second + np.arange(64) / 64
        estimators.offer(spec, Chunk(spec.id, times, np.full((64, 1), 0.75, np.float32)))
    messages = [posted.get(timeout=30.0)]
    while not (isinstance(messages[-1], EstimateReceived) and messages[-1].estimate.readings):
        messages.append(posted.get(timeout=30.0))
    last = messages[-1]
    estimators.stop()
    assert isinstance(last, EstimateReceived)
    assert last.estimator == "mean"
    assert last.estimate.readings["stress"].mean == pytest.approx(0.75)


def test_model_must_have_the_modality_of_its_sensor(tmp_path: Path) -> None:
    path = write(tmp_path, modality="face")
    with pytest.raises(ConfigError, match="reads the sensor 'body' but has modality 'face'"):
        kinds(Models(own=[str(path)]))


@pytest.mark.parametrize("front", ["samples:weather", "features:weather", "nothing"])
def test_unknown_preprocessing_is_refused(tmp_path: Path, front: str) -> None:
    path = write(tmp_path, front=front)
    with pytest.raises(ConfigError) as caught:
        kinds(Models(own=[str(path)]))
    assert front in caught.value.what


def test_model_with_another_hash_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "mean.onnx").write_bytes(b"something else")
    with pytest.raises(ConfigError, match="mean"):
        kinds(Models(own=[str(path)]))
    with pytest.raises(ConfigError, match="own"):
        kinds(Models(own=[str(tmp_path / "absent.toml")]))
