"""Typed errors of the sidecar.

BridgeError
├── WireError            bytes from a peer are not a message of this protocol
│   └── RequestError     a control request cannot be carried out; nothing has changed
├── ConfigError          the configuration file has a wrong key or value
├── PortTakenError       another program uses the port
├── ProfileError         a profile cannot be used (affect.personal.profile)
├── PersonalError        a personal model cannot be trained (affect.personal.training)
├── LogError             a recorded command is unknown or invalid (core.command_log)
└── ReplayError          a recording cannot be replayed (replay.engine)

``SensorError`` and ``ModelError`` have the same two attributes. The three have no common base class
because their packages do not import each other.
"""

from __future__ import annotations


class BridgeError(Exception):
    """Base class of all errors of the sidecar.

    Args:
        what: Problem, with the value received and the value expected.
        fix: What the user can do; may be empty.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}; {fix}" if fix else what)


class WireError(BridgeError):
    """Bytes from a peer are not a message of this protocol.

    Args:
        code: One of the error codes of PROTOCOL.md, section 6.
        what: Problem, with the value received and the value expected.
        fix: What the developer of the peer can do.
    """

    def __init__(self, code: str, what: str, fix: str = "") -> None:
        self.code = code
        super().__init__(what, fix)


class RequestError(WireError):
    """A well-formed control request that cannot be carried out; nothing has changed."""


class ConfigError(BridgeError):
    """An invalid configuration; states the line and the nearest valid key or value."""


class PortTakenError(BridgeError):
    """The port is in use; names the process if it is known."""
