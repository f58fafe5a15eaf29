"""Run a user's model for the first time, in a child process that may crash.

``python -m sentio_models.user_models.sandbox_probe FOLDER NAME`` loads the model, runs it on probe
inputs and prints one JSON object. ``probe`` starts that process with limited time and memory; it
can open no file and no connection.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelError, ModelRefusedError
from sentio_models.runtime.manifest import Manifest, load
from sentio_models.runtime.onnx_session import OnnxSession, preload
from sentio_models.user_models import confinement

SECONDS = 20.0
"""Time limit, seconds; starting Python and onnxruntime takes about one."""

MEMORY = confinement.HEADROOM
"""Bytes of address space beyond those of Python and onnxruntime (Linux)."""

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """Result of a model on probe inputs.

    Attributes:
        milliseconds: Median time of one run.
        opened: Time of loading, seconds.
    """

    milliseconds: float
    opened: float


def probe(
    folder: Path, name: str, *, seconds: float = SECONDS, memory: int = MEMORY
) -> ProbeResult:
    """Run a model on probe inputs in a child process.

    Args:
        folder: Folder of ``NAME.toml`` and ``NAME.onnx``.
        name: Name of the model.
        seconds: Time limit of the child process.
        memory: Bytes of address space beyond those of Python and onnxruntime, if the system can
            limit them.

    Raises:
        ModelRefusedError: It cannot be loaded, returns other shapes, types or non-finite numbers
            on finite inputs, differs between runs, takes too long, or crashes its process.
    """
    command = [
        sys.executable,
        "-m",
        "sentio_models.user_models.sandbox_probe",
        str(folder),
        name,
        str(memory),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise ModelRefusedError(
            f"{name}: loading and probing took more than {seconds:.0f} s", "use a smaller model"
        ) from None
    try:
        answer = json.loads(done.stdout.decode().strip().splitlines()[-1])
    except (ValueError, IndexError):
        raise ModelRefusedError(
            f"{name}: the probe process ended with code {done.returncode}",
            "the model crashes the runtime or needs too much memory",
        ) from None
    if "error" in answer:
        raise ModelRefusedError(answer["error"], answer.get("fix", ""))
    return ProbeResult(answer["milliseconds"], answer["opened"])


def inputs_of(manifest: Manifest, kind: int) -> dict[str, NDArray[np.float32]]:
    """Return finite probe inputs: zeros, ones, then noise of growing size."""
    rng = np.random.default_rng(kind)
    made = {}
    for tensor in manifest.inputs:
        shape = [1 if size < 0 else size for size in tensor.shape]
        values = (
            np.full(shape, float(kind)) if kind < 2 else 10 ** (kind - 2) * rng.normal(0, 1, shape)
        )
        made[tensor.name] = values.astype(np.float32)
    return made


def _try(
    manifest: Manifest, blob: bytes, probes: list[dict[str, NDArray[np.float32]]]
) -> ProbeResult:
    name = manifest.name
    started = time.perf_counter()
    session = OnnxSession(manifest, blob)
    opened = time.perf_counter() - started
    took = []
    for probe_inputs in probes:
        before = time.perf_counter()
        outputs = session.run(probe_inputs)
        took.append(time.perf_counter() - before)
        again = session.run(probe_inputs)
        for tensor in session.manifest.outputs:
            value = outputs[tensor.name]
            if value.dtype.kind != "f":
                raise ModelRefusedError(f"{name}: output {tensor.name} is {value.dtype}, not float")
            fits = len(value.shape) == len(tensor.shape) and all(
                wanted in (-1, got) for got, wanted in zip(value.shape, tensor.shape, strict=True)
            )
            if not fits:
                raise ModelRefusedError(
                    f"{name}: output {tensor.name} has shape {list(value.shape)}, its manifest "
                    f"states {tensor.shape}"
                )
            if not np.array_equal(value, again[tensor.name]):
                raise ModelRefusedError(
                    f"{name}: output {tensor.name} differs between two runs on the same input",
                    "remove random operators: a recording must replay bit for bit",
                )
    return ProbeResult(1000 * sorted(took)[len(took) // 2], opened)


def _child(folder: str, name: str, memory: str) -> None:
    try:
        manifest, blob = load(name, Path(folder))
        probes = [inputs_of(manifest, kind) for kind in range(ROUNDS)]
        preload()
        confinement.limit(int(memory))
        confinement.restrict()
        probed = _try(manifest, blob, probes)
        answer = {"milliseconds": probed.milliseconds, "opened": probed.opened}
    except ModelError as error:
        answer = {"error": error.what, "fix": error.fix}  # type: ignore[dict-item]
    except MemoryError:
        answer = {"error": f"{name}: needs more than {int(memory) >> 20} MB of memory"}  # type: ignore[dict-item]
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    try:
        _child(*sys.argv[1:4])
        os._exit(0)
    finally:
        os._exit(1)  # onnxruntime waits at its end for threads that it can no longer signal
