"""The card that a program reads: what an ONNX file takes, gives and may be used for."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from sentio_models.errors import ModelMissingError, ModelRefusedError


class Tensor(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One input or output of a model.

    Attributes:
        name: Its name in the graph.
        shape: Sizes; -1 where any size is accepted.
        unit: What the numbers are.
        labels: A name for each entry of the last axis, where they differ.
    """

    name: str
    shape: list[int]
    unit: str = ""
    labels: list[str] = []


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``weights/NAME.toml`` says of ``weights/NAME.onnx``.

    Attributes:
        name: The model's name.
        modality: One of ``sentio_models.MODALITIES``.
        sha256: Of the ONNX file's bytes.
        opset: ONNX operator set version of the graph.
        inputs: In the graph's order.
        outputs: In the graph's order.
        preprocessing: Which of our front ends feeds it, in words that the code checks.
        licence: Of the weights.
        trained_on: Data and its licence, in one line.
        card: Path of the model card in the repository.
        constants: Numbers that belong to the weights: normalisation, calibration, variances.
    """

    name: str
    modality: str
    sha256: str
    opset: int
    inputs: list[Tensor]
    outputs: list[Tensor]
    preprocessing: str = ""
    licence: str = ""
    trained_on: str = ""
    card: str = ""
    constants: dict[str, Any] = {}


WEIGHTS = Path(__file__).parents[1] / "weights"
"""Where the shipped models live."""


def load(name: str, folder: Path = WEIGHTS) -> tuple[Manifest, bytes]:
    """Read a model's manifest and bytes, and check that they belong together.

    The bytes that were hashed are the bytes returned: build the session from them, never from
    the path again, so that a file swapped in between is not loaded.

    Args:
        name: File name without its ending.
        folder: Where ``NAME.toml`` and ``NAME.onnx`` are.

    Raises:
        ModelMissingError: One of the two files is not there.
        ModelRefusedError: The manifest is malformed or the hash differs.
    """
    path = folder / f"{name}.toml"
    try:
        manifest = msgspec.toml.decode(path.read_bytes(), type=Manifest)
        blob = (folder / f"{name}.onnx").read_bytes()
    except FileNotFoundError as error:
        raise ModelMissingError(
            f"{error.filename} is not there", "reinstall sentio, or see 'sentio models list'"
        ) from None
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        raise ModelRefusedError(
            f"{path.name}: {error}", "see docs/models.md for the form"
        ) from None
    digest = hashlib.sha256(blob).hexdigest()
    if digest != manifest.sha256:
        raise ModelRefusedError(
            f"{name}.onnx has SHA-256 {digest}, its manifest says {manifest.sha256}",
            "the file was changed or damaged: restore both together",
        )
    return manifest, blob
