"""One person: what all modalities say of them, fused, with each one's share; no I/O, no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite, sqrt
from operator import add

import msgspec

from sentio_bridge.affect.evidence import Evidence
from sentio_bridge.affect.explanation import Explainer
from sentio_bridge.affect.fusion import (
    FusionSettings,
    Timeline,
    UpdateResult,
    circumplex,
    freshness,
)
from sentio_bridge.affect.fusion.emotion_pool import entropy, leading, pool
from sentio_bridge.affect.fusion.filter import Filter, Prediction
from sentio_bridge.affect.fusion.measurement import DIMENSIONS, LOW, MODALITY_INDEX, measure
from sentio_bridge.affect.fusion.momentary import Momentary
from sentio_bridge.affect.fusion.vitals import Vitals
from sentio_bridge.affect.live_signals import LiveSignals
from sentio_bridge.affect.personal.calibration import Calibration
from sentio_bridge.affect.personal.labels import LABEL_VARIANCE, LabelBook
from sentio_bridge.affect.personal.model import PersonalModel, personalised
from sentio_bridge.affect.personal.profile import Profile, ProfileError
from sentio_bridge.affect.personal.resting_expression import RestingExpression
from sentio_bridge.affect.snapshot import ModalityShare, Snapshot
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.bodies import CalibrationBody
from sentio_bridge.protocol.frame import State
from sentio_models import EMOTIONS, MODALITIES, Estimate, Reading


@dataclass(slots=True)
class _KnownModality:
    """What was last heard of a modality: from its sensor, and in its newest estimate."""

    sensor: str = "ok"
    sensor_reasons: tuple[str, ...] = ()
    fix: str = ""
    captured: float | None = None
    quality: float = 0.0
    reasons: tuple[str, ...] = ()
    model: str = ""


_NAMES = tuple((name, f"{name}_sd") for name in DIMENSIONS)
_TELLING = (DIMENSIONS.index("valence"), DIMENSIONS.index("arousal"))
_PROBABILITIES = tuple(f"p_{name}" for name in EMOTIONS)
_PARTS = {name: (f"{name}_weight", f"{name}_quality", f"{name}_age") for name in MODALITIES}
_NOBODY = frozenset({"no_face", "no_subject", "not_worn", "silence"})


class SubjectModel:
    """Fuses the estimates of one person and says what is known at any time.

    A function of its calls alone: the same calls with the same times give the same snapshots.
    All times are seconds of the LSL clock.

    Args:
        subject: Pseudonym.
        settings: What fusion assumes.
        profile: What is already known of them.
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
        self._known: dict[str, _KnownModality] = {}
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

    def estimate(self, estimate: Estimate, captured: float, now: float, model: str = "") -> None:
        """Fuse what one modality says of the window that ended at ``captured``.

        Nothing raises: what cannot be used is counted in ``Snapshot.dropped`` and told as the
        modality's reasons.

        Args:
            estimate: What it says.
            captured: When its window ended.
            now: When it arrives.
            model: What produced it, for people to see.
        """
        name = estimate.modality
        if name not in MODALITY_INDEX:
            self._dropped["unknown_modality"] += 1
            return
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = _KnownModality()
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
        """Learn what a modality's sensor or model does.

        Args:
            name: One of ``sentio_models.MODALITIES``; others are ignored.
            state: As in PROTOCOL.md, section 5. ``withdrawn`` takes out all that the modality
                ever said, at once; ``no_subject`` and ``bad_quality`` come from estimates.
            reasons: Short codes.
            fix: What a person can do.
            now: When.
        """
        if name not in MODALITY_INDEX:
            return
        known = self._known.setdefault(name, _KnownModality())
        if state == "withdrawn" and known.sensor != "withdrawn":
            self._timeline.without(MODALITY_INDEX[name])
            self._physiology.forget(name)
            self._live.forget(name)
            self._momentary.forget(name)
            self._resting.forget(name)
            self._explainer.forget(name)
            self._labels.forget(name)
            known = self._known[name] = _KnownModality()
        known.sensor, known.sensor_reasons, known.fix = state, reasons, fix

    def snapshot(self, now: float) -> Snapshot:
        """Return what is known at ``now``."""
        self._calibration.tick(now)
        at = self._timeline.head
        values, weights = self._dimensions(at, now)
        pooled, say = pool(freshness.opinions(at, now), now, self._settings.emotion_age)
        emotions: tuple[tuple[str, float], ...] = ()
        if say >= self._settings.known_share:
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
        return Snapshot(
            captured=at.time if isfinite(at.time) else None,
            state=self._state(modalities),
            values=values,
            modalities=modalities,
            why=self._explainer.why(values, modalities, now),
            emotions=emotions,
            calibration=self._calibration.status(),
            dropped=dict(self._dropped),
            action_units=self._live.action_units(now),
        )

    def evidence(self, snapshot: Snapshot, now: float) -> dict[str, Evidence]:
        """Return age and confidence of what this model put into ``snapshot`` at ``now``.

        A dimension's confidence is how much narrower it is than the prior; that of emotions is
        how much is behind them; what a modality is worth is known while it is shown.
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
        """Give up the running block.

        Raises:
            RequestError: None is running.
        """
        self._calibration.stop(now)

    def calibrate_status(self, now: float) -> CalibrationBody:
        """Return how far calibration is, finishing a block whose time is over."""
        self._calibration.tick(now)
        return self._calibration.status()

    def calibrated(self) -> tuple[str, Profile] | None:
        """Return name and profile of a block that was just accepted, once; it is in use now.

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
                f"the profile is of {profile.subject!r}, expected {self.subject!r}",
                "use their own profile, or calibrate",
            )
        self._profile = profile
        self._personal = profile.personal
        self._explainer.start_from(profile.norms())
        self._resting.start_from(profile.norms())

    def label(self, name: str, value: float, time: float, now: float) -> int:
        """Take what the person, or the game's own condition, says the state is.

        It counts as an estimate of the modality ``self``, and is kept with the features of the
        moment for training a personal model.

        Args:
            name: One of the affect dimensions or indices.
            value: In its range.
            time: When that was so.
            now: Not before ``time``.

        Returns:
            How many labels there are.

        Raises:
            RequestError: The name or the value cannot be used; nothing has changed.
        """
        if name not in DIMENSIONS:
            raise RequestError("bad_argument", f"name: {name!r} is not one that can be labelled")
        low = LOW[DIMENSIONS.index(name)]
        if not (low <= value <= 1.0 and isfinite(time) and time <= now + 1.0):
            raise RequestError("bad_argument", f"value: got {value}, expected {low:g}..1")
        generic = self._filter.believe(self._timeline.head, DIMENSIONS.index(name), time).mean
        self._labels.label(name, value, time, generic)
        said = Estimate("self", {name: Reading(value, LABEL_VARIANCE)}, quality=1.0)
        self.estimate(said, time, now)
        return len(self._labels)

    @property
    def labels(self) -> LabelBook:
        """The labelled moments so far."""
        return self._labels

    def _dimensions(self, at: Prediction, now: float) -> tuple[dict[str, float], list[float]]:
        """Return the known dimensions, and each modality's mean share in them."""
        values: dict[str, float] = {}
        weights = [0.0] * len(MODALITIES)
        newest = freshness.newest(at, now)
        known = 0
        sure = 0.0
        for i, track in enumerate(at.tracks):
            if track is None:
                continue
            belief = self._filter.believe(at, i, now)
            name, deviation_name = _NAMES[i]
            deviation = sqrt(max(belief.variance, 1e-9))
            if i in _TELLING:
                sure += (1.0 - deviation / self._settings.affect_sd) / len(_TELLING)
            if newest[i] > -inf and sum(belief.share) >= self._settings.known_share:
                values[name] = min(1.0, max(LOW[i], belief.mean))
                values[deviation_name] = deviation
                weights = list(map(add, weights, belief.share))
                known += 1
        self._derive(at, values, now)
        values["confidence"] = min(1.0, max(0.0, sure))
        return values, [w / known for w in weights] if known else weights

    def _derive(self, at: Prediction, values: dict[str, float], now: float) -> None:
        """Put stress and relaxation as valence and arousal suggest them into ``values``."""
        if "arousal" not in values:
            return
        valence, arousal = (self._filter.believe(at, i, now) for i in _TELLING)
        half = (arousal.mean - valence.mean) / 2.0
        variance = (arousal.variance + valence.variance) / 4.0
        for name, difference in (("stress", half), ("relaxation", -half)):
            measured = None
            if name in values:
                measured = values[name], values[f"{name}_sd"] ** 2
            mean, spread = circumplex.index(difference, variance, measured)
            values[name] = min(1.0, mean)
            values[f"{name}_sd"] = sqrt(spread)

    def _shares(self, at: Prediction, weights: list[float], now: float) -> dict[str, ModalityShare]:
        shares: dict[str, ModalityShare] = {}
        for index, name in enumerate(MODALITIES):
            known = self._known.get(name)
            if known is None:
                continue
            age = None if known.captured is None else max(0.0, now - known.captured)
            state, reasons = self._modality(known, age)
            if state == "ok":
                if self._filter.stuck(at, index):
                    reasons += ("constant",)
                if self._filter.doubted(at, index):
                    reasons += ("contradicts",)
            shares[name] = ModalityShare(
                state,
                weight=min(1.0, max(0.0, weights[index])),
                quality=known.quality if state in ("ok", "warming", "bad_quality") else 0.0,
                age=age,
                reasons=reasons,
                model=known.model,
                fix=known.fix,
            )
        return shares

    def _modality(self, known: _KnownModality, age: float | None) -> tuple[str, tuple[str, ...]]:
        if known.sensor not in ("ok", "warming"):
            return known.sensor, known.sensor_reasons
        if age is None:
            return "warming", known.sensor_reasons
        if age > self._settings.stale_after:
            return "stale", known.sensor_reasons
        if known.quality >= self._settings.min_quality:
            return "ok", known.reasons
        if _NOBODY & set(known.reasons):
            return "no_subject", known.reasons
        return ("warming" if "warming" in known.reasons else "bad_quality"), known.reasons

    def _state(self, modalities: Mapping[str, ModalityShare]) -> State:
        states = {share.state for share in modalities.values()}
        if "ok" in states:
            return State.OK
        if "withdrawn" in states and states <= {"withdrawn", "absent"}:
            return State.WITHDRAWN
        if "no_subject" in states and not states & {"bad_quality", "warming"}:
            return State.NO_SUBJECT
        if not isfinite(self._timeline.head.time) or "warming" in states:
            return State.WARMING
        return State.STALE
