"""Operations `calibrate` and `profile`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from sentio_bridge.affect.personal.labels import LabelledMoment
from sentio_bridge.affect.personal.profile import Profile, ProfileError, with_session
from sentio_bridge.control.dispatcher import Answer, Handler, Jobs, Later
from sentio_bridge.core import commands as cmd
from sentio_bridge.core.hub import Hub
from sentio_bridge.defects import DefectLog
from sentio_bridge.errors import BridgeError, RequestError
from sentio_bridge.privacy.ended import Ended, without_ended
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.profiles.training import not_kept, permitted, train
from sentio_bridge.protocol import requests as rq
from sentio_bridge.protocol.bodies import plain

logger = logging.getLogger(__name__)

_Trained = tuple[Profile | None, list[dict[str, Any]], list[str]]
"""Profile and outcomes of a training, and the names of the profiles."""

_MODELS_ONLY = ("personal_model",), ("adapt",)
"""What ended, and a purpose that did not, of a sensor whose personal models alone go."""


def _today() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class ProfileHandlers:
    """Handlers of the operations ``calibrate`` and ``profile``.

    Args:
        hub: Hub with the subjects.
        store: Store of the profiles.
        jobs: Runner that writes profiles after a calibration; by default they are written at once.
        today: Returns the date and time for a new profile, ISO 8601.
        defects: Logs and counts what writing a profile should not raise.
    """

    def __init__(
        self,
        hub: Hub,
        store: ProfileStore,
        jobs: Jobs | None = None,
        today: Callable[[], str] = _today,
        defects: DefectLog | None = None,
    ) -> None:
        self._hub = hub
        self._store = store
        self._jobs = jobs
        self._today = today
        self._defects = defects or DefectLog()
        self._names: dict[str, str] = {}
        self._erasures = 0
        self._forgotten: dict[tuple[str, Ended], int] = {}  # number of the newest of each

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by operation."""
        return {"calibrate": self.calibrate, "profile": self.profile}

    def begin(self, now: float) -> None:
        """Use the stored profiles that have the subjects' names.

        An unreadable profile is reported in an event and not used.
        """
        for subject in self._hub.subjects:
            if subject in self._store.names():
                try:
                    self._use(subject, subject, self._store.load(subject, subject), now)
                except BridgeError as error:
                    self._hub.apply(cmd.ProfileProblem(subject, "unusable", error.what), now)

    def keep_calibrated(self, now: float) -> None:
        """Use and store the profiles of calibrations that have just been accepted."""
        for subject, name, calibrated in self._hub.take_calibrated():
            created = calibrated.created or self._today()
            profile = msgspec.structs.replace(calibrated, created=created)
            self._use(subject, name, profile, now)
            self._save(subject, name, profile, now)

    def calibrate(self, request: rq.Calibrate, now: float) -> Answer:
        """Start, stop or query the measurement of a baseline."""
        subject = self._subject(request)
        if request.action == "start":
            self._check(request.profile or None)  # an empty name is the default, too
            self._hub.apply(
                cmd.CalibrationStarted(
                    subject, request.kind, request.seconds, request.profile or ""
                ),
                now,
            )
        elif request.action == "stop":
            self._hub.apply(cmd.CalibrationStopped(subject), now)
        else:
            self._hub.apply(cmd.CalibrationChecked(), now)
        self.keep_calibrated(now)
        status = self._hub.subjects[subject].person.calibrate_status(now)
        return {"calibration": plain(status)}

    def profile(self, request: rq.Profile, now: float) -> Answer | Later:
        """List, use or delete profiles, or train personal models into one."""
        name = request.name
        if request.action == "list":
            return Later(partial(self._of, request), lambda names, _: {"profiles": names})
        if name is None:
            raise RequestError("bad_argument", "name is missing")
        self._check(name)
        if request.action == "use":
            return self._load(name, self._subject(request), request)
        if request.action == "delete":
            return self._delete(name, request)
        return self._train(name, self._subject(request), request)

    def end(self) -> None:
        """Append the ending session to the profile of each subject that has one.

        Subjects without a profile get none: no profile is created without calibration.
        """
        for subject, name in self._names.items():
            state = self._hub.subjects[subject]
            before = state.person.profile
            if before is None:
                continue
            profile = with_session(
                before, state.analysis.mood.summary(), state.analysis.levels.known()
            )
            if profile is not before:
                try:
                    self._store.save(name, profile)
                except BridgeError as error:  # a full disk is no reason not to stop
                    logger.warning("the session was not added to the profile: %s", error)

    def forget(self, subject: str, ended: Sequence[Ended], now: float) -> None:
        """Remove what rests on ended purposes from the profile in use and from jobs."""
        for each in ended:
            if each.models:
                only = Ended(each.sensor) if each.whole else Ended(each.sensor, *_MODELS_ONLY)
                self._forgotten[subject, only] = self._erasures + 1
        self._erasures += 1
        profile = self._hub.subjects[subject].person.profile
        if profile is None:
            return
        kept = without_ended(profile, ended)
        if kept == profile:
            return
        self._hub.apply(cmd.ProfileUsed(subject, kept), now)
        if not kept.baselines and not kept.personal:
            self._names.pop(subject, None)  # a file of it is not written again

    def _check(self, name: str | None) -> None:
        """Refuse an invalid name, such as a path out of the folder."""
        try:
            if name is not None:
                self._store.check(name)
        except ProfileError as error:
            raise RequestError("bad_argument", error.what, error.fix) from None

    def _of(self, request: rq.Profile) -> list[str]:
        """Return the profiles that a request may name; reads files.

        The folder may have those of other people too, also of other games.
        """
        subject = request.subject
        return self._store.of(self._hub.subjects if subject is None else {subject})

    def _load(self, name: str, subject: str, request: rq.Profile) -> Later:
        erasures = self._erasures

        def work() -> tuple[Profile, list[str]]:
            known = self._of(request)
            if name not in known:
                raise _unknown(name, known)
            with _refused():
                return self._store.load(name, subject), known

        def finish(found: tuple[Profile, list[str]], now: float) -> Answer:
            profile, known = found
            with _refused():
                self._use(subject, name, self._left(subject, profile, erasures), now)
            return {"profiles": known}

        return Later(work, finish)

    def _delete(self, name: str, request: rq.Profile) -> Later:
        def work() -> list[str]:
            known = self._of(request)
            if name not in known:
                raise _unknown(name, known)
            with _refused():
                self._store.delete(name)
            return [each for each in known if each != name]

        def finish(known: list[str], now: float) -> Answer:
            self._names = {s: n for s, n in self._names.items() if n != name}
            return {"profiles": known}

        return Later(work, finish)

    def _train(self, name: str, subject: str, request: rq.Profile) -> Later:
        """Train on the labels so far; store and use models that are better."""
        moments, erasures = self._moments(subject), self._erasures

        def work() -> _Trained:
            with _refused():
                profile, outcomes = train(self._store, name, subject, moments, self._today())
                return profile, [outcome.body() for outcome in outcomes], self._of(request)

        def finish(trained: _Trained, now: float) -> Answer:
            profile, results, known = trained
            if profile is not None:
                left = self._left(subject, profile, erasures)
                refused = not_kept(self._hub.subjects[subject].consent.allows)
                made = {(each["modality"], each["dimension"]) for each in results}
                # Withdrawn while it was trained: its features may not be kept.
                left = msgspec.structs.replace(
                    left,
                    personal=[
                        model
                        for model in left.personal
                        if model.modality not in refused
                        or (model.modality, model.dimension) not in made
                    ],
                )
                self._use(subject, name, left, now)
                if left != profile:
                    self._save(subject, name, left, now)
            return {"profiles": known, "trained": results}

        return Later(work, finish)

    def _moments(self, subject: str) -> list[LabelledMoment]:
        """Return the labelled moments, with the features that may be kept in a model.

        Raises:
            RequestError: Nothing that was labelled may be kept.
        """
        state = self._hub.subjects[subject]
        return permitted(list(state.person.labels.moments), state.consent.allows)

    def _left(self, subject: str, profile: Profile, erasures: int) -> Profile:
        """Return a profile without the sensors erased since a number of erasures."""
        gone = [
            ended
            for (whose, ended), number in self._forgotten.items()
            if whose == subject and number > erasures
        ]
        return without_ended(profile, gone) if gone else profile

    def _save(self, subject: str, name: str, profile: Profile, now: float) -> None:
        """Write a profile; it stays in use if that fails."""
        problems: list[str] = []

        def work() -> None:
            try:
                self._store.save(name, profile)
            except BridgeError as error:
                problems.append(error.what)
            except Exception as error:  # the person is informed as of a full disk
                self._defects.caught(f"the profile {name} was not saved", error)
                problems.append(f"{type(error).__name__}: {error}")

        def done(at: float) -> None:
            for problem in problems:
                self._hub.apply(cmd.ProfileProblem(subject, "not_saved", problem), at)

        if self._jobs is None:
            work()
            done(now)
            return
        try:
            self._jobs.submit(work, done)
        except RequestError as error:
            problems.append(error.what)
            done(now)

    def _use(self, subject: str, name: str, profile: Profile, now: float) -> None:
        self._hub.apply(cmd.ProfileUsed(subject, profile), now)
        self._names[subject] = name

    def _subject(self, request: rq.Request) -> str:
        return self._hub.subject_state(request.subject).person.subject


def _unknown(name: str, known: Sequence[str]) -> RequestError:
    """Return the error for a profile that does not exist, or is of another person."""
    return RequestError(
        "refused",
        f"no profile {name!r} of this subject; known: {', '.join(known) or 'none'}",
        "create one with: sentio calibrate",
    )


@contextmanager
def _refused() -> Iterator[None]:
    """Convert errors of profiles to refusals."""
    try:
        yield
    except RequestError:
        raise
    except BridgeError as error:
        raise RequestError("refused", error.what, error.fix) from None
