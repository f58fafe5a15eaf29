"""Each decoder takes its seeds, and raises only its own errors on changed ones."""

from __future__ import annotations

import random

import pytest

from benchmarks.faults.hostile import mutated
from benchmarks.fuzz.targets import TARGETS

ROUNDS = {"table": 60, "state": 150, "matroska": 60, "xdf": 200}
"""Inputs of the slower targets; `make fuzz` runs millions."""


@pytest.mark.parametrize("name", TARGETS)
def test_changed_seeds_raise_only_typed_errors(name: str) -> None:
    target = TARGETS[name]
    rng = random.Random(name)
    seeds = target.seeds()
    for seed in seeds:
        target.decode(seed)
    for _ in range(ROUNDS.get(name, 400)):
        data = mutated(rng, rng.choice(seeds))
        target.decode(data[: rng.randrange(len(data) + 1)] if rng.random() < 0.2 else data)
    target.decode(b"")
