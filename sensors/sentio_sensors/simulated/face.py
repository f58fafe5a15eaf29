"""Simulate blendshapes and head pose as a face tracker reports them."""

from __future__ import annotations

import numpy as np

from sentio_sensors.simulated.body import Body, band_noise, generator, lag, samples_near
from sentio_sensors.simulated.brain import blink_shape
from sentio_sensors.simulated.moments import face_course, since
from sentio_sensors.simulated.physiology import Signal
from sentio_sensors.simulated.scenario import Floats
from sentio_sensors.simulated.speech import SPEECH_HZ, Speech

BLENDSHAPES = (
    "_neutral",
    "browDownLeft",
    "browDownRight",
    "browInnerUp",
    "browOuterUpLeft",
    "browOuterUpRight",
    "cheekPuff",
    "cheekSquintLeft",
    "cheekSquintRight",
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "eyeLookDownLeft",
    "eyeLookDownRight",
    "eyeLookInLeft",
    "eyeLookInRight",
    "eyeLookOutLeft",
    "eyeLookOutRight",
    "eyeLookUpLeft",
    "eyeLookUpRight",
    "eyeSquintLeft",
    "eyeSquintRight",
    "eyeWideLeft",
    "eyeWideRight",
    "jawForward",
    "jawLeft",
    "jawOpen",
    "jawRight",
    "mouthClose",
    "mouthDimpleLeft",
    "mouthDimpleRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthFunnel",
    "mouthLeft",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthPressLeft",
    "mouthPressRight",
    "mouthPucker",
    "mouthRight",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthShrugLower",
    "mouthShrugUpper",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
    "noseSneerLeft",
    "noseSneerRight",
)
"""The 52 outputs of MediaPipe's face landmarker in its order: ARKit's shapes, with ``_neutral``
first and without ``tongueOut``. Each 0..1."""

HEAD_POSE = ("headPitch", "headYaw", "headRoll")
"""Degrees: nodding down, turning to the person's left and tilting to it are positive."""


_STARTLED = {
    "browDown": 0.3,
    "browInnerUp": 0.45,
    "eyeWide": 0.5,
    "eyeSquint": 0.2,
    "mouthStretch": 0.4,
    "jawOpen": 0.25,
}
"""Strength of a startled face: brows and lids, and a mouth drawn wide."""


def startled_face(body: Body, t: Floats) -> Floats:
    """Return how far startles show in face and head at times of one loop, about 0..1."""
    shown = np.zeros(len(t))
    for at, size in zip(body.startles, body.startled, strict=True):
        shown += size * face_course(since(t, np.array([at]), body.seconds))
    return shown


def face(body: Body, speech: Speech, rate: int, seed: int) -> Signal:
    """Return blendshapes and head pose, shape ``(n, 55)``.

    Columns are ``BLENDSHAPES + HEAD_POSE``.

    Pleasant moments smile with cheeks and eyes (AU6 + AU12), unpleasant ones lower the brows and
    the lip corners (AU4 + AU15), arousal widens the eyes (AU5), as in Ekman & Friesen's FACS
    (1978); blinks and jaw follow the same events as the EEG and the voice.
    """
    n = body.seconds * rate
    t = np.arange(n) / rate
    truth = {name: body.curve(name, t) for name in ("valence", "arousal", "stress", "engagement")}
    pleasant, unpleasant = np.clip(truth["valence"], 0, 1), np.clip(-truth["valence"], 0, 1)
    f = np.fft.rfftfreq(n, 1 / rate)

    def sway(part: int, cutoff_hz: float) -> Floats:
        return band_noise(generator(seed, part), n, rate, np.exp(-((f / cutoff_hz) ** 2)))

    # Expressions vary in strength instead of being constant.
    wave = np.clip(0.75 + 0.25 * sway(70, 0.3), 0, 1)
    speech_t = np.arange(len(speech.level)) / SPEECH_HZ
    jaw = np.interp(t, speech_t, speech.level * (0.25 + 0.5 * speech.gain), period=body.seconds)
    blink = np.zeros(n)
    sample, _, delay = samples_near(t, body.blinks, body.seconds, 0.0, 0.4)
    np.maximum.at(blink, sample, blink_shape(delay))
    smile, squint = 0.75 * pleasant * wave, 0.5 * pleasant * wave
    look = 0.12 * sway(71, 1.5)

    shapes: dict[str, Floats] = {
        "browDown": 0.6 * unpleasant * wave,
        "browInnerUp": 0.05 + 0.3 * truth["stress"] * wave,
        "browOuterUp": 0.2 * np.clip(truth["arousal"], 0, 1) * wave,
        "cheekSquint": squint,
        "eyeBlink": np.maximum(0.06, 0.9 * blink),
        "eyeSquint": 0.2 + squint * 0.6,
        "eyeWide": 0.25 * np.clip(truth["arousal"], 0, 1),
        "eyeLookDown": 0.1 + 0.15 * np.clip(-truth["arousal"], 0, 1) + np.clip(-look, 0, 1),
        "eyeLookUp": np.clip(look, 0, 1),
        "jawOpen": jaw + 0.02,
        "mouthFrown": 0.45 * unpleasant * wave,
        "mouthPress": 0.35 * truth["stress"] * wave,
        "mouthSmile": smile,
        "mouthDimple": 0.2 * smile,
        "mouthStretch": 0.15 * truth["stress"],
        "mouthLowerDown": 0.5 * jaw,
        "mouthUpperUp": 0.2 * jaw + 0.1 * smile,
        "noseSneer": 0.15 * unpleasant * wave,
    }
    jolt = startled_face(body, t)
    for name, size in _STARTLED.items():
        shapes[name] = shapes[name] + size * jolt
    noise = generator(seed, 72).normal(0, 0.004, (n, len(BLENDSHAPES)))
    columns = np.full((n, len(BLENDSHAPES)), 0.004) + noise
    for column, name in enumerate(BLENDSHAPES):
        curve = shapes.get(name.removesuffix("Left").removesuffix("Right"))
        if curve is not None:
            # Faces are not symmetric: the left side is a little stronger.
            columns[:, column] += curve * (0.93 if name.endswith("Right") else 1.0)
    nod = lag(truth["arousal"], 3.0, rate)
    liveliness = 1 + body.curve("moving", t)
    pose = [
        -4 * nod + 2.0 * liveliness * sway(73, 0.5) + 7.0 * jolt,
        4.0 * liveliness * sway(74, 0.4),
        1.5 * liveliness * sway(75, 0.4),
    ]
    shapes_out = np.clip(columns, 0, 1)
    return np.concatenate([shapes_out, np.stack(pose, axis=1)], axis=1).astype(np.float32)
