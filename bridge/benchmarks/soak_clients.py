"""Clients of the soak: one that stays, guests that come and go, and a game."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable

from sentio_bridge.errors import BridgeError, WireError
from sentio_bridge.protocol import codec
from sentio_bridge.transport.client import Requester, Subscription

LINES = ("this level is great", "why does that always happen", "again", "well played")


class Listener:
    """Client that receives every frame and counts the gaps in ``seq``.

    Attributes:
        frames: Number of frames received.
        gaps: Number of frames that are missing between two received ones.
        malformed: Number of messages that could not be decoded.
        longest: Longest time between two frames, seconds of this machine.
    """

    def __init__(self) -> None:
        self.frames = 0
        self.gaps = 0
        self.malformed = 0
        self.longest = 0.0
        self._last: tuple[int, int] | None = None
        self._at = 0.0

    def run(self, state: str, stop: threading.Event) -> None:
        """Receive until ``stop``."""
        with Subscription(state, [b"affect/"], backlog=True) as sub:
            while not stop.is_set():
                message = sub.receive(0.5)
                if message is not None:
                    self._count(message, time.monotonic())

    def _count(self, message: bytes, now: float) -> None:
        try:
            frame = codec.decode_affect(message)
        except WireError:
            self.malformed += 1
            return
        self.frames += 1
        if self._last is not None:
            self.longest = max(self.longest, now - self._at)
            epoch, seq = self._last
            if frame.epoch == epoch:
                self.gaps += max(0, frame.seq - seq - 1)
        self._last, self._at = (frame.epoch, frame.seq), now


class Guests:
    """Clients that come and go, one after the other, as many kinds as there are.

    Attributes:
        visits: Number of visits by kind.
        failed: Number of visits that failed, by kind.
        why: The last failure of each kind.

    Args:
        state: State endpoint.
        control: Control endpoint.
        pause: Mean seconds between two visits.
        calibrating: Held during a calibration: a person has one at a time.
        seed: Seed of their order.
    """

    def __init__(
        self,
        state: str,
        control: str,
        pause: float,
        calibrating: threading.Lock,
        seed: int = 1,
    ) -> None:
        self._state, self._control = state, control
        self._calibrating = calibrating
        self._pause = pause
        self._random = random.Random(seed)
        self._name = f"soak-{seed}"
        self._number = 0
        self.visits: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.why: dict[str, str] = {}

    def run(self, stop: threading.Event) -> None:
        """Visit until ``stop``."""
        kinds: dict[str, Callable[[], None]] = {
            "reads": self._reads,
            "never_reads": self._never_reads,
            "asks": self._asks,
            "plays": self._plays,
            "withdraws": self._withdraws,
            "records": self._records,
            "calibrates": self._calibrates,
        }
        weights = (6, 3, 6, 6, 1, 1, 1)
        while not stop.wait(self._random.expovariate(1 / self._pause)):
            kind = self._random.choices(tuple(kinds), weights)[0]
            self.visits[kind] += 1
            try:
                kinds[kind]()
            except BridgeError as error:
                self.failed[kind] += 1
                self.why[kind] = str(error)

    def _reads(self) -> None:
        with Subscription(self._state, [self._random.choice((b"", b"detail/", b"affect/"))]) as sub:
            if sub.receive(5.0) is None:
                raise BridgeError("a new subscriber received nothing within 5 s")
            end = time.monotonic() + self._random.uniform(0.1, 2.0)
            while time.monotonic() < end:
                sub.receive(0.2)

    def _never_reads(self) -> None:
        with Subscription(self._state, [b""], backlog=True):
            time.sleep(self._random.uniform(0.1, 2.0))

    def _requester(self) -> Requester:
        return Requester(self._control, timeout=10.0)

    def _asks(self) -> None:
        with self._requester() as requester:
            for op in ("hello", "time", "status"):
                requester.call(op)

    def _plays(self) -> None:
        with self._requester() as requester:
            requester.call("marker", name="door")
            requester.call("text", line=self._random.choice(LINES))
            requester.call(
                "input", stream="pad", role="input", channels=["keys", "errors"],
                values=[self._random.random(), 0.0],
            )  # fmt: skip
            requester.call("label", name="valence", value=self._random.uniform(-1, 1))

    def _withdraws(self) -> None:
        with self._requester() as requester:
            requester.call("consent", action="withdraw", sensor="eeg")
            time.sleep(0.2)
            purposes = ["adapt", "record", "record_raw"]
            requester.call("consent", action="grant", sensor="eeg", purposes=purposes)

    def _records(self) -> None:
        self._number += 1
        with self._requester() as requester:
            raw = ["eeg", "body", "microphone"]
            requester.call("record", action="start", folder=f"{self._name}-{self._number}", raw=raw)
            time.sleep(self._random.uniform(0.5, 4.0))
            requester.call("record", action="stop")

    def _calibrates(self) -> None:
        with self._calibrating, self._requester() as requester:
            requester.call("calibrate", action="start", kind="rest", seconds=20)
            time.sleep(0.5)
            requester.call("calibrate", action="stop")
