"""`sentio run` and its log: at a terminal with the live view, in a file, in JSON."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sentio_bridge.cli.log_setup import Level, logging_to
from sentio_bridge.client import Requester, Subscription
from sentio_bridge.config.loader import Sidecar as Ports
from sentio_bridge.config.loader import parse
from sentio_bridge.server import sidecar as server
from sentio_bridge.transport.ports import bind
from sentio_sensors import MonotonicClock

from .conftest import DEADLINE

CONFIGURATION = """
[consent]
body = ["adapt"]
eeg = ["adapt"]
[[source]]
type = "simulate"
roles = ["ppg"]
[[source]]
type = "brainflow"
board = "cyton"
serial_port = "/dev/no-such"
sensors = ["eeg"]
"""

CLOCK = MonotonicClock()
ABSENT = "brainflow1 is absent: no serial port /dev/no-such"
_ESCAPE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")


def command(folder: Path, *options: str) -> list[str]:
    config = folder / "sentio.toml"
    config.write_text(CONFIGURATION)
    return [
        *(sys.executable, "-m", "sentio_bridge", "run", "--config", str(config)),
        *("--state-port", "0", "--control-port", "0", "--duration", "2", *options),
    ]


def shown(data: str) -> list[str]:
    """Return what a terminal shows in the end, all that has scrolled up included.

    It knows the controls that the live view uses: colours, line up, erase, carriage return.
    """
    rows: list[list[str]] = [[]]
    row = column = at = 0
    while at < len(data):
        if found := _ESCAPE.match(data, at):
            at = found.end()
            if found[2] == "A":
                row = max(0, row - int(found[1] or 1))
            elif found[2] == "K":
                rows[row] = [] if found[1] == "2" else rows[row][:column]
            else:
                assert found[2] in "mhl", f"unknown control {found[0]!r}"
            continue
        letter, at = data[at], at + 1
        if letter == "\r":
            column = 0
        elif letter == "\n":
            row += 1
            rows += [[]] if row == len(rows) else []
        else:
            line = rows[row]
            line += " " * (column + 1 - len(line))
            line[column] = letter
            column += 1
    return ["".join(line).rstrip() for line in rows]


def at_a_terminal(arguments: list[str], stderr: int | None = None) -> str:
    """Run at a pseudo-terminal of 120 columns and return what it wrote there."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "60"}
    process = subprocess.Popen(
        arguments,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs if stderr is None else stderr,
        env={k: v for k, v in environment.items() if k not in ("NO_COLOR", "CI")},
    )
    os.close(theirs)
    parts: list[bytes] = []
    try:
        while part := os.read(ours, 65536):
            parts.append(part)
    except OSError:  # how a terminal ends on Linux
        pass
    finally:
        os.close(ours)
    assert process.wait(DEADLINE) == 0
    return b"".join(parts).decode()


def check_picture(rows: list[str]) -> int:
    """Check that the live view is whole and there once; return its first row."""
    (top,) = [n for n, row in enumerate(rows) if row.startswith("╭─ Sentio")]
    (bottom,) = [n for n, row in enumerate(rows) if row.startswith("╰")]
    assert all(row.startswith("│") and row.endswith("│") for row in rows[top + 1 : bottom])
    return top


@pytest.mark.parametrize("options", [(), ("--log-json",)])
def test_lines_of_the_log_stand_above_the_live_view(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    rows = shown(at_a_terminal(command(tmp_path, "--log-level", "info", *options)))
    top = check_picture(rows)
    assert any(ABSENT in row for row in rows[:top])
    assert sum("is absent:" in row for row in rows) == 1
    assert "stopped after" in "".join(rows[-2:])


def test_a_log_in_a_file_leaves_the_terminal_to_the_live_view(tmp_path: Path) -> None:
    log = tmp_path / "log"
    rows = shown(at_a_terminal(command(tmp_path, "--log-file", str(log))))
    assert check_picture(rows) == 0
    assert ABSENT in log.read_text()


def test_standard_error_in_a_file_gets_plain_lines(tmp_path: Path) -> None:
    with (tmp_path / "err").open("wb") as file:
        rows = shown(at_a_terminal(command(tmp_path), file.fileno()))
    assert check_picture(rows) == 0
    (line,) = (tmp_path / "err").read_text().splitlines()
    assert f"WARNING sentio_sensors.runtime.supervisor: {ABSENT}" in line


def test_without_a_terminal_it_reports_why_a_modality_is_absent(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path, "--quiet"), capture_output=True, text=True, timeout=DEADLINE
    )
    assert (done.returncode, done.stdout) == (0, "")
    (line,) = done.stderr.splitlines()
    assert ABSENT in line
    assert "(plug in the dongle" in line


def test_json_lines_can_be_read_by_a_program(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path, "--quiet", "--log-json", "--log-level", "debug"),
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    records = [json.loads(line) for line in done.stderr.splitlines()]
    assert {"info", "warning"} <= {record["level"] for record in records}
    assert all(record["time"] and record["logger"] for record in records)
    assert any(ABSENT in record["message"] for record in records)


def test_no_token_and_no_line_of_chat_is_logged(tmp_path: Path) -> None:
    log, ports = tmp_path / "log", Ports(state_port=0, control_port=0, token="sesame")
    text = '[sidecar]\ntoken = "sesame"\n' + CONFIGURATION.replace(
        "eeg =", 'text = ["adapt"]\neeg ='
    )
    with logging_to(Level.DEBUG, log, as_json=False):
        sockets, stop = bind(ports), threading.Event()
        thread = threading.Thread(
            target=server.Sidecar(parse(text), CLOCK, sockets).run, args=(stop,)
        )
        thread.start()
        with Requester(sockets.control_endpoint, "sesame", timeout=DEADLINE) as requester:
            assert requester.try_call("text", line="a secret line")["accepted"]
            assert requester.try_call("profile", action="use", name="a-profile")["ok"] is False
        with Subscription(sockets.state_endpoint, [b"affect/"], "a wrong guess") as guesser:
            assert guesser.receive(1.0) is None
        stop.set()
        sockets.wake()
        thread.join(DEADLINE)
    written = log.read_text()
    assert "serves player" in written
    for secret in ("sesame", "a secret line", "a wrong guess"):
        assert secret not in written
