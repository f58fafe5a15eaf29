"""Train personal models into a stored profile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec

from sentio_bridge.affect.personal.labels import LabelledMoment
from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.affect.personal.training import Outcome, together, train_all
from sentio_bridge.errors import RequestError
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.protocol.vocabulary import MODALITY_OF


def not_kept(allows: Callable[[str, str], bool]) -> set[str]:
    """Return the modalities of which no personal model may be kept.

    Args:
        allows: Returns whether a sensor may be used for a purpose.
    """
    return {m for sensor, m in MODALITY_OF.items() if not allows(sensor, "personal_model")}


def permitted(
    moments: Sequence[LabelledMoment], allows: Callable[[str, str], bool]
) -> list[LabelledMoment]:
    """Return labelled moments with the features that may be kept in a model.

    Args:
        moments: With all features.
        allows: As of ``not_kept``.

    Raises:
        RequestError: Nothing that was labelled may be kept.
    """
    refused = not_kept(allows)
    kept = [
        replace(m, features={k: f for k, f in m.features.items() if k not in refused})
        for m in moments
    ]
    if any(m.features for m in moments) and not any(m.features for m in kept):
        raise RequestError(
            "refused",
            "no sensor that was labelled has consent for personal_model",
            "grant it: a personal model is kept between sessions",
        )
    return kept


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
