"""User models; each replaces the built-in model of the same streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sentio_bridge.errors import ConfigError
from sentio_bridge.protocol.vocabulary import MODALITY_OF, sensor_of
from sentio_models import Estimator, ModelError
from sentio_models.errors import ModelMissingError
from sentio_models.runtime.manifest import Manifest, load
from sentio_sensors import Role


@dataclass(frozen=True, slots=True)
class EstimatorKind:
    """A kind of estimator.

    Attributes:
        name: Name for threads and health.
        modality: Modality of its estimates.
        sensor: Sensor whose consent covers its streams.
        roles: Roles of the streams that it reads.
        make: Imports and creates it; may take seconds and raise ``ModelError``.
        quick: Whether it needs a few milliseconds at most and cannot hang: it then runs on the
            thread that delivers the samples.
    """

    name: str
    modality: str
    sensor: str
    roles: frozenset[str]
    make: Callable[[], Estimator]
    quick: bool = False


def user_kinds(
    paths: Sequence[str], shipped: Sequence[EstimatorKind], *, gpu: bool
) -> tuple[EstimatorKind, ...]:
    """Return a kind for each manifest in the configuration.

    Only manifest and hash are checked here; the model itself is checked and probed when its
    first stream opens, on its own thread.

    Args:
        paths: Paths of manifests, ``NAME.toml`` beside ``NAME.onnx``.
        shipped: Built-in kinds, whose features a model may read.
        gpu: Run them on a GPU if there is one.

    Raises:
        ConfigError: A file is missing, does not match its manifest, or the model reads one sensor
            and contributes to the modality of another, which needs another consent.
    """
    return tuple(_kind(Path(path).expanduser(), shipped, gpu) for path in paths)


def _kind(path: Path, shipped: Sequence[EstimatorKind], gpu: bool) -> EstimatorKind:
    try:
        manifest, _ = load(path.stem, path.parent)
    except ModelMissingError as error:
        fix = "correct the path; NAME.toml and NAME.onnx lie side by side"
        raise ConfigError(f"[models] own: {error.what}", fix) from None
    except ModelError as error:
        raise ConfigError(f"[models] own: {path}: {error.what}", error.fix) from None
    sensor, roles = _inputs(manifest, shipped)
    if MODALITY_OF[sensor] != manifest.modality:
        raise ConfigError(
            f"[models] own: {manifest.name} reads the sensor {sensor!r} but has modality "
            f"{manifest.modality!r}",
            f'set modality = "{MODALITY_OF[sensor]}" in {path.name}',
        )

    def make() -> Estimator:
        from sentio_models.user_models.custom import open_custom

        return open_custom(path, gpu=gpu)

    return EstimatorKind(manifest.name, manifest.modality, sensor, roles, make)


def _inputs(manifest: Manifest, shipped: Sequence[EstimatorKind]) -> tuple[str, frozenset[str]]:
    """Return the sensor and the roles that a manifest's preprocessing reads."""
    front, _, what = manifest.preprocessing.partition(":")
    if front == "face_crop":
        return "camera", frozenset({"video"})
    if front == "samples" and what in frozenset(Role):
        return sensor_of(Role(what)), frozenset({what})
    if front == "features":
        for kind in shipped:
            if kind.modality == what:
                return kind.sensor, kind.roles
    raise ConfigError(
        f"[models] own: {manifest.name} has unknown preprocessing {manifest.preprocessing!r}",
        "use features:MODALITY, samples:ROLE or face_crop (docs/models.md)",
    )
