"""List the models that ship and check that every model file is whole."""

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
    """One model that came with Sentio.

    Attributes:
        name: Of the model.
        modality: Which it serves.
        size: Bytes of the ONNX file.
        sha256: That its manifest promises.
        licence: Of the weights.
        trained_on: In a line.
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
    """Whether one model can be used.

    Attributes:
        name: Of the model.
        fine: Its bytes are the promised ones and the runtime accepts them.
        what: What is wrong, empty where nothing is.
        fix: What to do about it.
    """

    name: str
    fine: bool
    what: str = ""
    fix: str = ""


def names(folder: Path = WEIGHTS) -> list[str]:
    """Return the names of the shipped models, sorted."""
    return sorted({p.stem for p in folder.glob("*.toml")} | {p.stem for p in folder.glob("*.onnx")})


def shipped(folder: Path = WEIGHTS) -> list[Shipped]:
    """List the models that can be loaded; ``verify`` tells about the others."""
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
    """Hash and open every shipped model, and hash every bundle that was pulled.

    Args:
        folder: Of the shipped models.
        places: Where pulled bundles lie; those that are elsewhere are not looked at.
    """
    verdicts = []
    for name in names(folder):
        try:
            OnnxSession.shipped(name, folder)
            verdicts.append(VerifyResult(name, True))
        except ModelError as error:
            verdicts.append(VerifyResult(name, False, error.what, error.fix))
    for bundle in BUNDLES:
        path = (places or {}).get(bundle)
        if path is None or not path.is_file():
            continue
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest == bundle.sha256:
            verdicts.append(VerifyResult(bundle.name, True))
        else:
            verdicts.append(
                VerifyResult(
                    bundle.name,
                    False,
                    f"{path} has SHA-256 {digest}, expected {bundle.sha256}",
                    f"delete it, then: sentio models pull {bundle.name}",
                )
            )
    return verdicts
