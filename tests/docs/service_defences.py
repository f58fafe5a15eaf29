"""Defences of the running session and its roles, each with a change."""

from __future__ import annotations

from tests.docs.change import MODELS, ROLES, TRANSPORT, Change, change

SERVICE: dict[str, tuple[Change, ...]] = {
    "one program holds 1,100 connections": (
        Change(f"{TRANSPORT}/limits.py", "connections: int = 128", "connections: int = 9999"),
        Change(f"{TRANSPORT}/limits.py", "per_process: int = 32", "per_process: int = 9999"),
        Change(f"{TRANSPORT}/limits.py", "unidentified: int = 64", "unidentified: int = 9999"),
        Change(f"{TRANSPORT}/limits.py", "handshake: float = 3.0", "handshake: float = 999.0"),
    ),
    "a banned program connects again and again": change(
        f"{TRANSPORT}/connections.py",
        "peer.is_read = not self._offenders.is_any_banned(now)",
        "peer.is_read = True",
    ),
    "200,000 topics of one subscriber": change(
        f"{TRANSPORT}/peer.py", 'raise LimitError("subscriptions")', "pass"
    ),
    "a flood of requests or heartbeats": change(
        f"{TRANSPORT}/peer.py", "if not self._frames.take(1, now):", "if False:"
    ),
    "a banned program floods and connects again at once": change(
        f"{TRANSPORT}/connections.py", "peer.held_until = now + HOLD", "self.remove(peer)"
    ),
    "requests of a client over a limit are still carried out": change(
        f"{TRANSPORT}/server.py",
        "while self._requests and self._requests[0].peer.fault:",
        "while False:",
    ),
    "millions of malformed messages, thousands of connections": change(
        f"{TRANSPORT}/connections.py",
        "            self.watch(peer)\n            peer.close()\n",
        "            self.watch(peer)\n",
    ),
    "a burst of markers stops the frames": change(
        "bridge/sentio_bridge/affect/event_responses/analyzer.py",
        "if pair[0] <= now - self._set.first][:most]",
        "if pair[0] <= now - self._set.first]",
    ),
    "connections without a handshake": change(
        f"{TRANSPORT}/connections.py",
        "now - peer.opened > self._limits.handshake",
        "False",
    ),
    "a subscriber that does not read": change(
        f"{TRANSPORT}/peer.py", "self.dropped += 1", "self._queue(data)"
    ),
    "a huge or endless message": change(
        f"{TRANSPORT}/zmtp.py", "if length > self._max_frame:", "if False:"
    ),
    "bytes that follow no protocol": change(
        f"{TRANSPORT}/zmtp.py",
        'return password.decode("utf-8", "surrogateescape")',
        "return password.decode()",
    ),
    "the descriptors of the process run out": change(
        f"{TRANSPORT}/connections.py",
        "                self._accept_no_more(now + RESUME_ACCEPT)\n                return\n",
        "                raise\n",
    ),
    "other programs use every core": change(
        f"{MODELS}/runtime/guarded_estimator.py",
        "self._limit *= FASTER",
        "self._limit *= 1.0",
    ),
    "a failing model": change(
        f"{MODELS}/runtime/guarded_estimator.py",
        "self._pause = min(2 * self._pause, self._budget.longest_pause)",
        "self._pause = self._budget.first_pause",
    ),
    "a user's model hangs, crashes or uses all memory": change(
        f"{MODELS}/user_models/remote_session.py",
        "if self._ends > self._limits.restarts:",
        "if False:",
    ),
    "a driver hangs in a search for devices": change(
        "bridge/sentio_bridge/pipeline/device_search.py",
        "thread.join(seconds + grace)",
        "thread.join()",
    ),
    "a server floods a game's client": change(
        "godot_addon/addons/sentio/core/wire/zmtp.gd",
        "\tvar left := MAX_FRAMES\n",
        "\tvar left := 1 << 30\n",
    ),
    "a listener or a game sends an operator's request": change(
        ROLES, "if grant.role < needed and op not in grant.more:", "if False:"
    ),
    "a game ends a sidecar of another program": change(
        ROLES,
        'if op == "shutdown" and grant.role is Role.GAME and not grant.started:',
        "if False:",
    ),
    "a new request or topic is missing from the table": change(
        ROLES, '    "devices": Role.GAME,\n', ""
    ),
    "a user's model runs code": change(
        f"{MODELS}/user_models/confinement.py",
        "(_RETURN, 0, 0, _REFUSE)",
        "(_RETURN, 0, 0, _ALLOW)",
    ),
    "a user's model has parts that are not plain ONNX": change(
        f"{MODELS}/user_models/onnx_inspector.py",
        "if foreign & facts.domains or facts.functions:",
        "if False:",
    ),
}
"""Changes by the text of the threat."""
