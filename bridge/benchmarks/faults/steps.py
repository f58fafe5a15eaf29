"""Steps that any row can use: conditions, devices, signals and requests."""

from __future__ import annotations

import signal as signals
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.faults.listener import delays, longest_pause
from benchmarks.faults.world import DEADLINE, World
from benchmarks.stopwatch import Stopwatch

Measures = dict[str, Any]

Step = Callable[..., Measures]

POLL = 0.05
"""Seconds between two looks at the status."""


class FaultError(Exception):
    """The product did not behave as expected."""


class Clock:
    """Time of the injection that conditions count from.

    Attributes:
        injected: Time of the newest injection (LSL clock).
        watch: Time since the injection that the machine did not take; limits hold for it.
        on_first: Called just before the first injection.

    Args:
        pids: Returns the processes that a limit is about.
    """

    def __init__(self, pids: Callable[[], list[int]]) -> None:
        self.watch = Stopwatch(pids)
        self.injected = time.monotonic()
        self.on_first: Callable[[], None] | None = None

    def mark(self) -> None:
        """Note an injection."""
        first, self.on_first = self.on_first, None
        if first is not None:
            first()
        self.watch.restart()
        self.injected = time.monotonic()


def found(tree: Any, path: str) -> Any:
    """Return the value at a dotted path of maps and lists; None if it does not exist."""
    for key in path.split("."):
        if isinstance(tree, Mapping):
            tree = tree.get(key)
        elif isinstance(tree, list) and key.isdigit() and int(key) < len(tree):
            tree = tree[int(key)]
        else:
            return None
    return tree


def fits(value: Any, arguments: Mapping[str, Any]) -> bool:
    """Return whether a value fulfils its conditions.

    They are ``in``, ``min``, ``max``, ``contains``, ``has`` and ``lacks``.
    """
    if "in" in arguments:
        return value in arguments["in"]
    if "has" in arguments or "lacks" in arguments:
        codes = {str(code).partition(":")[0] for code in value or ()}
        return arguments.get("has", "") in codes | {""} and arguments.get("lacks") not in codes
    if "contains" in arguments:
        return arguments["contains"] in (value or "")
    if "min" in arguments or "max" in arguments:
        if not isinstance(value, int | float):
            return False
        return bool(arguments.get("min", value) <= value <= arguments.get("max", value))
    return value is not None


def until(world: World, clock: Clock, **arguments: Any) -> Measures:
    """Wait until the value at ``status`` fits; ``within`` counts from the injection."""
    path = arguments["status"]
    within = arguments.get("within")
    end = time.monotonic() + DEADLINE
    while True:
        value = found(world.status(), path)
        now = time.monotonic()
        if fits(value, arguments):
            took = round(now - clock.injected, 2)
            return {arguments["as"]: took} if "as" in arguments else {}
        if clock.watch.elapsed() > within if within else now > end:
            raise FaultError(f"{path} is {value!r} after {now - clock.injected:.1f} s")
        time.sleep(POLL)


def hold(world: World, clock: Clock, **arguments: Any) -> Measures:
    """Fail if the value at ``status`` does not fit during ``seconds``."""
    end = time.monotonic() + arguments["seconds"]
    while time.monotonic() < end:
        value = found(world.status(), arguments["status"])
        if not fits(value, arguments):
            raise FaultError(f"{arguments['status']} became {value!r}")
        time.sleep(POLL)
    return {}


def measure(world: World, clock: Clock, **arguments: Any) -> Measures:
    """Note the value at ``status`` now; fail if it does not fit."""
    value = found(world.status(), arguments["status"])
    if not fits(value, arguments):
        raise FaultError(f"{arguments['status']} is {value!r}")
    return {arguments["as"]: value} if "as" in arguments else {}


def event(world: World, clock: Clock, **arguments: Any) -> Measures:
    """Wait for an event of ``kind`` since the injection that has the data."""
    wanted: Mapping[str, Sequence[Any]] = arguments.get("data", {})
    within = arguments.get("within", DEADLINE)
    while True:
        for at, body in list(world.listener.events):
            matches = body["kind"] == arguments["kind"] and all(
                body["data"].get(key) in values for key, values in wanted.items()
            )
            if at >= clock.injected and matches and arguments.get("name") in (None, body["name"]):
                return {arguments.get("as", "event_s"): round(at - clock.injected, 2)}
        if clock.watch.elapsed() > within:
            raise FaultError(f"no event {arguments['kind']} {dict(wanted)} within {within} s")
        time.sleep(POLL)


