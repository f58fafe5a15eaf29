"""Keys of clients on other machines: who may connect, with which role."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import platformdirs

from sentio_bridge.errors import BridgeError, ConfigError
from sentio_bridge.privacy.private_folder import locked, make_private, replace
from sentio_bridge.protocol import names
from sentio_bridge.protocol.roles import ROLES, Grant
from sentio_bridge.transport.client_keys import KeyPair
from sentio_bridge.transport.curve import KEY, library

FOLDER_VARIABLE = "SENTIO_CURVE_DIR"
"""Environment variable with the folder of the keys, instead of the user's."""

SERVER, CLIENTS = "server.secret", "clients.json"

LONGEST_NAME = 64
"""Characters of a client's name."""


class AllowedClient(msgspec.Struct, frozen=True):
    """A client that may connect.

    Attributes:
        name: Name for people.
        public: Public key, Z85.
        role: ``listener``, ``game`` or ``operator``.
        subjects: A game's own subjects; empty for all.
        created: UTC.
    """

    name: str
    public: str
    role: str
    subjects: list[str] = []
    created: datetime | None = None


_clients = msgspec.json.Decoder(list[AllowedClient])


class AllowList:
    """The sidecar's own key, and the clients that may connect.

    Args:
        folder: Where both are kept; default: ``SENTIO_CURVE_DIR`` or the user's data folder.
        environ: Environment variables.

    Attributes:
        folder: Where both are kept.
    """

    def __init__(self, folder: Path | None = None, environ: Mapping[str, str] = os.environ) -> None:
        chosen = environ.get(FOLDER_VARIABLE)
        default = Path(chosen) if chosen else Path(platformdirs.user_data_dir("sentio")) / "curve"
        self.folder = folder or default
        self._secret = b""
        self._stamp: tuple[int, int, int] | None = None
        self._grants: dict[bytes, Grant] = {}

    @property
    def secret(self) -> bytes:
        """Return the sidecar's secret key.

        Raises:
            ConfigError: There is none.
        """
        if not self._secret:
            try:
                text = (self.folder / SERVER).read_bytes().strip()
                self._secret = _decoded(text)
            except (OSError, ValueError, KeyError, ZeroDivisionError) as error:
                raise ConfigError(
                    f"the key of this sidecar cannot be read: {error}",
                    "make one, and one for the first client: sentio keys new NAME",
                ) from None
            if len(self._secret) != KEY:
                raise ConfigError(f"{self.folder / SERVER} is not a key", "sentio keys new NAME")
        return self._secret

    def grant(self, public: bytes) -> Grant | None:
        """Return what a key permits; None if it is not allowed."""
        return self._grants.get(public)

    def changed(self) -> bool:
        """Read the list again if its file has changed; return whether it has.

        A list that cannot be read allows nobody.
        """
        try:
            status = (self.folder / CLIENTS).stat()
            stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            stamp = (0, 0, 0)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            self._grants = {_decoded(c.public.encode()): _grant(c) for c in self.clients()}
        except (BridgeError, ValueError, KeyError):
            self._grants = {}
        return True

    def require(self) -> None:
        """Check that clients on other machines can be served securely.

        Raises:
            ConfigError: There is no key, or nobody is allowed.
            BridgeError: PyNaCl is not installed.
        """
        library()
        self.changed()
        if not self.secret or not self._grants:
            raise ConfigError(
                "[remote] host: no client is allowed to connect from another machine",
                "make a key for one: sentio keys new NAME",
            )

    def clients(self) -> list[AllowedClient]:
        """Return the clients.

        Raises:
            BridgeError: The list cannot be read.
        """
        path = self.folder / CLIENTS
        try:
            return _clients.decode(path.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BridgeError(
                f"{path}: {error}", "restore it, or delete it and make keys"
            ) from None

    def add(self, name: str, role: str, subjects: Sequence[str] = ()) -> KeyPair:
        """Allow a new client; return its key file's content.

        Args:
            name: Name for people, unique.
            role: ``listener``, ``game`` or ``operator``.
            subjects: A game's own subjects; empty for all.

        Raises:
            BridgeError: The name or role is invalid, or the files cannot be written.
        """
        problem = names.problem(name, LONGEST_NAME)
        if problem or role not in ROLES:
            what = f"{name[:80]!r} {problem}" if problem else f"{role!r} is not a role"
            raise BridgeError(what, f"use {names.RULE}; roles: {', '.join(ROLES)}")
        nacl = library()
        public, secret = (_encoded(key).decode() for key in nacl.crypto_box_keypair())
        make_private(self.folder)
        with locked(self.folder):
            known = self.clients()
            if any(client.name == name for client in known):
                raise BridgeError(f"{name!r} has a key", f"sentio keys revoke {name}")
            if not (self.folder / SERVER).exists():
                replace(self.folder / SERVER, _encoded(os.urandom(KEY)) + b"\n")
            made = AllowedClient(name, public, role, list(subjects), datetime.now(UTC))
            replace(self.folder / CLIENTS, msgspec.json.encode([*known, made]))
        return KeyPair(self.public(), public, secret)

    def revoke(self, name: str) -> None:
        """Remove a client; a running sidecar disconnects it within a second.

        Raises:
            BridgeError: There is no such client, or the list cannot be written.
        """
        make_private(self.folder)
        with locked(self.folder):
            known = self.clients()
            left = [client for client in known if client.name != name]
            if len(left) == len(known):
                listed = ", ".join(client.name for client in known) or "none"
                raise BridgeError(f"no client {name!r}; known: {listed}", "sentio keys list")
            replace(self.folder / CLIENTS, msgspec.json.encode(left))

    def public(self) -> str:
        """Return the sidecar's public key, Z85.

        Raises:
            ConfigError: There is none.
        """
        found: Callable[[bytes], bytes] = library().crypto_scalarmult_base
        return _encoded(found(self.secret)).decode()


# Most sidecars have no clients on other machines, and never load zmq.


def _encoded(key: bytes) -> bytes:
    from zmq.utils import z85

    return z85.encode(key)


def _decoded(text: bytes) -> bytes:
    from zmq.utils import z85

    return z85.decode(text)


def _grant(client: AllowedClient) -> Grant:
    subjects = frozenset(client.subjects) or None
    return Grant(ROLES[client.role], subjects if client.role == "game" else None)
