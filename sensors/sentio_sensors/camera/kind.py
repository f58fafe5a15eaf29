"""Register the camera as a kind of source."""

from __future__ import annotations

from collections.abc import Iterator

from sentio_sensors.camera import codec
from sentio_sensors.camera.cameras import list_cameras
from sentio_sensors.camera.source import CameraSettings, CameraSource
from sentio_sensors.source import Source
from sentio_sensors.source_kind import Finding, SourceContext, SourceKind

LONGEST_WAIT = 2.0
"""Seconds between two attempts to open a lost camera: it is used again within three seconds of its
return."""


def discover(_: float) -> Iterator[Finding]:
    """Yield the cameras of this machine.

    Raises:
        AbsentError: PyAV is not installed.
    """
    for camera in list_cameras():
        name = f"{camera.index}: {camera.name}"
        chosen = {"device": camera.id}
        if camera.problem:
            yield Finding(name, camera.problem, wrong=True, fix=camera.fix, settings=chosen)
        else:
            yield Finding(name, camera.id, settings=chosen)
    codec.load()


def _make(settings: CameraSettings, context: SourceContext) -> Source:
    return CameraSource(settings, context.clock)


KIND = SourceKind(
    name="camera",
    title="Cameras",
    description="a camera, a network stream, a video file or a folder of pictures",
    settings=CameraSettings,
    sensors=("camera",),
    make=_make,
    example='device = "0"',
    extra="camera",
    longest_wait=LONGEST_WAIT,
    discover=discover,
    nothing="none found; a video file, a folder or an address works too",
)
