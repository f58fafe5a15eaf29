"""Steps of programs beside the sidecar."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.faults.steps import Clock, FaultError, Measures, Step
from benchmarks.faults.world import DEADLINE, TOKEN, World
from benchmarks.stopwatch import Stopwatch
from sentio_bridge.protocol import codec
from sentio_bridge.transport.client import Requester, Subscription

ADDON = Path(__file__).parents[3] / "godot_addon"

ENGINE = 120.0
"""Seconds that a run of Godot may take on a busy machine."""

BUSY = "import sys, time\nend = time.monotonic() + float(sys.argv[1])\n"
BUSY += "while time.monotonic() < end: pass"


def second_sidecar(
    world: World, clock: Clock, contains: list[str], config: str = "", code: int = 0
) -> Measures:
    """Start a sidecar that must end by itself with a message."""
    path = world.folder / "second.toml"
    text = f"[sidecar]\nstate_port = {world.ports[0]}\ncontrol_port = {world.ports[1]}\n"
    path.write_text(world.fill(config) or text, encoding="utf-8")
    clock.mark()
    done = subprocess.run(
        [sys.executable, "-m", "sentio_bridge", "run", "--config", str(path), "--quiet"],
        capture_output=True, text=True, timeout=DEADLINE, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    output = done.stderr + done.stdout
    absent = [word for word in contains if world.fill(word) not in output]
    if (
        done.returncode == 0
        or (code and done.returncode != code)
        or absent
        or "Traceback" in output
    ):
        raise FaultError(f"ended with {done.returncode}, without {absent}: {output[-300:]}")
    return {"exit_code": done.returncode, "ended_s": round(time.monotonic() - clock.injected, 1)}


def reconnects(world: World, clock: Clock, times: int, within: float) -> Measures:
    """Connect a new subscriber again and again; each has a frame within a time."""
    clock.mark()
    took = []
    for _ in range(times):
        before, watch = time.monotonic(), Stopwatch(world.pids)
        with Subscription(world.state, [b"affect/"], TOKEN) as sub:
            if sub.receive(DEADLINE) is None or watch.elapsed() > within:
                raise FaultError(f"no frame within {within} s of connecting")
        took.append(time.monotonic() - before)
    return {"connections": times, "first_frame_p99_s": round(float(np.percentile(took, 99)), 3)}


def restarts(world: World, clock: Clock, times: int, within: float) -> Measures:
    """Kill and start the sidecar; the listener receives the new epoch's frames."""
    took = []
    for _ in range(times):
        epochs = {frame.epoch for frame in world.listener.frames}
        world.sidecar.kill()
        world.sidecar.wait(DEADLINE)
        world.sidecar = world.start_sidecar()
        ready, watch = time.monotonic(), Stopwatch(world.pids)
        while not any(frame.epoch not in epochs for frame in list(world.listener.frames)):
            if watch.elapsed() > within:
                raise FaultError(f"the listener has no frame {within} s after the restart")
            time.sleep(0.01)
        took.append(time.monotonic() - ready)
    order = [frame.epoch for frame in world.listener.frames]
    changes = sum(a != b for a, b in zip(order, order[1:], strict=False))
    if changes != times:
        raise FaultError(f"{times} restarts, but the epoch changed {changes} times: frames mixed")
    clock.mark()
    return {"restarts": times, "back_s": round(max(took), 2)}


def busy(world: World, clock: Clock, processes: int, seconds: float, nice: int) -> Measures:
    """Run processes that use every core, beside a sidecar of lower priority."""
    _prioritise(world, nice)
    clock.mark()
    running = [
        subprocess.Popen([sys.executable, "-c", BUSY, str(seconds)]) for _ in range(processes)
    ]
    for process in running:
        process.wait()
    frames = world.listener.since(clock.injected)
    _prioritise(world, 0)
    clock.mark()
    return {"busy_frames_hz": round(len(frames) / seconds, 1)}


def withdrawals(world: World, clock: Clock, sensor: str, times: int, seed: int = 1) -> Measures:
    """Withdraw and grant at random moments; nothing is captured after the reply."""
    rng = random.Random(seed)
    late = 0.0
    purposes = ["adapt", "record", "record_raw"]
    with (
        Requester(world.control, TOKEN, timeout=DEADLINE) as requester,
        Subscription(world.state, [b"raw/"], TOKEN, backlog=True) as sub,
    ):
        for _ in range(times):
            requester.call("consent", action="grant", sensor=sensor, purposes=purposes)
            sub.receive(5.0)
            time.sleep(rng.uniform(0.05, 0.4))
            requester.call("consent", action="withdraw", sensor=sensor)
            done = time.monotonic()
            while time.monotonic() < done + 0.4:
                message = sub.receive(0.1)
                body = codec.decode_map(codec.split_message(message)[2]) if message else {}
                if body.get("role") == sensor:
                    captured = np.frombuffer(body["t"], "<f8")
                    late = max(late, float(captured.max(initial=done)) - done)
    if late > 0:
        raise FaultError(f"a sample was captured {late:.3f} s after the withdrawal")
    return {"withdrawals": times, "latest_sample_s": round(late, 3)}


