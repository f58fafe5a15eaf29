"""Options of the commands that use a running sidecar."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sentio_bridge.config.schema import Sidecar

CONFIGURATION = Path("sentio.toml")
"""Configuration in the working folder, which ``sentio run`` uses too."""

CONTROL = "tcp://127.0.0.1:28701"
"""Default control endpoint."""

STATE = "tcp://127.0.0.1:28700"
"""Default state endpoint."""


def endpoint_of(text: str) -> str:
    """Return the endpoint that a user has given: an endpoint, ``host:port`` or a port.

    Raises:
        BadParameter: The text is none of them.
    """
    host, colon, port = text.removeprefix("tcp://").rpartition(":")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536) or (colon and not host):
        raise typer.BadParameter(
            f"{text!r} is not an endpoint; expected tcp://127.0.0.1:28701 or a port"
        )
    return f"tcp://{host or '127.0.0.1'}:{port}"


Endpoint = Annotated[
    str | None,
    typer.Option(
        "--control",
        "--endpoint",
        "--control-port",
        "--port",
        parser=endpoint_of,
        metavar="ENDPOINT",
        help="Control endpoint of the sidecar, or its port; default: of sentio.toml, or 28701.",
    ),
]

StateEndpoint = Annotated[
    str | None,
    typer.Option(
        "--state",
        "--endpoint",
        "--state-port",
        "--port",
        parser=endpoint_of,
        metavar="ENDPOINT",
        help="State endpoint of the sidecar, or its port; default: of sentio.toml, or 28700.",
    ),
]

Token = Annotated[str, typer.Option(help="Token, if the sidecar requires one.")]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sidecar listens.

    Attributes:
        state: State endpoint.
        control: Control endpoint.
        token: Its token; empty: the client finds it.
    """

    state: str = STATE
    control: str = CONTROL
    token: str = ""


def place_of(sidecar: Sidecar) -> Place:
    """Return where a sidecar with this table ``[sidecar]`` listens."""
    from sentio_bridge.config.loader import numeric

    host = numeric(sidecar.host)
    address = f"tcp://[{host}]" if ":" in host else f"tcp://{host}"
    return Place(
        f"{address}:{sidecar.state_port}" if sidecar.state_port else STATE,
        f"{address}:{sidecar.control_port}" if sidecar.control_port else CONTROL,
        sidecar.token,
    )


def configured(token: str = "") -> Place:
    """Return where a sidecar of ``sentio.toml`` listens, or the usual place.

    Args:
        token: As given; it, or the one of the environment, replaces the configured one.

    Raises:
        ConfigError: There is such a file, and it is invalid.
    """
    if not CONFIGURATION.is_file():
        return Place(token=token)
    from sentio_bridge.config.loader import ports_of
    from sentio_bridge.transport.tokens import VARIABLE

    place = place_of(ports_of(CONFIGURATION))
    return replace(place, token=token) if token or os.environ.get(VARIABLE) else place


def sidecar_at(endpoint: str | None, token: str) -> tuple[str, str | None]:
    """Return endpoint and token for a ``Requester``: given, else configured ones.

    A configured token is not sent to an endpoint that was given.

    Args:
        endpoint: As given; None: not given.
        token: As given; empty: not given.

    Raises:
        ConfigError: As ``configured``.
    """
    if endpoint is not None:
        return endpoint, token or None
    place = configured(token)
    return place.control, place.token or None
