"""Models named under ``[models] own``: who stands in for whom, and what is refused."""

from __future__ import annotations

import hashlib
import queue
from pathlib import Path

import numpy as np
import pytest

from sentio_bridge.config.loader import Models
from sentio_bridge.core.commands import EstimateReceived
from sentio_bridge.errors import ConfigError
from sentio_bridge.pipeline.estimator_pool import EstimatorPool, kinds
from sentio_bridge.recording.model_hashes import hashes
from sentio_models.runtime.guarded_estimator import Budget
from sentio_sensors import Channel, Chunk, MonotonicClock, Role, StreamSpec

onnx = pytest.importorskip("onnx")

MANIFEST = """\
name = "{name}"
modality = "{modality}"
sha256 = "{sha256}"
opset = 17
preprocessing = "{front}"
licence = "yours"
[[inputs]]
name = "x"
shape = [1, 1, 64]
[[outputs]]
name = "y"
shape = [1, 1]
labels = ["stress"]
[constants]
rate_hz = 64
"""


def write(folder: Path, modality: str = "body", front: str = "samples:ppg") -> Path:
    """Write a model whose stress is the mean of a second of samples."""
    helper, proto = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        [helper.make_node("ReduceMean", ["x"], ["y"], axes=[2], keepdims=0)],
        "mean",
        [helper.make_tensor_value_info("x", proto.FLOAT, [1, 1, 64])],
        [helper.make_tensor_value_info("y", proto.FLOAT, [1, 1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    blob = model.SerializeToString()
    (folder / "mean.onnx").write_bytes(blob)
    path = folder / "mean.toml"
    path.write_text(
        MANIFEST.format(
            name="mean", modality=modality, front=front, sha256=hashlib.sha256(blob).hexdigest()
        )
    )
    return path


def test_a_recording_says_which_models_there_were(tmp_path: Path) -> None:
    path = write(tmp_path)
    told = hashes(Models(own=[str(path)], landmarker=str(tmp_path / "not there")))
    assert told["mean"] == hashlib.sha256((tmp_path / "mean.onnx").read_bytes()).hexdigest()
    assert {"body", "voice", "mean"} <= set(told)
    assert "face_landmarker" not in told


def test_it_stands_before_ours_and_is_read_live(tmp_path: Path) -> None:
    found = kinds(Models(own=[str(write(tmp_path))]))
    assert (found[0].name, found[0].sensor, found[0].roles) == ("mean", "body", {"ppg"})
    posted: queue.Queue[object] = queue.Queue()
    estimators = EstimatorPool(
        "player", found, clock=MonotonicClock(), budget=Budget(seconds=1.0), post=posted.put
    )
    spec = StreamSpec("watch/ppg", Role.PPG, 64.0, (Channel("ppg"),))
    estimators.open("body", spec)
    for second in range(4):
        times = 1000.0 + second + np.arange(64) / 64
        estimators.offer(spec, Chunk(spec.id, times, np.full((64, 1), 0.75, np.float32)))
    news = [posted.get(timeout=30.0)]
    while not (isinstance(news[-1], EstimateReceived) and news[-1].estimate.readings):
        news.append(posted.get(timeout=30.0))
    last = news[-1]
    estimators.stop()
    assert isinstance(last, EstimateReceived)
    assert last.estimator == "mean"
    assert last.estimate.readings["stress"].mean == pytest.approx(0.75)


def test_one_sensor_cannot_speak_for_another(tmp_path: Path) -> None:
    path = write(tmp_path, modality="face")
    with pytest.raises(ConfigError, match="reads the body and speaks for 'face'"):
        kinds(Models(own=[str(path)]))


@pytest.mark.parametrize("front", ["samples:weather", "features:weather", "nothing"])
def test_unknown_front_ends_are_refused_in_words(tmp_path: Path, front: str) -> None:
    path = write(tmp_path, front=front)
    with pytest.raises(ConfigError) as caught:
        kinds(Models(own=[str(path)]))
    assert front in caught.value.what


def test_other_bytes_than_promised_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path)
    (tmp_path / "mean.onnx").write_bytes(b"something else")
    with pytest.raises(ConfigError, match="mean"):
        kinds(Models(own=[str(path)]))
    with pytest.raises(ConfigError, match="own"):
        kinds(Models(own=[str(tmp_path / "absent.toml")]))
