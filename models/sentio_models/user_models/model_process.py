"""Process of one user's model.

``python -m sentio_models.user_models.model_process FOLDER NAME SHA256 GPU MEMORY`` loads the model
and answers on its standard output what it reads on standard input, until that closes. Messages
have the sizes that the manifest states: all inputs in its order as float32, answered by ``OK`` and
all outputs; or ``FAILED``, the length of a text (4 bytes), and the text.
"""

from __future__ import annotations

import os
import struct
import sys
import threading
import time
from collections.abc import Mapping
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_models.errors import ModelError, ModelRefusedError
from sentio_models.runtime.manifest import Tensor, load
from sentio_models.user_models import confinement

OK, FAILED = b"\x00", b"\x01"

MAX_TEXT = 4096
"""Longest error, bytes."""

Arrays = Mapping[str, NDArray[np.generic]]


def size(tensors: list[Tensor]) -> int:
    """Return the number of bytes of all tensors."""
    return 4 * sum(prod(tensor.shape) for tensor in tensors)


def packed(tensors: list[Tensor], values: Arrays) -> bytes:
    """Return the values of all tensors, in order."""
    parts = []
    for tensor in tensors:
        value = np.ascontiguousarray(values[tensor.name], np.float32)
        if list(value.shape) != tensor.shape:
            raise ModelRefusedError(
                f"{tensor.name} has shape {list(value.shape)}, the manifest states {tensor.shape}"
            )
        parts.append(value.tobytes())
    return b"".join(parts)


def unpacked(tensors: list[Tensor], data: bytes) -> dict[str, NDArray[np.float32]]:
    """Return the values of all tensors by name; the arrays cannot be written."""
    values, start = {}, 0
    for tensor in tensors:
        count = prod(tensor.shape)
        values[tensor.name] = np.frombuffer(data, np.float32, count, start).reshape(tensor.shape)
        start += 4 * count
    return values


def _receive(descriptor: int, count: int) -> bytes:
    """Read exactly ``count`` bytes; fewer only at the end of the stream."""
    data = bytearray()
    while len(data) < count:
        part = os.read(descriptor, count - len(data))
        if not part:
            break
        data += part
    return bytes(data)


def _send(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def _end_with(parent: int) -> None:
    """End when the parent has ended, also while the model computes."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def _failure(error: Exception) -> bytes:
    text = str(error).encode()[:MAX_TEXT]
    return FAILED + struct.pack("<I", len(text)) + text


def main(folder: str, name: str, sha256: str, gpu: bool, memory: int) -> None:
    """Serve the model until standard input closes."""
    source, target = os.dup(0), os.dup(1)
    os.dup2(2, 1)  # what native code prints is not an answer
    if sys.platform != "win32":
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    try:
        from sentio_models.runtime.onnx_session import OnnxSession, preload

        manifest, blob = load(name, Path(folder))
        if manifest.sha256 != sha256:
            raise ModelRefusedError(f"{name} was exchanged after it was checked")
        if not gpu:  # its drivers need files, devices and address space
            preload()
            confinement.limit(memory)
            confinement.restrict()
        session = OnnxSession(manifest, blob, gpu=gpu)
        zeros = bytes(size(manifest.inputs))
        packed(manifest.outputs, session.run(unpacked(manifest.inputs, zeros)))
    except (ModelError, MemoryError) as error:
        _send(target, _failure(error))
        return
    _send(target, OK)
    wanted = size(manifest.inputs)
    while len(data := _receive(source, wanted)) == wanted:
        try:
            answer = OK + packed(manifest.outputs, session.run(unpacked(manifest.inputs, data)))
        except (ModelError, MemoryError) as error:
            answer = _failure(error)
        _send(target, answer)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4] == "gpu", int(sys.argv[5]))
    finally:
        os._exit(0)  # onnxruntime waits at its end for threads that it can no longer signal
