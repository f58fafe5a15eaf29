"""Tests of the Unity components on a stub engine, and with real sidecars."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zmq
from tests.integration.conftest import DEADLINE, Sidecar
from tests.integration.flooding_server import flooding
from tests.integration.test_unity import answer_to_another_version, started_again
from tests.integration.unity_game import Played, build

from sentio_bridge.client import decode_affect
from sentio_bridge.config.presets import DEMO
from sentio_bridge.protocol.frame_file import decode

pytestmark = pytest.mark.engine


def test_the_components_pass_their_tests(game_folder: Path) -> None:
    with flooding("all") as ports:
        assert build.passed(build.runtime_tests(game_folder), SENTIO_FLOOD=ports) > 60


@pytest.mark.parametrize(
    "defines",
    [
        ("UNITY_EDITOR", "ENABLE_LEGACY_INPUT_MANAGER"),
        ("UNITY_STANDALONE", "ENABLE_IL2CPP", "ENABLE_INPUT_SYSTEM"),
        ("UNITY_ANDROID", "ENABLE_IL2CPP"),
        ("UNITY_WEBGL", "ENABLE_IL2CPP"),
    ],
)
def test_they_compile_for_every_build_target(
    game_folder: Path, tmp_path: Path, defines: tuple[str, ...]
) -> None:
    for name in ("Sentio.Core.dll", "UnityEngine.dll"):
        (tmp_path / name).symlink_to(game_folder / name)
    build.components(tmp_path, *defines)


def test_a_game_receives_marks_and_records(
    play_game: Callable[..., Played], run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    sidecar = run(DEMO + f'\n[recording]\nfolder = "{tmp_path}"\n')
    game = play_game(sidecar.ports)
    game.until("link Live")
    game.until("frame player Ok")
    game.send("mark boss_spawned")
    assert game.until("marked") == "marked True"
    game.once("event marker boss_spawned")
    folder = tmp_path / "session"
    game.send("record sidecar session")
    game.until("recorder True recording to")
    game.send("stop")
    game.until("recorder False")
    assert (folder / "data.xdf").stat().st_size > 0
    game.send("face happiness")
    assert game.until("response") == "response 52"


def test_a_game_shows_that_a_recording_has_no_estimates(
    play_game: Callable[..., Played], run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    sidecar = run(DEMO + f'\n[recording]\nfolder = "{tmp_path}"\n')
    game = play_game(sidecar.ports)
    game.until("frame player Ok")
    game.send("record sidecar session")
    assert "no estimates" not in game.until("recorder True recording to")
    game.send("choose camera adapt")
    game.until("chosen camera adapt ok")
    overlay = "no estimates recorded: camera without the purpose record"
    shown = game.until("kept A recording is running. Your estimates are not kept in it")
    assert shown.endswith(f"keeping them is not allowed for: Camera. / {overlay}")
    # The recorder also asks when its start is announced; its answer may show this already.
    if not any(line.endswith("; " + overlay) for line in game.output):
        game.send("record sidecar session")
        assert game.until("recorder True recording to").endswith("; " + overlay)
    game.send("choose camera adapt,record")
    assert game.until("kept ").strip() == "kept  /"


def test_a_games_frame_file_holds_the_received_messages(
    play_game: Callable[..., Played], run: Callable[..., Sidecar], tmp_path: Path
) -> None:
    sidecar = run()
    game = play_game(sidecar.ports)
    game.until("frame player Ok")
    path = tmp_path / "received.frames"
    game.send(f"record file {path}")
    game.until("recorder True")
    game.send("mark here")
    game.until("event marker here")
    for _ in range(3):
        game.until("frame player")
    game.send("stop")
    kept = int(game.until("recorder False").split()[2])
    read = decode(path.read_bytes())
    messages = [sent.message for sent in read.messages]
    assert len(messages) == kept
    frames = [decode_affect(m) for m in messages if m.startswith(b"affect/")]
    assert len(frames) >= 10
    assert [f.seq for f in frames] == list(range(frames[0].seq, frames[0].seq + len(frames)))
    assert any(m.startswith(b"event/player\0") and b"here" in m for m in messages)


def test_consent_is_granted_switched_and_withdrawn(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    sidecar = run()
    game = play_game(sidecar.ports)
    game.until("consent")
    game.until("frame player Ok")
    game.send("switch microphone record off")
    assert game.until("chosen") == "chosen microphone adapt ok"
    game.send("switch microphone adapt off")
    assert game.until("chosen") == "chosen microphone  ok"
    game.has_output("event consent microphone", 2)
    game.send("sensor microphone")
    assert game.until("sensor") == "sensor microphone Not read"
    for sensor in ("camera", "eeg", "body"):
        game.send(f"choose {sensor}")
        game.until(f"chosen {sensor}")
    game.until("frame player Withdrawn")
    game.send("choose body adapt")
    game.until("chosen body adapt ok")
    game.until_frame(lambda weights: weights["body"] > 0)
    game.send("press F9")  # one key, whatever the dialog lists
    game.until("chosen body  ok")
    game.until("frame player Withdrawn")
    assert not any(sidecar.request("consent", action="status")["consent"].values())


HEADSET = """\
subjects = ["player"]

[consent]
camera = ["adapt"]

