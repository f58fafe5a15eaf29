"""Fuzz decoders: ``python -m benchmarks.fuzz --seconds N [TARGET ...]``.

It needs atheris. Each target runs in a process of its own; its corpus stays in
``.cache/fuzz/TARGET``. A fault is written there as ``crash-...`` and ends the run with code 1.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
from pathlib import Path

from benchmarks.fuzz.targets import TARGETS

CORPORA = Path(__file__).parents[3] / ".cache" / "fuzz"

PACKAGES = ("sentio_bridge", "sentio_models", "sentio_recording", "sentio_sensors")
"""Packages whose branches guide the fuzzer."""


def one(name: str, seconds: int, corpora: Path) -> None:
    """Fuzz one target in this process; does not return."""
    import atheris

    target = TARGETS[name]
    with atheris.instrument_imports(include=list(PACKAGES)):
        seeds = target.seeds()
        for seed in seeds:
            target.decode(seed)  # imports what it needs
    folder = corpora / name
    folder.mkdir(parents=True, exist_ok=True)
    for seed in seeds:
        (folder / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    options = [f"-max_total_time={seconds}", "-max_len=8192", "-rss_limit_mb=2048", "-timeout=20"]
    atheris.Setup(
        [sys.argv[0], *options, f"-artifact_prefix={folder}/", "-print_final_stats=1", str(folder)],
        target.decode,
    )
    atheris.Fuzz()


def main() -> int:
    """Fuzz the chosen targets, one after the other; return the exit code."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("targets", nargs="*", help=f"some of {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--corpora", type=Path, default=CORPORA)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if unknown := set(chosen.targets) - set(TARGETS):
        parser.error(f"unknown target {sorted(unknown)[0]}; known: {', '.join(TARGETS)}")
    if chosen.one:
        one(chosen.targets[0], chosen.seconds, chosen.corpora)
    try:
        import atheris  # noqa: F401
    except ImportError:
        parser.exit(2, "atheris is not installed: pip install atheris (Linux, Python to 3.13)\n")
    failed = []
    for name in chosen.targets or TARGETS:
        command = [sys.executable, "-m", "benchmarks.fuzz", "--one", name]
        command += ["--seconds", str(chosen.seconds), "--corpora", str(chosen.corpora)]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        runs = [line for line in done.stderr.splitlines() if "number_of_executed_units" in line]
        print(f"{name}: {runs[0].split()[-1] if runs else '?'} runs, code {done.returncode}")
        if done.returncode:
            print(done.stderr[-3000:])
            failed.append(name)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
