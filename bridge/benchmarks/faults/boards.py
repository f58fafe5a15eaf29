"""Steps of boards: recordings of BrainFlow's synthetic board with faults."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.faults.steps import Clock, Measures, Step
from benchmarks.faults.world import World


def board_file(world: World, clock: Clock, path: str, seconds: float, missing: int = 0) -> Measures:
    """Write a recording of the synthetic board with faulty packages."""
    from sentio_sensors.brainflow.boards import binding

    shim = binding()
    boards, board = shim.BoardShim, shim.BoardIds.SYNTHETIC_BOARD.value
    rows = boards.get_num_rows(board)
    rate = boards.get_sampling_rate(board)
    count = int(seconds * rate)
    rng = np.random.default_rng(1)
    data = 20 * rng.standard_normal((rows, count))
    data[boards.get_package_num_channel(board)] = np.arange(count) % 256
    data[boards.get_timestamp_channel(board)] = 1.7e9 + np.arange(count) / rate
    data[boards.get_marker_channel(board)] = 0
    order = list(range(count))
    if missing:
        at = count // 2
        del order[at : at + missing]
        order.insert(at // 2, order[at // 2])
        order[at // 3], order[at // 3 + 1] = order[at // 3 + 1], order[at // 3]
    lines = ["\t".join(f"{value:.6f}" for value in data[:, index]) for index in order]
    Path(world.fill(path)).write_text("\n".join(lines) + "\n", encoding="ascii")
    return {}


STEPS: dict[str, Step] = {"board_file": board_file}
