import numpy as np
import pytest

from sentio_models.estimate import EMOTIONS
from sentio_models.modalities.voice.network import arousal_of, logit_of
from sentio_models.modalities.voice.person import FIRST, Mean, Person
from sentio_models.modalities.voice.statistics import NAMES
from sentio_models.runtime.onnx_session import OnnxSession

TYPICAL = np.array(OnnxSession.shipped("voice_person").manifest.constants["population"])


def take(person, values, count, *, network=0.0, clear=True, speech=True):
    for _ in range(count):
        last = person(values, network, step=2.0, clear=clear, speech=speech)
    return last


def test_mean_starts_from_its_prior_and_forgets():
    mean = Mean(np.array([1.0]), 1.0, 10.0)
    mean.add(np.array([3.0]), 1.0)
    assert mean.value[0] == pytest.approx(2.0)
    for _ in range(200):
        mean.add(np.array([7.0]), 1.0)
    assert mean.value[0] == pytest.approx(7.0, abs=1e-3)
    assert mean.weight == 10.0


def test_arousal_is_relative_to_the_person():
    person = Person()
    usual = TYPICAL + np.random.default_rng(0).standard_normal(len(NAMES)) * 0.3
    take(person, usual, 40)
    first = take(person, usual, 1).arousal
    other = Person()
    take(other, TYPICAL, 40)
    assert first == pytest.approx(take(other, TYPICAL, 1).arousal, abs=0.3)
    assert take(person, usual, 1, network=2.0).arousal > first


def test_unclear_sound_is_not_learnt():
    person = Person()
    usual = TYPICAL
    take(person, usual + 5.0, 50, clear=False)
    fresh = Person()
    assert take(person, usual, 1).arousal == take(fresh, usual, 1).arousal


def test_other_voice_is_found_after_the_first_twenty_seconds():
    person = Person()
    mine = TYPICAL
    theirs = TYPICAL.copy()
    theirs[NAMES.index("pitch")] += 1.0
    theirs[NAMES.index("mfcc2_voiced")] += 8.0
    theirs[NAMES.index("mfcc3_voiced")] -= 8.0
    assert not take(person, theirs, 3).other
    person.restart()
    assert not take(person, mine, int(FIRST) + 5).other
    assert take(person, theirs, 4).other
    assert not take(person, mine, 4).other


def test_restart_erases_the_voice():
    person, fresh = Person(), Person()
    take(person, TYPICAL + 1.0, 30)
    person.restart()
    assert take(person, TYPICAL, 1) == take(fresh, TYPICAL, 1)


def test_laughter_is_not_compared_with_speech():
    person = Person()
    mine = TYPICAL
    take(person, mine, int(FIRST) + 5)
    assert not take(person, mine + 9.0, 10, speech=False).other


def test_classes_are_relative_to_the_person():
    person = Person()
    sad = TYPICAL.copy()
    sad[NAMES.index("pitch")] -= 0.5
    sad[NAMES.index("level_sd")] -= 4.0
    take(person, TYPICAL, 20)
    at_first = take(person, sad, 1).emotions
    later = take(person, sad, 300).emotions
    usual = take(Person(), TYPICAL, 60).emotions
    far, near = (sum(abs(one[n] - usual[n]) for n in EMOTIONS) for one in (at_first, later))
    assert near < 0.5 * far


def test_classes_are_not_evidence_before_the_norm_is_the_persons_own():
    person = Person()
    loud = TYPICAL.copy()
    loud[NAMES.index("level_sd")] += 9.0
    unknown = take(person, loud, 1, clear=False).emotions
    assert set(unknown.values()) == {1 / len(EMOTIONS)}
    take(person, TYPICAL, 20)
    assert max(take(person, loud, 1).emotions.values()) > 1 / len(EMOTIONS)


def test_logit_and_arousal_are_inverse():
    for value in (-0.45, -0.1, 0.0, 0.3, 0.49):
        assert arousal_of(logit_of(value)) == pytest.approx(value)
    assert np.isfinite(logit_of(0.5))
