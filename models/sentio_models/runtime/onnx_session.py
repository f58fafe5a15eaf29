"""Run ONNX models; the only module that imports onnxruntime."""

from __future__ import annotations

import os
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelFailedError, ModelMissingError, ModelRefusedError
from sentio_models.runtime.manifest import WEIGHTS, Manifest, Tensor, load

if TYPE_CHECKING:
    import onnxruntime as ort

Array = NDArray[np.float32]


def preload() -> None:
    """Import onnxruntime, in a process that can open no files later.

    Raises:
        ModelMissingError: It is not installed.
    """
    _runtime()


def _runtime() -> ModuleType:
    # Its official builds send usage data to their maker (Privacy.md of onnxruntime 1.29 and
    # later), and store an identifier of the machine, from the import on.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        import onnxruntime
    except ImportError:
        # Not a normal dependency: its CPU and GPU builds conflict (ADR 0005).
        raise ModelMissingError(
            "onnxruntime is not installed",
            "pip install 'sentio-affect[cpu]', or 'sentio-affect[gpu]' with a CUDA card",
        ) from None
    onnxruntime.disable_telemetry_events()  # of Windows, and of an import before this one
    return cast(ModuleType, onnxruntime)


FEW = 32
"""Numbers up to which Python's sum is quicker than numpy's."""


class OnnxSession:
    """A verified model that runs on one thread.

    One thread without spinning: the default thread pool used 62 % of a processor, this 1.4 %, at
    the same latency (docs/benchmarks.md).

    Args:
        manifest: Description of the model.
        blob: The verified bytes.
        gpu: Use the CUDA provider if this onnxruntime has it, else the CPU.

    Raises:
        ModelMissingError: onnxruntime is not installed.
        ModelRefusedError: The runtime rejects the bytes, or the names or shapes differ from
            the manifest.
    """

    def __init__(self, manifest: Manifest, blob: bytes, *, gpu: bool = False) -> None:
        ort = _runtime()
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
        except Exception as error:  # onnxruntime raises many exception types
            raise ModelRefusedError(f"{manifest.name}: {error}") from None
        self.manifest = manifest
        self._check("input", self._session.get_inputs(), manifest.inputs)
        self._check("output", self._session.get_outputs(), manifest.outputs)
        self._outputs = [t.name for t in manifest.outputs]

    @classmethod
    def shipped(cls, name: str, folder: Path = WEIGHTS, *, gpu: bool = False) -> OnnxSession:
        """Load, verify and open the model ``name`` in ``folder``."""
        return cls(*load(name, folder), gpu=gpu)

    @property
    def provider(self) -> str:
        """Name of the execution provider in onnxruntime."""
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
        except Exception as error:  # onnxruntime raises many exception types
            raise ModelFailedError(f"{self.manifest.name}: {error}") from None
        for name, value in zip(self._outputs, results, strict=True):
            if not _finite(value):
                raise ModelFailedError(f"{self.manifest.name}: output {name} is not finite")
        return dict(zip(self._outputs, results, strict=True))

    def _check(self, kind: str, got: list[ort.NodeArg], expected: list[Tensor]) -> None:
        names = [node.name for node in got]
        if names != [t.name for t in expected]:
            raise ModelRefusedError(
                f"{self.manifest.name}: {kind}s are {names}, the manifest states "
                f"{[t.name for t in expected]}"
            )
        for node, tensor in zip(got, expected, strict=True):
            shape = [d if isinstance(d, int) else -1 for d in node.shape]
            if shape != tensor.shape:
                raise ModelRefusedError(
                    f"{self.manifest.name}: {kind} {node.name} has shape {shape}, the manifest "
                    f"states {tensor.shape}"
                )


def _finite(value: NDArray[np.generic]) -> bool:
    # A sum detects NaN and infinity in one pass; after an overflow the values are checked.
    total = sum(value.ravel().tolist()) if value.size <= FEW else float(value.sum())
    return isfinite(total) or bool(np.isfinite(value).all())
