"""Tests of the scenario: smooth transitions, loop, validation."""

import msgspec
import numpy as np
import pytest

from sentio_sensors.simulated import PRESETS, Scenario, Segment, SimulateSettings


def test_values_reach_each_segment_smoothly() -> None:
    scenario = Scenario(PRESETS["demo"])
    for start, segment in zip(scenario.starts, scenario.segments, strict=True):
        end = scenario.truth(start + segment.seconds - 0.01)
        assert end.arousal == pytest.approx(segment.arousal)
        assert end.valence == pytest.approx(segment.valence)
    truth = scenario.truth(np.arange(0, 3 * scenario.seconds, 0.1))
    assert np.abs(np.diff(truth.arousal)).max() < 0.06  # no jumps, also at the start of the loop
    assert truth.arousal[0] == pytest.approx(truth.arousal[10 * scenario.seconds])


def test_stress_and_relaxation_follow_the_circumplex() -> None:
    scenario = Scenario(PRESETS["stress-test"])
    rest, stress = scenario.truth(39.0), scenario.truth(80.0)
    assert stress.stress > 0.6 > 0.1 > rest.stress
    assert rest.relaxation > 0.25
    assert stress.relaxation == 0


def test_boundaries_list_each_segment_once() -> None:
    scenario = Scenario(PRESETS["stress-test"])
    whole = scenario.boundaries(0, 2 * scenario.seconds)
    cuts = np.sort(np.random.default_rng(1).uniform(0, 2 * scenario.seconds, 40))
    edges = [0.0, *cuts, 2.0 * scenario.seconds]
    parts = [x for a, b in zip(edges, edges[1:], strict=False) for x in scenario.boundaries(a, b)]
    assert parts == whole
    assert [name for _, name in whole] == ["rest", "stress", "recovery"] * 2


def test_scenario_can_be_written_in_toml() -> None:
    text = """
    roles = ["ppg"]
    [[scenario]]
    name = "calm"
    seconds = 20
    arousal = -0.8
    [[faults]]
    kind = "stall"
    at = 3.0
    """
    settings = msgspec.toml.decode(text, type=SimulateSettings)
    assert settings.script().seconds == 20
    assert settings.faults[0].kind == "stall"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('scenario = "strses"', "use one of"),
        ("scenario = []", "use 1..3600 s"),
        ('scenario = [{name = "x", seconds = 5, arousal = 2.0}]', "use -1..1"),
        ('scenario = [{name = "x", seconds = 0}]', "use 1..3600"),
        ('roles = ["smell"]', "smell"),
        ("fps = 0", "fps is 0"),
        ("block_ms = 1.0", "block_ms"),
        ("seed = -1", "seed is -1"),
        ("sede = 1", "sede"),
    ],
)
def test_invalid_settings_name_the_key(text: str, expected: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=expected):
        msgspec.toml.decode(text, type=SimulateSettings)


def test_too_long_scenario_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 3600"):
        Scenario((Segment(name="a", seconds=3000), Segment(name="b", seconds=3000)))
