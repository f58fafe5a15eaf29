"""Sidecar without limits of rates, so that it reads every malformed message.

Usage: ``python -m benchmarks.hostile.open_sidecar CONFIG KEYS``. It prints its four ports (state,
control, and both for other machines) and ends when standard input closes.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from sentio_bridge.transport.limits import Limits, SocketLimits

ENDLESS = 1e12

OPEN = Limits(
    connections=512,
    per_process=512,
    unidentified=512,
    handshake=600.0,
    subscriptions=4096,
    ban=0.0,
    accepts=ENDLESS,
    accepts_per_second=ENDLESS,
    state=SocketLimits(1024, ENDLESS, ENDLESS, ENDLESS, ENDLESS, 4096, 16_777_216),
    control=SocketLimits(65_536, ENDLESS, ENDLESS, ENDLESS, ENDLESS, 4096, 16_777_216),
)
"""Limits of sizes as usual, none of rates and times."""

REQUESTS_PER_SECOND = 50_000

PING_AFTER = 600.0
"""Seconds; a busy machine may stop the hostile client for longer than a usual limit."""


def main(config: Path, keys: Path) -> None:
    """Run the sidecar until standard input closes."""
    from sentio_bridge.config.loader import load
    from sentio_bridge.config.schema import Remote
    from sentio_bridge.control import dispatcher
    from sentio_bridge.privacy.private_folder import state_folder
    from sentio_bridge.server.sidecar import Sidecar
    from sentio_bridge.transport import connections
    from sentio_bridge.transport.allow_list import AllowList
    from sentio_bridge.transport.ports import bind
    from sentio_sensors import MonotonicClock

    dispatcher.REQUESTS_PER_SECOND = REQUESTS_PER_SECOND
    connections.PING_AFTER = PING_AFTER
    read = load(config)
    stop = threading.Event()
    remote = Remote(host="127.0.0.1", state_port=0, control_port=0)
    sockets = bind(
        read.sidecar, read.clients, {}, remote=remote, allowed=AllowList(keys), limits=OPEN
    )
    with sockets:
        folder = state_folder(read.path, read.privacy.folder)
        sidecar = Sidecar(read, MonotonicClock(), sockets, [], folder)
        endpoints = (sockets.state_endpoint, sockets.control_endpoint, *sockets.remote_endpoints)
        print(*(endpoint.rpartition(":")[2] for endpoint in endpoints), flush=True)

        def end() -> None:
            sys.stdin.buffer.read()
            stop.set()
            sidecar.wake()

        threading.Thread(target=end, daemon=True).start()
        sidecar.run(stop)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
