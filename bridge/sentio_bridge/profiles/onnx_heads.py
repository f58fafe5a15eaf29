"""Personal models as ONNX: written by hand into a profile, and run from it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from sentio_bridge.affect.personal.model import PersonalError, PersonalHead, Trained
from sentio_bridge.affect.personal.profile import PersonalModel, Profile
from sentio_models import Reading
from sentio_models.errors import ModelFailedError
from sentio_models.runtime.manifest import Manifest, Tensor
from sentio_models.runtime.onnx_session import OnnxSession

_OPSET = 17


def export(trained: Trained) -> PersonalModel:
    """Write a head as an ONNX graph: subtract, divide, clip, one Gemm.

    Raises:
        PersonalError: The package that writes ONNX files is not installed.
    """
    try:
        from onnx import TensorProto, checker, helper, numpy_helper
    except ImportError:
        raise PersonalError(
            "the package 'onnx', which writes the model, is not installed",
            "pip install 'sentio[train]'",
        ) from None
    count = len(trained.features)

    def constant(name: str, values: object) -> object:
        return numpy_helper.from_array(np.asarray(values, np.float32), name)

    graph = helper.make_graph(
        [
            helper.make_node("Sub", ["features", "centre"], ["centred"]),
            helper.make_node("Div", ["centred", "scale"], ["scaled"]),
            helper.make_node("Clip", ["scaled", "least", "most"], ["clipped"]),
            helper.make_node("Gemm", ["clipped", "weights", "bias"], ["reading"]),
        ],
        "personal",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [1, count])],
        [helper.make_tensor_value_info("reading", TensorProto.FLOAT, [1, 1])],
        [
            constant("centre", trained.centre),
            constant("scale", trained.scale),
            constant("least", -4.0),
            constant("most", 4.0),
            constant("weights", trained.weights[:, None]),
            constant("bias", [trained.bias]),
        ],
    )
    model = helper.make_model(
        graph, producer_name="sentio", opset_imports=[helper.make_opsetid("", _OPSET)]
    )
    model.ir_version = 8  # what every onnxruntime since 1.14 reads
    checker.check_model(model, full_check=True)
    return PersonalModel(
        modality=trained.modality,
        dimension=trained.dimension,
        features=list(trained.features),
        sd=trained.sd,
        gain=trained.gain,
        gain_low=trained.gain_low,
        labels=trained.labels,
        onnx=model.SerializeToString(),
    )


class OnnxHead:
    """A personal model of a profile, ready to run.

    Args:
        model: From the profile.

    Raises:
        ModelMissingError: onnxruntime is not installed.
        ModelRefusedError: The bytes are not such a model.
    """

    def __init__(self, model: PersonalModel) -> None:
        self._features = tuple(model.features)
        self._dimension = model.dimension
        self._variance = model.sd**2
        manifest = Manifest(
            name=f"personal-{model.modality}-{model.dimension}",
            modality=model.modality,
            sha256=hashlib.sha256(model.onnx).hexdigest(),
            opset=_OPSET,
            inputs=[Tensor("features", [1, len(self._features)])],
            outputs=[Tensor("reading", [1, 1])],
        )
        self._session = OnnxSession(manifest, model.onnx)

    @property
    def dimension(self) -> str:
        """What it reads."""
        return self._dimension

    def read(self, features: Mapping[str, float]) -> Reading | None:
        """Return its reading, or None where a feature is missing or the model failed."""
        if any(name not in features for name in self._features):
            return None
        row = np.array([[features[name] for name in self._features]], np.float32)
        try:
            said = self._session.run({"features": row})["reading"]
        except ModelFailedError:
            return None  # the generic reading stands
        return Reading(float(said[0, 0]), self._variance)


def open_heads(profile: Profile) -> dict[str, Sequence[PersonalHead]]:
    """Return a profile's personal models by modality, as ``Person.use_profile`` takes them.

    Raises:
        ModelMissingError: onnxruntime is not installed.
        ModelRefusedError: One of them is damaged.
    """
    heads: dict[str, list[PersonalHead]] = {}
    for model in profile.personal:
        heads.setdefault(model.modality, []).append(OnnxHead(model))
    return {modality: tuple(found) for modality, found in heads.items()}
