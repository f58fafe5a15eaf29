"""Expression of a target affect: face, body, voice, light and music.

Every output is a smooth, bounded function of the target. Sources and limits: docs/synthesis.md.
No I/O, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, isfinite
from typing import Any

from sentio_bridge.errors import RequestError
from sentio_models import EMOTIONS

ARKIT: tuple[str, ...] = tuple(
    "browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight cheekPuff "
    "cheekSquintLeft cheekSquintRight eyeBlinkLeft eyeBlinkRight eyeLookDownLeft "
    "eyeLookDownRight eyeLookInLeft eyeLookInRight eyeLookOutLeft eyeLookOutRight eyeLookUpLeft "
    "eyeLookUpRight eyeSquintLeft eyeSquintRight eyeWideLeft eyeWideRight jawForward jawLeft "
    "jawOpen jawRight mouthClose mouthDimpleLeft mouthDimpleRight mouthFrownLeft "
    "mouthFrownRight mouthFunnel mouthLeft mouthLowerDownLeft mouthLowerDownRight "
    "mouthPressLeft mouthPressRight mouthPucker mouthRight mouthRollLower mouthRollUpper "
    "mouthShrugLower mouthShrugUpper mouthSmileLeft mouthSmileRight mouthStretchLeft "
    "mouthStretchRight mouthUpperUpLeft mouthUpperUpRight noseSneerLeft noseSneerRight "
    "tongueOut".split()
)
"""The 52 coefficients of ARKit, by its names."""

TARGETS: dict[str, tuple[float, float, float]] = {
    "neutral": (0.0, 0.0, 0.0),
    "happiness": (0.76, 0.48, 0.35),
    "surprise": (0.40, 0.67, -0.13),
    "sadness": (-0.63, -0.27, -0.33),
    "anger": (-0.51, 0.59, 0.25),
    "disgust": (-0.60, 0.35, 0.11),
    "fear": (-0.64, 0.60, -0.43),
    "contempt": (-0.55, 0.10, 0.35),
}
"""Valence, arousal and dominance of each emotion: rated terms of Russell & Mehrabian (1977), where
neutral is the middle and contempt is set between their disdain and scorn."""

_BOTH = {
    "AU1": {"browInnerUp": 1.0},
    "AU2": {"browOuterUp": 1.0},
    "AU4": {"browDown": 1.0},
    "AU5": {"eyeWide": 1.0},
    "AU6": {"cheekSquint": 1.0, "eyeSquint": 0.4},
    "AU7": {"eyeSquint": 1.0},
    "AU9": {"noseSneer": 1.0},
    "AU10": {"mouthUpperUp": 1.0},
    "AU12": {"mouthSmile": 1.0},
    "AU14": {"mouthDimple": 1.0},
    "AU15": {"mouthFrown": 1.0},
    "AU16": {"mouthLowerDown": 1.0},
    "AU17": {"mouthShrugLower": 1.0},
    "AU20": {"mouthStretch": 1.0},
    "AU23": {"mouthPress": 1.0, "mouthRollLower": 0.3, "mouthRollUpper": 0.3},
    "AU26": {"jawOpen": 1.0},
}
"""Action units (Ekman & Friesen 1978) as ARKit coefficients; both sides where there are two."""

FACES: dict[str, dict[str, float]] = {
    "neutral": {},
    "happiness": {"AU6": 0.7, "AU12": 0.9},
    "surprise": {"AU1": 0.9, "AU2": 0.9, "AU5": 0.7, "AU26": 0.6},
    "sadness": {"AU1": 0.8, "AU4": 0.4, "AU15": 0.7, "AU17": 0.3},
    "anger": {"AU4": 0.9, "AU5": 0.4, "AU7": 0.6, "AU23": 0.7},
    "disgust": {"AU9": 0.9, "AU10": 0.4, "AU15": 0.3, "AU16": 0.3},
    "fear": {"AU1": 0.8, "AU2": 0.6, "AU4": 0.5, "AU5": 0.8, "AU7": 0.3, "AU20": 0.6, "AU26": 0.3},
    "contempt": {},
}
"""Prototypes of the Facial Action Coding System's emotion tables (Ekman, Friesen & Hager 2002)."""

