"""Run one participant's session beside a sidecar: `python session.py plan.csv 01`.

Waits for the sensors, starts the recording, shows each phase, sends its markers, and stops the
recording. Start
`sentio run --config study.toml` first; `--speed 60` runs a session in seconds, to try it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import plan
import procedure

from sentio_bridge.client import BridgeError, Requester


def run(
    requester: Requester,
    row: plan.Row,
    seconds: int,
    *,
    visit: int = 1,
    speed: float = 1.0,
    show: Callable[[str], None] = print,
    sleep: Callable[[float], None] = time.sleep,
) -> str:
    """Run a session; return the folder of the recording.

    Raises:
        SystemExit: The sidecar refused a request; its message has a remedy.
    """
    wait_until_ready(requester, sleep)
    folder = f"sub-{row.participant}_ses-{visit}"
    purpose = f"study, participant {row.participant}, order {' '.join(row.order)}"
    _ask(requester, "record", action="start", folder=folder, raw=["body"], purpose=purpose)
    try:
        for phase in procedure.phases(row.order, seconds):
            show(f"{phase.words} ({phase.seconds / speed:g} s)")
            _ask(requester, "marker", name=procedure.start(phase.name),
                 data={"participant": row.participant})  # fmt: skip
            sleep(phase.seconds / speed)
            _ask(requester, "marker", name=procedure.end(phase.name))
    finally:  # also after Ctrl-C: what was recorded is kept
        reply = _ask(requester, "record", action="stop")
    return str(reply["recording"]["folder"])


def wait_until_ready(requester: Requester, sleep: Callable[[float], None]) -> None:
    """Return when every source delivers and every model of theirs has run.

    What is not there when the session begins is missing in the recording.

    Raises:
        SystemExit: It is not ready within 40 s; the message says what is missing.
    """
    for _ in range(200):
        health = _ask(requester, "status")["health"]
        missing = [
            f"{name} is {source['state']} ({source['reason']})"
            for name, source in health["sources"].items()
            if source["state"] != "on"
        ]
        missing += [
            f"{name} has not run" for name, one in health["models"].items() if not one["runs"]
        ]
        if not missing:
            return
        sleep(0.2)
    raise SystemExit(f"the session was not begun: {'; '.join(missing)}")


def _ask(requester: Requester, request: str, **fields: Any) -> dict[str, Any]:
    try:
        return requester.call(request, **fields)
    except BridgeError as error:
        raise SystemExit(f"{request}: {error}") from None


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("plan", type=Path)
    options.add_argument("participant")
    options.add_argument("--seconds", type=int, default=300, help="length of a condition")
    options.add_argument("--visit", type=int, default=1)
    options.add_argument("--speed", type=float, default=1.0)
    options.add_argument("--endpoint", default="tcp://127.0.0.1:28701")
    options.add_argument("--token", default="")
    chosen = options.parse_args()
    rows = {row.participant: row for row in plan.read(chosen.plan)}
    if chosen.participant not in rows:
        raise SystemExit(f"{chosen.participant} is not in {chosen.plan}: {', '.join(rows)}")
    with Requester(chosen.endpoint, chosen.token or None) as opened:
        written = run(
            opened, rows[chosen.participant], chosen.seconds, visit=chosen.visit, speed=chosen.speed
        )
    print(f"recorded {written}; look at it: sentio inspect {written}")
