"""Options of the commands that use a running sidecar."""

from __future__ import annotations

from typing import Annotated

import typer

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
    str,
    typer.Option(
        "--control",
        "--endpoint",
        "--control-port",
        "--port",
        parser=endpoint_of,
        metavar="ENDPOINT",
        help="Control endpoint of the sidecar, or its port.",
    ),
]

ConfiguredEndpoint = Annotated[
    str | None,
    typer.Option(
        "--control",
        "--endpoint",
        "--control-port",
        "--port",
        parser=endpoint_of,
        metavar="ENDPOINT",
        help="Control endpoint of the sidecar, or its port; default: of the configuration.",
    ),
]

StateEndpoint = Annotated[
    str,
    typer.Option(
        "--state",
        "--endpoint",
        "--state-port",
        "--port",
        parser=endpoint_of,
        metavar="ENDPOINT",
        help="State endpoint of the sidecar, or its port.",
    ),
]

Token = Annotated[str, typer.Option(help="Token, if the sidecar requires one.")]
