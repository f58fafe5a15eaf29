"""Model of one person: all modalities fused; no I/O, no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isfinite

import msgspec

from sentio_bridge.affect.evidence import Evidence
from sentio_bridge.affect.explanation import Explainer
from sentio_bridge.affect.fusion import (
    FusionSettings,
    Timeline,
    UpdateResult,
    freshness,
)
from sentio_bridge.affect.fusion.emotion_pool import entropy, leading, pool
from sentio_bridge.affect.fusion.filter import Filter, Prediction
from sentio_bridge.affect.fusion.known_dimensions import known_dimensions
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, LOW, MODALITY_INDEX, measure
from sentio_bridge.affect.fusion.momentary import Momentary
from sentio_bridge.affect.fusion.vitals import Vitals
from sentio_bridge.affect.live_signals import LiveSignals
from sentio_bridge.affect.modality_status import ModalityStatus, overall
from sentio_bridge.affect.personal.calibration import Calibration
from sentio_bridge.affect.personal.labels import LABEL_VARIANCE, LabelBook
from sentio_bridge.affect.personal.model import PersonalModel, personalised
from sentio_bridge.affect.personal.profile import Profile, ProfileError
from sentio_bridge.affect.personal.resting_expression import RestingExpression
from sentio_bridge.affect.snapshot import ModalityShare, Snapshot
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.bodies import CalibrationBody
from sentio_models import EMOTIONS, MODALITIES, Estimate, Reading

_PROBABILITIES = tuple(f"p_{name}" for name in EMOTIONS)
_PARTS = {name: (f"{name}_weight", f"{name}_quality", f"{name}_age") for name in MODALITIES}


class SubjectModel:
    """Fused estimates of one person, at any time.

    A function of its calls alone: the same calls with the same times give the same snapshots.
    All times are seconds of the LSL clock.

    Args:
        subject: Pseudonym.
        settings: Assumptions of the fusion.
        profile: Profile of the person, if there is one.
    """

    def __init__(
        self,
        subject: str,
        settings: FusionSettings | None = None,
        profile: Profile | None = None,
    ) -> None:
        self.subject = subject
        self._settings = settings or FusionSettings()
        self._filter = Filter(self._settings)
        self._timeline = Timeline(self._filter, self._settings.horizon, self._settings.max_log)
        self._physiology = Vitals(self._settings.physiology_age)
        self._live = LiveSignals()
        self._momentary = Momentary(self._settings.affect_sd)
        self._resting = RestingExpression()
        self._known: dict[str, ModalityStatus] = {}
        self._dropped: Counter[str] = Counter()
        self._explainer = Explainer()
        self._calibration = Calibration(subject, self._settings)
        self._profile: Profile | None = None
        self._personal: Sequence[PersonalModel] = ()
        self._labels = LabelBook()
        if profile is not None:
            self.use_profile(profile)

    @property
    def contributed(self) -> tuple[str, ...]:
        """Return the modalities whose estimates are in this state."""
        return tuple(name for name, known in self._known.items() if known.captured is not None)

    def estimate(
        self,
        estimate: Estimate,
        captured: float,
        now: float,
        model: str = "",
        *,
        personal: bool = True,
    ) -> None:
        """Fuse the estimate of the window that ended at ``captured``.

        Nothing raises: what cannot be used is counted in ``dropped`` and given as the
        modality's reasons.

        Args:
            estimate: Estimate of one modality.
            captured: When its window ended.
            now: When it arrives.
            model: Name of the model, for people.
            personal: Personal models of its modality may be used.
        """
        name = estimate.modality
        if name not in MODALITY_INDEX:
            self._dropped["unknown_modality"] += 1
            return
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = ModalityStatus()
        if known.sensor == "withdrawn":
            self._dropped["withdrawn"] += 1
            return
        if not (isfinite(captured) and estimate.finite()):
            self._dropped["not_finite"] += 1
            known.reasons = ("not_finite",)
            return
        reasons = estimate.reasons
        if captured > now:
            # A clock that runs ahead: the estimate cannot be newer than its arrival.
            reasons += ("clock_ahead",) if captured > now + self._settings.max_clock_lead else ()
            captured = now
        self._calibration.take(estimate, captured)
        self._live.take(estimate, captured)
        if estimate.quality >= self._settings.min_quality:
            estimate = self._momentary.refine(estimate, captured)
            self._labels.take(estimate, captured)
            if personal:
                estimate = personalised(estimate, self._personal)
            estimate = self._resting.correct(estimate, captured)
            measured, bounded = measure(estimate, captured, self._settings)
            fate = self._timeline.add(measured, now)
            if fate is UpdateResult.FUSED:
                self._physiology.take(estimate, captured)
                self._explainer.take(estimate, captured)
            else:
                self._dropped[fate.value] += 1
                bounded += (fate.value,)
            reasons += bounded
        if known.captured is None or captured >= known.captured:
            known.captured = captured
            known.quality = min(1.0, max(0.0, estimate.quality))
            known.reasons = reasons
            known.model = model

    def modality_state(
        self, name: str, state: str, reasons: tuple[str, ...], fix: str, now: float
    ) -> None:
        """Set the state of a modality's sensor or model.

        Args:
            name: One of ``sentio_models.MODALITIES``; others are ignored.
            state: As in PROTOCOL.md, section 5. ``withdrawn`` removes all estimates of the
                modality at once; ``no_subject`` and ``bad_quality`` come from estimates.
            reasons: Short codes.
            fix: Remedy, for people.
            now: When.
        """
        if name not in MODALITY_INDEX:
            return
        known = self._known.setdefault(name, ModalityStatus())
        if state == "withdrawn" and known.sensor != "withdrawn":
            self._timeline.without(MODALITY_INDEX[name])
            self._calibration.forget(name)
            self._physiology.forget(name)
            self._live.forget(name)
            self._momentary.forget(name)
            self._resting.forget(name)
            self._explainer.forget(name)
            self._labels.forget(name)
            known = self._known[name] = ModalityStatus()
        known.sensor, known.sensor_reasons, known.fix = state, reasons, fix

    def snapshot(self, now: float) -> Snapshot:
        """Return what is known at ``now``."""
        self._calibration.tick(now)
        at = self._timeline.head
        values, weights = known_dimensions(self._filter, self._settings, at, now)
        pooled, total = pool(freshness.pools(at, now), now, self._settings.emotion_age)
        emotions: tuple[tuple[str, float], ...] = ()
        if total >= self._settings.known_share:
            values.update(zip(_PROBABILITIES, pooled, strict=True))
            values["entropy"] = entropy(pooled)
            emotions = leading(pooled)
        values.update(self._physiology.known(now))
        values.update(self._live.known(now))
        modalities = self._shares(at, weights, now)
        for name, share in modalities.items():
            weight, quality, age = _PARTS[name]
            values[weight] = share.weight
            values[quality] = share.quality
            if share.age is not None:
                values[age] = share.age
        self._explainer.remember(values, now)
        return Snapshot(
            captured=at.time if isfinite(at.time) else None,
            state=overall([share.state for share in modalities.values()], isfinite(at.time)),
            values=values,
            modalities=modalities,
            emotions=emotions,
            action_units=self._live.action_units(now),
        )

    def why(self, snapshot: Snapshot) -> str:
        """Return the newest ``snapshot`` in one line for a person."""
        return self._explainer.why(snapshot.values, snapshot.modalities)

    @property
    def dropped(self) -> dict[str, int]:
        """Number of estimates that were not fused, by reason."""
        return dict(self._dropped)

    def evidence(self, snapshot: Snapshot, now: float) -> dict[str, Evidence]:
        """Return age and confidence of the entries of ``snapshot`` at ``now``.

        A dimension's confidence is how much narrower it is than the prior; that of emotions is
        their total weight; weight, quality and age of a modality are certain while they are shown.
        """
        at, values = self._timeline.head, snapshot.values
        found = {
            **freshness.dimensions(at, self._filter, values, now),
            **freshness.emotions(at, self._settings, now),
            **self._physiology.evidence(now),
            **self._live.evidence(now),
        }
        if isfinite(at.time):
            found["confidence"] = Evidence(max(0.0, now - at.time), 1.0)
        for name, share in snapshot.modalities.items():
            if share.age is not None:
                found.update(dict.fromkeys(_PARTS[name], Evidence(share.age, 1.0)))
        return found

    def calibrate_start(self, kind: str, seconds: float, now: float, name: str = "") -> None:
        """Begin a block of the guided baseline; see ``Calibration.start``.

        Raises:
            RequestError: It cannot begin; nothing has changed.
        """
        self._calibration.start(kind, seconds, now, name)

    def calibrate_stop(self, now: float) -> None:
        """Stop the running block.

        Raises:
            RequestError: None is running.
        """
        self._calibration.stop(now)

    @property
    def calibration(self) -> str:
        """State of the calibration, as in ``CalibrationBody``."""
        return self._calibration.state

    def calibrate_status(self, now: float) -> CalibrationBody:
        """Return the progress of calibration; finish a block whose time is over."""
        self._calibration.tick(now)
        return self._calibration.status()

    def calibrated(self) -> tuple[str, Profile] | None:
        """Return name and profile of a block that was just accepted; once.

        The caller stores it and hands ``Profile.norms()`` to the estimators.
        """
        result = self._calibration.result()
        if result is None:
            return None
        name, profile = result
        if self._profile is not None and self._profile.subject == profile.subject:
            before = self._profile
            profile = msgspec.structs.replace(
                profile,
                personal=before.personal,
                sessions=before.sessions,
                ranges=before.ranges,
                created=before.created,
            )
        self.use_profile(profile)
        return name, profile

    @property
    def profile(self) -> Profile | None:
        """The profile in use."""
        return self._profile

    def use_profile(self, profile: Profile) -> None:
        """Use a profile's baselines and personal models from now on.

        Args:
            profile: Of this subject.

        Raises:
            ProfileError: It is another person's.
        """
        if profile.subject != self.subject:
            raise ProfileError(
                f"the profile belongs to {profile.subject!r}, expected {self.subject!r}",
                "use their own profile, or calibrate",
            )
        self._profile = profile
        self._personal = profile.personal
        self._explainer.start_from(profile.norms())
        self._resting.start_from(profile.norms())

    def label(self, name: str, value: float, time: float, now: float) -> int:
        """Keep a labelled moment with its features, for training; nothing is fused.

        Args:
            name: Affect dimension or index.
            value: In its range.
            time: When that was so.
            now: Not before ``time``.

        Returns:
            How many labels there are.

        Raises:
            RequestError: The name or the value cannot be used; nothing has changed.
        """
        _check_report(name, value, time, now)
        generic = self._filter.believe(self._timeline.head, DIMENSIONS.index(name), time).mean
        self._labels.label(name, value, time, generic)
        return len(self._labels)

    def self_report(self, name: str, value: float, time: float, now: float) -> None:
        """Fuse a person's own report as an estimate of the modality ``self``.

        Args:
            name: Affect dimension or index.
            value: In its range.
            time: When that was so.
            now: Not before ``time``.

        Raises:
            RequestError: The name or the value cannot be used; nothing has changed.
        """
        _check_report(name, value, time, now)
        report = Estimate("self", {name: Reading(value, LABEL_VARIANCE)}, quality=1.0)
        self.estimate(report, time, now)

    @property
    def labels(self) -> LabelBook:
        """The labelled moments so far."""
        return self._labels

    def _shares(self, at: Prediction, weights: list[float], now: float) -> dict[str, ModalityShare]:
        shares: dict[str, ModalityShare] = {}
        for index, name in enumerate(MODALITIES):
            known = self._known.get(name)
            if known is None:
                continue
            state, reasons = known.state(now, self._settings)
            if state == "ok":
                if self._filter.stuck(at, index):
                    reasons += ("constant",)
                if self._filter.contradicts(at, index):
                    reasons += ("contradicts",)
            shares[name] = ModalityShare(
                state,
                weight=min(1.0, max(0.0, weights[index])),
                quality=known.quality if state in ("ok", "warming", "bad_quality") else 0.0,
                age=known.age(now),
                reasons=reasons,
                model=known.model,
                fix=known.fix,
            )
        return shares


def _check_report(name: str, value: float, time: float, now: float) -> None:
    """Raise ``RequestError`` if a reported state cannot be used."""
    if name not in DIMENSIONS:
        raise RequestError("bad_argument", f"name: {name!r} is not one that can be labelled")
    low = LOW[DIMENSIONS.index(name)]
    if not (low <= value <= 1.0 and isfinite(time) and time <= now + 1.0):
        raise RequestError("bad_argument", f"value: got {value}, expected {low:g}..1")
