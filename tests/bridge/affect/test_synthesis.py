"""Tests of synthesis: bounded, smooth, and in the right direction."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.synthesis import ARKIT, TARGETS, synthesise
from sentio_bridge.errors import RequestError
from sentio_bridge.protocol.codec import decode_map, encode_body
from sentio_models import EMOTIONS

unit = st.floats(-1, 1)


def flat(body, path=""):
    for key, value in body.items():
        if isinstance(value, dict):
            yield from flat(value, f"{path}{key}.")
        elif not isinstance(value, str):
            yield path + key, value


@given(unit, unit, unit)
def test_every_target_gives_52_weights_and_a_full_share_of_emotions(v, a, d):
    body = synthesise(valence=v, arousal=a, dominance=d)
    assert tuple(body["blendshapes"]) == ARKIT
    assert len(ARKIT) == 52
    assert all(0 <= w <= 1 for w in body["blendshapes"].values())
    assert sum(body["emotions"].values()) == pytest.approx(1)
    assert all(-1e-9 <= share <= 1 for share in body["emotions"].values())
    assert all(0 <= body["light"][n] <= 1 for n in ("brightness", "saturation"))
    assert 50 <= body["music"]["tempo_bpm"] <= 160
    assert decode_map(encode_body(body))["target"] == body["target"]


SCALE = {"head_pitch": 30, "pitch": 30, "blinks_per_minute": 30, "pitch_semitones": 10}
SCALE |= {"volume_db": 14, "hue_degrees": 210, "tempo_bpm": 110, "loudness_db": 18}
SCALE |= {"register_semitones": 20}


@given(unit, unit, unit, st.tuples(*[st.floats(-1e-3, 1e-3)] * 3))
def test_a_small_step_of_the_target_is_a_small_step_of_everything(v, a, d, step):
    old = {"valence": v, "arousal": a, "dominance": d}
    new = {n: max(-1, min(1, x + s)) for (n, x), s in zip(old.items(), step, strict=True)}
    before, after = dict(flat(synthesise(**old))), dict(flat(synthesise(**new)))
    for name, value in before.items():
        scale = SCALE.get(name.rsplit(".", 1)[-1], 1.0)
        assert abs(after[name] - value) / scale < 0.02, name


@pytest.mark.parametrize("emotion", EMOTIONS)
def test_no_intensity_is_a_neutral_face_and_more_is_more(emotion):
    none = synthesise(emotion=emotion, intensity=0.0)
    assert not any(none["blendshapes"].values())
    half, full = (
        sum(synthesise(emotion=emotion, intensity=i)["blendshapes"].values()) for i in (0.5, 1.0)
    )
    assert half <= full
    assert (full > 0) == (emotion != "neutral")


@pytest.mark.parametrize("emotion", [e for e in EMOTIONS if e != "neutral"])
def test_the_point_of_an_emotion_shows_mostly_that_emotion(emotion):
    point = dict(zip(("valence", "arousal", "dominance"), TARGETS[emotion], strict=True))
    shown = synthesise(**point)["emotions"]
    assert max(shown, key=shown.get) == emotion


def test_the_signs_are_those_of_the_literature():
    happy = synthesise(emotion="happiness")["blendshapes"]
    sad = synthesise(emotion="sadness")
    angry = synthesise(emotion="anger")
    assert happy["mouthSmileLeft"] > 0.5 > sad["blendshapes"]["mouthSmileLeft"] == 0
    assert sad["blendshapes"]["mouthFrownLeft"] > 0.5
    assert angry["prosody"]["volume_db"] > 0 > sad["prosody"]["volume_db"]
    assert sad["prosody"]["rate"] < 1 < angry["prosody"]["rate"]
    contempt = synthesise(emotion="contempt")["blendshapes"]
    assert contempt["mouthDimpleRight"] > contempt["mouthDimpleLeft"] == 0


def test_the_voice_is_well_formed_ssml():
    prosody = synthesise(valence=0.3, arousal=-0.7)["prosody"]
    assert prosody["ssml_before"].startswith('<prosody rate="86%" pitch="-1.5st"')
    assert prosody["ssml_after"] == "</prosody>"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({}, "no target"),
        ({"emotion": "awe"}, "awe"),
        ({"emotion": "fear", "valence": 0.1}, "both|one of the two"),
        ({"valence": float("nan")}, "valence"),
        ({"arousal": 1.5}, "arousal"),
        ({"emotion": "fear", "intensity": -0.1}, "intensity"),
    ],
)
def test_what_is_not_a_target_is_refused_with_its_name(target, message):
    with pytest.raises(RequestError, match=message):
        synthesise(**target)
