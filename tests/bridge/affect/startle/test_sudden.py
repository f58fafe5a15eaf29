"""Scores of sudden movements count what is newest."""

from __future__ import annotations

import pytest

from sentio_bridge.affect.startle.sudden import HeadScore


def test_an_older_pose_is_not_a_turn_of_the_head() -> None:
    head, still = HeadScore(), {"pitch": 0.0, "yaw": 0.0}
    assert head.pose(still, 1.0) is None
    assert head.pose({"pitch": 0.0, "yaw": 40.0}, 0.9) is None
    after = head.pose(still, 1.1)
    assert after is not None
    assert after.score == pytest.approx(0.0)
    turned = head.pose({"pitch": 0.0, "yaw": 40.0}, 1.2)
    assert turned is not None
    assert turned.score > 0.5
