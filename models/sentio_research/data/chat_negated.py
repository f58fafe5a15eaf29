"""Draw short negated lines from a list of word valences, to fit on."""

from __future__ import annotations

import numpy as np

from sentio_research.data.chat import TARGETS
from sentio_research.data.chat_drawn import DrawnLines

FRAMES = (
    "it is not {}",
    "it isn't {}",
    "i was not {}",
    "they weren't {}",
    "it was never {}",
    "it doesn't {}",
    "they did not {}",
    "i am not {} any more",
    "not {} at all",
    "no {}",
    "there is no {}",
    "without {}",
    "nothing {} about it",
    "nobody was {}",
)
"""Frames, each for words of any kind: the features do not depend on grammar."""

LEAST = 1.0
"""Least valence of a word, of -4..4."""

OF_BAD, OF_GOOD = -0.12, -0.18
"""Valence of a negated line for one unit of its word: 'not bad' is less good than 'good' and less
than 'not good' is bad (after Potts 2011)."""

MOST = 0.5
"""Greatest valence of a negated line."""


def negated_lines(
    rng: np.random.Generator, moods: dict[str, float], count: int, template: int
) -> DrawnLines:
    """Draw ``count`` words, each in one negated frame.

    Args:
        rng: Draws.
        moods: Valence by word, -4..4.
        count: Number of lines, at most one a word.
        template: Number that they have as their template.
    """
    words = sorted(w for w, v in moods.items() if w.isalpha() and len(w) > 2 and abs(v) >= LEAST)
    chosen = rng.permutation(len(words))[:count]
    lines = [str(rng.choice(FRAMES)).format(words[k]) for k in chosen]
    values = np.array([moods[words[k]] for k in chosen])
    valence = np.clip(values * np.where(values < 0, OF_BAD, OF_GOOD), -MOST, MOST)
    size = len(lines)
    return DrawnLines(
        lines,
        valence,
        np.zeros(size, bool),
        np.full(size, TARGETS.index("none")),
        np.full(size, template),
        np.ones(size, bool),
    )
