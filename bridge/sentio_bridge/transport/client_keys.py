"""Keys with which a client connects to a sidecar on another machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sentio_bridge.errors import BridgeError
from sentio_bridge.transport.listening import parse

VARIABLE = "SENTIO_KEY_FILE"
"""Environment variable with the path of the file that ``sentio keys new`` wrote."""


class KeyPair(msgspec.Struct, frozen=True):
    """What a client needs to connect: the content of its key file.

    Attributes:
        server: Public key of the sidecar, Z85.
        public: Its own public key, Z85.
        secret: Its own secret key, Z85.
    """

    server: str
    public: str
    secret: str


_pairs = msgspec.json.Decoder(KeyPair)


def load_keys(path: Path) -> KeyPair:
    """Read a key file.

    Raises:
        BridgeError: It cannot be read.
    """
    try:
        return _pairs.decode(path.read_bytes())
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BridgeError(f"{path}: {error}", "give the file that sentio keys new wrote") from None


def configured_keys(endpoint: str, environ: Mapping[str, str] = os.environ) -> KeyPair | None:
    """Return the keys of the environment for an endpoint of another machine.

    Args:
        endpoint: State or control endpoint.
        environ: Environment variables.

    Raises:
        BridgeError: The key file cannot be read.
    """
    path = environ.get(VARIABLE)
    try:
        host, _ = parse(endpoint)
    except BridgeError:
        return None
    if not path or host in ("127.0.0.1", "localhost", "::1"):
        return None
    return load_keys(Path(path))
