"""Nothing but finite, ordered, plausible samples gets past the check."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sentio_sensors import Channel, Chunk, Role, StreamSpec
from sentio_sensors.runtime.chunk_validator import ChunkValidator

SPEC = StreamSpec("b/eeg", Role.EEG, 100.0, (Channel("Fz"), Channel("Cz")))
NOW = 1000.0


def chunk(times: object, values: object = None, **more: object) -> Chunk:
    stamps = np.asarray(times, float)
    data = np.ones((len(stamps), 2), np.float32) if values is None else np.asarray(values)
    return Chunk("b/eeg", stamps, data, **more)  # type: ignore[arg-type]


def test_a_good_chunk_passes_untouched() -> None:
    good = chunk([999.98, 999.99])
    assert ChunkValidator(SPEC).clean(good, NOW) is good


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (chunk([999.8, np.nan, 999.9]), "bad_time"),
        (chunk([999.8, 1e6 + NOW, 999.9]), "bad_time"),
        (chunk([999.8, 1.0, 999.9]), "bad_time"),
        (chunk([999.8, 999.7, 999.9]), "shuffled_time"),
        (chunk([999.8, 999.8, 999.9]), "shuffled_time"),
        (chunk([999.8, 999.85, 999.9], [[1, 1], [np.inf, np.nan], [1, 1]]), "not_finite"),
    ],
)
def test_one_bad_sample_goes_and_the_rest_stays(bad: Chunk, reason: str) -> None:
    check = ChunkValidator(SPEC)
    clean = check.clean(bad, NOW)
    assert clean is not None
    assert clean.times.tolist() == [999.8, 999.9]
    assert reason in clean.reasons
    assert clean.quality == pytest.approx(2 / 3)
    assert check.rejected == 1


def test_a_channel_without_numbers_does_not_affect_the_others() -> None:
    check = ChunkValidator(SPEC)
    times = NOW - 2 + np.arange(1, 200) / 100
    values = np.ones((199, 2), np.float32)
    values[50:, 1] = np.nan
    for part in (slice(0, 60), slice(60, 199)):
        bad = chunk(times[part], values[part])
        clean = check.clean(bad, NOW)
        assert clean is not None
        assert clean.times.tolist() == bad.times.tolist()
        np.testing.assert_array_equal(clean.values, bad.values)
        assert (clean.quality, clean.reasons) == (1.0, ("not_finite",))
    assert (check.rejected, check.unknown) == (0, ("Cz",))
    assert check.clean(chunk([999.999]), NOW) is not None
    assert check.unknown == ()


def test_a_sample_with_one_nan_goes_where_channels_are_one_reading() -> None:
    spec = StreamSpec("f/face", Role.FACE, 100.0, (Channel("jawOpen"), Channel("mouthSmile")))
    check = ChunkValidator(spec)
    values = np.array([[1, 1], [1, np.nan]], np.float32)
    clean = check.clean(Chunk("f/face", np.array([999.8, 999.9]), values), NOW)
    assert clean is not None
    assert clean.times.tolist() == [999.8]


def test_a_changed_channel_count_is_reported_and_nothing_passes() -> None:
    check = ChunkValidator(SPEC)
    assert check.clean(chunk([999.9], np.ones((1, 3))), NOW) is None
    assert check.trouble == ("channels_changed",)
    assert check.clean(chunk([999.95]), NOW) is not None
    assert check.trouble == ()


def test_what_was_passed_before_does_not_come_again() -> None:
    check = ChunkValidator(SPEC)
    check.clean(chunk([999.8, 999.9]), NOW)
    again = check.clean(chunk([999.85, 999.9, 999.95]), NOW)
    assert again is not None
    assert again.times.tolist() == [999.95]


def test_a_wrong_rate_is_reported() -> None:
    check = ChunkValidator(SPEC)
    clean = None
    for index in range(600):  # 50 Hz instead of 100
        now = NOW + index / 50
        clean = check.clean(chunk([now]), now)
    assert clean is not None
    assert "wrong_rate" in clean.reasons
    assert clean.quality <= 0.5
    assert check.rate_hz == pytest.approx(50, rel=0.05)


def starved(check: ChunkValidator, seconds: float) -> float:
    """Give a third of the samples for a while; return the end."""
    for index in range(int(33 * seconds)):
        now = NOW + index / 33
        check.clean(chunk([now]), now)
    assert check.off_rate
    return now


@pytest.mark.parametrize("samples", [1, 10, 50])
def test_stated_rate_is_believed_again_soon_after_a_pause(samples: int) -> None:
    check = ChunkValidator(SPEC)
    last = starved(check, 12.0)
    took = 0.0
    while check.off_rate:
        took += samples / 100
        now = last + took
        times = now - np.arange(samples - 1, -1, -1) / 100 + 1e-6
        assert check.clean(chunk(times), now) is not None
        assert took < 2.5
    assert check.rate_hz == pytest.approx(100, rel=0.1)


def test_samples_that_catch_up_do_not_change_the_rate() -> None:
    check = ChunkValidator(SPEC)
    last = starved(check, 12.0)
    for index in range(1, 400):  # what was buffered comes at twice the rate
        now = last + index / 200
        check.clean(chunk([now]), now)
    assert check.off_rate


def test_wrong_rate_stays_reported() -> None:
    check = ChunkValidator(SPEC)
    last = starved(check, 12.0)
    rng = np.random.default_rng(0)
    for index in range(1, 3000):  # 78 Hz, and late by up to 50 ms
        taken = last + index / 78
        check.clean(chunk([taken]), taken + rng.uniform(0, 0.05))
        assert check.off_rate


def test_huge_stamps_and_values_are_checked_without_a_warning() -> None:
    assert ChunkValidator(SPEC).clean(chunk([1.79e308, -1e292]), NOW) is None
    largest = np.full((2, 2), np.finfo(np.float32).max, np.float32)
    clean = ChunkValidator(SPEC).clean(chunk([999.8, 999.9], largest), NOW)
    assert clean is not None
    assert len(clean) == 2


TIMES = hnp.arrays(float, st.integers(0, 12), elements=st.floats(width=64) | st.floats(990, 1001))


@given(st.lists(TIMES, max_size=5), st.data())
def test_whatever_comes_in_only_good_samples_come_out(arrays: list[object], data: object) -> None:
    check = ChunkValidator(SPEC)
    newest = -np.inf
    for times in arrays:
        count = len(times)  # type: ignore[arg-type]
        values = data.draw(hnp.arrays(np.float32, (count, 2), elements=st.floats(width=32)))  # type: ignore[attr-defined]
        clean = check.clean(chunk(times, values), NOW)
        if clean is None:
            continue
        assert len(clean) == len(clean.values) > 0
        assert np.isfinite(clean.times).all()
        assert np.isfinite(clean.values).any(axis=1).all()
        assert not np.isinf(clean.values).any()
        assert (np.diff(np.r_[newest, clean.times]) > 0).all()
        assert 0 <= clean.quality <= 1
        newest = clean.times[-1]
