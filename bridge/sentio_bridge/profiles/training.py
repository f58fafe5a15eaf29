"""Train personal models into a stored profile."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sentio_bridge.affect.personal.labels import LabelledMoment
from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.affect.personal.training import Outcome, together, train_all
from sentio_bridge.profiles.store import ProfileStore


def train(
    store: ProfileStore, name: str, subject: str, moments: Sequence[LabelledMoment], today: str
) -> tuple[Profile | None, list[Outcome]]:
    """Train on labelled moments; store the models that are better.

    Args:
        store: Store of the profile.
        name: Name of the profile; created if it is missing.
        subject: Subject of the profile.
        moments: Labelled moments with their features.
        today: Date and time for a new profile, ISO 8601.

    Returns:
        The stored profile, or None if no model was accepted; and the outcome of each model.

    Raises:
        ProfileError: The profile belongs to another subject, or cannot be stored.
        BridgeError: There are too few labels.
    """
    if name in store.names():
        profile = store.load(name, subject)
    else:
        profile = Profile(subject=subject, created=today)
    outcomes = train_all(moments)
    if all(outcome.model is None for outcome in outcomes):
        return None, outcomes
    personal = together(profile.personal, outcomes)
    profile = msgspec.structs.replace(profile, personal=personal)
    store.save(name, profile)
    return profile, outcomes
