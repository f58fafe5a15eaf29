"""With its defence taken out, the test of a threat fails (docs/threat-model.md).

Peers of ZMTP 1.0 are not among them: the server has no code that could read their frames.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]

TRANSPORT = "bridge/sentio_bridge/transport"
ROLES = "bridge/sentio_bridge/protocol/roles.py"
TOKENS = "tests/bridge/transport/test_tokens.py"
LIMITS = "tests/bridge/transport/test_limits.py"


class Out(NamedTuple):
    """Defence to take out: ``old`` becomes ``new`` in ``file``, and ``test`` fails."""

    file: str
    old: str
    new: str
    test: str


OUT = {
    "weak token": Out(
        f"{TRANSPORT}/ports.py",
        "SHORTEST_TOKEN = 16",
        "SHORTEST_TOKEN = 0",
        f"{TOKENS}::test_weak_token_is_refused",
    ),
    "private files": Out(
        f"{TRANSPORT}/tokens.py",
        "os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600",
        "os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644",
        f"{TOKENS}::test_folder_and_files_are_private_from_the_start",
    ),
    "launcher's token": Out(
        f"{TRANSPORT}/ports.py",
        'environ.pop(tokens.VARIABLE, "")',
        'environ.get(tokens.VARIABLE, "")',
        f"{TOKENS}::test_launcher_gives_a_game_its_own_token",
    ),
    "names": Out(
        "bridge/sentio_bridge/protocol/names.py",
        "if not _NAME.fullmatch(name):",
        "if False:",
        "tests/bridge/protocol/test_names.py",
    ),
    "loopback": Out(
        "bridge/sentio_bridge/config/loader.py",
        "return ipaddress.ip_address(host).is_loopback",
        "return bool(ipaddress.ip_address(host))",
        "tests/bridge/config/test_loader.py",
    ),
    "tokens in recordings": Out(
        "bridge/sentio_bridge/config/loader.py",
        r'rest = re.sub(r"(?m)^\s*token\s*=.*$", "", text)',
        "rest = text",
        "tests/bridge/config/test_loader.py",
    ),
    "roles of requests": Out(
        ROLES,
        "if grant.role < needed and op not in grant.more:",
        "if False:",
        "tests/bridge/protocol/test_roles.py::test_each_request_of_each_role",
    ),
    "end of a sidecar": Out(
        ROLES,
        'if op == "shutdown" and grant.role is Role.GAME and not grant.started:',
        "if False:",
        "tests/bridge/protocol/test_roles.py::test_game_may_end_a_sidecar_that_it_started",
    ),
    "own subjects": Out(
        ROLES,
        "if subject not in grant.subjects:",
        "if False:",
        "tests/integration/test_roles.py::test_game_acts_only_for_its_own_subject",
    ),
    "topics": Out(
        ROLES,
        "return TOPICS.get(kind, Role.OPERATOR)",
        "return Role.LISTENER",
        "tests/integration/test_roles.py::test_every_topic_by_role",
    ),
    "subscriptions": Out(
        f"{TRANSPORT}/peer.py",
        'raise LimitError("subscriptions")',
        "pass",
        f"{LIMITS}::test_subscriber_beyond_a_limit_is_disconnected_and_named",
    ),
    "huge messages": Out(
        f"{TRANSPORT}/zmtp.py",
        "if length > self._max_frame:",
        "if False:",
        "tests/bridge/transport/test_server.py::test_oversized_request_closes_only_its_connection",
    ),
    "model hash": Out(
        "models/sentio_models/runtime/manifest.py",
        "if digest != manifest.sha256:",
        "if False:",
        "tests/models/runtime/test_shipped.py",
    ),
    "no plain ONNX": Out(
        "models/sentio_models/user_models/onnx_inspector.py",
        "if foreign & facts.domains or facts.functions:",
        "if False:",
        "tests/models/user_models/test_custom.py",
    ),
    "confinement": Out(
        "models/sentio_models/user_models/confinement.py",
        "(_RETURN, 0, 0, _REFUSE)",
        "(_RETURN, 0, 0, _ALLOW)",
        "tests/models/user_models/test_confinement.py",
    ),
    "watchdog": Out(
        "models/sentio_models/user_models/remote_session.py",
        "if self._ends > self._limits.restarts:",
        "if False:",
        "tests/models/user_models/test_remote_session.py",
    ),
    "failing model": Out(
        "models/sentio_models/runtime/guarded_estimator.py",
        "self._pause = min(2 * self._pause, self._budget.longest_pause)",
        "self._pause = self._budget.first_pause",
        "tests/models/runtime/test_guarded_estimator.py::"
        "test_failed_model_is_tried_again_after_growing_pauses",
    ),
}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", OUT)
def test_test_fails_without_its_defence(name: str, tmp_path: Path) -> None:
    out = OUT[name]
    for package in ("bridge", "sensors", "models"):
        ignored = shutil.ignore_patterns("__pycache__", "benchmarks", "sentio_research")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    target = tmp_path / out.file
    source = target.read_text(encoding="utf-8")
    assert source.count(out.old) == 1, f"{out.file} has changed: adapt this test"
    target.write_text(source.replace(out.old, out.new), encoding="utf-8")
    paths = (tmp_path / package for package in ("bridge", "sensors", "models"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-n0", "-p", "no:cacheprovider", out.test],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout[-1500:]  # 0: nothing failed; others: no test ran


def test_every_place_still_exists() -> None:
    for name, out in OUT.items():
        assert (ROOT / out.file).read_text(encoding="utf-8").count(out.old) == 1, name
        assert (ROOT / out.test.partition("::")[0]).exists(), name
