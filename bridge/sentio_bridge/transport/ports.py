"""Bind the sidecar's two ports, or name the process that uses them."""

from __future__ import annotations

import os
from collections.abc import MutableMapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import psutil

from sentio_bridge.config.loader import ClientToken, Sidecar, is_loopback, numeric
from sentio_bridge.config.schema import Remote as RemotePorts
from sentio_bridge.errors import ConfigError, PortTakenError
from sentio_bridge.protocol.roles import ROLES, Access, Grant, Role
from sentio_bridge.transport import tokens
from sentio_bridge.transport.allow_list import AllowList
from sentio_bridge.transport.limits import Limits
from sentio_bridge.transport.remote import Remote
from sentio_bridge.transport.server import ServerSockets

SHORTEST_TOKEN = 16
"""Characters of a token that is not the operator's own choice."""


def bind(
    settings: Sidecar,
    clients: Sequence[ClientToken] = (),
    environ: MutableMapping[str, str] = os.environ,
    folder: Path | None = None,
    remote: RemotePorts | None = None,
    allowed: AllowList | None = None,
    limits: Limits | None = None,
) -> ServerSockets:
    """Bind the state and the control socket as configured.

    Without a configured token, a new one is written to a file that clients of the same user find.
    ``SENTIO_TOKEN`` is removed from the environment, so that no child process inherits it.

    Args:
        settings: Addresses and the operator's token.
        clients: Further tokens.
        environ: Environment variables.
        folder: Folder of the token files; default: the user's.
        remote: Address and ports for clients on other machines.
        allowed: Keys of these clients; default: the user's.
        limits: Limits of connections; default: those of PROTOCOL.md.

    Raises:
        ConfigError: The host is not a loopback address, or a token is too short.
        PortTakenError: A port is in use; names the process if the system permits it.
        BridgeError: The token file cannot be written.
    """
    if not is_loopback(settings.host):
        raise ConfigError(
            f"[sidecar] host: {settings.host!r} is not a loopback address",
            "use 127.0.0.1 or localhost; [remote] host serves clients on other machines, with keys",
        )
    launcher = environ.pop(tokens.VARIABLE, "")
    operator = settings.token or tokens.new()
    access = _access(settings, clients, operator, launcher)
    host = numeric(settings.host)
    ports = settings.state_port, settings.control_port
    files = ExitStack()

    def write_token(bound: Sequence[int]) -> None:
        if not settings.token:
            files.callback(tokens.TokenFiles(bound, operator, folder).remove)

    try:
        return ServerSockets(
            _endpoint(host, settings.state_port),
            _endpoint(host, settings.control_port),
            access,
            limits,
            prepare=write_token,
            on_close=files.close,
            remote=_remote(remote, allowed),
        )
    except PortTakenError as error:
        holders = {port: _holder(port) for port in ports}
        users = "; ".join(f"port {port}: {name}" for port, name in holders.items() if name)
        raise PortTakenError(
            f"{error.what}" + (f" ({users})" if users else ""),
            "stop that sidecar, or choose other ports with --state-port and --control-port",
        ) from None


def _remote(ports: RemotePorts | None, allowed: AllowList | None) -> Remote | None:
    """Return what clients on other machines are served with; None without a host."""
    if ports is None or not ports.host:
        return None
    return Remote(
        _endpoint(ports.host, ports.state_port),
        _endpoint(ports.host, ports.control_port),
        allowed or AllowList(),
    )


def _endpoint(host: str, port: int) -> str:
    """Return the endpoint of a port; 0 is any free one."""
    return f"tcp://{f'[{host}]' if ':' in host else host}:{port or '*'}"


def _access(
    settings: Sidecar, clients: Sequence[ClientToken], operator: str, launcher: str
) -> Access:
    """Return the tokens and their grants.

    Raises:
        ConfigError: A token is too short.
    """
    more = frozenset(settings.game_may)
    grants = {}
    if launcher:
        _check(launcher, f"the environment variable {tokens.VARIABLE}")
        grants[launcher] = Grant(Role.GAME, started=True, more=more)
    check_tokens(clients)
    for client in clients:
        role = ROLES[client.role]
        own = frozenset(client.subjects) or None
        grants[client.token] = Grant(role, own, more=more if role is Role.GAME else frozenset())
    grants[operator] = Grant(Role.OPERATOR)
    return Access(grants, _fix(is_configured=bool(settings.token)))


def check_tokens(clients: Sequence[ClientToken]) -> None:
    """Refuse tokens of clients that can be guessed.

    Raises:
        ConfigError: A token is too short.
    """
    for number, client in enumerate(clients, 1):
        _check(client.token, f"[[client]] number {number}: token")


def _check(token: str, where: str) -> None:
    if len(token) < SHORTEST_TOKEN or not token.isascii():
        raise ConfigError(
            f"{where}: {len(token)} characters, expected at least {SHORTEST_TOKEN} (ASCII)",
            'make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"',
        )


def _fix(*, is_configured: bool) -> str:
    if is_configured:
        return "set the client's token to the one in the sidecar's configuration"
    return (
        "run the client as the user who started the sidecar: it then finds the token file in "
        f"{tokens.folder()}; or give it a token of the sidecar's configuration ([[client]])"
    )


def _holder(port: int) -> str:
    """Return the process that listens on ``port``, or an empty text if unknown."""
    try:
        connections = psutil.net_connections("tcp")
    except (psutil.Error, OSError):
        return ""
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.pid:
            if connection.status == psutil.CONN_LISTEN:
                try:
                    command = " ".join(psutil.Process(connection.pid).cmdline()[:4])
                except psutil.Error:
                    command = "?"
                return f"used by process {connection.pid} ({command})"
    return ""
