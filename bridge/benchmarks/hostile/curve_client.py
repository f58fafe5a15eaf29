"""Client of CURVE on bytes, for tests and hostile clients (curvezmq.org)."""

from __future__ import annotations

import os

import nacl.bindings as nacl


class CurveClient:
    """A client that keeps to the protocol."""

    def __init__(self, server: bytes, public: bytes, secret: bytes) -> None:
        self.server, self.public, self.secret = server, public, secret
        self.short_public, self.short_secret = nacl.crypto_box_keypair()
        self.nonce = 0
        self.shared = b""

    def _next(self) -> bytes:
        self.nonce += 1
        return self.nonce.to_bytes(8, "big")

    def hello(self) -> bytes:
        """Return the body of HELLO."""
        own = self._next()
        box = nacl.crypto_box(bytes(64), b"CurveZMQHELLO---" + own, self.server, self.short_secret)
        return b"\x01\x00" + bytes(72) + bytes(self.short_public) + own + bytes(box)

    def initiate(self, welcome: bytes, metadata: bytes) -> bytes:
        """Return the body of INITIATE."""
        nonce = b"WELCOME-" + welcome[:16]
        plain = nacl.crypto_box_open(welcome[16:], nonce, self.server, self.short_secret)
        server_short, cookie = plain[:32], plain[32:]
        self.shared = nacl.crypto_box_beforenm(server_short, self.short_secret)
        own, vouch_nonce = self._next(), os.urandom(16)
        vouch = nacl.crypto_box(
            self.short_public + self.server, b"VOUCH---" + vouch_nonce, server_short, self.secret
        )
        plain = self.public + vouch_nonce + vouch + metadata
        box = nacl.crypto_box_afternm(plain, b"CurveZMQINITIATE" + own, self.shared)
        return bytes(cookie) + own + bytes(box)

    def seal(self, content: bytes, flags: int = 0) -> bytes:
        """Return a frame's content in a box."""
        own = self._next()
        box = nacl.crypto_box_afternm(
            bytes([flags]) + content, b"CurveZMQMESSAGEC" + own, self.shared
        )
        return b"\x07MESSAGE" + own + bytes(box)

    def open(self, frame: bytes) -> bytes:
        """Return what is in a box."""
        nonce = b"CurveZMQMESSAGES" + frame[8:16]
        return bytes(nacl.crypto_box_open_afternm(frame[16:], nonce, self.shared))
