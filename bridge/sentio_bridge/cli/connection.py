"""Options of the commands that use a running sidecar."""

from __future__ import annotations

from typing import Annotated

import typer

CONTROL = "tcp://127.0.0.1:28701"
"""Default control endpoint."""

Endpoint = Annotated[str, typer.Option(help="Control endpoint of the sidecar.")]

Token = Annotated[str, typer.Option(help="Token, if the sidecar requires one.")]
