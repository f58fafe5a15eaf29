"""Bind the two ports of the sidecar, or name the process that uses them."""

from __future__ import annotations

import psutil

from sentio_bridge.config.loader import Sidecar, is_loopback
from sentio_bridge.errors import ConfigError, PortTakenError
from sentio_bridge.transport.server import ServerSockets


def bind(settings: Sidecar) -> ServerSockets:
    """Bind the state and the control socket as configured.

    Raises:
        ConfigError: The host is not a loopback address.
        PortTakenError: A port is in use; names the process if the system permits it.
    """
    if not is_loopback(settings.host):
        raise ConfigError(
            f"[sidecar] host: {settings.host!r} is not a loopback address",
            "the sidecar serves only this machine: use 127.0.0.1 or localhost",
        )
    host = "127.0.0.1" if settings.host == "localhost" else settings.host
    host = f"[{host}]" if ":" in host else host
    ports = settings.state_port, settings.control_port
    try:
        state, control = (f"tcp://{host}:{port or '*'}" for port in ports)
        return ServerSockets(state, control, settings.token or None)
    except PortTakenError as error:
        holders = {port: _holder(port) for port in ports}
        users = "; ".join(f"port {port}: {name}" for port, name in holders.items() if name)
        raise PortTakenError(
            f"{error.what}" + (f" ({users})" if users else ""),
            "stop that sidecar, or choose other ports with --state-port and --control-port",
        ) from None


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
