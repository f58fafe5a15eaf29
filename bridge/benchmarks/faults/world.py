"""What a fault is driven against: a sidecar, its devices, and a good listener."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from string import Template
from typing import Any

import psutil

from benchmarks.faults.listener import Listener
from benchmarks.faults.plan import Device, Row
from benchmarks.processes import end, free_port
from sentio_bridge.errors import BridgeError, RequestError
from sentio_bridge.transport.client import Requester

TOKEN = "token of the fault campaign"

COMPANION = """
[[source]]
type = "simulate"
name = "companion"
sensors = ["body"]
roles = ["ppg", "eda"]
"""
"""Body of a simulated person, whose frames must go on during every fault."""

SETTLED = 1_000_000
"""Growth of memory in a second below which a sidecar has loaded its models, bytes."""

DEADLINE = 30.0
"""Seconds that a sidecar or a device may take to start, on a busy machine."""


class World:
    """Processes of one row; close it to end all of them.

    Attributes:
        row: The row.
        folder: Folder for configuration, recordings and files of the steps.
        ports: State and control port.
        state: State endpoint.
        control: Control endpoint.
        listener: The good listener.
        sidecar: Process of the sidecar.
        weight: Its memory before the first fault, bytes.
        values: What devices and steps have named: ``$name`` in arguments.

    Args:
        row: Row of a plan.
        folder: Empty folder.
    """

    listener: Listener
    requester: Requester
    sidecar: subprocess.Popen[bytes]
    weight: int

    def __init__(self, row: Row, folder: Path) -> None:
        self.row = row
        self.folder = folder
        self.ports = free_port(), free_port()
        self.state, self.control = (f"tcp://127.0.0.1:{port}" for port in self.ports)
        self.values: dict[str, str] = {
            "folder": str(folder), "state_port": str(self.ports[0]),
            "control_port": str(self.ports[1]), "stream": f"fault-{self.ports[0]}",
            "device_port": str(free_port()), "python": sys.executable,
        }  # fmt: skip
        self.devices: dict[str, subprocess.Popen[str]] = {}
        self._stack = ExitStack()
        self.log = folder / "log.txt"

    def open(self) -> None:
        """Start the devices, the sidecar and the listener."""
        for name, device in self.row.devices.items():
            if device.started:
                self.start(name, device)
        self.sidecar = self.start_sidecar()
        self.listener = Listener(self.state, TOKEN, self.pids)
        self._stack.callback(self.listener.close)
        self.requester = self._stack.enter_context(Requester(self.control, TOKEN, timeout=DEADLINE))
        self.requester.call("hello", client="fault campaign")

    def close(self) -> None:
        """End every process of this row."""
        self._stack.close()

    def at_end(self, action: Callable[[], object]) -> None:
        """Call ``action`` when the row ends, after the sidecar has."""
        self._stack.callback(action)

    def weigh(self) -> None:
        """Note the sidecar's memory once its models are loaded."""
        end = time.monotonic() + DEADLINE
        before = 0
        while time.monotonic() < end:
            now = self.process.memory_info().rss
            if now - before < SETTLED:
                self.weight = now
                return
            before = now
            time.sleep(1.0)

    def fill(self, text: str) -> str:
        """Replace ``$name`` and ``${name}`` by the values; unknown ones stay."""
        return Template(text).safe_substitute(self.values)

    def start(self, name: str, device: Device) -> None:
        """Start a device; its first line is ``$name`` from now on."""
        command = [sys.executable, "-m", f"benchmarks.faults.{device.module}"]
        process = subprocess.Popen(
            [*command, *map(self.fill, device.arguments)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._stack.callback(end, process)
        assert process.stdout is not None
        first = process.stdout.readline().strip()
        if not first:
            raise BridgeError(f"the device {name} ended at its start")
        self.values[name] = first
        self.devices[name] = process

    def start_sidecar(self) -> subprocess.Popen[bytes]:
        """Start the sidecar with the row's configuration, and wait until it replies."""
        config = self.folder / "sentio.toml"
        config.write_text(self._config(), encoding="utf-8")
        module = ["benchmarks.faults.hindered", *self.row.hindered, "--"]
        command = module if self.row.hindered else ["sentio_bridge"]
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command, "run", "--config", str(config), "--quiet",
                 "--exit-on-stdin-eof"],
                stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, cwd=self.folder,
                env={**os.environ, "XDG_DATA_HOME": str(self.folder / "data")},
            )  # fmt: skip
        self._stack.callback(end, process)
        self._wait_until_ready(process)
        return process

    def status(self) -> dict[str, Any]:
        """Return the reply of ``status``: ``health`` and ``detail``.

        The attackers' requests are of this process too: while they are over the limit of requests
        in a second, it is sent again.

        Raises:
            BridgeError: The sidecar has ended, or does not reply.
        """
        end = time.monotonic() + DEADLINE
        while True:
            if self.sidecar.poll() is not None:
                raise BridgeError(f"the sidecar ended with code {self.sidecar.returncode}")
            try:
                return self.requester.call("status")
            except RequestError as error:
                if error.code != "busy" or time.monotonic() > end:
                    raise
            time.sleep(0.2)

    def pids(self) -> list[int]:
        """Return the running processes of the sidecar and the devices."""
        sidecar = getattr(self, "sidecar", None)
        started = [*self.devices.values(), *([] if sidecar is None else [sidecar])]
        return [process.pid for process in started]

    @property
    def process(self) -> psutil.Process:
        """The sidecar's process."""
        return psutil.Process(self.sidecar.pid)

    def tracebacks(self) -> int:
        """Return the number of tracebacks in the sidecar's log."""
        return len(re.findall(r"^Traceback", self.log.read_text(errors="replace"), re.MULTILINE))

    def _config(self) -> str:
        ports = f"state_port = {self.ports[0]}\ncontrol_port = {self.ports[1]}\n"
        own = f'[sidecar]\ntoken = "{TOKEN}"\n{ports}'
        text = self.fill(self.row.config)
        head = "" if "[sidecar]" in text else own
        text = text.replace("[sidecar]\n", own, 1)
        if "[privacy]" not in text:
            head += f'[privacy]\nfolder = "{self.folder}/privacy"\n'
        if "[recording]" not in text:
            head += f'[recording]\nfolder = "{self.folder}/recordings"\n'
        if not self.row.companion:
            return head + text
        if "[consent]" in text:
            if not re.search(r"^body = ", text, re.MULTILINE):
                text = text.replace("[consent]", '[consent]\nbody = ["adapt"]', 1)
        else:
            head += '[consent]\nbody = ["adapt"]\n'
        return head + text + COMPANION

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if process.poll() is not None:
                raise BridgeError(
                    f"the sidecar ended with code {process.returncode}: {self._end_of_log()}"
                )
            try:
                with Requester(self.control, TOKEN, timeout=1.0) as requester:
                    requester.call("time")
                    return
            except BridgeError:
                continue
        raise BridgeError(f"the sidecar did not reply: {self._end_of_log()}")

    def _end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-300:]
