"""Scores of how sudden the newest second of one signal is; no I/O, no clock.

Each score is about 0 for what happens all the time and 1 for what a startle does: lids, brows and
mouth at once (Ekman, Friesen & Simons 1985), a head that is thrown back, a cry out of silence, a
skin response, a heart that accelerates over two seconds (Graham & Clifton 1966).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from sentio_models import Estimate

QUICK, BEFORE = 0.6, 1.6
"""Seconds of a face that are the moment, and until when those before it are compared."""

MOST = 2.0
"""Largest score: one signal alone must not outweigh all others."""

UNITS: Mapping[str, tuple[str, ...]] = {
    "lids": ("blink", "squint"),
    "brows": ("brow_up", "brow_down"),
    "eyes": ("eyes_wide",),
    "mouth": ("jaw_open", "frown", "lips_pressed"),
}
"""Features of a face that a startle moves, by part; the one that rises most counts."""

RISE = 0.25
"""Rise of a feature that counts as a whole unit."""

TURN, TURN_MORE = 40.0, 60.0
"""Degrees per second of a head at which its score begins, and over which it rises by 1."""

JOLT, JOLT_MORE = 3.0, 4.0
"""The same of a headset's acceleration, m/s²."""

HEAD_MOST = 1.0
"""Largest score of a head: games in a headset make players duck and turn at once."""

LOUDER, LOUDER_MORE = 1.0, 2.0
"""The same of a level that is held, above the person's own loud syllables, dB. Actors who speak in
changing emotions reach 4 dB once in 45 minutes (EmoDB, nEMO)."""

CRY, CRY_MORE, SILENT = 14.0, 12.0, 0.1
"""The same of a level above what was there a second ago, dB, where the person has not spoken, and
what counts of it: most sounds out of silence are the beginning of a sentence."""

SPOKEN, LEAST_SPOKEN = 60.0, 15
"""Seconds of speech that show how loud a person is, and least values (a tenth of a second each)."""

VOICED = 0.35, 2.0
"""Seconds of a voice that are the moment, and until when those before it are compared."""

RESPONSE = 0.08
"""Microsiemens of a skin response that is as large as spontaneous ones often are."""

BEATS = 5.0
"""Beats a minute of a rise over 3 s that breathing often makes at rest."""

SKIN_DELAY, HEART_DELAY = 1.7, 2.2
"""Seconds from what startles to the onset of the skin's response, and to a clear rise of the
heart rate."""


@dataclass(frozen=True, slots=True)
class Sudden:
    """A sudden moment of one signal.

    Attributes:
        source: ``face``, ``head``, ``voice``, ``skin`` or ``heart``.
        time: When something startled the person, by this signal (LSL clock, seconds).
        score: 0..``MOST``.
    """

    source: str
    time: float
    score: float


class _Recent:
    """Values of the newest seconds by name.

    Args:
        seconds: How many.
        every: Seconds between two rows; those between are left out.
    """

    def __init__(self, seconds: float, every: float) -> None:
        self._seconds = seconds
        self._every = every
        self._rows: deque[tuple[float, Mapping[str, float]]] = deque(maxlen=256)

    def add(self, time: float, row: Mapping[str, float]) -> bool:
        """Add a row; return whether it was due."""
        if self._rows and time < self._rows[-1][0] + self._every:
            return False
        if self._rows and time - self._rows[-1][0] > 1.0:
            self._rows.clear()
        self._rows.append((time, row))
        while self._rows[0][0] < time - self._seconds:
            self._rows.popleft()
        return True

    def values(self, name: str, begin: float, end: float) -> list[tuple[float, float]]:
        """Return times and values of a name in ``[begin, end)``."""
        return [(t, row[name]) for t, row in self._rows if begin <= t < end and name in row]


