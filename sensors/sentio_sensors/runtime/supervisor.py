"""Keep one source running: open, read, check, notice silence, reconnect, report."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf

from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError, SensorError
from sentio_sensors.runtime.backoff import FIRST, LARGEST, Backoff
from sentio_sensors.runtime.chunk_validator import ChunkValidator
from sentio_sensors.runtime.silence_watchdog import SilenceWatchdog
from sentio_sensors.source import EndOfSource, Source
from sentio_sensors.stream import Chunk, StreamSpec

logger = logging.getLogger(__name__)

READ = 0.1
"""Longest that one read waits, seconds: stopping and silence are noticed that soon."""

FIXES = {
    "clock_offset": "stamp with the LSL clock in the sender; until then the correction is exact to "
    "some milliseconds",
    "not_finite": "its values are NaN: check the device and its contacts",
    "wrong_rate": "state the real rate in the sender, or check for lost samples; times are right",
}
"""What a person can do about a remark."""

REFUSED_WAIT = 10.0
"""Seconds until a device whose data cannot be used is tried again: it must change first."""

REOPEN_AFTER = 3.0
"""Seconds of silence after which a device is closed and opened again."""

NO_NUMBERS = ("not_finite",)
"""Trouble of a device that works and sends NaN: opening it again changes nothing."""


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """What a source is doing; the four counts are sums since the start of the sidecar.

    Attributes:
        state: ``off``, ``opening``, ``on``, ``gap``, ``absent``, ``error`` or ``ended``.
        reasons: Short codes or a sentence.
        fix: What a person can do; may be empty.
        rate_hz: Samples a second that arrive, of the fastest stream; 0 until measured.
        age: Seconds since the last sample, or None before the first.
        drops: Samples that were taken out as unusable.
        lost: Samples that the device reported as lost.
        reconnects: How often samples came again after the device was lost.
        defects: Exceptions that should not happen, caught and logged.
        silent: Ids of the streams that have stopped, while others may go on.
    """

    state: str = "off"
    reasons: tuple[str, ...] = ()
    fix: str = ""
    rate_hz: float = 0.0
    age: float | None = None
    drops: int = 0
    lost: int = 0
    reconnects: int = 0
    defects: int = 0
    silent: tuple[str, ...] = ()


class Supervisor:
    """Runs one source on a thread of its own, which alone opens and closes the device.

    ``open`` and ``close`` only set what is wanted and return at once. The thread follows: it
    never opens a device before the one it opened last is closed, however long that takes.

    Args:
        name: For the thread and for messages.
        make: Builds the source; called again after each ``open``, on the source's thread.
        clock: For the watchdog.
        on_streams: Takes the streams after each opening of the device.
        sink: Takes every clean chunk; called on the source's thread, must not block.
        on_state: Called whenever the status has changed.
        jitter: Random numbers in 0..1 for the waits.
        longest_wait: Seconds between two tries at most; short where a try costs little.
    """

    def __init__(
        self,
        name: str,
        make: Callable[[], Source],
        *,
        clock: Clock,
        on_streams: Callable[[Sequence[StreamSpec]], None],
        sink: Callable[[Chunk], None],
        on_state: Callable[[], None],
        jitter: Callable[[], float] = random.random,
        longest_wait: float = LARGEST,
    ) -> None:
        self._name = name
        self._make = make
        self._clock = clock
        self._on_streams = on_streams
        self._sink = sink
        self._on_state = on_state
        self._jitter = jitter
        self._longest_wait = longest_wait
        self._backoff = self._fresh_backoff()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._ending = False
        self._wanted = 0  # number of the opening that is wanted; 0 for closed
        self._openings = 0
        self._served = 0  # number of the opening that the thread handled last
        self._status = SourceStatus()
        self._checks: dict[str, ChunkValidator] = {}
        self._dropped = 0  # by former checks
        self._dogs: dict[str, SilenceWatchdog] = {}
        self._remarks: dict[str, tuple[str, ...]] = {}
        self._arrivals: dict[str, float] = {}
        self._empty: dict[str, float] = {}  # when a stream had NaN alone
        self._last: float | None = None
        self._lost = False
        self._refused = False
        self._defects = 0
        self._defect = ""
        self._problem = ""

    def open(self) -> None:
        """Request that the source is opened; returns at once."""
        with self._changed:
            if self._wanted or self._ending:
                return
            self._openings += 1
            self._wanted = self._openings
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name=f"sentio-{self._name}", daemon=True
                )
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Request that the source is closed; returns at once."""
        with self._changed:
            self._wanted = 0
            self._changed.notify()

    def stop(self, timeout: float = 1.0) -> None:
        """Close the source and end the thread; waits at most ``timeout`` seconds."""
        with self._changed:
            self._wanted = 0
            self._ending = True
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout)

    @property
    def status(self) -> SourceStatus:
        """What the source is doing now; callable from any thread."""
        wanted = self._wanted
        with self._changed:
            checks, before = list(self._checks.values()), self._dropped
        drops = before + sum(check.rejected for check in checks)
        status = replace(self._status, drops=drops, defects=self._defects)
        if not wanted:
            return replace(status, state="off", reasons=(), fix="")
        if wanted != self._served:
            reasons = ("closing_first",) if self._served else ()
            return replace(_counts(status), state="opening", reasons=reasons)
        last = self._last
        return replace(
            status,
            rate_hz=max((check.rate_hz for check in checks), default=0.0),
            age=None if last is None else self._clock.now() - last,
        )

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(
                    lambda: self._ending or self._wanted not in (0, self._served)
                )
                if self._ending:
                    return
                self._served = self._wanted
                self._status = _counts(self._status)
            self._last, self._lost, self._refused = None, False, False
            self._renew_checks(())
            self._dogs, self._remarks, self._arrivals, self._empty = {}, {}, {}, {}
            self._backoff = self._fresh_backoff()
            self._serve()
            if not self._is_wanted():
                self._report()

    def _serve(self) -> None:
        """Keep the source running until it ends or is not wanted any more."""
        source: Source | None = None
        while self._is_wanted():
            self._set("opening")
            self._refused = False
            try:
                source = source or self._make()
                self._read(source)
            except EndOfSource:
                self._set("ended", ("end_of_file",))
            except AbsentError as error:
                self._set("absent", (error.what,), error.fix)
            except DisconnectedError as error:
                self._set("gap", (error.what,), error.fix)
            except SensorError as error:
                self._refused = isinstance(error, FormatError)
                self._set("error", (error.what,), error.fix)
            except Exception as error:  # a defect costs this source, until it is opened again
                self._caught("it failed", error)
                self._set("error", (f"{type(error).__name__}: {error}",), "please report this")
            finally:
                self._close(source)
            if self._status.state == "ended":
                return
            with self._changed:
                wait = max(self._backoff.wait(), REFUSED_WAIT if self._refused else 0.0)
                self._changed.wait_for(lambda: not self._is_wanted(), wait)
            # A try that gives no samples is not a reconnection: the device may still be away.
            self._lost = self._last is not None

    def _read(self, source: Source) -> None:
        """Open the source and read until it fails, ends, stays silent or is not wanted."""
        specs = source.open()
        now = self._clock.now()
        self._remarks = {}
        self._renew_checks(specs)
        before = {id_: dog.interval for id_, dog in self._dogs.items()}
        self._dogs = {
            spec.id: SilenceWatchdog(spec.rate_hz, now, before.get(spec.id, 0.0)) for spec in specs
        }
        self._on_streams(specs)
        while self._is_wanted():
            chunks = source.read(READ)
            now = self._clock.now()
            for chunk in chunks:
                self._pass_on(chunk, now)
            self._watch(now)

    def _renew_checks(self, specs: Sequence[StreamSpec]) -> None:
        """Check these streams from now on; what the others rejected is kept in the sum."""
        with self._changed:
            self._dropped += sum(check.rejected for check in self._checks.values())
            self._checks = {spec.id: ChunkValidator(spec) for spec in specs}

    def _close(self, source: Source | None) -> None:
        if source is None:
            return
        try:
            source.close()
        except Exception as error:  # another try opens it again
            self._caught("it could not be closed", error)

    def _is_wanted(self) -> bool:
        return self._wanted == self._served

    def _fresh_backoff(self) -> Backoff:
        return Backoff(self._jitter, min(FIRST, self._longest_wait), self._longest_wait)

    def _pass_on(self, chunk: Chunk, now: float) -> None:
        check = self._checks.get(chunk.stream)
        if check is None:
            return
        if chunk.lost:
            self._status = replace(self._status, lost=self._status.lost + chunk.lost)
        clean = check.clean(chunk, now)
        if clean is None:
            if check.trouble == NO_NUMBERS:
                self._empty[chunk.stream] = now
            return
        self._last = now
        if self._lost:
            self._lost = False
            self._status = replace(self._status, reconnects=self._status.reconnects + 1)
        self._sink(clean)
        # What its frame does not need follows.
        if clean.stamps is not None:
            self._remarks[chunk.stream] = clean.stamps.remarks
        # Chunks may be further apart than a silent device is left open.
        self._dogs[chunk.stream].fed(now, self._arrivals.get(chunk.stream))
        self._arrivals[chunk.stream] = now

    def _watch(self, now: float) -> None:
        silent = [id_ for id_, dog in self._dogs.items() if dog.silent(now)]
        if not silent:
            if self._last is not None or not self._dogs:
                self._backoff.reset()
                self._set("on", *self._remarked())
            return
        reasons = tuple(f"no_samples:{id_}" for id_ in silent)
        trouble = [r for id_ in silent for r in self._checks[id_].trouble]
        fix = FIXES["not_finite"] if "not_finite" in trouble else ""
        self._set("gap", (*reasons, *dict.fromkeys(trouble)), fix, tuple(silent))
        # Irregular streams, such as markers, do not show that a device lives.
        regular = [id_ for id_, dog in self._dogs.items() if dog.regular]
        if all(self._is_dead(id_, now) for id_ in regular):
            raise DisconnectedError(f"{self._name} has sent nothing for {REOPEN_AFTER:g} s")

    def _is_dead(self, stream: str, now: float) -> bool:
        """Return whether a stream has sent nothing for long, NaN neither."""
        dog, empty = self._dogs[stream], now - self._empty.get(stream, -inf)
        return dog.silent(now) and min(dog.age(now), empty) > REOPEN_AFTER

    def _remarked(self) -> tuple[tuple[str, ...], str]:
        """Return what is noteworthy about streams that work, and what to do."""
        found = dict.fromkeys(code for codes in self._remarks.values() for code in codes)
        for check in self._checks.values():
            if check.off_rate and not any(code.startswith("wrong_rate") for code in found):
                found[f"wrong_rate:{check.nominal_hz:g}:{check.rate_hz:.4g}"] = None
            found |= dict.fromkeys(f"not_finite:{label}" for label in check.unknown[:8])
        fix = next((FIXES[code.split(":")[0]] for code in found if code.split(":")[0] in FIXES), "")
        return tuple(found), fix

    def _set(
        self,
        state: str,
        reasons: tuple[str, ...] = (),
        fix: str = "",
        silent: tuple[str, ...] = (),
    ) -> None:
        if state == "opening" and (self._status.state in ("absent", "gap") or self._refused):
            return  # another try of such a device is not a change until it succeeds
        if (state, reasons, fix) == (self._status.state, self._status.reasons, self._status.fix):
            return
        self._status = replace(self._status, state=state, reasons=reasons, fix=fix, silent=silent)
        self._log(state, ", ".join(reasons), fix)
        self._report()

    def _log(self, state: str, why: str, fix: str) -> None:
        """Log a change; a problem that each try meets again is logged once."""
        problem = state in ("absent", "error", "gap")
        line = (
            f"{self._name} is {state}" + (f": {why}" if why else "") + (f" ({fix})" if fix else "")
        )
        if state == "opening" or line == self._problem:
            logger.debug("%s", line)
            return
        self._problem = line if problem else ""
        logger.log(logging.WARNING if problem else logging.INFO, "%s", line)

    def _report(self) -> None:
        try:
            self._on_state()
        except Exception as error:  # a defect of the callback must not end the source
            self._caught("its state callback failed", error)

    def _caught(self, what: str, error: Exception) -> None:
        """Count a defect; the same one again, at each try, is not logged again."""
        self._defects += 1
        defect = f"{what}: {type(error).__name__}: {error}"
        if defect != self._defect:
            self._defect = defect
            logger.error("%s: %s", self._name, what, exc_info=error)


def _counts(status: SourceStatus) -> SourceStatus:
    """Return a new status with the counts of another one."""
    return SourceStatus(lost=status.lost, reconnects=status.reconnects, defects=status.defects,
                        drops=status.drops)  # fmt: skip
