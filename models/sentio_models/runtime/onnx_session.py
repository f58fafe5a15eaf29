"""Runs ONNX models; the only place that imports onnxruntime."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelFailedError, ModelMissingError, ModelRefusedError
from sentio_models.runtime.manifest import WEIGHTS, Manifest, Tensor, load

if TYPE_CHECKING:
    import onnxruntime as ort

Array = NDArray[np.float32]


class OnnxSession:
    """A checked model, ready to run on one thread.

    One thread without spinning: the default thread pool burnt 62 % of a processor where this
    takes 1.4 %, at the same latency (docs/benchmarks.md).

    Args:
        manifest: What the model promises.
        blob: The very bytes whose hash was checked.
        gpu: Use the CUDA provider if this onnxruntime has it; the processor otherwise.

    Raises:
        ModelMissingError: onnxruntime is not installed.
        ModelRefusedError: The runtime rejects the bytes, or the names or shapes differ from
            the manifest.
    """

    def __init__(self, manifest: Manifest, blob: bytes, *, gpu: bool = False) -> None:
        try:
            import onnxruntime as ort
        except ImportError:
            # Not a plain dependency: its processor and GPU builds must not meet (ADR 0005).
            raise ModelMissingError(
                "onnxruntime is not installed",
                "pip install 'sentio-affect[cpu]' ('sentio-affect[gpu]' with a CUDA card)",
            ) from None
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        wanted = ["CUDAExecutionProvider"] if gpu else []
        providers = [p for p in wanted if p in ort.get_available_providers()]
        try:
            self._session = ort.InferenceSession(
                blob, options, providers=[*providers, "CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises many types of its own
            raise ModelRefusedError(f"{manifest.name}: {error}") from None
        self.manifest = manifest
        self._check("input", self._session.get_inputs(), manifest.inputs)
        self._check("output", self._session.get_outputs(), manifest.outputs)
        self._outputs = [t.name for t in manifest.outputs]

    @classmethod
    def shipped(cls, name: str, folder: Path = WEIGHTS, *, gpu: bool = False) -> OnnxSession:
        """Load, verify and open the model ``name`` of ``folder``."""
        return cls(*load(name, folder), gpu=gpu)

    @property
    def provider(self) -> str:
        """Which execution provider runs it, in onnxruntime's words."""
        return str(self._session.get_providers()[0])

    def run(self, inputs: Mapping[str, NDArray[np.generic]]) -> dict[str, Array]:
        """Compute all outputs, by name.

        Raises:
            ModelFailedError: An input or an output is not finite, or the runtime failed.
        """
        for name, value in inputs.items():
            if value.dtype.kind == "f" and not _finite(value):
                raise ModelFailedError(f"{self.manifest.name}: input {name} is not finite")
        try:
            results = self._session.run(self._outputs, dict(inputs))
        except Exception as error:  # onnxruntime raises many types of its own
            raise ModelFailedError(f"{self.manifest.name}: {error}") from None
        for name, value in zip(self._outputs, results, strict=True):
            if not _finite(value):
                raise ModelFailedError(f"{self.manifest.name}: output {name} is not finite")
        return dict(zip(self._outputs, results, strict=True))

    def _check(self, kind: str, got: list[ort.NodeArg], promised: list[Tensor]) -> None:
        names = [node.name for node in got]
        if names != [t.name for t in promised]:
            raise ModelRefusedError(
                f"{self.manifest.name}: {kind}s are {names}, the manifest says "
                f"{[t.name for t in promised]}"
            )
        for node, tensor in zip(got, promised, strict=True):
            shape = [d if isinstance(d, int) else -1 for d in node.shape]
            if shape != tensor.shape:
                raise ModelRefusedError(
                    f"{self.manifest.name}: {kind} {node.name} has shape {shape}, the manifest "
                    f"says {tensor.shape}"
                )


def _finite(value: NDArray[np.generic]) -> bool:
    # A sum shows NaN and infinity in one pass; one that overflows asks for a closer look.
    return isfinite(float(value.sum())) or bool(np.isfinite(value).all())
