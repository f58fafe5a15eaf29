"""Server's side of the mechanism CURVE of ZMTP: boxes and nonces; no I/O.

Each client has a long-term key that must be allowed; each connection has short-term keys, so that
recorded traffic stays secret even if a long-term key is lost later. Sources: rfc.zeromq.org 25 and
26, curvezmq.org; libzmq 4.3.5 for what they leave open.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from functools import cache
from typing import Any

from sentio_bridge.errors import BridgeError

KEY = 32
"""Bytes of a key."""

_COOKIE, _TAG = 96, 16
_HELLO = 2 + 72 + KEY + 8 + 64 + _TAG
_LEAST_INITIATE = _COOKIE + 8 + _TAG + KEY + 96
_MORE, _COMMAND = 1, 2
_NAME = b"\x07MESSAGE"


class CurveError(Exception):
    """The peer's bytes do not open: a wrong key, a repeated or a changed message."""


@cache
def library() -> Any:
    """Import the functions of PyNaCl.

    Raises:
        BridgeError: It is not installed.
    """
    try:
        import nacl.bindings
    except ImportError:
        raise BridgeError(
            "clients on other machines need the package pynacl",
            "pip install 'sentio-affect[remote]'",
        ) from None
    return nacl.bindings


class CurveServer:
    """One connection's boxes.

    Args:
        secret: The server's long-term secret key, 32 bytes.
        admit: Called once with the client's long-term public key; False refuses it.
    """

    def __init__(self, secret: bytes, admit: Callable[[bytes], bool]) -> None:
        self._nacl = library()
        self._secret = secret
        self._public = self._nacl.crypto_scalarmult_base(secret)
        self._admit = admit
        self._client_short = b""
        self._short_secret = b""
        self._cookie = secrets.token_bytes(_COOKIE)
        self._shared = b""
        self._sent = 0
        self._received = 0

    def welcome(self, hello: bytes) -> bytes:
        """Return the body of WELCOME.

        Args:
            hello: Body of HELLO.

        Raises:
            CurveError: It is malformed, or made for another server's key.
        """
        if len(hello) != _HELLO or hello[:2] != b"\x01\x00":
            raise CurveError("HELLO")
        self._client_short, nonce = hello[74:106], hello[106:114]
        key = self._key(self._client_short, self._secret)
        if self._opened(hello[114:], b"CurveZMQHELLO---" + nonce, key) != bytes(64):
            raise CurveError("HELLO")
        short_public, self._short_secret = self._nacl.crypto_box_keypair()
        nonce = secrets.token_bytes(16)
        plain = short_public + self._cookie
        return nonce + self._sealed(plain, b"WELCOME-" + nonce, key)

    def ready(self, initiate: bytes, metadata: bytes) -> tuple[bytes, bytes]:
        """Return the client's metadata, and the body of READY.

        Args:
            initiate: Body of INITIATE.
            metadata: The server's metadata.

        Raises:
            CurveError: It is malformed or not this client's, or its key is not allowed.
        """
        if len(initiate) < _LEAST_INITIATE:
            raise CurveError("INITIATE")
        if not hmac.compare_digest(initiate[:_COOKIE], self._cookie):
            raise CurveError("cookie")
        nonce = initiate[_COOKIE : _COOKIE + 8]
        self._shared = self._key(self._client_short, self._short_secret)
        plain = self._opened(initiate[_COOKIE + 8 :], b"CurveZMQINITIATE" + nonce, self._shared)
        client, vouch = plain[:KEY], plain[KEY : KEY + 96]
        key = self._key(client, self._short_secret)
        vouched = self._opened(vouch[16:], b"VOUCH---" + vouch[:16], key)
        if vouched != self._client_short + self._public or not self._admit(client):
            raise CurveError("vouch")
        self._received = int.from_bytes(nonce, "big")
        own = self._next()
        return plain[KEY + 96 :], own + self._sealed(
            metadata, b"CurveZMQREADY---" + own, self._shared
        )

    def open(self, frame: bytes) -> tuple[bool, bool, bytes]:
        """Return whether more frames follow, whether it is a command, and the content.

        Raises:
            CurveError: It was changed or repeated.
        """
        if not frame.startswith(_NAME) or len(frame) < len(_NAME) + 8 + _TAG + 1:
            raise CurveError("MESSAGE")
        nonce = frame[8:16]
        number = int.from_bytes(nonce, "big")
        if number <= self._received:
            raise CurveError("nonce")
        plain = self._opened(frame[16:], b"CurveZMQMESSAGEC" + nonce, self._shared)
        self._received = number
        return bool(plain[0] & _MORE), bool(plain[0] & _COMMAND), plain[1:]

    def seal(self, content: bytes, *, more: bool, command: bool) -> bytes:
        """Return the body of a frame that only the client can read."""
        nonce = self._next()
        flags = bytes([more * _MORE | command * _COMMAND])
        return (
            _NAME + nonce + self._sealed(flags + content, b"CurveZMQMESSAGES" + nonce, self._shared)
        )

    def _next(self) -> bytes:
        self._sent += 1
        return self._sent.to_bytes(8, "big")

    def _key(self, public: bytes, secret: bytes) -> bytes:
        """Return the key that two parties share.

        Raises:
            CurveError: The public key is a weak point.
        """
        try:
            key: bytes = self._nacl.crypto_box_beforenm(public, secret)
        except Exception as error:  # PyNaCl's errors have no common base
            raise CurveError(str(error)) from None
        return key

    def _sealed(self, plain: bytes, nonce: bytes, key: bytes) -> bytes:
        box: bytes = self._nacl.crypto_box_afternm(plain, nonce, key)
        return box

    def _opened(self, box: bytes, nonce: bytes, key: bytes) -> bytes:
        try:
            plain: bytes = self._nacl.crypto_box_open_afternm(bytes(box), nonce, key)
        except Exception:
            raise CurveError("a box cannot be decrypted") from None
        return plain
