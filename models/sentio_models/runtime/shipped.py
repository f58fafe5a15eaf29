"""List the shipped models, and verify every model file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from sentio_models.errors import ModelError
from sentio_models.runtime.bundle import BUNDLES, Bundle
from sentio_models.runtime.manifest import WEIGHTS, load
from sentio_models.runtime.onnx_session import OnnxSession


@dataclass(frozen=True, slots=True)
class Shipped:
    """One model shipped with Sentio.

    Attributes:
        name: Name of the model.
        modality: Its modality.
        size: Bytes of the ONNX file.
        sha256: Hash in its manifest.
        licence: Licence of the weights.
        trained_on: Training data in one line.
        card: Its model card.
    """

    name: str
    modality: str
    size: int
    sha256: str
    licence: str
    trained_on: str
    card: str


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """Result of verifying one model.

    Attributes:
        name: Name of the model.
        fine: The hash is right and the runtime accepts the model.
        what: The problem, or empty.
        fix: How to solve it.
    """

    name: str
    fine: bool
    what: str = ""
    fix: str = ""


def names(folder: Path = WEIGHTS) -> list[str]:
    """Return the names of the shipped models, sorted."""
    return sorted({p.stem for p in folder.glob("*.toml")} | {p.stem for p in folder.glob("*.onnx")})


def shipped(folder: Path = WEIGHTS) -> list[Shipped]:
    """List the models that can be loaded; ``verify`` reports the others."""
    found = []
    for name in names(folder):
        try:
            manifest, blob = load(name, folder)
        except ModelError:
            continue
        found.append(
            Shipped(
                name,
                manifest.modality,
                len(blob),
                manifest.sha256,
                manifest.licence,
                manifest.trained_on,
                manifest.card,
            )
        )
    return found


def verify(folder: Path = WEIGHTS, places: dict[Bundle, Path] | None = None) -> list[VerifyResult]:
    """Verify and open every shipped model, and verify every downloaded bundle.

    Args:
        folder: Folder of the shipped models.
        places: Paths of downloaded bundles; others are not verified.
    """
    results = []
    for name in names(folder):
        try:
            OnnxSession.shipped(name, folder)
            results.append(VerifyResult(name, True))
        except ModelError as error:
            results.append(VerifyResult(name, False, error.what, error.fix))
    for bundle in BUNDLES:
        path = (places or {}).get(bundle)
        if path is None or not path.is_file():
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest == bundle.sha256:
            results.append(VerifyResult(bundle.name, True))
        else:
            results.append(
                VerifyResult(
                    bundle.name,
                    False,
                    f"{path} has SHA-256 {digest}, expected {bundle.sha256}",
                    f"delete it, then: sentio models pull {bundle.name}",
                )
            )
    return results
