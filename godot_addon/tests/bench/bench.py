"""Run the Godot benchmarks and print their figures.

Usage: ``python bench.py [SUITE ...] [--rounds N]``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SUITES = ("decode", "malformed", "frame", "latency", "reconnect")
LIMIT = 3000.0
"""Seconds that one suite may take: 200 restarts of a sidecar on a busy machine."""


def godot() -> str:
    """Find the engine: `SENTIO_GODOT`, the repository's cache, or the PATH."""
    cached = ROOT / ".cache/godot/godot"
    found = os.environ.get("SENTIO_GODOT") or (str(cached) if cached.exists() else None)
    found = found or shutil.which("godot")
    if not found:
        sys.exit("no Godot: set SENTIO_GODOT to its path, or put 'godot' on the PATH")
    return found


def prepare() -> None:
    """Let Godot learn the project's class names, once in a fresh clone."""
    project = ROOT / "godot_addon"
    if not (project / ".godot/global_script_class_cache.cfg").exists():
        command = [godot(), "--headless", "--path", str(project), "--import"]
        subprocess.run(command, capture_output=True, timeout=LIMIT, check=True)


def run(suite: str, rounds: int) -> bool:
    """Run one suite; print what it measured as lines of JSON."""
    command = [godot(), "--headless", "--path", str(ROOT / "godot_addon")]
    command += ["-s", "tests/bench/bench.gd", "--", suite]
    if rounds:
        command.append(f"--rounds={rounds}")
    sidecar = str(Path(sys.executable).parent / "sentio")
    environment = {**os.environ, "SENTIO_COMMAND": os.environ.get("SENTIO_COMMAND", sidecar)}
    # Print where a sidecar crashes.
    environment["PYTHONFAULTHANDLER"] = "1"
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LIMIT,
        check=False,
        env=environment,
    )
    for line in done.stdout.splitlines():
        if line.startswith("FIGURE "):
            print(json.dumps(json.loads(line.removeprefix("FIGURE "))), flush=True)
    failed = [line for line in done.stderr.splitlines() if "FAILED" in line or "SCRIPT" in line]
    for line in failed[:5]:
        print(line, file=sys.stderr)
    return done.returncode == 0 and not failed


def main() -> int:
    """Run the suites that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("suites", nargs="*", default=list(SUITES))
    parser.add_argument("--rounds", type=int, default=0, help="instead of each suite's own count")
    options = parser.parse_args()
    prepare()
    load = os.getloadavg()[0]
    print(f"load {load:.1f} on {os.cpu_count()} processors", flush=True)
    good = [run(suite, options.rounds) for suite in options.suites]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
