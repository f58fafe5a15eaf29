"""Operation `devices`: list what could be configured as a source; opens no device."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from sentio_bridge.config.source_registry import SourceRegistry
from sentio_bridge.control.dispatcher import Answer, Handler, Later
from sentio_bridge.errors import RequestError
from sentio_bridge.pipeline.device_search import search
from sentio_bridge.protocol import requests as rq
from sentio_sensors.source_kind import Finding, SourceKind

MAX_DEVICES = 256
"""Maximum number of devices in a reply."""

MAX_TEXT = 256
"""Maximum number of characters of a text in a reply."""


class DeviceHandlers:
    """Handler of the operation ``devices``.

    Args:
        registry: The source kinds.
    """

    def __init__(self, registry: SourceRegistry) -> None:
        self._registry = registry

    def handlers(self) -> dict[str, Handler]:
        """Return the handlers by operation."""
        return {"devices": self.devices}

    def devices(self, request: rq.Devices, now: float) -> Later:
        """Search for devices on the job thread and return them."""
        kinds = self._kinds(request.types)

        def work() -> list[dict[str, Any]]:
            found = search(kinds, request.seconds)
            return [
                entry
                for kind, findings in zip(kinds, found, strict=True)
                for finding in findings
                for entry in _entries(kind, finding)
            ]

        def finish(found: list[dict[str, Any]], at: float) -> Answer:
            problems = [] if request.types else list(_unusable(self._registry.problems))
            return {
                "devices": [*found, *problems][:MAX_DEVICES],
                "searched": [kind.name for kind in kinds],
            }

        return Later(work, finish)

    def _kinds(self, types: Sequence[str]) -> list[SourceKind]:
        """Return the requested kinds, or all that can be searched."""
        known = self._registry.kinds
        searchable = [name for name, kind in known.items() if kind.discover is not None]
        for name in types:
            if name not in searchable:
                near = get_close_matches(name, searchable, 1)
                raise RequestError(
                    "bad_argument",
                    f"types: {name[:64]!r} is not a source type that can be searched",
                    f"did you mean {near[0]!r}?" if near else f"types: {', '.join(searchable)}",
                )
        return [known[name] for name in types or searchable]


def _entries(kind: SourceKind, finding: Finding) -> Iterator[dict[str, Any]]:
    """Yield an entry for a device, or for each choice of a kind that cannot search."""
    common = {
        "type": kind.name,
        "title": kind.title,
        "sensors": list(kind.sensors),
        "usable": not finding.wrong,
        "fix": finding.fix[:MAX_TEXT],
    }
    if finding.more_key and not finding.wrong:
        for value in finding.more:
            settings = {**finding.settings, finding.more_key: value}
            yield {**common, "name": value[:MAX_TEXT], "detail": "", "settings": settings}
        return
    yield {
        **common,
        "name": finding.text[:MAX_TEXT],
        "detail": finding.detail[:MAX_TEXT],
        "settings": dict(finding.settings),
    }


def _unusable(problems: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for name, problem in problems.items():
        yield {
            "type": name,
            "title": name,
            "sensors": [],
            "usable": False,
            "fix": "reinstall or remove this package",
            "name": name,
            "detail": problem[:MAX_TEXT],
            "settings": {},
        }
