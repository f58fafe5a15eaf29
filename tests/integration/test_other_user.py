"""Test of a program of another user on the same machine: it gets nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sentio_bridge.transport import tokens

from .conftest import Sidecar

OTHER_USER = 65534
"""User id that owns nothing."""

PROGRAM = """
import encodings.idna, json, os, socket, sys  # what is needed later cannot be read then
from benchmarks.faults.attacker import handshake
user, state, control = map(int, sys.argv[1:4])
folders = sys.argv[4:]
os.chdir("/")
os.setgroups([])
os.setgid(user)
os.setuid(user)  # the interpreter itself may be where the other user cannot start it
read = []
for folder in folders:
    try:
        read += os.listdir(folder)
    except OSError:
        pass
    for port in (state, control):
        try:
            read.append(open(os.path.join(folder, "%d.token" % port)).read())
        except OSError:
            pass

def said(port, kind, token, body):
    with socket.create_connection(("127.0.0.1", port), timeout=15.0) as sock:
        sock.sendall(handshake(kind, token) + bytes([0, len(body)]) + body)
        got = b""
        try:
            while data := sock.recv(65536):
                got += data
                if b"\\xa2ok" in got:
                    break
        except OSError:
            pass
        return got

answers = []
for token in ("", "a guessed token of mine"):
    answers.append(said(state, "SUB", token, b"\\x01").hex())
    for op in json.loads(sys.stdin.read() or "[]") if not token else ["status"]:
        body = b"\\x82\\xa2id\\x01\\xa2op" + bytes([0xa0 + len(op)]) + op.encode()
        answers.append(said(control, "DEALER", token, body).hex())
print(json.dumps({"uid": os.getuid(), "read": read, "answers": answers}))
"""

OPS = ["hello", "status", "consent", "record", "profile", "override", "shutdown"]


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may start another user's"
)
def test_other_user_gets_neither_token_nor_data(
    run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    sidecar = run()
    sidecar.until(b"health", lambda h: h["frames"] > 10)
    folders = [str(tokens.folder()), str(tmp_path)]
    numbers = [str(number) for number in (OTHER_USER, *sidecar.ports)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *numbers, *folders],
        input=json.dumps(OPS),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["uid"] == OTHER_USER
    assert seen["read"] == []
    answers = [bytes.fromhex(each) for each in seen["answers"]]
    assert len(answers) == 2 + len(OPS) + 1
    for answer in answers:
        assert b"affect/" not in answer
        assert b"health" not in answer
        assert b"player" not in answer
        assert b"\xa2ok\xc3" not in answer  # true
    requests = [answer for answer in answers if b"\xa2ok" in answer]
    assert len(requests) == len(OPS) + 1
    assert all(b"unauthorised" in answer for answer in requests)
    assert sidecar.process.poll() is None  # and `shutdown` did nothing
