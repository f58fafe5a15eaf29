"""HTML report of a profile."""

from __future__ import annotations

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.report.page import earlier
from sentio_recording import page
from sentio_recording.page import Items, Section, Table, Text

LIMITS = (
    "A baseline describes the usual values of this person while it was measured. It is not a "
    "norm and does not describe health.",
    "A personal model was accepted only because it was better than the generic model on data "
    "that was not used for training; the gain below is from that test.",
)
"""Limits stated on the page."""


def render_profile(name: str, profile: Profile) -> str:
    """Return the page of a profile.

    Args:
        name: Name of the profile.
        profile: The profile.
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
    heads = ("modality", "dimension", "labels", "gain", "gain at least")
    measured = ", ".join(profile.blocks) or "nothing yet"
    since = f" · since {profile.created[:10]}" if profile.created else ""
    return page.render(
        f"Profile {name}",
        f"{profile.subject} · measured: {measured}" + since,
        [
            Section("Sessions", earlier(profile.sessions)),
            Section(
                "Baseline",
                [
                    Table(("modality", "feature", "mean", "spread", "range"), baselines)
                    if baselines
                    else Text(
                        "No baseline has been measured yet. To measure one, run: sentio calibrate"
                    )
                ],
            ),
            Section("Personal models", [Table(heads, personal)] if personal else []),
            Section("Limits", [Items(LIMITS)]),
        ],
    )
