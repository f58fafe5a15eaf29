"""Sidecar from simulated samples to decoded frames in another process."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from sentio_bridge import LAYOUT, State
from sentio_bridge.client import ActionUnit, Requester, Subscription, action_units

from .conftest import DEADLINE, Sidecar, sidecars

Run = Callable[..., Sidecar]

ONE = """
[consent]
body = ["adapt"]
[[source]]
type = "simulate"
roles = ["ppg", "eda"]
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sidecar]:
    """Sidecar of the tests that leave it as it was."""
    with sidecars(tmp_path_factory.mktemp("one")) as start:
        yield start(ONE)


def test_demo_gives_fused_frames_of_all_modalities(run: Run) -> None:
    sidecar = run()
    detail = sidecar.until(
        b"detail/",
        lambda d: (
            {n for n, m in d["modalities"].items() if m["state"] == "ok"}
            >= {"face", "voice", "body", "eeg"}
        ),
    )
    assert detail["state"] == "ok"
    assert detail["why"]
    assert len(detail["emotions"]) == 2
    units = action_units(detail)
    assert set(units) == set(ActionUnit)
    assert units[ActionUnit.LIP_CORNER_PULLER] == pytest.approx(detail["values"]["smile"], abs=0.02)
    assert 40 < detail["values"].get("heart_rate", 70) < 140
    frames = sidecar.frames(20)
    assert len(frames) == 20
    for frame in frames:
        assert frame.state is State.OK
        assert frame.captured is not None
        assert frame.captured <= frame.sent
        assert -1 <= (frame.get("valence") or 0) <= 1
        assert (frame.get("arousal_sd") or 1) > 0
    # A new subscriber is sent the last value, and may receive it twice (section 2).
    numbers = [number for number, _ in groupby(frame.seq for frame in frames)]
    assert len(numbers) >= 19
    assert numbers == list(range(numbers[0], numbers[-1] + 1))


def test_hello_describes_the_sidecar(one: Sidecar) -> None:
    reply = one.request("hello", client="test")
    assert reply["ok"]
    assert reply["layout"] == list(LAYOUT)
    assert reply["protocol"] == [1, 1]
    assert reply["subjects"] == ["player"]
    assert reply["state_endpoint"].startswith("tcp://127.0.0.1:")


def test_new_subscriber_receives_the_last_values_at_once(run: Run) -> None:
    sidecar = run('[consent]\n[[source]]\ntype = "simulate"\n')  # no consent: few frames
    sidecar.until(b"health", lambda h: h["uptime"] > 0)
    with Subscription(sidecar.state, [b"health"]) as sub:
        assert sub.receive(DEADLINE) is not None


def test_health_contains_rates_and_latencies(one: Sidecar) -> None:
    health = one.until(b"health", lambda h: h["latency"].get("player", {}).get("p50"))
    assert health["latency"]["player"]["p99"] < 60_000
    assert health["models"]["body"]["runs"] > 0
    assert health["sources"]["simulate0-body"]["state"] == "on"
    assert health["rss"] > 1e6
    assert health["problems"] == []


def test_sensor_opens_with_consent_and_closes_on_withdrawal(run: Run) -> None:
    sidecar = run(ONE.replace('body = ["adapt"]', ""))
    detail = sidecar.until(b"detail/", lambda d: d["sensors"].get("body", {}).get("state") == "off")
    assert detail["sensors"]["body"]["reasons"] == ["no_consent"]
    assert sidecar.frames(3)[-1].captured is None
    granted = sidecar.request("consent", action="grant", sensor="body", purposes=["adapt"])
    assert granted["consent"]["body"] == ["adapt"]
    sidecar.until(b"detail/", lambda d: d["modalities"].get("body", {}).get("state") == "ok")
    withdrawn = sidecar.request("consent", action="withdraw", sensor="body")
    assert withdrawn["consent"]["body"] == []
    detail = sidecar.until(b"detail/", lambda d: d["state"] == "withdrawn")
    assert detail["modalities"]["body"]["state"] == "withdrawn"
    assert "heart_rate" not in detail["values"]
    last = [f for f in sidecar.frames(4) if f.state is State.WITHDRAWN]
    assert len(last) == 4
    assert {f.get("scl") for f in last} == {None}


ENGINE = """
[consent]
body = ["adapt"]
headset = ["adapt"]
text = ["adapt"]

[[source]]
type = "simulate"
roles = ["face"]
"""


