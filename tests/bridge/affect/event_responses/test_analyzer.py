"""Tests of event responses: found, absent, or unknown with a reason."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.responses import person
from sentio_bridge.affect.event_responses import (
    Change,
    Response,
    ResponseAnalyzer,
    ResponseSettings,
    Summary,
    aggregates,
)
from sentio_bridge.affect.event_responses.measures import measures_for

MARKERS = 300.0 + 30.0 * np.arange(10)


def quiet(analyzer, seconds, name="arousal", spread=0.05, seed=0, start=0.0):
    rng = np.random.default_rng(seed)
    for time in np.arange(start, start + seconds, 0.5):
        analyzer.feature(name, float(time), float(rng.normal(0, spread)))


def test_answers_of_published_size_are_found_and_their_absence_too():
    rng = np.random.default_rng(3)
    loud = person(rng, MARKERS, 620.0, 1.0, affect=True)
    none = person(rng, MARKERS, 620.0, 0.0, affect=True)
    assert [r.time for r in loud] == list(MARKERS)
    assert sum(r.detected for r in loud) >= 8
    assert sum(r.detected for r in none) <= 2
    assert np.median([r.changes["scl_now"].delta for r in loud]) > 0.2
    assert np.median([r.changes["heart_rate_now.early"].effect for r in loud]) < 0
    assert np.median([r.changes["heart_rate_now.late"].effect for r in loud]) > 1


def test_the_same_samples_give_the_same_responses_however_they_are_polled():
    def played(every):
        analyzer, found = ResponseAnalyzer(), []
        rng = np.random.default_rng(1)
        for i in range(2000):
            analyzer.feature("arousal", i * 0.25, float(rng.normal()))
            if i == 1200:
                analyzer.marker("boss", 300.0)
            if i % every == 0:
                found += analyzer.poll(i * 0.25)
        return found

    assert played(1) == played(1)
    assert [r.time for r in played(40)] == [300.0]


def test_a_window_answers_once_and_only_when_it_has_closed():
    analyzer = ResponseAnalyzer()
    quiet(analyzer, 320.0)
    analyzer.marker("boss", 300.0)
    assert analyzer.poll(308.9) == []
    assert len(analyzer.poll(309.1)) == 1
    assert analyzer.poll(400.0) == []


def startled(size: float, seed: int = 0) -> list[tuple[float, Response]]:
    """Return the first answers to a marker at 300 s, of size ``size``."""
    analyzer, draw, found = ResponseAnalyzer(), np.random.default_rng(seed), []
    for tick in range(3040):
        time = tick * 0.1
        after = time - 300.0
        lids = 0.06 + abs(draw.normal(0, 0.02)) + (size if 0.0 < after < 0.4 else 0.0)
        brows = draw.normal(0.1, 0.03) + (size * 0.5 if 0.2 < after < 2.0 else 0.0)
        analyzer.feature("blink", time, float(lids))
        analyzer.feature("brow_up", time, float(brows))
        if tick == 3000:
            analyzer.marker("door", time)
        found += [(time, response) for response in analyzer.poll_first(time)]
    return found


def test_a_startle_is_answered_within_two_seconds():
    ((time, response),) = startled(0.8)
    assert time <= 302.0
    assert response.detected
    assert response.pattern == "startle"
    assert set(response.changes) == {"blink", "brow_up"}
    assert sum(startled(0.0, seed)[0][1].detected for seed in range(20)) <= 3


def test_a_marker_that_came_too_late_has_no_first_answer():
    analyzer = ResponseAnalyzer()
    quiet(analyzer, 320.0)
    analyzer.marker("boss", 300.0)
    assert analyzer.poll_first(301.0) == []
    assert analyzer.poll_first(315.0) == []
    assert len(analyzer.poll(315.0)) == 1


def test_without_samples_or_comparisons_it_gives_the_reason_and_no_value():
    analyzer = ResponseAnalyzer()
    analyzer.marker("boss", 5.0)
    (empty,) = analyzer.poll(20.0)
    assert empty.reasons == ("no_data",)
    assert (empty.detected, empty.p, empty.reliability) == (False, 1.0, 0.0)
    quiet(analyzer, 60.0)
    analyzer.marker("boss", 40.0)
    (early,) = analyzer.poll(60.0)
    assert "warming" in early.reasons
    assert not early.detected


def test_markers_close_together_are_marked_less_reliable():
    analyzer = ResponseAnalyzer()
    quiet(analyzer, 350.0)
    for time in (300.0, 302.0, 330.0):
        analyzer.marker("boss", time)
    first, second, alone = analyzer.poll(345.0)
    assert "overlap" in first.reasons
    assert "overlap" in second.reasons
    assert "overlap" not in alone.reasons
    assert first.reliability < 0.5 * alone.reliability


def test_two_markers_at_the_same_time_overlap():
    analyzer = ResponseAnalyzer()
    quiet(analyzer, 350.0)
    analyzer.marker("a", 300.0)
    analyzer.marker("b", 300.0)
    assert [r.reliability for r in analyzer.poll(345.0)] == [0.0, 0.0]


def test_a_gap_in_the_samples_leaves_the_signal_out():
    analyzer = ResponseAnalyzer()
    quiet(analyzer, 300.0)
    quiet(analyzer, 50.0, start=310.0)
    analyzer.marker("boss", 300.0)
    (found,) = analyzer.poll(350.0)
    assert found.reasons == ("no_data",)


@pytest.mark.parametrize(
    ("time", "reason"),
    [(nan, "not_finite"), (inf, "not_finite"), (1e9, "marker_ahead"), (-500.0, "marker_too_late")],
)
def test_impossible_times_of_markers_are_refused_and_counted(time, reason):
    analyzer = ResponseAnalyzer()
    quiet(analyzer, 100.0)
    assert analyzer.marker("boss", time) == reason
    assert analyzer.refused[reason] == 1
    assert analyzer.poll(1e4) == []


def test_many_markers_are_answered_one_by_one():
    """A burst of markers must not delay the next frame by a second."""
    analyzer, rest = ResponseAnalyzer(), ResponseAnalyzer()
    for each in (analyzer, rest):
        for step in range(300):
            each.feature("scl", step / 10.0, 1.0 + (step % 7) / 10.0)
        for number in range(100):
            each.marker(f"m{number}", 29.0 + number / 1000.0)
    assert analyzer.refused["too_many_markers"] == 36
    first = [analyzer.poll_first(31.5, 1) for _ in range(65)]
    assert [len(found) for found in first] == [1] * 64 + [0]
    answers = [analyzer.poll(40.0, 1) for _ in range(65)]
    assert [len(found) for found in answers] == [1] * 64 + [0]
    rest.poll_first(31.5)
    assert [found[0] for found in answers[:64]] == rest.poll(40.0)


def test_memory_is_bounded_whatever_comes():
    analyzer = ResponseAnalyzer(ResponseSettings(signals=2, pending=3))
    assert [analyzer.feature(n, 0.0, 1.0) for n in "abc"] == ["", "", "too_many_signals"]
    assert [analyzer.marker("m", 0.0) for _ in range(4)][3] == "too_many_markers"
    assert analyzer.feature("a", 1e7, 1.0) == "clock_ahead"
    assert analyzer.feature("a", 0.01, 1.0) == "too_dense"


def test_a_blink_at_once_with_a_racing_heart_is_a_startle():
    analyzer = ResponseAnalyzer()
    rng = np.random.default_rng(0)
    for time in np.arange(0.0, 420.0, 0.1):
        after = time - 400.0
        lid = 0.9 if 0.05 < after < 0.4 else 0.1
        analyzer.feature("eye_closure", float(time), lid + float(rng.normal(0, 0.02)))
        beat = 70 + (12 if 3 < after < 9 else 0) + float(rng.normal(0, 1))
        analyzer.feature("heart_rate_now", float(time), beat)
    analyzer.marker("bang", 400.0)
    (found,) = analyzer.poll(415.0)
    assert (found.detected, found.pattern) == (True, "startle")


def test_an_aggregate_counts_describes_and_forgets():
    def response(name, delta):
        return Response(
            name, 0.0, {"arousal": Change(delta, 5 * delta, 0.1, 1.0)}, 1, 1, False, "", 1.0, ()
        )

    summary = Summary(kept=9, names=2)
    for delta in [9.0, 0.3, 0.31, 0.32, 0.4, 0.5, 0.29, 0.31, 0.0, 0.1]:
        summary.add(response("boss_spawned", delta))
    assert summary.sentence("boss_spawned") == ("boss_spawned: 7 of 9 raised arousal, median +0.31")
    assert summary.sentence("unknown") == ""
    for name in ("a", "b"):
        summary.add(response(name, -0.4))
    assert summary.names() == ("a", "b")
    assert summary.sentence("a") == "a: 1 of 1 lowered arousal, median -0.40"
    summary.add(response("x" * 1_000_000, 0.4))
    assert summary.sentence("x" * 1_000_000).startswith("x" * 60 + "...: 1 of 1 raised")


def test_sentences_name_a_signal_that_is_there():
    analyzer = ResponseAnalyzer()
    quiet(analyzer, 350.0, name="scl")
    analyzer.marker("boss", 300.0)
    analyzer.poll(345.0)
    assert "scl" in aggregates(analyzer)["boss"]


def test_skin_answers_must_begin_within_five_seconds():
    (skin,) = measures_for("scl")
    times = np.arange(0.0, 40.0, 0.25)
    late = np.where(times > 17.0, 1.0, 0.0)
    soon = np.where(times > 13.0, 1.0, 0.0)
    assert skin.at(times, late, np.array([10.0]))[0] == pytest.approx(1.0)
    assert skin.at(times, soon, np.array([10.0]))[0] == pytest.approx(1.0)
    ramp = np.where(times > 15.5, times, 15.5)
    foot_at_five = skin.at(times, ramp, np.array([10.0]))[0]
    assert foot_at_five == pytest.approx(2.5)


numbers = st.one_of(st.floats(-100, 1e4), st.sampled_from([nan, inf, -inf, 1e300]))


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from(("scl", "heart_rate_now", "x", "!")), numbers, numbers),
        max_size=60,
    )
)
def test_whatever_comes_nothing_raises_and_every_number_is_finite(calls):
    analyzer = ResponseAnalyzer()
    for name, time, value in calls:
        if name == "!":
            analyzer.marker("m", time)
        else:
            analyzer.feature(name, time, value)
    for found in analyzer.poll(2e4):
        assert 0 <= found.p <= 1
        for change in found.changes.values():
            assert np.isfinite([change.effect, change.p, change.reliability]).all()


def test_features_too_slow_to_show_a_response_are_left_out():
    analyzer = ResponseAnalyzer()
    assert analyzer.feature("ln_rmssd", 0.0, 1.0) == "too_slow"
    assert analyzer.feature("recent_heart_rate", 0.0, 60.0) == ""
    assert not analyzer.refused
