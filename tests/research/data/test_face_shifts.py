"""Pictures as other cameras would show them."""

from __future__ import annotations

import numpy as np
import pytest

from sentio_research.data.face_shifts import strongly_shifted

pytest.importorskip("PIL")


def test_strong_changes_are_of_many_kinds_and_repeat() -> None:
    picture = np.random.default_rng(0).integers(40, 200, (96, 96, 3)).astype(np.uint8)
    seen = set()
    for seed in range(30):
        changed = strongly_shifted(picture, np.random.default_rng([31, seed]))
        again = strongly_shifted(picture, np.random.default_rng([31, seed]))
        assert changed.shape == picture.shape
        assert changed.dtype == np.uint8
        np.testing.assert_array_equal(changed, again)
        assert np.abs(changed.astype(float) - picture).mean() > 2
        seen.add(int(np.random.default_rng([31, seed]).integers(0, 7)))
    assert seen == set(range(7))