def test_withdrawal_applies_to_inputs_of_the_engine(run: Run) -> None:
    sidecar = run(ENGINE)
    inputs = {
        "body": {"stream": "watch", "role": "heart_rate", "channels": ["bpm"], "rate_hz": 1.0},
        "headset": {"stream": "visor", "role": "face", "channels": ["jawOpen"]},
    }
    inputs["body"]["values"], inputs["headset"]["values"] = [72.0] * 20, [0.5]
    for samples in inputs.values():
        assert sidecar.request("input", **samples)["accepted"]
    assert sidecar.request("text", line="what a day")["accepted"]
    sensors = {*inputs, "text"}

    def all_on(detail: dict[str, Any]) -> bool:
        # A heart rate is unknown after three seconds, so samples must continue.
        assert sidecar.request("input", **inputs["body"] | {"values": [72.0]})["accepted"]
        states = [detail["sensors"].get(sensor, {}).get("state") for sensor in sensors]
        return "heart_rate" in detail["values"] and set(states) == {"on"}

    sidecar.until(b"detail/", all_on)
    for sensor in sensors:
        assert sidecar.request("consent", action="withdraw", sensor=sensor)["ok"]
        detail = sidecar.request("status")["detail"]
        assert detail["sensors"][sensor]["state"] == "withdrawn"
        assert detail["modalities"][sensor]["state"] == "withdrawn"
    assert "heart_rate" not in detail["values"]
    assert not any(sidecar.request("input", **samples)["accepted"] for samples in inputs.values())
    assert sidecar.frames(2)[-1].state is State.WITHDRAWN
    # With consent again, the sensor is on from the first sample.
    sidecar.request("consent", action="grant", sensor="headset", purposes=["adapt"])
    assert sidecar.request("status")["detail"]["sensors"]["headset"]["state"] == "off"
    assert sidecar.request("input", **inputs["headset"])["accepted"]
    assert sidecar.request("status")["detail"]["sensors"]["headset"]["state"] == "on"


def test_markers_freeze_override_and_rate(one: Sidecar) -> None:
    sidecar = one
    with Subscription(sidecar.state, [b"event/"]) as sub:
        # The subscription is active when a first event arrives.
        sidecar.request("marker", name="warm_up")
        while sub.receive(0.2) is None:
            sidecar.request("marker", name="warm_up")
    assert sidecar.request("marker", name="boss", data={"level": 3})["ok"]
    assert sidecar.request("freeze", reason="menu")["frozen"] is True
    assert sidecar.request("override", values={"arousal": 0.75})["overrides"] == {"arousal": 0.75}
    detail = sidecar.until(b"detail/", lambda d: d["frozen"] and d["overrides"])
    assert detail["values"]["arousal"] == 0.75
    assert sidecar.frames(2)[-1].get("arousal") == 0.75
    assert sidecar.request("override", values={"arousal": None})["overrides"] == {}
    assert sidecar.request("unfreeze")["frozen"] is False
    for rate in (10, 60):  # 60 is the default
        assert sidecar.request("rate", hz=rate)["rate_hz"] == rate
    for invalid in ({"values": {"mood": 1.0}}, {"values": {"arousal": "high"}}):
        reply = sidecar.request("override", **invalid)
        assert reply["error"]["code"] == "bad_argument"


def test_missing_device_is_reported_and_others_run(run: Run) -> None:
    sidecar = run(
        ONE.replace('body = ["adapt"]', 'body = ["adapt"]\neeg = ["adapt"]\ncamera = ["adapt"]')
        + '[[source]]\ntype = "brainflow"\nboard = "cyton"\nserial_port = "/dev/no-such"\n'
        + 'sensors = ["eeg"]\n'
        + '[[source]]\ntype = "camera"\nfile = "no-such-film.mkv"\n'
    )
    detail = sidecar.until(
        b"detail/",
        lambda d: (
            d["modalities"].get("eeg", {}).get("state") == "absent"
            and d["modalities"].get("face", {}).get("state") == "absent"
            and d["modalities"].get("body", {}).get("state") == "ok"
        ),
    )
    assert detail["modalities"]["eeg"]["fix"]
    assert "no-such-film" in detail["modalities"]["face"]["reasons"][0]
    health = sidecar.until(b"health", lambda h: len(h["problems"]) == 2)
    assert all(isinstance(problem, str) for problem in health["problems"])


def test_token_excludes_other_clients(run: Run) -> None:
    sidecar = run('[sidecar]\ntoken = "secret"\n' + ONE, token="secret")
    assert sidecar.request("hello")["ok"]
    assert sidecar.frames(1)
    with Subscription(sidecar.state, [b"affect/"], "wrong") as unauthorised:
        assert unauthorised.receive(1.5) is None


