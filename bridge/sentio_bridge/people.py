"""Calibration, profiles and labels: what is learnt of a person, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sentio_bridge import requests as rq
from sentio_bridge.control import Handler, when
from sentio_bridge.errors import BridgeError, RequestError
from sentio_bridge.hub import Hub
from sentio_bridge.personal_heads import open_heads
from sentio_bridge.profile import Profile, norms_of
from sentio_bridge.profiles_store import ProfileStore
from sentio_models import ModelError, Norm

Personalise = Callable[[str, Mapping[str, Mapping[str, Norm]]], None]
"""Hands a subject's baselines, by modality, to the estimators."""


class People:
    """Keeps the subjects' profiles.

    Args:
        hub: Who is served.
        store: Where profiles lie.
        personalise: Hands baselines to the estimators.
    """

    def __init__(self, hub: Hub, store: ProfileStore, personalise: Personalise) -> None:
        self._hub = hub
        self._store = store
        self._personalise = personalise

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for each operation offered here."""
        return {"calibrate": self.calibrate, "label": self.label, "profile": self.profile}

    def begin(self) -> None:
        """Use the profiles that are named as the subjects, where there are any.

        A damaged profile is told in an event and not used.
        """
        for subject in self._hub.lanes:
            if subject in self._store.names():
                try:
                    self._use(subject, self._store.load(subject, subject))
                except (BridgeError, ModelError) as error:
                    self._tell(subject, 0.0, "unusable", [error.what])

    def tick(self, now: float) -> None:
        """Store and use the profiles of calibrations that have just been accepted."""
        for subject, lane in self._hub.lanes.items():
            before = lane.calibration.get("state")
            lane.calibration = lane.person.calibrate_status(now)
            found = lane.person.calibrated()
            if found is not None:
                name, profile = found
                self._personalise(subject, profile.norms())
                try:
                    self._store.save(name, profile)
                except BridgeError as error:  # in use all the same, until the sidecar ends
                    lane.calibration["reasons"].append(f"not_saved: {error.what}")
            state = lane.calibration["state"]
            if before is not None and state != before:
                self._tell(subject, now, state, lane.calibration["reasons"])

    def calibrate(self, asked: rq.Calibrate, now: float) -> Mapping[str, Any]:
        """Start or stop measuring what is usual for a person."""
        lane = self._hub.lane(asked.subject)
        if asked.action == "start":
            lane.person.calibrate_start(asked.kind, asked.seconds, now, asked.profile or "")
        elif asked.action == "stop":
            lane.person.calibrate_stop(now)
        self.tick(now)
        return {"calibration": lane.calibration}

    def label(self, asked: rq.Label, now: float) -> Mapping[str, Any]:
        """Take the person's own word for their state."""
        lane = self._hub.lane(asked.subject)
        count = lane.person.label(asked.name, asked.value, when(asked.time, now), now)
        lane.pacer.news()
        return {"labels": count}

    def profile(self, asked: rq.Profile, now: float) -> Mapping[str, Any]:
        """List, use or delete profiles."""
        if asked.action != "list" and asked.name is None:
            raise RequestError("bad_argument", "name is missing")
        try:
            if asked.action == "use" and asked.name is not None:
                subject = self._hub.lane(asked.subject).person.subject
                self._use(subject, self._store.load(asked.name, subject))
            elif asked.action == "delete" and asked.name is not None:
                self._store.delete(asked.name)
        except (BridgeError, ModelError) as error:
            raise RequestError("refused", error.what, error.fix) from None
        return {"profiles": self._store.names()}

    def _use(self, subject: str, profile: Profile) -> None:
        self._hub.lanes[subject].person.use_profile(profile, open_heads(profile))
        self._personalise(subject, norms_of(profile))

    def _tell(self, subject: str, now: float, state: str, reasons: list[str]) -> None:
        self._hub.event(subject, "calibration", state, now, {"reasons": reasons})
