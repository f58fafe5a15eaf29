"""Counts of the samples that were lost while a recording runs; no I/O."""

from __future__ import annotations

from collections.abc import Mapping

from sentio_bridge.protocol.bodies import HealthBody

_QUEUES = ""
"""Key of the counts of all queues, beside those of each source."""


class LossCounts:
    """Samples that queues dropped and sources lost since a recording began.

    Health counts since the start of the sidecar: what was lost before is subtracted.
    """

    def __init__(self) -> None:
        self._newest: dict[str, dict[str, int]] = {}
        self._before: dict[str, dict[str, int]] = {}
        self._returned: dict[str, dict[str, int]] = {}

    def begin(self) -> None:
        """Count from the newest health on."""
        self._before, self._returned = self._newest, {}

    def changed(self, health: HealthBody) -> Mapping[str, object] | None:
        """Take the health; return the counts, or None if they are as before."""
        self._newest = {_QUEUES: dict(health.queues)}
        for name, s in health.sources.items():
            self._newest[name] = {"drops": s.drops, "lost": s.lost, "reconnects": s.reconnects}
        since = {
            name: {key: n - self._before.get(name, {}).get(key, 0) for key, n in counts.items()}
            for name, counts in self._newest.items()
        }
        if since == self._returned:
            return None
        self._returned = since
        return {
            "queues": since[_QUEUES],
            "sources": {name: counts for name, counts in since.items() if name != _QUEUES},
        }
