"""Write a small model with its manifest, check it and run it.

    python examples/own_model/make_model.py

It reads five features of Sentio's face estimator and estimates engagement. The weights are
invented: replace them by yours. A model has one input with a label for each feature, one output
with a label for each entry, and a TOML manifest beside the ONNX file. Needs ``pip install onnx``.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save_model

from sentio_models.modalities.face import BlendshapeEstimator
from sentio_models.modalities.face.landmarks import BLENDSHAPES
from sentio_models.user_models.custom import check, open_custom
from sentio_models.window import Signal, Window

FEATURES = ["smile", "brow_up", "blink", "jaw_open", "raw_arousal"]
WEIGHTS = np.array([[1.2], [0.8], [-2.0], [0.4], [0.9]], np.float32)

MANIFEST = """\
name = "engaged_look"
modality = "face"
sha256 = "{sha256}"
opset = 17
preprocessing = "features:face"
licence = "yours"
trained_on = "nothing: the weights of this example are invented"

[[inputs]]
name = "features"
shape = [1, 5]
labels = ["smile", "brow_up", "blink", "jaw_open", "raw_arousal"]

[[outputs]]
name = "out"
shape = [1, 1]
unit = "0..1"
labels = ["engagement"]

[constants]
sd = 0.3
"""


def make(folder: Path) -> Path:
    """Write ``engaged_look.onnx`` and its manifest; return the manifest's path."""
    graph = helper.make_graph(
        [
            helper.make_node("MatMul", ["features", "weights"], ["sum"]),
            helper.make_node("Sigmoid", ["sum"], ["out"]),
        ],
        "engaged_look",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, len(FEATURES)])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, [1, 1])],
        [numpy_helper.from_array(WEIGHTS, "weights")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    folder.mkdir(parents=True, exist_ok=True)
    onnx = folder / "engaged_look.onnx"
    save_model(model, onnx)
    path = folder / "engaged_look.toml"
    path.write_text(MANIFEST.format(sha256=hashlib.sha256(onnx.read_bytes()).hexdigest()))
    return path


def main() -> None:
    """Write the model, check it, and run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "made")
    path = make(parser.parse_args().out)
    manifest, probed = check(path)
    print(f"{manifest.name}: valid, {probed.milliseconds:.2f} ms per run")

    # The features come from blendshapes, so that the example needs no camera.
    model = open_custom(path, features=lambda modality: BlendshapeEstimator(modality))
    for smile in (0.0, 0.5, 1.0):
        row = np.zeros((1, len(BLENDSHAPES)), np.float32)
        row[0, BLENDSHAPES.index("mouthSmileLeft")] = smile
        row[0, BLENDSHAPES.index("mouthSmileRight")] = smile
        row[0, BLENDSHAPES.index("jawOpen")] = 0.1
        face = Signal(row, np.zeros(1), 60.0, BLENDSHAPES)
        estimate = model.estimate(Window({"face": face}))
        reading = estimate.readings["engagement"]
        print(f"smile {smile:.1f}: engagement {reading.mean:.2f} ± {reading.variance**0.5:.2f}")


if __name__ == "__main__":
    main()
