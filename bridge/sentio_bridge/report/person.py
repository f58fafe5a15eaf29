"""One HTML page of what is kept of a person."""

from __future__ import annotations

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.report.page import earlier
from sentio_recording import page
from sentio_recording.page import Items, Section, Table, Text

LIMITS = (
    "A baseline tells what was usual for this person while it was measured. It is no norm and "
    "says nothing of health.",
    "A personal model was kept only because it beat the generic one on moments that it had not "
    "been trained on; the gain below is from that test.",
)
"""What a reader must know."""


def render_profile(name: str, profile: Profile) -> str:
    """Return the page of a profile.

    Args:
        name: Of the profile.
        profile: What is known of the person.
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
    since = f" · since {profile.created[:10]}" if profile.created else ""
    return page.render(
        f"Profile {name}",
        f"{profile.subject} · measured: {measured}" + since,
        [
            Section("Sessions", earlier(profile.sessions)),
            Section(
                "What is usual",
                [
                    Table(("modality", "feature", "mean", "spread", "range"), baselines)
                    if baselines
                    else Text("No baseline was measured yet: run sentio calibrate.")
                ],
            ),
            Section("Personal models", [Table(heads, personal)] if personal else []),
            Section("Limits", [Items(LIMITS)]),
        ],
    )
