"""A page of another origin in a real browser cannot send requests to a sidecar."""

from __future__ import annotations

import base64
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import zmq

from .conftest import Sidecar
from .old_peers import FOLDER, PADDINGS, REQUEST, body
from .test_old_peers import CONFIG

TIMEOUT = 90.0
"""Timeout of the page, seconds."""

PAGE = """<!doctype html><title>A game's page</title><script>
const ports = %(ports)s, bodies = %(bodies)s;
async function post(port, padding) {
  const body = Uint8Array.from(atob(bodies[padding]), c => c.charCodeAt(0));
  const signal = AbortSignal.timeout(%(patience)s);
  const address = `http://127.0.0.1:${port}/${"a".repeat(padding)}`;
  await fetch(address, {method: "POST", mode: "no-cors", body, signal}).catch(() => 0);
}
// A few at a time: a browser opens six connections to an address at most.
async function some(port, first) {
  for (let padding = first; padding < bodies.length; padding += 4) await post(port, padding);
}
const all = ports.flatMap(port => [0, 1, 2, 3].map(first => some(port, first)));
Promise.all(all).then(() => fetch("/done", {method: "POST"}));
</script>"""


@contextmanager
def served(page: str) -> Iterator[tuple[str, threading.Event]]:
    """Serve ``page`` at another loopback address; yield address and end event."""
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(page.encode() if self.path == "/" else b"")

        def do_POST(self) -> None:
            done.set()
            self._answer(b"")

        def _answer(self, content: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.2", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.2:{server.server_port}/", done
        finally:
            server.shutdown()
            thread.join()


CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
CHROMIUM += ["--no-first-run", "--disable-background-networking", "--user-data-dir={}"]
FIREFOX = ["--headless", "--no-remote", "--profile", "{}"]


@contextmanager
def browser(command: str, arguments: list[str], address: str, profile: Path) -> Iterator[None]:
    """Open ``address`` in a headless browser, and end it on exit."""
    profile.mkdir()
    process = subprocess.Popen(
        [command, *(each.format(profile) for each in arguments), address],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()  # it ends its child processes
        with suppress(subprocess.TimeoutExpired):
            process.wait(5.0)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the rest of its process group
        process.wait()


@pytest.fixture
def unprotected() -> Iterator[zmq.Socket[bytes]]:
    """Yield a ROUTER of libzmq without a ZAP domain."""
    with zmq.Context() as context, context.socket(zmq.ROUTER) as router:
        router.linger = 0
        router.bind("tcp://127.0.0.1:*")
        yield router


def arrived(router: zmq.Socket[bytes]) -> bool:
    """Return whether the page's request was received."""
    while router.poll(0):
        if REQUEST in router.recv_multipart():
            return True
    return False


@pytest.mark.parametrize(
    ("name", "arguments", "patience"),
    # Fewer alignments fit Firefox, so that each must be sent: slowly, on a busy machine.
    [("chromium", CHROMIUM, 220), ("firefox-esr", FIREFOX, 1500)],
)
def test_web_page_cannot_send_requests(
    run: Callable[..., Sidecar],
    unprotected: zmq.Socket[bytes],
    tmp_path: Path,
    name: str,
    arguments: list[str],
    patience: int,
) -> None:
    command = shutil.which(name)
    if command is None:
        pytest.skip(f"no {name}: install Debian's package of that name")
    sidecar = run(CONFIG.format(folder=tmp_path / "recordings"))
    sidecar.until(b"health", lambda _: True)
    other = int(unprotected.getsockopt_string(zmq.LAST_ENDPOINT).rsplit(":", 1)[1])
    bodies = [base64.b64encode(body(padding)).decode() for padding in PADDINGS]
    page = PAGE % {"ports": [*sidecar.ports, other], "bodies": bodies, "patience": patience}
    with (
        served(page) as (address, done),
        browser(command, arguments, address, tmp_path / "profile"),
    ):
        assert sidecar.request("hello")["name"] == "sentio"
        assert done.wait(TIMEOUT), "the page did not finish"
    assert arrived(unprotected), "this browser does not send bytes that are valid ZMTP 1.0"
    recording = sidecar.request("record", action="status")["recording"]
    assert (recording["active"], recording["folder"]) == (False, "")
    assert not list(tmp_path.rglob(FOLDER))
    assert len(sidecar.frames(1)) == 1
