"""Source of a simulated person's sensors, paced in real time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError
from sentio_sensors.simulated.faults import apply_faults, lost
from sentio_sensors.simulated.settings import SimulateSettings
from sentio_sensors.simulated.streams import Track, spec_of, tracks
from sentio_sensors.stream import Channel, Chunk, Role, StreamSpec

MAX_BACKLOG_S = 1.0
"""Largest backlog, seconds: after a pause older samples are dropped and counted, as in a device."""

TOGETHER_S = 0.004
"""Blocks that are due within this time, seconds, are returned together: a wake-up costs more than
most of them."""

_MARKERS = (Channel("segment"),)


SIMULATED = "simulated"
"""Reason of chunks of synthetic sound; their quality is not lowered."""


class SimulatedSource:
    """Source that plays a scenario on simulated sensors, paced by deadlines.

    Sample ``i`` of a stream depends only on the seed and ``i``, and is stamped
    ``origin + i / rate``: neither the division into chunks nor a reconnection changes it.

    Args:
        settings: What to simulate.
        clock: Gives the time stamps and paces.
        origin: Clock time of the scenario's start; None means the first ``open``. Several sources
            of one person are synchronous if they share it.
    """

    def __init__(
        self, settings: SimulateSettings, clock: Clock, *, origin: float | None = None
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._origin = origin
        self._began = 0.0
        self._tracks: list[Track] = []
        self._next: list[int] = []
        self._lost: list[int] = []
        self._marked = 0.0
        self._scenario = settings.script()

    def open(self) -> Sequence[StreamSpec]:
        """Prepare the waveforms (once) and start at the current time.

        Raises:
            AbsentError: A fault has unplugged the device at the moment.
        """
        if not self._tracks:
            self._tracks = tracks(self._settings)
        now = self._clock.now()
        if self._origin is None:
            self._origin = now - self._settings.start
        self._began = self._origin
        t = now - self._began
        if self._unplugged(t):
            raise AbsentError("the simulated device is unplugged", "wait: it reconnects by itself")
        self._next = [max(0, int(np.ceil(t * track.rate - 1e-6))) for track in self._tracks]
        self._lost = [0] * len(self._tracks)
        self._marked = t
        specs = [track.spec for track in self._tracks]
        if Role.MARKER in self._settings.roles:
            specs.append(spec_of(self._settings, Role.MARKER, 0.0, _MARKERS))
        return specs

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait for the next block of any stream; return every block that is complete.

        Raises:
            DisconnectedError: A fault unplugs the device.
        """
        if self._origin is None or len(self._next) != len(self._tracks):
            raise DisconnectedError("the simulated device was not opened", "call open first")
        deadlines = [
            self._began + (index + track.block - 1) / track.rate
            for index, track in zip(self._next, self._tracks, strict=True)
        ]
        now = self._clock.now()
        first = min(deadlines, default=now + timeout)
        last = max((due for due in deadlines if due <= first + TOGETHER_S), default=first)
        self._clock.sleep(min(timeout, last - now))
        t = self._clock.now() - self._began
        if self._unplugged(t):
            raise DisconnectedError("the simulated device was unplugged")
        chunks = [chunk for n in range(len(self._tracks)) for chunk in self._due(n, t)]
        return chunks + self._markers(t)

    def close(self) -> None:
        """Reset the stream positions; the waveforms are kept for the next ``open``."""
        self._next = []
        self._lost = []

    def _due(self, n: int, t: float) -> list[Chunk]:
        track, start = self._tracks[n], self._next[n]
        ready = int((t * track.rate + 1e-6 - start + 1) // track.block) * track.block
        if ready <= 0:
            return []
        self._next[n] = start + ready
        kept = max(track.block, int(MAX_BACKLOG_S * track.rate))
        if ready > kept:
            self._lost[n] += ready - kept
            start, ready = start + ready - kept, kept
        role, faults = track.spec.role, self._settings.faults
        at = np.arange(start, start + ready) / track.rate
        values = track.values(start, ready)
        if faults:
            values = apply_faults(values, at, role, faults)
            stalled = lost(at, role, faults, "stall")
            dropped = lost(at, role, faults, "dropout")
            self._lost[n] += int(dropped.sum())
            there = ~(stalled | dropped)
            at, values = at[there], values[there]
            if not len(at):
                return []
        missing, self._lost[n] = self._lost[n], 0
        # A synthetic voice is not one to a speech detector, which may therefore skip it.
        reasons = (SIMULATED,) if track.spec.role is Role.AUDIO else ()
        return [Chunk(track.spec.id, self._began + at, values, reasons=reasons, lost=missing)]

    def _markers(self, t: float) -> list[Chunk]:
        if Role.MARKER not in self._settings.roles:
            return []
        found = self._scenario.boundaries(self._marked, t)
        self._marked = t
        if not found:
            return []
        times = np.array([at for at, _ in found]) + self._began
        names = np.array([[name] for _, name in found], object)
        return [Chunk(f"sim{self._settings.seed}/{Role.MARKER.value}", times, names)]

    def _unplugged(self, t: float) -> bool:
        at = np.array([t])
        faults = (fault for fault in self._settings.faults if fault.kind == "unplug")
        return any(fault.active(at)[0] for fault in faults)