def send(world: World, clock: Clock, device: str, line: str) -> Measures:
    """Send a line to a device; this is the injection."""
    pipe = world.devices[device].stdin
    assert pipe is not None
    clock.mark()
    pipe.write(line + "\n")
    pipe.flush()
    return {}


def signal(world: World, clock: Clock, process: str, name: str) -> Measures:
    """Send a signal to a device or to ``sidecar``; this is the injection."""
    target = world.sidecar if process == "sidecar" else world.devices[process]
    clock.mark()
    target.send_signal(signals.Signals[f"SIG{name}"])
    if name == "KILL":
        target.wait(DEADLINE)
    return {}


def start(world: World, clock: Clock, device: str) -> Measures:
    """Start a device, or ``sidecar`` again; times count from when it is ready."""
    if device == "sidecar":
        world.sidecar = world.start_sidecar()
    else:
        world.start(device, world.row.devices[device])
    clock.mark()
    return {}


def request(world: World, clock: Clock, **arguments: Any) -> Measures:
    """Send a request; ``error`` is the expected code, without it it must succeed."""
    fields = {k: v for k, v in arguments.items() if k not in ("error", "keep")}
    fields = {k: world.fill(v) if isinstance(v, str) else v for k, v in fields.items()}
    clock.mark()
    reply = world.requester.try_call(**fields)
    code = "" if reply["ok"] else reply["error"]["code"]
    if code != arguments.get("error", ""):
        raise FaultError(
            f"{fields['op']}: got {code or 'ok'}, expected {arguments.get('error', 'ok')}"
        )
    for name, path in arguments.get("keep", {}).items():
        world.values[name] = str(found(reply, path))
    return {}


def captured(world: World, clock: Clock, ahead: float) -> Measures:
    """Check that no frame's capture is later than its sending plus ``ahead`` s."""
    frames = [frame for frame in world.listener.frames if frame.captured is not None]
    most = max(((f.captured or 0.0) - f.sent for f in frames), default=float("inf"))
    if most > ahead:
        raise FaultError(
            f"of {len(frames)} frames, one was captured {most:.1f} s after it was sent"
        )
    return {"ahead_s": round(most, 3)}


def fresh(world: World, clock: Clock, most: float) -> Measures:
    """Check that samples since the injection were fresh when they were sent."""
    ages = [
        after.sent - after.captured
        for before, after in zip(world.listener.frames, world.listener.frames[1:], strict=False)
        if after.captured is not None
        and after.captured != before.captured
        and after.at >= clock.injected
    ]
    if not ages or max(ages) > most:
        raise FaultError(f"of {len(ages)} new samples, one was {max(ages, default=0):.1f} s old")
    return {"oldest_s": round(max(ages), 2)}


def wait(world: World, clock: Clock, seconds: float) -> Measures:
    """Let the fault last."""
    time.sleep(seconds)
    return {}


def mark(world: World, clock: Clock) -> Measures:
    """Count times from now on."""
    clock.mark()
    return {}


def listened(world: World, clock: Clock, **limits: float) -> Measures:
    """Check the frames: ``rate`` at least, ``p99_ms`` and ``pause`` at most.

    Those of the next ``seconds``; without it, those since the injection.
    """
    since, began = clock.injected, 0.0
    if "seconds" in limits:
        since, began = time.monotonic(), clock.watch.elapsed()
        time.sleep(limits["seconds"])
    frames = world.listener.since(since)
    seconds = time.monotonic() - since
    _, high = delays(frames)
    measured = {
        "frames_hz": round(len(frames) / seconds, 1),
        "p99_ms": round(high, 1),
        "longest_pause_s": round(longest_pause(frames), 2),
    }
    if len(frames) < limits.get("rate", 0.0) * (clock.watch.elapsed() - began):
        raise FaultError(f"only {measured['frames_hz']} frames a second")
    if high > limits.get("p99_ms", float("inf")):
        raise FaultError(f"99 % of the frames arrived within {high:.0f} ms")
    if longest_pause(frames, waits=False) > limits.get("pause", float("inf")):
        raise FaultError(f"{measured['longest_pause_s']} s without a frame")
    return dict(measured)


STEPS: dict[str, Step] = {
    "until": until, "hold": hold, "measure": measure, "event": event, "send": send,
    "signal": signal, "start": start, "request": request, "wait": wait, "mark": mark,
    "listened": listened, "captured": captured, "fresh": fresh,
}  # fmt: skip