class FaceScore:
    """Score of lids, brows and mouth that move at once."""

    def __init__(self) -> None:
        self._recent = _Recent(QUICK + BEFORE, 0.06)

    def take(self, features: Mapping[str, float], time: float) -> Sudden | None:
        """Take a face; return its score, once there is a second of it."""
        if not self._recent.add(time, features):
            return None
        total, first = 0.0, time
        for names in UNITS.values():
            best, at = 0.0, time
            for name in names:
                rise, when = self._rise(name, time)
                if rise > best:
                    best, at = rise, when
            total += min(1.0, best / RISE)
            if best > 0.5 * RISE:
                first = min(first, at)
        smile, _ = self._rise("smile", time)
        # Two parts at once are a blink while talking: three and more are a startle.
        score = total - 2.0 - 2.0 * min(1.0, smile / RISE)
        return Sudden("face", first, min(MOST, max(0.0, score)))

    def _rise(self, name: str, time: float) -> tuple[float, float]:
        """Return the rise of a feature's peak over its usual before, and when it began."""
        before = self._recent.values(name, time - QUICK - BEFORE, time - QUICK)
        now = self._recent.values(name, time - QUICK, time + 1e-6)
        if len(before) < 4 or not now:
            return 0.0, time
        usual = sorted(value for _, value in before)[len(before) // 2]
        peak = max(value for _, value in now)
        half = usual + 0.5 * (peak - usual)
        when = next((t for t, value in now if value >= half), time)
        return peak - usual, when


class HeadScore:
    """Score of a head that moves at once, in a camera or a headset."""

    def __init__(self) -> None:
        self._last: tuple[float, float, float] | None = None

    def pose(self, features: Mapping[str, float], time: float) -> Sudden | None:
        """Take a face with its pose; return the score of its turn since the last one."""
        pitch, yaw = features.get("pitch"), features.get("yaw")
        if pitch is None or yaw is None:
            return None
        before = self._last
        if before is not None and time <= before[0]:
            return None
        self._last = (time, pitch, yaw)
        if before is None or not 0.02 < time - before[0] < 0.5:
            return None
        turned = float(((pitch - before[1]) ** 2 + (yaw - before[2]) ** 2) ** 0.5)
        speed = turned / (time - before[0])
        return Sudden("head", before[0], min(HEAD_MOST, _scored(speed, TURN, TURN_MORE)))

    def motion(self, features: Mapping[str, float], time: float) -> Sudden | None:
        """Take the features of head and hands; return the score of the head's jolt."""
        jolt = features.get("head_jolt")
        if jolt is None:
            return None
        return Sudden("head", time - 0.2, min(HEAD_MOST, _scored(jolt, JOLT, JOLT_MORE)))


class VoiceScore:
    """Score of a cry: louder, without a dip, than this person's own loud syllables."""

    def __init__(self) -> None:
        self._recent = _Recent(sum(VOICED), 0.025)
        self._spoken: deque[tuple[float, float]] = deque()
        self._usual: float | None = None

    def take(self, features: Mapping[str, float], time: float) -> Sudden | None:
        """Take a voice; return the score of its newest level."""
        level = features.get("level_db")
        if level is None or not self._recent.add(time, {"level": level}):
            return None
        now, until = VOICED
        newest = [value for _, value in self._recent.values("level", time - now, time + 1e-6)]
        usual = self._loud(features.get("loudness_db"), level, time)
        if len(newest) < 5:
            return None
        if usual is None:
            before = self._recent.values("level", time - now - until, time - now)
            if len(before) < 20:
                return None
            loud = sorted(value for _, value in before)[int(0.9 * len(before))]
            score = SILENT * _scored(max(newest) - loud, CRY, CRY_MORE)
        else:
            # A syllable dips; a cry lasts.
            held = sorted(newest)[len(newest) // 5]
            score = _scored(held - usual, LOUDER, LOUDER_MORE)
        return Sudden("voice", time - now - 0.1, score)

    def _loud(self, loudness: float | None, level: float, time: float) -> float | None:
        """Return how loud this person's loud syllables of the last minute are, dB."""
        spoken = self._spoken
        due = not spoken or time >= spoken[-1][0] + 0.1
        if loudness is not None and level > loudness - 8.0 and due:
            spoken.append((time, level))
        while spoken and spoken[0][0] < time - SPOKEN:
            spoken.popleft()
            self._usual = None
        # What is loud now is not yet usual.
        if self._usual is None or due:
            levels = sorted(value for at, value in spoken if at < time - sum(VOICED) / 4)
            self._usual = levels[int(0.9 * len(levels))] if len(levels) >= LEAST_SPOKEN else None
        return self._usual


class BodyScore:
    """Scores of a skin response's onset and of the heart's acceleration."""

    def __init__(self) -> None:
        self._onset: float | None = None

    def take(self, features: Mapping[str, float], time: float) -> list[Sudden]:
        """Take the body of the moment; return the scores of what is measured."""
        found: list[Sudden] = []
        age = features.get("scr_onset_age")
        if age is not None and age < 4.0:
            size = features.get("scr_onset_amplitude", 0.0) / RESPONSE
            score = min(MOST, max(0.0, 0.5 * (size - 1.0)))
            found.append(Sudden("skin", time - age - SKIN_DELAY, score))
        turn = features.get("heart_rate_acceleration")
        if turn is not None:
            found.append(Sudden("heart", time - HEART_DELAY, _scored(3.0 * turn, BEATS, BEATS)))
        return found


def _scored(value: float, begins: float, more: float) -> float:
    return min(MOST, max(0.0, (value - begins) / more))


def clear_face(estimate: Estimate) -> bool:
    """Return whether an estimate is of a face that is seen well enough."""
    return estimate.modality in FACES and estimate.quality >= LEAST


class Scores:
    """Scores of all signals of one person."""

    def __init__(self) -> None:
        self._faces = {name: FaceScore() for name in FACES}
        self._head = HeadScore()
        self._voice = VoiceScore()
        self._body = BodyScore()

    def take(self, estimate: Estimate, time: float) -> list[Sudden]:
        """Take an estimate; return the scores of the signals that it has."""
        found: list[Sudden | None] = []
        name, features = estimate.modality, estimate.features
        if clear_face(estimate):
            found = [self._faces[name].take(features, time), self._head.pose(features, time)]
        elif name == "movement":
            found = [self._head.motion(features, time)]
        elif name == "voice" and not FOREIGN.intersection(estimate.reasons):
            found = [self._voice.take(features, time)]
        elif name == "body":
            found = list(self._body.take(features, time))
        return [one for one in found if one is not None]


FACES = ("face", "headset")
"""Modalities that see a face."""

SCORED = frozenset({*FACES, "movement", "voice", "body"})
"""Modalities whose estimates have scores."""

LEAST = 0.3
"""Least quality of a face: a body and a voice have their own conditions."""

FOREIGN = frozenset({"not_voice"})
"""Reasons of a microphone whose sound is not the person's: a game's own bang is not a cry."""
