"""Models that the user brings; each stands in for ours of the same streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sentio_bridge.errors import ConfigError
from sentio_bridge.protocol.vocabulary import MODALITY_OF, sensor_of
from sentio_models import Estimator, ModelError
from sentio_models.runtime.manifest import Manifest, load
from sentio_sensors import Role


@dataclass(frozen=True, slots=True)
class EstimatorKind:
    """A kind of estimator.

    Attributes:
        name: For threads and health.
        modality: What its estimates are called.
        sensor: Whose consent its streams fall under.
        roles: Which streams it reads.
        make: Imports and builds it; may take seconds and raise ``ModelError``.
        quick: It takes a few milliseconds at most and is known not to hang: it runs on the
            thread that brings the samples.
    """

    name: str
    modality: str
    sensor: str
    roles: frozenset[str]
    make: Callable[[], Estimator]
    quick: bool = False


def own_kinds(
    paths: Sequence[str], shipped: Sequence[EstimatorKind], *, gpu: bool
) -> tuple[EstimatorKind, ...]:
    """Return a kind for each manifest that the configuration names.

    Only manifest and hash are looked at here; the model itself is checked and probed when its
    first stream opens, on its own thread.

    Args:
        paths: Of manifests, ``NAME.toml`` beside ``NAME.onnx``.
        shipped: Our own kinds, whose features a model may read.
        gpu: Run them on a graphics processor where there is one.

    Raises:
        ConfigError: A file is not there, is not what its manifest says, or it would read one
            sensor and speak for another, whose consent is a different question.
    """
    return tuple(_kind(Path(path).expanduser(), shipped, gpu) for path in paths)


def _kind(path: Path, shipped: Sequence[EstimatorKind], gpu: bool) -> EstimatorKind:
    try:
        manifest, _ = load(path.stem, path.parent)
    except ModelError as error:
        raise ConfigError(f"[models] own: {path}: {error.what}", error.fix) from None
    sensor, roles = _reads(manifest, shipped)
    if MODALITY_OF[sensor] != manifest.modality:
        raise ConfigError(
            f"[models] own: {manifest.name} reads the {sensor} and speaks for "
            f"{manifest.modality!r}",
            f'set modality = "{MODALITY_OF[sensor]}" in {path.name}',
        )

    def make() -> Estimator:
        from sentio_models.user_models.custom import open_custom

        return open_custom(path, gpu=gpu)

    return EstimatorKind(manifest.name, manifest.modality, sensor, roles, make)


def _reads(manifest: Manifest, shipped: Sequence[EstimatorKind]) -> tuple[str, frozenset[str]]:
    """Return the sensor and the roles that a manifest's front end reads."""
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
        f"[models] own: {manifest.name} wants preprocessing {manifest.preprocessing!r}",
        "use features:MODALITY, samples:ROLE or face_crop (docs/models.md)",
    )
