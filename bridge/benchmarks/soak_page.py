"""Page of the soak, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

HEAD = """\
# Soak
A sidecar with all modalities for hours, while a game, subscribers that read or never read, \
recordings, withdrawals and calibrations come and go, two at a time. Written {date} at {commit}. \
Repeat with `sentio bench --suite soak --hours 2 --face PICTURE`, or on a clock that runs ten \
times as fast with `--speed 10`.

- `speed 1`: a camera (MJPEG over loopback), a sound file, EEG over LSL and a simulated body, in \
the machine's time.
- a faster clock: the simulator, because devices keep their own time; every source, window and \
timer runs that many times as fast.

The slope is a least-squares line over the samples after the warm-up (a third of the run, at \
most an hour); its interval is the middle 95 % of 2,000 block bootstraps of the residuals.
"""


def write(runs: Sequence[Mapping[str, Any]], date: str, commit: str) -> str:
    """Return the page of one or more runs."""
    rows: list[tuple[str, Callable[[Mapping[str, Any]], str]]] = [
        ("hours", lambda r: f"{r['hours']:.2f}"),
        ("clock", lambda r: f"x {r['speed']:g}"),
        ("memory after warm-up and at the end, MB", lambda r: _pair(r["rss_mb"])),
        ("slope of memory, MB/h (goal under 1)", _slope),
        ("descriptors, least and most", lambda r: _pair(r["descriptors"])),
        ("threads, least and most", lambda r: _pair(r["threads"])),
        ("frames received, missing, malformed",
         lambda r: f"{r['frames']:,}, {r['gaps']}, {r['malformed']}"),
        ("longest time between two frames, s", lambda r: str(r["longest_pause_s"])),
        ("visits of clients", lambda r: f"{sum(r['visits'].values()):,}"),
        ("visits that failed", lambda r: _failed(r["failed_visits"])),
    ]  # fmt: skip
    lines = ["| |" + " |" * len(runs), "|---|" + "---|" * len(runs)]
    lines += [f"| {name} | {' | '.join(show(r) for r in runs)} |" for name, show in rows]
    return HEAD.format(date=date, commit=commit) + "\n" + "\n".join(lines) + "\n"


def _failed(visits: Mapping[str, str]) -> str:
    return "; ".join(f"{kind} {why}" for kind, why in visits.items()) or "0"


def _pair(values: Sequence[float]) -> str:
    return f"{values[0]:g}, {values[1]:g}"


def _slope(run: Mapping[str, Any]) -> str:
    low, high = run["rss_slope_interval"]
    goal = "" if run["rss_met"] else " **not met**"
    return f"{run['rss_slope_mb_h']:+.2f} ({low:+.2f} to {high:+.2f}){goal}"
