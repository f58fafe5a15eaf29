import numpy as np
import pytest

from sentio_models.modalities.eeg.averaging import PowerAverage

ONE = np.ones(2)


def test_bursts_count_by_their_power_at_any_hop():
    for step in (0.02, 0.5):
        average = PowerAverage()
        for number in range(round(30 / step)):
            burst = 3.0 if number * step % 1.0 < 0.5 else 1.0
            result = average.add(np.full((2, 5), burst), ONE, step)
        np.testing.assert_allclose(result, 2.0, atol=0.3)


def test_bad_window_of_one_channel_is_not_averaged():
    average = PowerAverage()
    average.add(np.ones((2, 5)), ONE, 1.0)
    result = average.add(np.full((2, 5), 1e6), np.array([0.0, 1.0]), 1.0)
    np.testing.assert_allclose(result[0], 1.0)
    assert result[1, 0] > 1e5


@pytest.mark.parametrize("step", [float("inf"), 60.0])
def test_a_pause_starts_again(step):
    average = PowerAverage()
    average.add(np.ones((2, 5)), ONE, 1.0)
    np.testing.assert_allclose(average.add(np.full((2, 5), 9.0), ONE, step), 9.0)


def test_another_cap_starts_again():
    average = PowerAverage()
    average.add(np.ones((2, 5)), ONE, 0.1)
    np.testing.assert_allclose(average.add(np.full((1, 5), 9.0), ONE[:1], 0.1), 9.0)
