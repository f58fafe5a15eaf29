"""A user's model that hangs, crashes, fails or uses all memory costs only itself."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from benchmarks.stopwatch import Stopwatch
from sentio_models.errors import ModelEndedError, ModelFailedError, ModelRefusedError
from sentio_models.estimator import Needs
from sentio_models.runtime.guarded_estimator import Budget, GuardedEstimator
from sentio_models.runtime.manifest import Manifest, Tensor, load
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_models.user_models.custom import CustomEstimator
from sentio_models.user_models.preprocessing import FrontOutput
from sentio_models.user_models.remote_session import LIMITS, Limits, RemoteSession
from sentio_models.window import Window

onnx = pytest.importorskip("onnx")
helper, proto = onnx.helper, onnx.TensorProto

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")

Start = Callable[..., RemoteSession]

DEADLINE = 60.0
"""Seconds for a start of Python and onnxruntime on a busy machine."""

MANIFEST = """\
name = "own"
modality = "body"
sha256 = "{sha256}"
opset = 17
[[inputs]]
name = "x"
shape = [1, {n}]
[[outputs]]
name = "y"
shape = [1, {n}]
labels = {labels}
"""


def write(folder: Path, nodes: list[Any], n: int = 2, weights: tuple[Any, ...] = ()) -> None:
    """Write a model of ``n`` inputs and outputs with its manifest."""
    graph = helper.make_graph(
        nodes,
        "own",
        [helper.make_tensor_value_info("x", proto.FLOAT, [1, n])],
        [helper.make_tensor_value_info("y", proto.FLOAT, [1, n])],
        list(weights),
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    blob = made.SerializeToString()
    (folder / "own.onnx").write_bytes(blob)
    labels = str([f"f{i}" for i in range(n)]).replace("'", '"')
    text = MANIFEST.format(sha256=hashlib.sha256(blob).hexdigest(), n=n, labels=labels)
    (folder / "own.toml").write_text(text)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    sessions: list[RemoteSession] = []

    def open_(nodes: list[Any], limits: Limits = LIMITS, **more: Any) -> RemoteSession:
        write(tmp_path, nodes, **more)
        manifest, _ = load("own", tmp_path)
        sessions.append(
            RemoteSession(manifest, tmp_path, "own", limits=replace(limits, start=DEADLINE))
        )
        return sessions[-1]

    # Zeros, on which a process tries its model, are fine for a logarithm of x + 1 only.
    yield lambda nodes=None, **more: open_(nodes or SAFE_LOG, **(SAFE_WEIGHTS | more))
    for session in sessions:
        session.close()


SAFE_LOG = [helper.make_node("Add", ["x", "one"], ["z"]), helper.make_node("Log", ["z"], ["y"])]
SAFE_WEIGHTS = {"weights": (onnx.numpy_helper.from_array(np.ones(1, np.float32), "one"),)}


def values(*numbers: float) -> dict[str, np.ndarray]:
    return {"x": np.array([numbers], np.float32)}


def test_outputs_equal_those_of_a_session_in_this_process(start: Start, tmp_path: Path) -> None:
    remote = start()
    local = OnnxSession(*load("own", tmp_path))
    rng = np.random.default_rng(1)
    for _ in range(50):
        inputs = values(*rng.uniform(0, 9, 2))
        assert remote.run(inputs)["y"].tobytes() == local.run(inputs)["y"].tobytes()


def test_output_that_is_not_finite_is_a_failure_and_the_process_goes_on(start: Start) -> None:
    session = start()
    pid = session.pid
    with pytest.raises(ModelFailedError, match="not finite"):
        session.run(values(-2.0, 1.0))
    assert session.run(values(0.0, 0.0))["y"].tolist() == [[0.0, 0.0]]
    assert session.pid == pid


def test_process_that_crashes_is_started_again_three_times_and_no_more(start: Start) -> None:
    session = start()
    for _ in range(4):
        session.run(values(1.0, 1.0))
        os.kill(session.pid, signal.SIGSEGV)
        with pytest.raises(ModelEndedError, match="crashed .SIGSEGV."):
            session.run(values(1.0, 1.0))
        assert session.pid == 0
    with pytest.raises(ModelEndedError, match="ended 4 times and is not started again"):
        session.run(values(1.0, 1.0))
    assert session.pid == 0


def test_ends_long_ago_are_forgiven(start: Start) -> None:
    session = start(limits=Limits(forgiven=3, restarts=1))
    for _ in range(4):
        for _ in range(3):
            session.run(values(1.0, 1.0))
        os.kill(session.pid, signal.SIGKILL)
        with pytest.raises(ModelEndedError, match="SIGKILL"):
            session.run(values(1.0, 1.0))


def test_process_that_hangs_is_killed_by_the_watchdog(start: Start) -> None:
    session = start(limits=Limits(seconds=1.5))
    pid = session.pid
    os.kill(pid, signal.SIGSTOP)
    watch = Stopwatch(lambda: [pid])
    with pytest.raises(ModelEndedError, match="did not answer within 1.5 s and was killed"):
        session.run(values(1.0, 1.0))
    assert watch.elapsed() < 5.0
    assert not psutil.pid_exists(pid)
    assert session.run(values(0.0, 0.0))["y"].tolist() == [[0.0, 0.0]]


def test_hang_with_more_input_than_a_pipe_holds_is_ended_too(start: Start) -> None:
    session = start(n=500_000, limits=Limits(seconds=0.3))
    os.kill(session.pid, signal.SIGSTOP)
    with pytest.raises(ModelEndedError, match="was killed"):
        session.run({"x": np.zeros((1, 500_000), np.float32)})


@pytest.mark.skipif(sys.platform != "linux", reason="the address space is limited on Linux")
def test_memory_is_limited(start: Start) -> None:
    """The input decides how much is needed: a check with zeros does not find it."""
    nodes = [
        helper.make_node("ReduceMax", ["x"], ["most"], keepdims=0),
        helper.make_node("Cast", ["most"], ["count"], to=proto.INT64),
        helper.make_node("Add", ["count", "first"], ["size"]),
        helper.make_node("Expand", ["zero", "size"], ["many"]),
        helper.make_node("ReduceSum", ["many"], ["sum"], keepdims=0),
        helper.make_node("Add", ["x", "sum"], ["y"]),
    ]
    weights = (
        onnx.numpy_helper.from_array(np.ones(1, np.int64), "first"),
        onnx.numpy_helper.from_array(np.zeros(1, np.float32), "zero"),
    )
    session = start(nodes, weights=weights, limits=Limits(memory=256 * 1024**2, seconds=20.0))
    assert session.run(values(1000.0, 0.0))["y"].tolist() == [[1000.0, 0.0]]
    with pytest.raises(ModelFailedError):
        session.run(values(2e9, 0.0))  # 8 GB
    assert session.run(values(5.0, 0.0))["y"].tolist() == [[5.0, 0.0]]


def test_model_exchanged_after_the_check_is_refused(start: Start, tmp_path: Path) -> None:
    session = start()
    write(tmp_path, [helper.make_node("Neg", ["x"], ["y"])])
    os.kill(session.pid, signal.SIGKILL)
    with pytest.raises(ModelEndedError):
        session.run(values(1.0, 1.0))
    with pytest.raises(ModelRefusedError, match="exchanged after it was checked"):
        session.run(values(1.0, 1.0))


def test_close_ends_the_process(start: Start) -> None:
    session = start()
    pid = session.pid
    session.close()
    assert not psutil.pid_exists(pid)


def test_forgotten_session_ends_its_process(start: Start, tmp_path: Path) -> None:
    start().close()
    manifest, _ = load("own", tmp_path)
    pid = RemoteSession(manifest, tmp_path, "own").pid
    assert not psutil.pid_exists(pid)


def test_process_ends_with_its_parent(start: Start, tmp_path: Path) -> None:
    start().close()
    code = (
        "import sys, os\nfrom pathlib import Path\n"
        "from sentio_models.runtime.manifest import load\n"
        "from sentio_models.user_models.remote_session import RemoteSession\n"
        "folder = Path(sys.argv[1])\n"
        "s = RemoteSession(load('own', folder)[0], folder, 'own')\n"
        "os.kill(s.pid, 19)\nprint(s.pid, flush=True)\nos.kill(s.pid, 18)\nos._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    pid = int(done.stdout)
    end = time.monotonic() + 20.0
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end
        time.sleep(0.05)


class Through:
    """Front end that passes one number on."""

    needs = Needs(frozenset({"ppg"}), 1.0, 0.1)
    number = 1.0

    def prepare(self, window: Window) -> FrontOutput:
        return FrontOutput(values(self.number, 0.0), 1.0)

    def personalise(self, baseline: object) -> None:
        pass


def test_model_is_off_for_growing_pauses_then_for_good(start: Start) -> None:
    """The guard chooses the pauses, in capture time."""
    session = start()
    manifest = session.manifest
    assert isinstance(manifest, Manifest)
    assert isinstance(manifest.outputs[0], Tensor)
    guard = GuardedEstimator(
        CustomEstimator(manifest, session, Through()), clock=lambda: 0.0, budget=Budget(max_hz=0)
    )
    second = Window({}, step=1.0)
    offs = []
    for _ in range(4):
        assert guard.estimate(second).quality == 1.0
        os.kill(session.pid, signal.SIGSEGV)
        assert guard.estimate(second).reasons == ("model_failed",)
        assert guard.off == "model_failed"
        waited = 0
        while session.pid == 0 and waited < 100:
            guard.estimate(second)
            waited += 1
        offs.append(waited)
    assert offs[:3] == [5, 10, 20]
    assert offs[3] == 100
    assert "ended 4 times and is not started again" in guard.why
