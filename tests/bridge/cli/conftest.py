"""Ports and a probe for tests that start a sidecar."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from tests.ports import free_port

from sentio_bridge.client import Requester
from sentio_bridge.errors import BridgeError

DEMO_MODELS = 4
"""Number of models that a demo sidecar loads at its start."""


@pytest.fixture
def free_ports() -> list[str]:
    """Options of two ports below the ephemeral range that nothing uses."""
    return ["--state-port", str(free_port()), "--control-port", str(free_port())]


@pytest.fixture
def answers() -> Callable[[str], bool]:
    """Return whether a demo sidecar has loaded and used all of its models.

    Until then it ends later: loading a model cannot be interrupted.
    """

    def probe(port: str) -> bool:
        with suppress(BridgeError, TimeoutError):
            with Requester(f"tcp://127.0.0.1:{port}", None, timeout=0.5) as requester:
                models = requester.try_call("status")["health"]["models"].values()
                return len(models) == DEMO_MODELS and all(model["runs"] for model in models)
        return False

    return probe