_ONE_SIDED = {"contempt": {"mouthSmileRight": 0.4, "mouthDimpleRight": 0.8}}
"""Contempt is AU12 and AU14 on one side only (Ekman & Friesen 1986)."""

_WIDTH = 0.35
"""Distance in the affect space at which an emotion's share has fallen to .61."""

_FULL = 0.65
"""Distance from neutral from which a face is shown in full: about that of the nearest target."""


def synthesise(
    *,
    emotion: str | None = None,
    intensity: float = 1.0,
    valence: float | None = None,
    arousal: float | None = None,
    dominance: float | None = None,
) -> dict[str, Any]:
    """Return what an agent can show for a target affect, ready for the wire.

    Args:
        emotion: One of ``EMOTIONS``; or None, and a point in the affect space.
        intensity: Of the emotion, 0..1.
        valence: -1..1; 0 where only others of the three are given.
        arousal: -1..1.
        dominance: -1..1.

    Returns:
        ``target`` (the three numbers), ``emotions`` (how much of each is shown, 0..1),
        ``blendshapes`` (52, 0..1), ``posture``, ``gaze``, ``prosody``, ``light`` and ``music``;
        units and ranges are in docs/synthesis.md.

    Raises:
        RequestError: ``bad_argument``: neither or both kinds of target, an unknown emotion, or
            a number out of range.
    """
    given = {"valence": valence, "arousal": arousal, "dominance": dominance}
    if emotion is not None:
        if any(value is not None for value in given.values()):
            raise RequestError(
                "bad_argument", "got an emotion and a point of affect", "give one of the two"
            )
        if emotion not in TARGETS:
            raise RequestError(
                "bad_argument", f"emotion: got {emotion!r}", f"one of {', '.join(EMOTIONS)}"
            )
        share = _within("intensity", intensity, 0.0)
        v, a, d = (share * part for part in TARGETS[emotion])
        shown = dict.fromkeys(EMOTIONS, 0.0) | {emotion: share}
    else:
        if all(value is None for value in given.values()):
            raise RequestError(
                "bad_argument", "no target", "give an emotion, or valence, arousal, dominance"
            )
        v, a, d = (_within(n, 0.0 if x is None else x, -1.0) for n, x in given.items())
        shown = _blend(v, a, d)
    return {
        "target": {"valence": v, "arousal": a, "dominance": d},
        "emotions": shown,
        "blendshapes": _face(shown, a),
        "posture": _posture(v, a, d),
        "gaze": _gaze(v, a, d),
        "prosody": _prosody(v, a, d),
        "light": _light(v, a),
        "music": _music(v, a, d),
    }


def _blend(v: float, a: float, d: float) -> dict[str, float]:
    """Return the weights of emotions at a point: none at the middle."""
    near = {
        name: exp(-((v - x) ** 2 + (a - y) ** 2 + 0.5 * (d - z) ** 2) / (2 * _WIDTH**2))
        for name, (x, y, z) in TARGETS.items()
        if name != "neutral"
    }
    total = sum(near.values())
    size = min(1.0, (v * v + a * a + d * d) ** 0.5 / _FULL)
    return {name: 1 - size if name == "neutral" else size * near[name] / total for name in EMOTIONS}


def _face(shown: Mapping[str, float], arousal: float) -> dict[str, float]:
    weights = dict.fromkeys(ARKIT, 0.0)
    for emotion, share in shown.items():
        for unit, strength in FACES[emotion].items():
            for shape, part in _BOTH[unit].items():
                names = (shape,) if shape in weights else (f"{shape}Left", f"{shape}Right")
                for name in names:
                    weights[name] += share * strength * part
        for name, strength in _ONE_SIDED.get(emotion, {}).items():
            weights[name] += share * strength
    # Lids follow arousal: half closed when drowsy.
    lids = 0.35 * max(0.0, -arousal) ** 2
    for side in ("Left", "Right"):
        weights[f"eyeBlink{side}"] += lids
        # A wide eye and a narrow one cannot both be shown.
        wide, narrow = weights[f"eyeWide{side}"], weights[f"eyeSquint{side}"]
        weights[f"eyeSquint{side}"] = narrow * (1 - 0.5 * min(1.0, wide))
    return {name: min(1.0, weight) for name, weight in weights.items()}


