"""Keeps one source running: opens, reads, checks, notices silence, reconnects, and says so."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError, SensorError
from sentio_sensors.runtime.backoff import FIRST, LARGEST, Backoff
from sentio_sensors.runtime.beat import Beat
from sentio_sensors.runtime.chunk_validator import ChunkValidator
from sentio_sensors.runtime.silence_watchdog import SilenceWatchdog
from sentio_sensors.source import EndOfSource, Source
from sentio_sensors.stream import Chunk, StreamSpec

log = logging.getLogger(__name__)

READ = 0.1
"""Longest that one read waits, seconds: stopping and silence are noticed that soon."""

REOPEN_AFTER = 3.0
"""Seconds of silence after which a device is closed and opened again."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What a source is doing.

    Attributes:
        state: ``off``, ``opening``, ``on``, ``gap``, ``absent``, ``error`` or ``ended``.
        reasons: Short codes or a sentence.
        fix: What a person can do; may be empty.
        rate_hz: Samples a second that arrive, of the fastest stream; 0 until measured.
        age: Seconds since the last sample, or None before the first.
        drops: Samples that were taken out as unusable.
        lost: Samples that the device said were lost.
        reconnects: How often it had to be opened again.
    """

    state: str = "off"
    reasons: tuple[str, ...] = ()
    fix: str = ""
    rate_hz: float = 0.0
    age: float | None = None
    drops: int = 0
    lost: int = 0
    reconnects: int = 0


class Supervisor:
    """Runs one source on a thread of its own.

    Args:
        name: For the thread and for messages.
        source: What to run.
        clock: For the watchdog.
        on_streams: Told of the name and the streams after each opening.
        sink: Takes every clean chunk; called on the source's thread, must not block.
        on_state: Told of the name and status whenever the state changes.
        jitter: Random numbers in 0..1 for the waits.
        longest_wait: Seconds between two tries at most; short where a try costs little.
        rehearse: Called on the source's thread shortly before the next chunk of a regular source
            is due; or None.
    """

    def __init__(
        self,
        name: str,
        source: Source,
        *,
        clock: Clock,
        on_streams: Callable[[str, Sequence[StreamSpec]], None],
        sink: Callable[[Chunk], None],
        on_state: Callable[[str, SourceStatus], None],
        jitter: Callable[[], float] = random.random,
        longest_wait: float = LARGEST,
        rehearse: Callable[[], None] | None = None,
    ) -> None:
        self._name = name
        self._source = source
        self._clock = clock
        self._on_streams = on_streams
        self._sink = sink
        self._on_state = on_state
        self._rehearse = rehearse
        self._beat = Beat()
        self._backoff = Backoff(jitter, min(FIRST, longest_wait), longest_wait)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"sentio-{name}", daemon=True)
        self._status = SourceStatus()
        self._checks: dict[str, ChunkValidator] = {}
        self._dogs: dict[str, SilenceWatchdog] = {}
        self._last: float | None = None

    def start(self) -> None:
        """Begin to open the source; returns at once."""
        self._thread.start()

    def stop(self, timeout: float = 1.0) -> None:
        """Close the source and end the thread; waits at most ``timeout`` seconds."""
        self._stopping.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    @property
    def status(self) -> SourceStatus:
        """What the source is doing now; callable from any thread."""
        last = self._last
        checks = list(self._checks.values())
        return replace(
            self._status,
            rate_hz=max((check.rate_hz for check in checks), default=0.0),
            age=None if last is None else self._clock.now() - last,
            drops=sum(check.rejected for check in checks),
        )

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._say("opening")
            try:
                self._session()
            except EndOfSource:
                self._say("ended", ("end_of_file",))
                return
            except AbsentError as error:
                self._say("absent", (error.what,), error.fix)
            except DisconnectedError as error:
                self._say("gap", (error.what,), error.fix)
            except SensorError as error:
                self._say("error", (error.what,), error.fix)
            except Exception as error:
                log.exception("%s failed", self._name)
                self._say("error", (f"{type(error).__name__}: {error}",), "please report this")
            finally:
                self._source.close()
            if self._stopping.wait(self._backoff.wait()):
                break
            self._status = replace(self._status, reconnects=self._status.reconnects + 1)
        self._say("off")

    def _session(self) -> None:
        """Open the source and read until it fails, ends, stays silent or we stop."""
        specs = self._source.open()
        now = self._clock.now()
        self._checks = {spec.id: ChunkValidator(spec) for spec in specs}
        self._dogs = {spec.id: SilenceWatchdog(spec.rate_hz, now) for spec in specs}
        self._on_streams(self._name, specs)
        self._beat = Beat()
        while not self._stopping.is_set():
            chunks = self._source.read(self._patience())
            now = self._clock.now()
            for chunk in chunks:
                self._pass_on(chunk, now)
            self._follow_beat(bool(chunks), now)
            self._watch(now)

    def _patience(self) -> float:
        """Return how long to wait for the next chunk, at most."""
        return max(0.0, min(READ, self._beat.moment - self._clock.now()))

    def _follow_beat(self, heard: bool, now: float) -> None:
        if self._rehearse is None:
            return
        if heard:
            self._beat.heard(now)
        elif now >= self._beat.moment:
            self._beat.rehearsed()
            self._rehearse()

    def _pass_on(self, chunk: Chunk, now: float) -> None:
        check = self._checks.get(chunk.stream)
        if check is None:
            return
        if chunk.lost:
            self._status = replace(self._status, lost=self._status.lost + chunk.lost)
        clean = check.clean(chunk, now)
        if clean is None:
            return
        self._dogs[chunk.stream].fed(now)
        self._last = now
        self._sink(clean)

    def _watch(self, now: float) -> None:
        silent = [id_ for id_, dog in self._dogs.items() if dog.silent(now)]
        if not silent:
            if self._last is not None or not self._dogs:
                self._backoff.reset()
                self._say("on")
            return
        reasons = tuple(f"no_samples:{id_}" for id_ in silent)
        trouble = [r for id_ in silent for r in self._checks[id_].trouble]
        self._say("gap", (*reasons, *dict.fromkeys(trouble)))
        if len(silent) == len(self._dogs) and all(
            dog.age(now) > REOPEN_AFTER for dog in self._dogs.values()
        ):
            raise DisconnectedError(f"{self._name} has sent nothing for {REOPEN_AFTER:g} s")

    def _say(self, state: str, reasons: tuple[str, ...] = (), fix: str = "") -> None:
        if self._status.state == "absent" and state == "opening":
            return  # trying again is no news until it succeeds
        if (state, reasons, fix) == (self._status.state, self._status.reasons, self._status.fix):
            return
        self._status = replace(self._status, state=state, reasons=reasons, fix=fix)
        try:
            self._on_state(self._name, self._status)
        except Exception:
            log.exception("%s: nobody could be told of %s", self._name, state)
