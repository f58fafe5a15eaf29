"""Unity components on a stub engine under Mono, as a game that tests can run."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.integration.conftest import DEADLINE
from tests.integration.test_unity import Game

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/unity"))
import build  # noqa: E402


def compiled(folder: Path) -> Path:
    """Compile the components and the test game; skip the tests without Mono."""
    if build.missing():
        pytest.skip(build.missing())
    build.core(folder)
    build.engine(folder)
    build.components(folder)
    build.stage(folder)
    return folder


class Played(Game):
    """A running game of components, and the lines that it prints."""

    PROGRAM = "Game.exe"

    def send(self, line: str) -> None:
        """Send a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def has_output(self, start: str, count: int) -> None:
        """Wait until as many lines begin so; events and replies come in any order."""
        while sum(line.startswith(start) for line in self.output) < count:
            self.until(start)

    def until_frame(self, fits: Callable[[dict[str, float]], bool]) -> dict[str, float]:
        """Wait for a frame whose weights match."""
        end = time.monotonic() + DEADLINE
        weights: dict[str, float] = {}
        while time.monotonic() < end:
            output = self.until("frame ")
            weights = {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", output)}
            if fits(weights):
                return weights
        raise AssertionError(f"no match; last {weights}")


@contextmanager
def games(built: Path) -> Iterator[Callable[..., Played]]:
    """Give a function that starts games; end them all afterwards."""
    running: list[Played] = []

    def start(ports: tuple[int, int], folder: Path = built) -> Played:
        running.append(Played(folder, ports))
        return running[-1]

    yield start
    for game in running:
        game.close()
