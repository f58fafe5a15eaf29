"""What a session was like, in plain words."""

from __future__ import annotations

import numpy as np

from sentio_bridge.affect.event_responses import Summary
from sentio_bridge.affect.mood import Mood, SessionSummary, across
from sentio_bridge.report.data import SessionData
from sentio_bridge.report.svg import clock
from sentio_models import AFFECT, MODALITIES

LIMITS = (
    "These are estimates of how a person might feel, drawn from signals that have other causes "
    "too: movement, warmth, caffeine, talking. They are not a diagnosis and not a lie detector.",
    "The shaded bands hold the true value about two times out of three, as far as the models' "
    "calibration carries. Where a line is missing, nothing was known.",
    "A response after a marker is compared with this person's quiet moments in the same session. "
    "It says that something changed, not that the marker caused it.",
    "Flow, boredom, frustration and anxiety rest on assumptions about games in general.",
)
"""What a reader must know before believing a page like this."""


def summarised(session: SessionData) -> SessionSummary:
    """Replay the session through the mood and return its summary."""
    mood = Mood()
    names = [n for n in (*AFFECT, *(f"{a}_sd" for a in AFFECT)) if n in session.values]
    for i, time in enumerate(session.times):
        found = {n: float(session.values[n][i]) for n in names}
        mood.update(float(time), {n: v for n, v in found.items() if np.isfinite(v)})
    return mood.summary()


def sentences(session: SessionData, summary: SessionSummary) -> list[str]:
    """Return what a person wants to know first."""
    if not summary.seconds:
        return ["No affect was known at any time of this session."]
    said = []
    zones = {name: seconds for name, seconds in summary.zones.items() if seconds > 0}
    if zones:
        total = sum(zones.values())
        longest = max(zones, key=lambda name: zones[name])
        said.append(
            f"{zones[longest] / total:.0%} of the known time was spent in the zone '{longest}'."
        )
    for name, slope in summary.trend.items():
        change = slope * summary.seconds / 60
        if abs(change) >= 0.2:
            said.append(f"{name.capitalize()} {'rose' if change > 0 else 'fell'} over the session.")
    if summary.peaks:
        after = (
            f", and half of the rise was gone after {summary.recovery:.0f} s (median)"
            if summary.recovery is not None
            else ""
        )
        times = "once" if summary.peaks == 1 else f"{summary.peaks} times"
        said.append(f"Arousal peaked {times}{after}.")
    found = sum(r.detected for r in session.responses)
    if session.responses:
        said.append(f"{found} of {len(session.responses)} markers were followed by a response.")
    usual = across([*session.sessions, summary])
    for name, spreads in usual.items():
        if name != "recovery" and abs(spreads) >= 1.5:
            said.append(
                f"{name.capitalize()} was {'higher' if spreads > 0 else 'lower'} than in most of "
                f"the {len(session.sessions)} sessions before."
            )
    return said


def marker_rows(session: SessionData) -> list[tuple[str, int, int, str, str]]:
    """Return for each kind of marker: name, times, answered, what it did, least sure reason."""
    summary = Summary()
    for response in session.responses:
        summary.add(response)
    rows = []
    for name in summary.names():
        own = [r for r in session.responses if r.name == name]
        signals = sorted(
            summary.of(name),
            key=lambda s: -max(summary.of(name)[s].raised, summary.of(name)[s].lowered),
        )
        says = [summary.sentence(name, s).removeprefix(f"{name}: ") for s in signals[:3]]
        reasons = sorted({reason for r in own for reason in r.reasons})
        rows.append(
            (name, len(own), sum(r.detected for r in own), "; ".join(says), ", ".join(reasons))
        )
    return rows


def coverage(session: SessionData) -> list[tuple[str, float, float]]:
    """Return modality, share of time with an estimate, and mean quality while it had one.

    A modality that was expected and never spoke has a share of 0.
    """
    rows = []
    for name in MODALITIES:
        quality = session.get(f"{name}_quality")
        age = session.get(f"{name}_age")
        if not np.isfinite(quality).any():
            continue
        # An estimate older than ten seconds says nothing of now; without an age there is none.
        fresh = np.isfinite(quality) & (age <= 10.0)
        mean = float(quality[fresh].mean()) if fresh.any() else 0.0
        rows.append((name, float(fresh.mean()), mean))
    return rows


def span(session: SessionData) -> str:
    """Return the length of the session."""
    return clock(float(session.times[-1] - session.times[0])) if len(session.times) else "0:00"
