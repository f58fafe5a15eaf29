"""One HTML page of what is kept of a person."""

from __future__ import annotations

from collections.abc import Sequence

from sentio_bridge.mood import SessionSummary
from sentio_bridge.profile import Profile
from sentio_bridge.report.page import document, earlier, listed, section, table

LIMITS = (
    "A baseline tells what was usual for this person while it was measured. It is no norm and "
    "says nothing of health.",
    "A personal model was kept only because it beat the generic one on moments that it had not "
    "been trained on; the gain below is from that test.",
)
"""What a reader must know."""


def render_profile(name: str, profile: Profile, sessions: Sequence[SessionSummary] = ()) -> str:
    """Return the page of a profile.

    Args:
        name: Of the profile.
        profile: What is known of the person.
        sessions: Their sessions, the oldest first.
    """
    baselines = [
        (modality, feature, f"{b.mean:.3g}", f"{b.sd:.3g}", f"{b.low:.3g} to {b.high:.3g}")
        for modality, features in sorted(profile.baselines.items())
        for feature, b in sorted(features.items())
    ]
    personal = [
        (m.modality, m.dimension, m.labels, f"{m.gain:.0%}", f"{m.gain_low:.0%}")
        for m in profile.personal
    ]
    heads = ("modality", "dimension", "labels", "gain", "at least")
    measured = ", ".join(profile.blocks) or "nothing yet"
    return document(
        f"Profile {name}",
        f"{profile.subject} · measured: {measured}",
        [
            section("Sessions", earlier(sessions)),
            section(
                "What is usual",
                table(("modality", "feature", "mean", "spread", "range"), baselines)
                if baselines
                else listed(["No baseline was measured yet: run sentio calibrate."]),
            ),
            section("Personal models", table(heads, personal) if personal else ""),
            section("Limits", listed(LIMITS)),
        ],
    )