def full_queue(world: World, clock: Clock, count: int) -> Measures:
    """Send many slow requests at once; each is done or refused as ``busy``."""
    import zmq

    clock.mark()
    replies: list[dict[str, Any]] = []
    with zmq.Context() as context, context.socket(zmq.DEALER) as dealer:
        dealer.setsockopt(zmq.LINGER, 0)
        dealer.setsockopt_string(zmq.PLAIN_USERNAME, "sentio")
        dealer.setsockopt_string(zmq.PLAIN_PASSWORD, TOKEN)
        dealer.connect(world.control)
        for number in range(count):
            fields = {"id": number, "op": "profile", "action": "list"}
            dealer.send(codec.encode_body(fields))
        while len(replies) < count and dealer.poll(int(DEADLINE * 1000)):
            replies.append(codec.decode_map(dealer.recv_multipart()[-1]))
    codes = [reply["error"]["code"] for reply in replies if not reply["ok"]]
    if len(replies) < count or set(codes) - {"busy"}:
        raise FaultError(f"{len(replies)} replies to {count} requests, refused as {set(codes)}")
    return {"done": len(replies) - len(codes), "busy": len(codes)}


def cpu(world: World, clock: Clock, seconds: float, most: float) -> Measures:
    """Measure the sidecar's share of a core; it must not loop."""
    before = world.process.cpu_times()
    time.sleep(seconds)
    after = world.process.cpu_times()
    share = (after.user + after.system - before.user - before.system) / seconds
    if share > most:
        raise FaultError(f"the sidecar uses {share:.0%} of a core")
    return {"cpu": round(share, 3)}


def searches(world: World, clock: Clock, seconds: float) -> Measures:
    """Search for devices twice at once; other requests are answered meanwhile."""
    done: list[float] = []

    def search() -> None:
        with Requester(world.control, TOKEN, timeout=DEADLINE) as requester:
            requester.devices(seconds=seconds)
            done.append(time.monotonic())

    clock.mark()
    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    slowest = 0.0
    watch = Stopwatch(world.pids)
    while any(thread.is_alive() for thread in threads):
        watch.restart()
        world.requester.call("time")
        slowest = max(slowest, watch.elapsed())
        time.sleep(0.05)
    if len(done) < 2 or slowest > 1.0:
        raise FaultError(f"{len(done)} of 2 searches ended, a reply took {slowest:.2f} s")
    return {"slowest_reply_s": round(slowest, 3)}


def engine(world: World, clock: Clock, test: str) -> Measures:
    """Run a test of the Godot addon beside the sidecar."""
    program = godot()
    if program is None:
        raise FaultError("no Godot")
    start = [program, "--headless", "--path", str(ADDON)]
    if not (ADDON / ".godot").exists():
        subprocess.run([*start, "--import"], capture_output=True, check=False, timeout=ENGINE)
    clock.mark()
    done = subprocess.run(
        [*start, "-s", "tests/run.gd", "--", test],
        capture_output=True, text=True, errors="replace", check=False, timeout=ENGINE,
    )  # fmt: skip
    result = done.stdout.strip().rpartition("\n")[2]
    if done.returncode != 0 or not result.endswith(" passed, 0 failed"):
        raise FaultError(f"{test}: {(done.stdout + done.stderr)[-300:]}")
    return {"checks": int(result.partition(" ")[0])}


def godot() -> str | None:
    """Return the Godot of ``SENTIO_GODOT``, the checkout or the PATH, if any."""
    cached = ADDON.parent / ".cache/godot/godot"
    chosen = os.environ.get("SENTIO_GODOT") or (str(cached) if cached.exists() else None)
    return chosen or shutil.which("godot")


def _prioritise(world: World, nice: int) -> None:
    for thread in Path(f"/proc/{world.sidecar.pid}/task").iterdir():
        os.setpriority(os.PRIO_PROCESS, int(thread.name), nice)


STEPS: dict[str, Step] = {
    "second_sidecar": second_sidecar, "reconnects": reconnects, "restarts": restarts,
    "busy": busy, "withdrawals": withdrawals, "full_queue": full_queue, "cpu": cpu,
    "searches": searches, "engine": engine,
}  # fmt: skip
