"""Manifest of a model: inputs, outputs, hash, licence and constants."""

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
        shape: Sizes; -1 if any size is accepted.
        unit: Unit of the numbers.
        labels: A name for each entry of the last axis, if they differ.
    """

    name: str
    shape: list[int]
    unit: str = ""
    labels: list[str] = []


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Content of ``weights/NAME.toml``, the description of ``weights/NAME.onnx``.

    Attributes:
        name: The model's name.
        modality: One of ``sentio_models.MODALITIES``.
        sha256: Hash of the ONNX file.
        opset: ONNX operator set version of the graph.
        inputs: Inputs in the graph's order.
        outputs: Outputs in the graph's order.
        preprocessing: Name of the front end that computes its inputs.
        licence: Licence of the weights.
        trained_on: Training data and its licence, in one line.
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


# msgspec describes a type when it first reads one, and ends the process if two threads do that at
# once (0.22). Models load on several threads, so the type is described on import.
msgspec.json.Decoder(Manifest)


WEIGHTS = Path(__file__).parents[1] / "weights"
"""Folder of the shipped models."""


def load(name: str, folder: Path = WEIGHTS) -> tuple[Manifest, bytes]:
    """Read a model's manifest and bytes, and verify the hash.

    The returned bytes are the verified ones: build the session from them, never from the path, so
    that a file swapped in between is not loaded.

    Args:
        name: File name without suffix.
        folder: Folder of ``NAME.toml`` and ``NAME.onnx``.

    Raises:
        ModelMissingError: One of the two files is missing.
        ModelRefusedError: The manifest is malformed or the hash differs.
    """
    path = folder / f"{name}.toml"
    try:
        manifest = msgspec.toml.decode(path.read_bytes(), type=Manifest)
        blob = (folder / f"{name}.onnx").read_bytes()
    except FileNotFoundError as error:
        raise ModelMissingError(
            f"{error.filename} is missing", "reinstall sentio, or see 'sentio models list'"
        ) from None
    except (ValueError, RecursionError) as error:
        raise ModelRefusedError(
            f"{path.name}: {error}", "see docs/models.md for the form"
        ) from None
    digest = hashlib.sha256(blob).hexdigest()
    if digest != manifest.sha256:
        raise ModelRefusedError(
            f"{name}.onnx has SHA-256 {digest}, its manifest states {manifest.sha256}",
            "the file was changed or damaged: restore both together",
        )
    return manifest, blob
