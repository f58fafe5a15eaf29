"""Calibration, profiles and labels: what is learnt of a person, and where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from sentio_bridge.affect.personal.profile import Profile, ProfileError, norms_of, with_session
from sentio_bridge.affect.personal.training import together, train_all
from sentio_bridge.control.dispatcher import Handler, when
from sentio_bridge.core.hub import Hub
from sentio_bridge.errors import BridgeError, RequestError
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.protocol import requests as rq
from sentio_models import Norm

Personalise = Callable[[str, Mapping[str, Mapping[str, Norm]]], None]
"""Hands a subject's baselines, by modality, to the estimators."""


def _today() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class ProfileHandlers:
    """Keeps the subjects' profiles.

    Args:
        hub: Who is served.
        store: Where profiles lie.
        personalise: Hands baselines to the estimators.
        today: Returns the date and time for a new profile, ISO 8601.
    """

    def __init__(
        self,
        hub: Hub,
        store: ProfileStore,
        personalise: Personalise,
        today: Callable[[], str] = _today,
    ) -> None:
        self._hub = hub
        self._store = store
        self._personalise = personalise
        self._today = today
        self._names: dict[str, str] = {}

    def handlers(self) -> dict[str, Handler]:
        """Return a handler for each operation offered here."""
        return {"calibrate": self.calibrate, "label": self.label, "profile": self.profile}

    def begin(self) -> None:
        """Use the profiles that are named as the subjects, where there are any.

        A damaged profile is told in an event and not used.
        """
        for subject in self._hub.subjects:
            if subject in self._store.names():
                try:
                    self._use(subject, subject, self._store.load(subject, subject))
                except BridgeError as error:
                    self._tell(subject, 0.0, "unusable", [error.what])

    def tick(self, now: float) -> None:
        """Store and use the profiles of calibrations that have just been accepted."""
        for subject, subject_state in self._hub.subjects.items():
            before = subject_state.calibration.get("state")
            subject_state.calibration = subject_state.person.calibrate_status(now)
            found = subject_state.person.calibrated()
            if found is not None:
                name, profile = found
                if not profile.created:
                    profile = msgspec.structs.replace(profile, created=self._today())
                    subject_state.person.use_profile(profile)
                self._names[subject] = name
                self._personalise(subject, profile.norms())
                try:
                    self._store.save(name, profile)
                except BridgeError as error:  # in use all the same, until the sidecar ends
                    subject_state.calibration["reasons"].append(f"not_saved: {error.what}")
            state = subject_state.calibration["state"]
            if before is not None and state != before:
                self._tell(subject, now, state, subject_state.calibration["reasons"])

    def calibrate(self, asked: rq.Calibrate, now: float) -> Mapping[str, Any]:
        """Start or stop measuring what is usual for a person."""
        subject_state = self._hub.subject_state(asked.subject)
        if asked.action == "start":
            self._check(asked.profile or None)  # an empty one is the default too
            subject_state.person.calibrate_start(
                asked.kind, asked.seconds, now, asked.profile or ""
            )
        elif asked.action == "stop":
            subject_state.person.calibrate_stop(now)
        self.tick(now)
        return {"calibration": subject_state.calibration}

    def label(self, asked: rq.Label, now: float) -> Mapping[str, Any]:
        """Take the person's own word for their state."""
        subject_state = self._hub.subject_state(asked.subject)
        count = subject_state.person.label(asked.name, asked.value, when(asked.time, now), now)
        subject_state.pacer.news()
        return {"labels": count}

    def profile(self, asked: rq.Profile, now: float) -> Mapping[str, Any]:
        """List, use or delete profiles, or train personal models into one."""
        if asked.action != "list" and asked.name is None:
            raise RequestError("bad_argument", "name is missing")
        self._check(asked.name)
        more: dict[str, Any] = {}
        try:
            if asked.action == "use" and asked.name is not None:
                subject = self._hub.subject_state(asked.subject).person.subject
                self._use(subject, asked.name, self._store.load(asked.name, subject))
            elif asked.action == "delete" and asked.name is not None:
                self._store.delete(asked.name)
                self._names = {s: n for s, n in self._names.items() if n != asked.name}
            elif asked.action == "train" and asked.name is not None:
                more["trained"] = self._train(asked.name, asked.subject)
        except BridgeError as error:
            raise RequestError("refused", error.what, error.fix) from None
        return {"profiles": self._store.names(), **more}

    def _check(self, name: str | None) -> None:
        """Refuse a name that could lead out of the folder of profiles."""
        try:
            if name is not None:
                self._store.check(name)
        except ProfileError as error:
            raise RequestError("bad_argument", error.what, error.fix) from None

    def end(self) -> None:
        """Append the session that ends now to the profile of each subject that has one.

        Nothing is written of people who have none: being measured is not being kept.
        """
        for subject, name in self._names.items():
            subject_state = self._hub.subjects[subject]
            before = subject_state.person.profile
            if before is None:
                continue
            profile = with_session(before, subject_state.analysis.mood.summary())
            if profile is not before:
                with suppress(BridgeError):  # a full disk is no reason not to stop
                    self._store.save(name, profile)

    def _train(self, name: str, whose: str | None) -> list[dict[str, Any]]:
        """Train on the labels so far, store what beats the generic model, and use it."""
        person = self._hub.subject_state(whose).person
        if name in self._store.names():
            profile = self._store.load(name, person.subject)
        else:
            profile = Profile(subject=person.subject, created=self._today())
        outcomes = train_all(list(person.labels.moments))
        if any(outcome.model is not None for outcome in outcomes):
            personal = together(profile.personal, outcomes)
            profile = msgspec.structs.replace(profile, personal=personal)
            self._store.save(name, profile)
            self._use(person.subject, name, profile)
        return [outcome.body() for outcome in outcomes]

    def _use(self, subject: str, name: str, profile: Profile) -> None:
        self._hub.subjects[subject].person.use_profile(profile)
        self._names[subject] = name
        self._personalise(subject, norms_of(profile))

    def _tell(self, subject: str, now: float, state: str, reasons: list[str]) -> None:
        self._hub.event(subject, "calibration", state, now, {"reasons": reasons})
