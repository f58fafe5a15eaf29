"""Derive electrode positions from channel labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REGIONS = ("frontal", "central", "temporal", "parietal", "occipital")

_OLD = {"T3": "T7", "T4": "T8", "T5": "P7", "T6": "P8"}
"""Names of the original 10-20 system and their names in the 10-10 system (Nuwer 2018)."""

_PREFIX = (
    ("FP", "frontal"),
    ("AF", "frontal"),
    ("FT", "temporal"),
    ("FC", "central"),
    ("TP", "temporal"),
    ("CP", "parietal"),
    ("PO", "occipital"),
    ("F", "frontal"),
    ("C", "central"),
    ("T", "temporal"),
    ("P", "parietal"),
    ("O", "occipital"),
    ("I", "occipital"),
)

_NOT_BRAIN = re.compile(r"EOG|EMG|ECG|EKG|GND|REF|TRIG|STATUS|COUNTER|ACC|GYR|^A[12]$|^M[12]$")
_NAME = re.compile(r"^(FP|AF|FT|FC|TP|CP|PO|F|C|T|P|O|I)(Z|10|[1-9])(H?)$")
_WORDS = re.compile("|".join(REGIONS), re.IGNORECASE)

_PAIRS = (("F3", "F4"), ("F7", "F8"), ("AF3", "AF4"), ("AF7", "AF8"), ("FP1", "FP2"))
"""Left and right frontal sites for alpha asymmetry, the most common first (Allen et al. 2004)."""


@dataclass(frozen=True, slots=True)
class Montage:
    """Positions of a device's channels.

    Attributes:
        names: 10-10 names in capitals; the device's label if it is none.
        region: Index into ``REGIONS`` of each channel, -1 if unknown.
        members: Channels of each region, shape ``(regions, channels)``, 0 or 1; all channels for
            every region if no position is known.
        parts: The whole head, and its frontal channels, shape ``(2, channels)``, 0 or 1.
        brain: Which channels are EEG (not EOG, EMG, reference or counters).
        frontopolar: Which channels are closest to the eyes.
        pairs: Column numbers of left and right frontal sites, best first.
    """

    names: tuple[str, ...]
    region: NDArray[np.int64]
    members: NDArray[np.float64]
    parts: NDArray[np.float64]
    brain: NDArray[np.bool_]
    frontopolar: NDArray[np.bool_]
    pairs: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, labels: Sequence[str]) -> Montage:
        """Parse labels such as ``Fp1``, ``EEG F3-REF``, ``T3`` or ``left frontal``.

        A label without a position, such as ``ch 7``, is an EEG channel of unknown position.
        """
        names = tuple(_name(label) for label in labels)
        region = np.array([_region(n) for n in names], np.int64)
        brain = np.array([not _NOT_BRAIN.search(n) for n in names], bool)
        if not brain.any():
            brain[:] = True
        front = np.array([n.startswith(("FP", "AF")) and _NAME.match(n) is not None for n in names])
        if not front.any():
            front = region == REGIONS.index("frontal")
        place = {n: i for i, n in enumerate(names)}
        pairs = [(place[a], place[b]) for a, b in _PAIRS if a in place and b in place]
        left = [i for i, n in enumerate(names) if "FRONTAL" in n and "LEFT" in n]
        right = [i for i, n in enumerate(names) if "FRONTAL" in n and "RIGHT" in n]
        pairs += list(zip(left, right, strict=False))
        members = (region == np.arange(len(REGIONS))[:, None]).astype(np.float64)
        if not members.any():
            members[:] = 1.0
        parts = np.array([np.ones(len(names)), region == REGIONS.index("frontal")])
        return cls(names, region, members * brain, parts, brain, front & brain, tuple(pairs))


def _name(label: str) -> str:
    name = re.sub(r"^(EEG|CH(ANNEL)?)[ _.:-]+(?=[A-Z])", "", label.strip().upper())
    name = re.split(r"[-/ ](REF|LE|RE|AR|AVG|A1|A2|M1|M2|CZ|FCZ)$", name)[0].strip(" .")
    return _OLD.get(name, name)


def _region(name: str) -> int:
    if _NAME.match(name):
        return next(REGIONS.index(r) for prefix, r in _PREFIX if name.startswith(prefix))
    word = _WORDS.search(name)
    return REGIONS.index(word.group().lower()) if word else -1
