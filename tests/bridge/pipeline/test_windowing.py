"""Windows are cut by capture time and depend only on the chunks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.pipeline.windowing import Windower
from sentio_models import Needs
from sentio_sensors import Channel, Chunk, Role, StreamSpec

EEG = StreamSpec("b/eeg", Role.EEG, 100.0, (Channel("Fz", "uV"), Channel("Pz", "uV")))
EDA = StreamSpec("b/eda", Role.EDA, 4.0, (Channel("eda", "uS"),))
NEEDS = Needs(frozenset({"eeg", "eda"}), seconds=2.0, hop=0.5)


def chunk(spec: StreamSpec, first: int, count: int, **fields: object) -> Chunk:
    """Return samples of a stream whose values are their indices."""
    index = np.arange(first, first + count)
    values = np.repeat(index[:, None], len(spec.channels), 1).astype(np.float32)
    return Chunk(spec.id, index / spec.rate_hz, values, **fields)  # type: ignore[arg-type]


def make_windower(*specs: StreamSpec, needs: Needs = NEEDS) -> Windower:
    windower = Windower(needs)
    for spec in specs:
        windower.stream(spec)
    return windower


def test_window_contains_the_newest_seconds() -> None:
    cut = make_windower(EEG)
    last = None
    for first in range(0, 1000, 10):
        last = cut.push(chunk(EEG, first, 10)) or last
    assert last is not None
    window, captured = last
    signal = window.signals["eeg"]
    assert captured == pytest.approx(9.59)  # the hop grid follows the first window
    assert signal.values[-1, 0] == 959
    assert len(signal.values) == 200
    assert signal.offsets[0] == pytest.approx(-1.99)
    assert signal.channels == ("Fz", "Pz")


def test_windows_follow_the_hop() -> None:
    cut = make_windower(EEG)
    times = [due[1] for f in range(0, 1000, 10) if (due := cut.push(chunk(EEG, f, 10)))]
    assert np.diff(times) == pytest.approx(0.5, abs=1e-6)


def test_role_without_recent_samples_is_omitted() -> None:
    cut = make_windower(EEG, EDA)
    cut.push(chunk(EDA, 0, 4))
    due = cut.push(chunk(EEG, 0, 150))
    assert due is not None
    assert set(due[0].signals) == {"eeg", "eda"}
    for first in range(150, 550, 50):
        due = cut.push(chunk(EEG, first, 50)) or due
    assert set(due[0].signals) == {"eeg"}


def test_streams_of_other_roles_are_ignored() -> None:
    cut = make_windower(EEG, needs=Needs(frozenset({"eda"}), 2.0, 0.5))
    assert cut.push(chunk(EEG, 0, 100)) is None


def test_newer_of_two_devices_is_used() -> None:
    other = StreamSpec("c/eeg", Role.EEG, 100.0, EEG.channels)
    cut = make_windower(EEG, other)
    cut.push(chunk(other, 0, 50))
    due = cut.push(chunk(EEG, 50, 50))
    assert due is not None
    assert due[0].signals["eeg"].values[-1, 0] == 99


def test_window_contains_only_the_newest_frame_if_requested() -> None:
    video = StreamSpec("cam", Role.VIDEO, 30.0, (Channel("rgb", "1"),))
    cut = make_windower(video, needs=Needs(frozenset({"video"}), 0.0, 0.0, newest=True))
    frames = np.arange(3, dtype=np.uint8)[:, None, None, None] * np.ones((1, 4, 4, 3), np.uint8)
    due = cut.push(Chunk("cam", np.array([0.0, 0.1, 0.2]), frames))
    assert due is not None
    assert due[0].signals["video"].values.shape == (1, 4, 4, 3)
    assert due[0].signals["video"].values[0, 0, 0, 0] == 2


def test_video_frames_are_neither_copied_nor_overwritten() -> None:
    video = StreamSpec("cam", Role.VIDEO, 30.0, (Channel("rgb"),))
    cut = make_windower(video, needs=Needs(frozenset({"video"}), 0.0, 0.0, newest=True))
    picture = np.full((1, 4, 4, 3), 7, np.uint8)
    due = cut.push(Chunk("cam", np.array([1.0]), picture))
    assert due is not None
    assert np.shares_memory(due[0].signals["video"].values, picture)
    cut.clear()
    assert (picture == 7).all()
    again = cut.push(Chunk("cam", np.array([2.0]), picture))
    assert again is not None
    assert len(again[0].signals["video"].values) == 1


def test_window_has_the_worst_quality() -> None:
    cut = make_windower(EEG)
    cut.push(chunk(EEG, 0, 50, quality=0.2, reasons=("flat",)))
    due = cut.push(chunk(EEG, 50, 50))
    assert due is not None
    assert due[0].signals["eeg"].quality == 0.2
    assert due[0].signals["eeg"].reasons == ("flat",)


def test_clear_overwrites_the_samples() -> None:
    cut = make_windower(EEG)
    due = cut.push(chunk(EEG, 1, 100))
    assert due is not None
    values = due[0].signals["eeg"].values
    cut.clear()
    assert not values.any()
    due = cut.push(chunk(EEG, 200, 10))
    assert due is not None
    assert len(due[0].signals["eeg"].values) == 10


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_values_are_in_order_for_any_chunk_sizes(sizes: list[int]) -> None:
    cut = make_windower(EEG)
    first = 0
    for size in sizes:
        due = cut.push(chunk(EEG, first, size))
        first += size
        if due:
            column = due[0].signals["eeg"].values[:, 0]
            assert column[-1] == first - 1
            assert (np.diff(column) == 1).all()
            assert len(column) == min(first, 200)
