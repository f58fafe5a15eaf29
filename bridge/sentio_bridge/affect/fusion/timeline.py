"""Measurements in the order of their capture, in whatever order they arrive."""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum

import msgspec

from sentio_bridge.affect.fusion.filter import Filter, Prediction
from sentio_bridge.affect.fusion.measurement import Measurement

_RECENT = 16  # number of the newest moments kept: most late estimates are late by a few
_STRIDE = 16  # every sixteenth of older ones is kept: a few steps again cost less than memory


class UpdateResult(StrEnum):
    """Result of adding a measurement."""

    FUSED = "fused"
    LATE = "late"
    DUPLICATE = "duplicate"


class _Entry(msgspec.Struct):
    key: tuple[float, int]
    measured: Measurement
    count: int
    after: Prediction | None = None


class Timeline:
    """A bounded log of measurements and the moments that they lead to.

    A late measurement is put where it belongs: the filter goes back to the moment before and
    runs again over what came after. The result is bit for bit that of the right order.

    Args:
        filter_: Makes each step.
        horizon: Seconds by which a measurement may be late.
        limit: Most measurements kept; beyond, the horizon shrinks.
    """

    def __init__(self, filter_: Filter, horizon: float, limit: int) -> None:
        self._filter = filter_
        self._horizon = horizon
        self._limit = limit
        self._base = filter_.start()
        self._entries: list[_Entry] = []
        self._count = 0

    @property
    def head(self) -> Prediction:
        """What is known after the newest measurement."""
        if not self._entries:
            return self._base
        newest = self._entries[-1].after
        assert newest is not None
        return newest

    def add(self, measured: Measurement, now: float) -> UpdateResult:
        """Fuse a measurement at its capture time.

        Args:
            measured: Not later than ``now``.
            now: Decides how late is too late.
        """
        if measured.time < now - self._horizon or measured.time <= self._base.time:
            return UpdateResult.LATE
        key = measured.key
        position = len(self._entries)
        if position and self._entries[-1].key >= key:
            position = bisect_left(self._entries, key, key=lambda entry: entry.key)
            if self._entries[position].key == key:
                return UpdateResult.DUPLICATE
        self._entries.insert(position, _Entry(key, measured, self._count))
        self._count += 1
        self._replay(position)
        self._forget(now)
        return UpdateResult.FUSED

    def without(self, modality: int) -> None:
        """Start over from the log's measurements of all other modalities.

        Nothing of the modality is left, not even in comparisons with others.
        """
        self._entries = [e for e in self._entries if e.measured.modality != modality]
        self._base = self._filter.start()
        self._replay(0)

    def clear(self) -> None:
        """Remove everything, for another person."""
        self._entries = []
        self._base = self._filter.start()

    def _replay(self, position: int) -> None:
        entries = self._entries
        while position > 0 and entries[position - 1].after is None:
            position -= 1
        at = entries[position - 1].after if position > 0 else self._base
        assert at is not None
        old = len(entries) - 1 - _RECENT
        for index in range(position, len(entries)):
            entry = entries[index]
            at = entry.after = self._filter.step(at, entry.measured)
        for index in range(max(0, min(position, old)), max(0, old + 1)):
            if entries[index].count % _STRIDE:
                entries[index].after = None

    def _forget(self, now: float) -> None:
        entries = self._entries
        excess = len(entries) - self._limit
        oldest = now - self._horizon
        if excess < _STRIDE and (
            len(entries) <= _STRIDE or entries[_STRIDE].measured.time >= oldest
        ):
            return  # a few at a time
        keep = 0
        for index in range(len(entries) - 1):
            entry = entries[index]
            if index >= excess and entry.measured.time >= oldest:
                break
            # Only whole instants go: of the same instant another may still arrive.
            if entry.after is not None and entry.key[0] < entries[index + 1].key[0]:
                keep = index + 1
        if keep:
            base = entries[keep - 1].after
            assert base is not None
            self._base = base
            del entries[:keep]