def test_second_sidecar_names_the_process_on_its_port(one: Sidecar) -> None:
    first = one
    first.request("hello")
    second = subprocess.run(
        [sys.executable, "-m", "sentio_bridge", "run", "--demo", "--quiet"]
        + ["--state-port", str(first.ports[0]), "--control-port", str(first.ports[1])],
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )
    assert second.returncode == 3
    assert str(first.process.pid) in second.stderr
    assert first.request("hello")["ok"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_the_sidecar_cleanly(run: Run, number: signal.Signals) -> None:
    sidecar = run(ONE)
    sidecar.frames(1)
    sidecar.process.send_signal(number)
    assert sidecar.process.wait(DEADLINE) == 0


def test_sidecar_ends_with_its_parent(run: Run) -> None:
    sidecar = run(ONE)
    sidecar.frames(1)
    code, output = sidecar.end()
    assert (code, output) == (0, "")


def test_sidecar_without_a_terminal_writes_plain_lines(run: Run) -> None:
    sidecar = run(ONE, quiet=False)
    sidecar.until(b"detail/", lambda d: d["state"] == "ok")
    so_far = sidecar.until(b"health", lambda h: h["uptime"] > 0)["uptime"]
    sidecar.until(b"health", lambda h: h["uptime"] > so_far + 3)
    _, output = sidecar.end()
    assert "\x1b[" not in output
    assert any(line.startswith("ok ") and "body:ok" in line for line in output.splitlines())


def test_invalid_requests_change_nothing(one: Sidecar) -> None:
    sidecar = one
    before = sidecar.request("status")["detail"]["overrides"]
    with Requester(sidecar.control) as requester:
        for data in (b"", b"\xc1", b"\x91" * 40, b"{}", b"\x81\xa2op\xa5hello"):
            requester._connection.socket.send(data)  # noqa: SLF001 - our clients never send this
        assert requester.try_call("hello")["ok"] in (True, False)
    assert sidecar.request("status")["detail"]["overrides"] == before


def test_client_starts_and_stops_a_recording_repeatedly(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "session"
    config = ONE.replace('body = ["adapt"]', 'body = ["adapt", "record", "record_raw"]')
    sidecar = run(f'{config}\n[recording]\nfolder = "{tmp_path}"\n')
    sidecar.until(b"detail/", lambda d: d["state"] == "ok")
    started = sidecar.request("record", action="start", folder="session", raw=["body"])
    started = started["recording"]
    assert (started["active"], started["raw"]) == (True, ["body"])
    assert sidecar.request("record", action="start")["recording"]["folder"] == str(folder)
    sidecar.request("marker", name="boss")
    sidecar.until(b"detail/", lambda d: d["recording"].get("seconds", 0) > 2)
    assert sidecar.request("record", action="stop")["recording"]["active"] is False
    assert sidecar.request("record", action="stop")["ok"]
    pyxdf = pytest.importorskip("pyxdf")
    streams, _ = pyxdf.load_xdf(str(folder / "data.xdf"))
    names = {stream["info"]["name"][0]: len(stream["time_stamps"]) for stream in streams}
    assert names["markers"] == 1
    assert any(name.endswith("/ppg") and count > 60 for name, count in names.items())
    assert names["affect/player"] > 3


def test_line_of_chat_is_used_only_with_consent(run: Callable[..., Sidecar]) -> None:
    sidecar = run('[consent]\nbody = ["adapt"]\n[[source]]\ntype = "simulate"\nroles = ["ppg"]\n')
    sidecar.until(b"affect/", lambda _: True)
    line = "I am so happy, I love this, thank you so much!"
    assert sidecar.request("text", line=line)["accepted"] is False
    granted = sidecar.request("consent", action="grant", sensor="text", purposes=["adapt"])
    assert granted["consent"]["text"] == ["adapt"]
    assert sidecar.request("text", line=line)["accepted"] is True
    detail = sidecar.until(b"detail/", _text_counts)
    assert detail["modalities"]["text"]["state"] == "ok"
    assert detail["modalities"]["text"]["model"] == "text"
    assert detail["values"]["valence"] > 0.1
    assert detail["emotions"][0][0] == "happiness"


def _text_counts(detail: dict[str, Any]) -> bool:
    return bool(detail["modalities"].get("text", {}).get("weight", 0.0) > 0)
