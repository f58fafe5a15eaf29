"""The slow state, and what recurs in it."""

from __future__ import annotations

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.mood import Mood, MoodSettings, SessionSummary, across, zone


def live(mood, first, last, **values):
    time = first
    while time < last:
        mood.update(time, values)
        time += 0.5
    return mood


def test_nothing_is_known_before_there_is_evidence():
    mood = live(Mood(), 0.0, 2.0, valence=0.8, valence_sd=0.1)
    assert mood.values() == {}


def test_a_mood_follows_minutes_and_not_moments():
    mood = live(Mood(), 0.0, 900.0, valence=0.5, valence_sd=0.1, arousal=-0.4, arousal_sd=0.1)
    before = mood.values()
    assert before["mood_valence"] == pytest.approx(0.5, abs=0.05)
    assert "mood_dominance" not in before
    live(mood, 900.0, 905.0, valence=-1.0, valence_sd=0.1)
    assert mood.values()["mood_valence"] == pytest.approx(before["mood_valence"], abs=0.05)


def test_sure_states_count_for_more_and_silence_makes_unsure():
    sure = live(Mood(), 0.0, 120.0, valence=0.8, valence_sd=0.1)
    vague = live(Mood(), 0.0, 120.0, valence=0.8, valence_sd=0.9)
    assert sure.deviations()["valence"] < vague.deviations()["valence"]
    sure.update(4000.0, {})
    assert sure.values() == {}


def test_recovery_is_the_time_until_half_of_a_peak_is_gone():
    mood = live(Mood(), 0.0, 300.0, arousal=0.0, arousal_sd=0.1)
    live(mood, 300.0, 310.0, arousal=0.8, arousal_sd=0.1)
    live(mood, 310.0, 330.0, arousal=0.5, arousal_sd=0.1)
    live(mood, 330.0, 400.0, arousal=0.1, arousal_sd=0.1)
    found = mood.summary()
    assert found.peaks == 1
    assert found.recovery == pytest.approx(20.0, abs=2.0)  # from the end of the top


def test_jitter_round_one_rise_is_one_peak():
    mood = live(Mood(), 0.0, 300.0, arousal=0.0, arousal_sd=0.1)
    for i in range(120):
        mood.update(300.0 + i * 0.5, {"arousal": 0.6 if i % 2 else 0.1, "arousal_sd": 0.1})
    live(mood, 360.0, 400.0, arousal=0.0, arousal_sd=0.1)
    assert mood.summary().peaks == 1


def test_zones_share_out_the_time_and_the_trend_has_its_sign():
    mood = Mood(MoodSettings(tau=60.0))
    for i in range(1200):
        mood.update(i * 0.5, {"valence": i / 1200 - 0.5, "arousal": 0.5, "arousal_sd": 0.1})
    found = mood.summary()
    assert sum(found.zones.values()) == pytest.approx(found.seconds)
    assert found.zones["tense"] == pytest.approx(found.zones["excited"], rel=0.05)
    assert found.trend["valence"] > 0


def test_zones_are_the_quadrants_round_a_neutral_middle():
    assert [zone(*p) for p in ((0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5), (0.1, 0))] == [
        "calm",
        "excited",
        "tense",
        "low",
        "neutral",
    ]


def test_sessions_are_compared_with_those_before_them():
    def session(valence, recovery):
        return SessionSummary(
            seconds=600.0, mean={"valence": valence}, sd={}, zones={}, recovery=recovery
        )

    old = [session(v, 20.0) for v in (0.0, 0.1, -0.1)]
    found = across([*old, session(0.5, 10.0)])
    assert found["valence"] > 3
    assert found["recovery"] == pytest.approx(0.5)
    assert across(old) == {}
    assert across([]) == {}


@given(
    st.lists(
        st.tuples(
            st.one_of(st.floats(-10, 1e6), st.sampled_from([nan, inf])),
            st.dictionaries(
                st.sampled_from(("valence", "arousal", "arousal_sd", "valence_sd")),
                st.one_of(st.floats(-1, 1), st.sampled_from([nan, inf])),
            ),
        ),
        max_size=40,
    )
)
def test_whatever_comes_the_mood_stays_a_number_in_range(updates):
    mood = Mood()
    for time, values in updates:
        mood.update(time, values)
    assert all(-1 <= v <= 1 for v in mood.values().values())
    assert all(0 < sd <= 0.5 for sd in mood.deviations().values())
