"""What happens in a session, and which markers are sent: shared by all scripts."""

from __future__ import annotations

from dataclasses import dataclass

REST, PAUSE = "rest", "pause"


@dataclass(frozen=True)
class Phase:
    """A period between the markers ``NAME/start`` and ``NAME/end``."""

    name: str
    seconds: int
    words: str


def phases(order: tuple[str, ...], seconds: int) -> list[Phase]:
    """Return the phases of a session.

    Args:
        order: The conditions in this participant's order.
        seconds: Length of a condition; rest and pause are half as long.
    """
    plan = [Phase(REST, seconds // 2, "Please sit still and breathe normally.")]
    for number, condition in enumerate(order):
        plan.append(Phase(condition, seconds, f"Game {number + 1} begins now."))
        plan.append(Phase(PAUSE, seconds // 2, "Please rest until the next game."))
    return plan[:-1]


def start(name: str) -> str:
    return f"{name}/start"


def end(name: str) -> str:
    return f"{name}/end"
