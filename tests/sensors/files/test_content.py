"""Tests of what readers collect."""

from __future__ import annotations

import numpy as np

from sentio_sensors.files.content import FileChannel, FileContent


def test_a_channel_without_numbers_loses_no_sample_of_the_others() -> None:
    content = FileContent("x")
    values = np.array([[1.0, np.nan], [2.0, np.inf], [np.nan, np.nan], [4.0, 1e35]])
    channels = (FileChannel("Fz", "uV", "EEG"), FileChannel("Cz", "uV", "EEG"))
    content.add("eeg", "EEG", 4.0, channels, np.arange(4) / 4, values)
    (stream,) = content.streams
    assert stream.times.tolist() == [0.0, 0.25, 0.75]
    assert stream.values[:, 0].tolist() == [1, 2, 4]
    assert np.isnan(stream.values[:, 1]).all()


def test_rates_of_0_and_samples_without_a_number_are_left_out() -> None:
    content = FileContent("x")
    channels = (FileChannel("hr", "bpm", "heart_rate"),)
    values = np.array([70.0, 0.0, np.nan, 72.0])
    content.add("hr", "heart_rate", 1.0, channels, np.arange(4.0), values)
    assert content.streams[0].values[:, 0].tolist() == [70, 72]
