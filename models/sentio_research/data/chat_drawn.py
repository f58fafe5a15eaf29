"""Draws chat lines to fit on from the templates that this project wrote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sentio_research.data.chat import TARGETS

TEMPLATES = Path(__file__).parent / "chat_templates.txt"
MOST = 16
"""Different lines that are drawn from one template at most."""

NEAR = 0.6
"""Share of common words from which two lines count as nearly the same."""

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class DrawnLines:
    """Lines and the labels of their templates.

    Attributes:
        lines: The texts, each once.
        valence: -1..1, shape ``(n,)``.
        frustrated: Shape ``(n,)``.
        target: Index into ``TARGETS``, shape ``(n,)``.
        template: Template of each line, shape ``(n,)``.
        anger_known: Whether frustration and target are labelled, shape ``(n,)``; of a template
            with ``-`` only the valence is.
    """

    lines: list[str]
    valence: NDArray[np.float64]
    frustrated: NDArray[np.bool_]
    target: NDArray[np.int64]
    template: NDArray[np.int64]
    anger_known: NDArray[np.bool_]

    def with_(self, other: DrawnLines) -> DrawnLines:
        """Return these lines and then those of ``other`` that are not among them."""
        new = np.flatnonzero(~np.isin(other.lines, self.lines))
        return DrawnLines(
            [*self.lines, *(other.lines[k] for k in new)],
            np.concatenate([self.valence, other.valence[new]]),
            np.concatenate([self.frustrated, other.frustrated[new]]),
            np.concatenate([self.target, other.target[new]]),
            np.concatenate([self.template, other.template[new]]),
            np.concatenate([self.anger_known, other.anger_known[new]]),
        )


def drawn_lines(
    rng: np.random.Generator, without: Sequence[str] = (), path: Path = TEMPLATES
) -> DrawnLines:
    """Draw up to ``MOST`` lines of each template.

    Args:
        rng: Draws.
        without: Lines of the evaluation; what shares ``NEAR`` of its words with one is left out.
        path: The templates.
    """
    kept_apart = [_words(line) for line in without]
    slots: dict[str, list[str]] = {}
    found: dict[str, tuple[float, bool, int, int, bool]] = {}
    count = 0
    apart = rng.spawn(1)[0]  # lines for valence alone change no other draw
    for row in path.read_text(encoding="utf-8").splitlines():
        if not row.strip() or row.startswith("#"):
            continue
        name, equals, choices = row.partition(" = ")
        if equals and name.isidentifier():
            slots[name] = [choice.strip() for choice in choices.split("|")]
            continue
        valence, frustrated, target, text = row.split(" ", 3)
        known = frustrated != "-"
        draw = rng if known else apart
        labels = (float(valence), frustrated == "1", TARGETS.index(target), count, known)
        count += 1
        for _ in range(MOST if "{" in text else 1):
            found.setdefault(_filled(text, slots, draw), labels)
    for line in [line for line in found if _near(_words(line), kept_apart)]:
        del found[line]
    valences, marks, targets, templates, knowns = zip(*found.values(), strict=True)
    return DrawnLines(
        list(found),
        np.array(valences),
        np.array(marks, bool),
        np.array(targets),
        np.array(templates),
        np.array(knowns, bool),
    )


def _filled(text: str, slots: dict[str, list[str]], rng: np.random.Generator) -> str:
    return _SLOT.sub(lambda m: str(rng.choice(slots[m[1]])), text)


def _words(line: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", line.lower()))


def _near(words: frozenset[str], others: list[frozenset[str]]) -> bool:
    return any(words and len(words & other) >= NEAR * len(words | other) for other in others)
