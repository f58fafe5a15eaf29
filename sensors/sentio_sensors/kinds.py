"""The kinds of source in this package; an entry in ``KINDS`` registers one."""

from __future__ import annotations

from sentio_sensors.ble_heart.kind import KIND as BLE_HEART
from sentio_sensors.brainflow.kind import KIND as BRAINFLOW
from sentio_sensors.camera.kind import KIND as CAMERA
from sentio_sensors.lsl.kind import KIND as LSL
from sentio_sensors.microphone.kind import KIND as MICROPHONE
from sentio_sensors.simulated.kind import KIND as SIMULATED
from sentio_sensors.source_kind import SourceKind

KINDS: tuple[SourceKind, ...] = (SIMULATED, CAMERA, MICROPHONE, LSL, BRAINFLOW, BLE_HEART)
"""In the order in which they are listed."""