def _posture(v: float, a: float, d: float) -> dict[str, float]:
    """Return posture hints.

    Sources: Wallbott 1998; Mehrabian 1972; Kleinsmith & Bianchi-Berthouze 2013.
    """
    return {
        "lean": _bound(0.4 * v + 0.3 * a, -1, 1),
        "expansion": _bound(0.7 * d + 0.3 * a, -1, 1),
        "head_pitch": _bound(8 * d + 6 * v, -15, 15),
        "shoulders": _bound(0.5 * a - 0.5 * d, -1, 1),
        "sway": _bound(0.5 + 0.5 * a, 0, 1),
        "gesture_rate": _bound(1 + 0.8 * a, 0.2, 2),
        "gesture_size": _bound(1 + 0.4 * d + 0.4 * a, 0.2, 2),
    }


def _gaze(v: float, a: float, d: float) -> dict[str, float]:
    """Return gaze hints (Argyle & Cook 1976; Adams & Kleck 2005; Stern et al. 1984)."""
    return {
        "contact": _bound(0.6 + 0.25 * d + 0.15 * v, 0, 1),
        "pitch": _bound(10 * d + 5 * v, -15, 15),
        "blinks_per_minute": _bound(17 + 8 * a - 4 * v, 5, 35),
        "shift_rate": _bound(1 + 0.7 * a - 0.2 * d, 0.2, 2),
    }


def _prosody(v: float, a: float, d: float) -> dict[str, Any]:
    """Return prosody relative to the neutral voice.

    Sources: Banse & Scherer 1996; Juslin & Laukka 2003.
    """
    rate = _bound(1 + 0.22 * a + 0.04 * v, 0.6, 1.5)
    pitch = _bound(2.5 * a + 0.8 * v - 0.8 * d, -5, 5)
    spread = _bound(1 + 0.5 * a + 0.2 * v, 0.3, 2)
    volume = _bound(5 * a + 1.5 * d, -7, 7)
    prefix = (
        f'<prosody rate="{round(100 * rate)}%" pitch="{pitch:+.1f}st" '
        f'range="{round(100 * (spread - 1)):+d}%" volume="{volume:+.1f}dB">'
    )
    return {
        "rate": rate,
        "pitch_semitones": pitch,
        "range": spread,
        "volume_db": volume,
        "ssml_before": prefix,
        "ssml_after": "</prosody>",
    }


def _light(v: float, a: float) -> dict[str, float]:
    """Return light with the target's effect on raters (Valdez & Mehrabian 1994).

    Their regressions give pleasure = .69 B + .22 S and arousal = -.31 B + .60 S in standard
    scores of brightness and saturation; these two are solved for B and S. The hue's effect is
    small and culture-bound: warm with arousal (Wilms & Oberfeld 2018).
    """
    det = 0.69 * 0.60 + 0.22 * 0.31
    brightness = (0.60 * v - 0.22 * a) / det
    saturation = (0.31 * v + 0.69 * a) / det
    return {
        "brightness": _bound(0.5 + 0.22 * brightness, 0, 1),
        "saturation": _bound(0.5 + 0.22 * saturation, 0, 1),
        "hue_degrees": _bound(125 - 105 * a, 20, 230),
        "flicker": 0.0,
    }


def _music(v: float, a: float, d: float) -> dict[str, float]:
    """Return music parameters.

    Sources: Gabrielsson & Lindstroem 2010; Eerola, Friberg & Bresin 2013.
    """
    return {
        "tempo_bpm": _bound(100 + 40 * a + 6 * v, 50, 160),
        "loudness_db": _bound(6 * a + 1.5 * d, -9, 9),
        "major": _bound(0.5 + 0.5 * v, 0, 1),
        "articulation": _bound(0.5 + 0.35 * a + 0.1 * v, 0, 1),
        "register_semitones": _bound(5 * v + 2 * a - 3 * d, -10, 10),
        "dissonance": _bound(0.25 - 0.3 * v + 0.1 * a, 0, 1),
        "rhythmic_density": _bound(0.5 + 0.4 * a, 0, 1),
    }


def _within(name: str, value: float, low: float) -> float:
    if not isfinite(value) or not low <= value <= 1.0:
        raise RequestError("bad_argument", f"{name}: got {value!r}", f"a number {low:g}..1")
    return float(value)


def _bound(x: float, low: float, high: float) -> float:
    return max(low, min(high, x))
