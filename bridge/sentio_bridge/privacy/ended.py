"""What rests on the purposes that a withdrawal ends; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec
from msgspec.structs import replace

from sentio_bridge.affect.personal.profile import Profile
from sentio_bridge.protocol.vocabulary import LIVE_PURPOSES, MODALITY_OF, PURPOSES

_LIVE = frozenset(LIVE_PURPOSES)


class Ended(msgspec.Struct, frozen=True):
    """Purposes of one sensor that ended.

    Attributes:
        sensor: One of ``SENSORS``.
        purposes: The purposes; by default all.
        live: Purposes that still permit to read the sensor.
    """

    sensor: str
    purposes: tuple[str, ...] = PURPOSES
    live: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether all of the sensor goes: no purpose counts without one that reads it."""
        return not self.live and not _LIVE.isdisjoint(self.purposes)

    @property
    def models(self) -> bool:
        """Whether personal models go."""
        return self.whole or "personal_model" in self.purposes

    def recorded(self, granted: Iterable[Collection[str]]) -> tuple[str, ...]:
        """Return which of ``record`` and ``record_raw`` go from a recording.

        Args:
            granted: Purposes of the sensor at each time of the recording. If one of its times
                rests on ended purposes only, all of it goes: times cannot be separated.
        """
        read = [_LIVE.intersection(purposes) for purposes in granted]
        ended = not _LIVE.isdisjoint(self.purposes)
        if self.whole or (ended and any(each and each.isdisjoint(self.live) for each in read)):
            return ("record", "record_raw")
        return tuple(p for p in ("record", "record_raw") if p in self.purposes)

    @property
    def concerns_kept(self) -> bool:
        """Whether anything kept may rest on the purposes; nothing does on ``share``."""
        return set(self.purposes) != {"share"}

    def merged(self, later: Ended) -> Ended:
        """Return what both withdrawals of a sensor ended."""
        both = {*self.purposes, *later.purposes}
        return replace(later, purposes=tuple(p for p in PURPOSES if p in both))


def without_ended(profile: Profile, ended: Iterable[Ended]) -> Profile:
    """Return a profile without what rests on ended purposes.

    Personal models need ``personal_model``. Baselines, ranges and earlier sessions were learnt
    while the sensor was read: they go with its last reading purpose. Ranges and sessions rest on
    all sensors together.
    """
    ended = list(ended)
    models = {MODALITY_OF[e.sensor] for e in ended if e.models and e.sensor in MODALITY_OF}
    whole = {MODALITY_OF[e.sensor] for e in ended if e.whole and e.sensor in MODALITY_OF}
    left = replace(profile, personal=[m for m in profile.personal if m.modality not in models])
    if not any(each.whole for each in ended):
        return left
    baselines = {m: b for m, b in profile.baselines.items() if m not in whole}
    return replace(left, baselines=baselines, ranges={}, sessions=[])


def ended_by(sensor: str, purposes: Collection[str] | None, standing: Collection[str]) -> Ended:
    """Return what a withdrawal ends.

    Args:
        sensor: The sensor.
        purposes: What is withdrawn; None: all.
        standing: The sensor's purposes, before or after it.
    """
    gone = tuple(p for p in PURPOSES if purposes is None or p in purposes)
    return Ended(sensor, gone, tuple(p for p in LIVE_PURPOSES if p in standing and p not in gone))


def foretold(ended: Ended) -> Sequence[str]:
    """Return what an erasure will delete and keep, as lines for a person."""
    sensor, purposes = ended.sensor, ended.purposes
    if not ended.concerns_kept:
        return [f"{sensor}: nothing here rests on share; copies elsewhere are not reached"]
    if ended.whole:
        goes = "all recorded data, usual values and personal models of the sensor"
        goes += ", what was calculated from all sensors together, and the labels in recordings"
        return [f"{sensor}: erases {goes}", _WHOLE]
    lines = []
    if "record" in purposes:
        goes = "recorded features, estimates and what was calculated from all sensors together"
        lines.append(f"{sensor}: erases {goes}, and the labels in recordings")
    if "record_raw" in purposes:
        lines.append(f"{sensor}: erases recorded raw samples, pictures and sound")
    if "personal_model" in purposes:
        lines.append(f"{sensor}: erases personal models, also their copies in recordings")
    if gone := [p for p in purposes if p in _LIVE]:
        left = ", ".join(ended.live)
        lines.append(
            f"{sensor}: erases recordings' parts that were made for {', '.join(gone)} and not for"
            f" {left}; what was made for both, and usual values, cannot be separated and stay"
        )
    return [*lines, _WHOLE]


_WHOLE = "exports, analyses and reports about the person cannot be divided: they are erased whole"
