"""Everything that can go wrong in the sidecar itself, as typed errors.

BridgeError
├── WireError            bytes from a peer are not a message of this protocol
│   └── RequestError     a control request cannot be carried out; nothing has changed
├── ConfigError          the configuration file has a wrong key or value
├── PortTakenError       another program listens on our port
├── ProfileError         a profile cannot be used (affect.personal.profile)
├── PersonalError        a personal model cannot be made (affect.personal.training)
├── LogError             a recorded command is none of ours (core.command_log)
└── ReplayError          a recording cannot be replayed (replay.engine)

``SensorError`` and ``ModelError`` have the same two attributes. The three stay apart because their
packages know nothing of each other; a package for one base class of ten lines would be more.
"""

from __future__ import annotations


class BridgeError(Exception):
    """The base of all errors of the sidecar.

    Args:
        what: What happened, with what was got and what was expected.
        fix: What a person can do about it; may be empty.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        self.what = what
        self.fix = fix
        super().__init__(f"{what}; {fix}" if fix else what)


class WireError(BridgeError):
    """Bytes from a peer are not a message of this protocol.

    Args:
        code: One of the error codes of PROTOCOL.md, section 6.
        what: What was got and expected.
        fix: What the peer's author can do.
    """

    def __init__(self, code: str, what: str, fix: str = "") -> None:
        self.code = code
        super().__init__(what, fix)


class RequestError(WireError):
    """A well-formed control request that cannot be carried out; nothing has changed."""


class ConfigError(BridgeError):
    """The configuration is wrong; says the line and the nearest right key or value."""


class PortTakenError(BridgeError):
    """Somebody else listens on our port; says who, where it is known."""