[[source]]
type = "simulate"
name = "webcam"
seed = 7
roles = ["face"]
"""


@pytest.mark.slow
def test_a_headset_replaces_a_covered_webcam(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    # A headset is put on after some seconds: from then on the webcam sees no face.
    covered = 'faults = [{kind = "flat", role = "face", at = 12.0, seconds = 3600.0}]\n'
    sidecar = run(HEADSET + covered)
    game = play_game(sidecar.ports)
    game.until_frame(lambda weights: weights["face"] > 0.9)
    game.send("wear")
    game.send("choose headset adapt")
    game.until("chosen headset adapt ok")
    game.until("taken 30")
    game.until_frame(lambda weights: weights["headset"] > 0)
    detail = sidecar.until(b"detail/", lambda d: d["modalities"]["face"]["state"] == "no_subject")
    assert detail["modalities"]["headset"]["state"] == "ok"
    # The rest of the weight is the prior's.
    game.until_frame(lambda weights: weights["headset"] > 0.7 and weights["face"] < 0.1)
    assert game.until("frame").split()[2] == "Ok"
    # Taking it off ends its weight, with a state.
    game.send("take_off")
    silent = ("stale", "gap")
    sidecar.until(b"detail/", lambda d: d["modalities"]["headset"]["state"] in silent)
    game.until_frame(lambda weights: weights["headset"] < 0.5)


def test_nothing_of_a_headset_is_sent_without_consent(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    sidecar = run(HEADSET)
    game = play_game(sidecar.ports)
    game.send("wear")
    for _ in range(5):
        game.until("frame")
    assert not any(line.startswith("taken") for line in game.output)
    assert "headset" not in sidecar.request("status")["detail"]["modalities"]


@pytest.mark.slow
def test_a_games_heart_sensor_is_used_for_the_body(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    # A person with a strap and one with a watch, at once: both wait for seconds of a pulse.
    config = 'subjects = ["player"]\n[consent]\nbody = ["adapt"]\n'
    games = {sensor: play_game(run(config).ports) for sensor in ("strap", "watch")}
    for sensor, game in games.items():
        game.until("link Live")
        game.send(f"{sensor} 84")
    for game in games.values():
        weights = game.until_frame(lambda weights: weights["heart"] > 0 and weights["body"] > 0)
        assert weights["heart"] == pytest.approx(84, abs=4)
        game.send("choose body")
    for game in games.values():
        game.until_frame(lambda weights: weights["heart"] == 0)


def test_reconnection_after_a_restart_and_after_a_suspended_headset(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    sidecar = run()
    game = play_game(sidecar.ports)
    game.until("frame player Ok")
    game.send("sleep")
    game.until("link Off")
    game.until("link Live")
    sidecar.process.kill()
    sidecar.process.wait()
    game.until("link Lost")
    game.send("mark too_late")
    assert game.until("marked") == "marked False"
    with started_again(sidecar.ports):
        before = len(game.output)
        game.until("link Live")
        game.until("frame player")
        game.send("mark in_time")
        game.until("event marker in_time")
        # It requests the consent again; the reply may come before or after the marker's event.
        if not any(line.startswith("consent") for line in game.output[before:]):
            game.until("consent")


def test_another_version_is_refused_with_a_reason(play_game: Callable[..., Played]) -> None:
    assert "update the package" in answer_to_another_version(play_game)


def test_a_marker_has_the_sidecars_time(play_game: Callable[..., Played]) -> None:
    with zmq.Context() as context, context.socket(zmq.XPUB) as xpub:
        with context.socket(zmq.ROUTER) as router:
            for one in (xpub, router):
                one.setsockopt(zmq.LINGER, 0)
            router.setsockopt(zmq.RCVTIMEO, int(1000 * DEADLINE))
            ports = [one.bind_to_random_port("tcp://127.0.0.1") for one in (xpub, router)]
            start = time.monotonic()
            game = play_game((ports[0], ports[1]))
            request: dict[str, Any] = {}
            while request.get("op") != "marker":
                who, body = router.recv_multipart()
                request = msgspec.msgpack.decode(body)
                # This sidecar's clock began at 5000 when the test did.
                now = 5000.0 + time.monotonic() - start
                answer = {"v": 1, "id": request["id"], "ok": True, "time": now, "name": "sentio"}
                router.send_multipart([who, msgspec.msgpack.encode(answer)])
                if request["op"] == "consent":
                    game.until("link Silent")
                    game.send("mark here")
            assert request["time"] == pytest.approx(now, abs=0.5)


def test_a_stopped_baseline_is_discarded(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    sidecar = run()
    game = play_game(sidecar.ports)
    game.until("frame player Ok")
    game.send("calibrate 30")
    game.until("event calibration")
    assert sidecar.request("calibrate", action="status")["calibration"]["state"] == "running"
    game.send("stop_calibration")
    assert game.until("refused") == "refused You stopped it. Nothing was kept."


def test_the_game_ends_with_its_standard_input(
    play_game: Callable[..., Played], run: Callable[..., Sidecar]
) -> None:
    sidecar = run()
    game = play_game(sidecar.ports)
    game.until("link Live")
    assert game.process.stdin is not None
    game.process.stdin.close()
    game.until("ended")
    assert game.process.wait(DEADLINE) == 0
