"""Write a fitted model: ONNX bytes and the manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sentio_models.runtime.manifest import Manifest, Tensor


def ship(
    folder: Path,
    name: str,
    blob: bytes,
    *,
    modality: str,
    opset: int,
    inputs: Sequence[Tensor],
    outputs: Sequence[Tensor],
    constants: Mapping[str, Any],
    trained_on: str,
    preprocessing: str,
    card: str,
    licence: str = "MIT",
) -> Path:
    """Write ``NAME.onnx`` and ``NAME.toml`` with its hash.

    Returns:
        The manifest's path.
    """
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(
        name=name,
        modality=modality,
        sha256=hashlib.sha256(blob).hexdigest(),
        opset=opset,
        inputs=list(inputs),
        outputs=list(outputs),
        preprocessing=preprocessing,
        licence=licence,
        trained_on=trained_on,
        card=card,
        constants=dict(constants),
    )
    (folder / f"{name}.onnx").write_bytes(blob)
    path = folder / f"{name}.toml"
    path.write_bytes(msgspec.toml.encode(manifest))
    return path
