"""Describe a session in sentences and tables."""

from __future__ import annotations

import numpy as np

from sentio_bridge.affect.event_responses import Summary
from sentio_bridge.affect.mood import Mood, SessionSummary, across
from sentio_bridge.report.data import SessionData
from sentio_bridge.report.svg import clock
from sentio_models import AFFECT, MODALITIES

LIMITS = (
    "These are estimates of how a person might feel, from signals that also have other causes: "
    "movement, warmth, caffeine, talking. They are not a diagnosis and not a lie detector.",
    "The shaded bands contain the true value about two times out of three, if the models are "
    "calibrated for this person. Where a line is missing, the value was unknown.",
    "A response after a marker is compared with other moments of this person in the same session. "
    "It shows that something changed, not that the marker was the cause.",
    "Flow, boredom, frustration and anxiety depend on general assumptions about games.",
)
"""Limits stated on the page."""


def summarised(session: SessionData) -> SessionSummary:
    """Recompute the mood of the session and return its summary."""
    mood = Mood()
    names = [n for n in (*AFFECT, *(f"{a}_sd" for a in AFFECT)) if n in session.values]
    for i, time in enumerate(session.times):
        values = {n: float(session.values[n][i]) for n in names}
        mood.update(float(time), {n: v for n, v in values.items() if np.isfinite(v)})
    return mood.summary()


def sentences(session: SessionData, summary: SessionSummary) -> list[str]:
    """Return the summary of a session as sentences."""
    if not summary.seconds:
        return ["No affect was known at any time of this session."]
    lines = []
    zones = {name: seconds for name, seconds in summary.zones.items() if seconds > 0}
    if zones:
        total = sum(zones.values())
        longest = max(zones, key=lambda name: zones[name])
        lines.append(
            f"{zones[longest] / total:.0%} of the known time was spent in the zone '{longest}'."
        )
    for name, slope in summary.trend.items():
        change = slope * summary.seconds / 60
        if abs(change) >= 0.2:
            lines.append(
                f"{name.capitalize()} {'rose' if change > 0 else 'fell'} over the session."
            )
    if summary.peaks:
        after = (
            f", and declined by half within {summary.recovery:.0f} s (median)"
            if summary.recovery is not None
            else ""
        )
        times = "once" if summary.peaks == 1 else f"{summary.peaks} times"
        lines.append(f"Arousal peaked {times}{after}.")
    detected = sum(r.detected for r in session.responses)
    if session.responses:
        lines.append(f"{detected} of {len(session.responses)} markers were followed by a response.")
    differences = across([*session.sessions, summary])
    for name, spreads in differences.items():
        if name != "recovery" and abs(spreads) >= 1.5:
            lines.append(
                f"{name.capitalize()} was {'higher' if spreads > 0 else 'lower'} than in most of "
                f"the {len(session.sessions)} sessions before."
            )
    return lines


def marker_rows(session: SessionData) -> list[tuple[str, int, int, str, str]]:
    """Return count, responses, changes and cautions for each marker name."""
    summary = Summary()
    for response in session.responses:
        summary.add(response)
    rows = []
    for name in summary.names():
        responses = [r for r in session.responses if r.name == name]
        signals = sorted(
            summary.of(name),
            key=lambda s: -max(summary.of(name)[s].raised, summary.of(name)[s].lowered),
        )
        changes = [summary.sentence(name, s).removeprefix(f"{name}: ") for s in signals[:3]]
        reasons = sorted({reason for r in responses for reason in r.reasons})
        rows.append(
            (
                name,
                len(responses),
                sum(r.detected for r in responses),
                "; ".join(changes),
                ", ".join(reasons),
            )
        )
    return rows


def coverage(session: SessionData) -> list[tuple[str, float, float]]:
    """Return modality, share of time with an estimate, and its mean quality.

    A modality that was expected but had no estimate has a share of 0.
    """
    rows = []
    for name in MODALITIES:
        quality = session.get(f"{name}_quality")
        age = session.get(f"{name}_age")
        if not np.isfinite(quality).any():
            continue
        # An estimate older than ten seconds is outdated; without an age there is none.
        fresh = np.isfinite(quality) & (age <= 10.0)
        mean = float(quality[fresh].mean()) if fresh.any() else 0.0
        rows.append((name, float(fresh.mean()), mean))
    return rows


def span(session: SessionData) -> str:
    """Return the length of the session."""
    return clock(float(session.times[-1] - session.times[0])) if len(session.times) else "0:00"
