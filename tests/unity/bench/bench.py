"""Run the Unity benchmarks under Mono and print their figures.

Usage: ``python bench.py [SUITE ...] [--rounds N]``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import timeit
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[up]) for up in (0, 1, 3)]
import bare  # noqa: E402
import build  # noqa: E402
import peers  # noqa: E402

from sentio_bridge.protocol.codec import decode_affect, encode_affect  # noqa: E402

Figure = dict[str, Any]
LIMIT = 900.0
"""Seconds that one run of Bench.exe may take."""


class Bench:
    """The compiled benchmarks."""

    def __init__(self, folder: Path) -> None:
        self.program = folder / "Bench.exe"
        build.core(folder)
        build.bench(folder)

    def command(self, *arguments: object) -> list[str]:
        """The command of one suite."""
        return ["mono", str(self.program), *map(str, arguments)]

    def environment(self, token: str = "") -> dict[str, str]:
        """Environment with the path of the vectors and the client's token."""
        vectors = str(build.ROOT / "tests/vectors")
        return {**os.environ, "SENTIO_VECTORS": vectors, "SENTIO_BENCH_TOKEN": token}

    def run(self, *arguments: object, token: str = "") -> list[Figure]:
        """Run one suite; return its figures.

        Raises:
            SystemExit: It failed, with what it output.
        """
        done = subprocess.run(
            self.command(*arguments),
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
            env=self.environment(token),
        )
        if done.returncode:
            suite = " ".join(map(str, arguments))
            raise SystemExit(f"{suite}: rc {done.returncode}\n{done.stdout}{done.stderr[-3000:]}")
        # Mono may print lines of its own.
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def decode(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Cost of decoding a state, beside the sidecar's cost of encoding it."""
    count = 50_000
    messages = {"decode": peers.FULL, "decode_evidence": peers.EVERYTHING}
    for figure in bench.run("decode", rounds or 200_000):
        frame = decode_affect(messages[figure["suite"]])
        best = min(timeit.repeat(partial(encode_affect, frame), number=count, repeat=3)) / count
        ratio = figure["microseconds"] / (1e6 * best)
        yield figure | {"sidecar_encode_us": round(1e6 * best, 2), "ratio": round(ratio, 2)}


def flood(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Allocations of states received through a socket."""
    with peers.flood() as ports:
        yield from bench.run("flood", *ports, rounds or 200_000)


def latency(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Measure publisher to mailbox at 200 Hz, with and without libzmq.

    libzmq's own subscriber is measured beside it.
    """
    count = rounds or 2_000
    with peers.publisher(200.0) as ports:
        (figure,) = bench.run("latency", *ports, count)
        libzmq = peers.libzmq_delay(ports[0], count)
    with bare.publisher(200.0) as ports:
        (alone,) = bench.run("latency", *ports, count)
        floor = bare.delay(ports[0], count)
    yield figure | {
        "libzmq_subscriber_p50_us": round(1e6 * libzmq, 1),
        "bare_publisher_p50_us": alone["p50_us"],
        "bare_both_p50_us": round(1e6 * floor, 1),
    }


def drain(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Cost of a game's frame with a running sidecar."""
    with peers.Sidecar() as sidecar:
        yield from bench.run("drain", *sidecar.ports, rounds or 3_600)


def malformed(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Malformed bytes."""
    yield from bench.run("malformed", rounds or 100_000)


def dispose(bench: Bench, rounds: int) -> Iterator[Figure]:
    """Time to stop, from every state and by an unloaded domain."""
    count = rounds or 50
    for name, peer, wanted, settle, requests, token in STATES:
        with peer() as ports:
            for how in ("", "domain-"):
                if not (how and wanted == "Off"):
                    given = (how + wanted, *ports, count, settle, requests)
                    for figure in bench.run("dispose", *given, token=token):
                        yield figure | {"state": name}


@contextlib.contextmanager
def guarded() -> Iterator[tuple[int, int]]:
    """A sidecar that requires a token."""
    from sentio_bridge.config.presets import DEMO

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentio.toml"
        path.write_text(DEMO + '\n[sidecar]\ntoken = "open sesame"\n', encoding="utf-8")
        with peers.Sidecar(None, "--config", str(path)) as sidecar:
            yield sidecar.ports


@contextlib.contextmanager
def closed() -> Iterator[tuple[int, int]]:
    """Closed ports."""
    yield peers.free_ports()


Peer = Callable[[], contextlib.AbstractContextManager[tuple[int, int]]]
STATES: list[tuple[str, Peer, str, int, int, str]] = [
    ("just made", closed, "Off", 0, 0, ""),
    ("no sidecar, waiting to reconnect", closed, "Connecting", 400, 0, ""),
    (
        "connecting to a peer that never accepts",
        lambda: peers.rude("full"),
        "Connecting",
        400,
        0,
        "",
    ),
    ("accepted, no greeting", lambda: peers.rude("silent"), "Connecting", 400, 0, ""),
    ("greeted, no handshake", lambda: peers.rude("greeting"), "Connecting", 400, 0, ""),
    ("garbage instead of a greeting", lambda: peers.rude("garbage"), "Refused", 50, 0, ""),
    ("live at 60 Hz", lambda: peers.publisher(60.0), "Live", 50, 0, ""),
    ("live, flooded", peers.flood, "Live", 50, 0, ""),
    ("up, but silent", lambda: peers.publisher(0.0), "Silent", 0, 0, ""),
    ("100 requests without answers", lambda: peers.publisher(60.0), "Live", 20, 100, ""),
    ("refused: another version", lambda: peers.publisher(60.0, version=2), "Refused", 20, 0, ""),
    ("refused: wrong token", guarded, "Refused", 20, 0, "wrong"),
]
"""Name, peer, link state to wait for, milliseconds in it, requests asked, token."""


def reconnect(bench: Bench, rounds: int) -> Iterator[Figure]:
    """A real sidecar is killed and restarted; from listening to its first state."""
    yield restarted(bench, peers.Sidecar(), rounds or 200, 0.3)


def restart(bench: Bench, rounds: int) -> Iterator[Figure]:
    """The same with only a sidecar's sockets, closed for up to three seconds."""
    yield restarted(bench, peers.Stand(), rounds or 200, 3.0)


def restarted(
    bench: Bench, peer: peers.Sidecar | peers.Stand, count: int, longest: float
) -> Figure:
    """Restart `peer` with random pauses, and read the client's output."""
    pause = random.Random(3)
    game = subprocess.Popen(
        bench.command("links", *peer.ports),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=bench.environment(),
    )
    assert game.stdin is not None
    assert game.stdout is not None
    states, lost = [], []
    try:
        for _ in range(count):
            listened = peer.start()
            states.append(until(game, lambda line: "epoch" in line) - listened)
            killed = time.monotonic()
            peer.kill()
            lost.append(until(game, lambda line: line.get("link") == "Lost") - killed)
            time.sleep(pause.uniform(0.0, longest))
    finally:
        peer.kill()
        game.stdin.close()
        game.wait(20)
        game.stdout.close()
    return {
        "suite": f"restart of a {type(peer).__name__.lower()}",
        "rounds": count,
        **{f"first_state_{name}_s": value for name, value in spread(states).items()},
        **{f"reported_lost_{name}_s": value for name, value in spread(lost).items()},
    }


def until(game: subprocess.Popen[str], condition: Callable[[Figure], bool]) -> float:
    """Read the game's output until a line fulfils `condition`; return the line's time."""
    assert game.stdout is not None
    for line in game.stdout:
        figure = json.loads(line)
        if condition(figure):
            return float(figure["at"])
    raise SystemExit("the game ended")


def spread(values: list[float]) -> dict[str, float]:
    """Median, p99 and largest."""
    ordered = sorted(values)
    at = min(len(ordered) - 1, int(0.99 * len(ordered)))
    picked = {"p50": ordered[len(ordered) // 2], "p99": ordered[at], "max": ordered[-1]}
    return {name: round(value, 4) for name, value in picked.items()}


SUITES: dict[str, Callable[[Bench, int], Iterator[Figure]]] = {
    "decode": decode,
    "flood": flood,
    "latency": latency,
    "drain": drain,
    "malformed": malformed,
    "dispose": dispose,
    "restart": restart,
    "reconnect": reconnect,
}


def main() -> None:
    """Run the suites that are named, or all; one line of JSON for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", default=list(SUITES), metavar="SUITE")
    parser.add_argument("--rounds", type=int, default=0, help="instead of each suite's own count")
    options = parser.parse_args()
    if build.missing():
        sys.exit(build.missing())
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors", flush=True)
    with tempfile.TemporaryDirectory(prefix="sentio_bench_") as folder:
        bench = Bench(Path(folder))
        for suite in options.suites:
            for figure in SUITES[suite](bench, options.rounds):
                print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
