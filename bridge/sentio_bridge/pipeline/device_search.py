"""Search for the devices of source kinds, all kinds at once; opens no device."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from sentio_models import ModelError
from sentio_sensors import SensorError
from sentio_sensors.source_kind import Finding, SourceKind

log = logging.getLogger(__name__)

GRACE = 8.0
"""Seconds beyond the search time until a kind counts as hanging: the first import of a device
package takes several seconds."""


def search(
    kinds: Sequence[SourceKind], seconds: float, grace: float = GRACE
) -> list[list[Finding]]:
    """Return the findings of each kind, in order.

    Each kind is searched on its own thread, so that a hanging driver does not delay the others.

    Args:
        kinds: Source kinds to search.
        seconds: Search time of each kind.
        grace: Further seconds to wait for a kind.
    """
    results: list[list[Finding] | None] = [None] * len(kinds)

    def run(index: int) -> None:
        results[index] = collect(partial(_devices, kinds[index], seconds))

    threads = [
        threading.Thread(target=run, args=(index,), name=f"sentio-search-{kind.name}", daemon=True)
        for index, kind in enumerate(kinds)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + grace)
    return [
        [_hangs(kind, seconds + grace)] if found is None else found
        for kind, found in zip(kinds, results, strict=True)
    ]


def collect(find: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Return all findings of ``find``; an exception becomes the last one."""
    findings: list[Finding] = []
    try:
        findings.extend(find())
    except (SensorError, ModelError) as error:
        findings.append(Finding(error.what, wrong=True, fix=error.fix))
    except Exception as error:  # from a driver; the other kinds are still listed
        log.debug("device search failed", exc_info=True)
        findings.append(Finding(f"{type(error).__name__}: {error}", wrong=True))
    return findings


def _devices(kind: SourceKind, seconds: float) -> Iterable[Finding]:
    if kind.discover is None:
        return [Finding(f'type = "{kind.name}"', kind.description)]
    return kind.discover(seconds)


def _hangs(kind: SourceKind, seconds: float) -> Finding:
    return Finding(
        f"{kind.title}: no answer within {seconds:g} s",
        wrong=True,
        fix="unplug the devices of this kind and plug them in again",
    )
