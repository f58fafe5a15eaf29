"""Source of heart rate and beat intervals of a Bluetooth LE strap."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress

import numpy as np

from sentio_sensors.ble_heart import radio
from sentio_sensors.ble_heart.measurement import parse
from sentio_sensors.ble_heart.settings import BleHeartSettings
from sentio_sensors.clock import Clock
from sentio_sensors.errors import DisconnectedError
from sentio_sensors.stream import Channel, Chunk, Role, StreamSpec

logger = logging.getLogger(__name__)

SILENT_S = 10.0
"""Seconds without a measurement that count as a lost strap; it sends one every second."""

WAITING = 64
"""Length of the measurement queue: one minute; the oldest are dropped."""

Connect = Callable[
    [str, float, Callable[[bytes], None], Callable[[], None]], AbstractAsyncContextManager[str]
]
"""Connects to a strap as ``radio.connect`` does."""


class BleHeartSource:
    """Source of ``heart_rate`` (about 1 Hz) and ``rr`` (one sample a beat).

    A rate is stamped when its notification arrives: straps send no time stamps. The intervals of
    a notification are stamped at their beats, of which the newest was just now; straps without
    intervals leave that stream empty. The event loop runs only inside ``open``, ``read`` and
    ``close``, on the caller's thread.

    Args:
        settings: Which strap to use.
        clock: Gives the time stamps.
        connect: Opens the connection.
    """

    def __init__(
        self, settings: BleHeartSettings, clock: Clock, connect: Connect = radio.connect
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._connect = connect
        self._runner: asyncio.Runner | None = None
        self._connection = AsyncExitStack()
        self._arrived = asyncio.Event()
        self._waiting: deque[tuple[float, bytes]] = deque(maxlen=WAITING)
        self._lost = 0
        self._gone = False
        self._name = ""
        self._last = 0.0
        self._beat = 0.0

    def open(self) -> Sequence[StreamSpec]:
        """Find the strap and subscribe to its measurements.

        Raises:
            AbsentError: bleak, Bluetooth or the strap is missing, or several straps match.
            DisconnectedError: The strap was found but did not connect.
        """
        self.close()
        self._arrived, self._connection = asyncio.Event(), AsyncExitStack()
        self._waiting.clear()
        self._lost, self._gone = 0, False
        self._runner = asyncio.Runner()
        try:
            self._name = self._runner.run(self._enter())
        except BaseException:  # also when cancelled: nothing stays open
            self.close()
            raise
        self._last = self._clock.now()
        self._beat = 0.0
        return [
            StreamSpec(self._id(role), role, 0.0, (Channel(label, unit),), device=self._name)
            for role, label, unit in (
                (Role.HEART_RATE, "heart rate", "/min"),
                (Role.RR, "RR", "ms"),
            )
        ]

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait for measurements; return a chunk of each one's rate and of its intervals.

        Raises:
            DisconnectedError: The connection is lost, or nothing arrived for ``SILENT_S``.
            FormatError: The strap sent an invalid measurement.
        """
        if self._runner is None:
            raise DisconnectedError("the strap was not opened", "call open first")
        self._runner.run(self._wait(timeout))
        chunks: list[Chunk] = []
        while self._waiting:
            time, data = self._waiting.popleft()
            self._last = time
            chunks.extend(self._chunks(time, data))
        if not chunks and (self._gone or self._clock.now() - self._last > SILENT_S):
            why = "is disconnected" if self._gone else f"has sent nothing for {SILENT_S:g} s"
            raise DisconnectedError(f"{self._name} {why}", "check that it is worn and in range")
        return chunks

    def close(self) -> None:
        """End the connection."""
        runner, self._runner = self._runner, None
        if runner is not None:
            try:
                runner.run(self._connection.aclose())
            except Exception:  # a strap that is gone cannot be disconnected
                logger.debug("%s was not disconnected", self._name, exc_info=True)
            runner.close()

    def _id(self, role: Role) -> str:
        # A strap may be found without its name; the configured value never changes.
        return f"ble_heart:{self._settings.device or self._name}/{role.value}"

    def _chunks(self, time: float, data: bytes) -> Iterator[Chunk]:
        measured = parse(data)
        lost, self._lost = self._lost, 0
        worn = measured.contact is not False
        yield Chunk(
            self._id(Role.HEART_RATE),
            np.array([time]),
            np.array([[measured.rate]], np.float32),
            quality=1.0 if worn else 0.0,
            reasons=() if worn else ("not_worn",),
            lost=lost,
        )
        if not measured.rr_s:
            return
        lengths = np.array(measured.rr_s)
        # A beat never lies before one that was sent earlier: notifications jitter.
        beats = np.maximum(time - lengths.sum() + np.cumsum(lengths), self._beat + 1e-3)
        beats = np.maximum.accumulate(beats + 1e-6 * np.arange(len(beats)))
        self._beat = float(beats[-1])
        yield Chunk(
            self._id(Role.RR),
            beats,
            (1000.0 * lengths[:, None]).astype(np.float32),
            quality=1.0 if worn else 0.0,
            reasons=() if worn else ("not_worn",),
        )

    async def _enter(self) -> str:
        connection = self._connect(
            self._settings.device, self._settings.scan, self._on_value, self._on_gone
        )
        return await self._connection.enter_async_context(connection)

    async def _wait(self, timeout: float) -> None:
        """Run the event loop until a measurement arrives or ``timeout`` has passed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._arrived.wait()
        self._arrived.clear()

    def _on_value(self, data: bytes) -> None:
        if len(self._waiting) == WAITING:
            self._lost += 1
        self._waiting.append((self._clock.now(), data))
        self._arrived.set()

    def _on_gone(self) -> None:
        self._gone = True
        self._arrived.set()
