"""Configurations as text: the demo's, and a commented one to start from."""

from __future__ import annotations

from collections.abc import Iterable

from sentio_sensors.source_kind import SourceKind

DEMO = """\
# What `sentio run --demo` runs: nobody is measured, everything is simulated.
subjects = ["player"]

[consent]
camera = ["adapt", "record", "record_raw"]
microphone = ["adapt", "record", "record_raw"]
eeg = ["adapt", "record", "record_raw"]
body = ["adapt", "record", "record_raw"]
text = ["adapt"]
headset = ["adapt"]

[[source]]
type = "simulate"
name = "demo"
seed = 7
roles = ["face", "audio", "eeg", "ppg", "eda", "resp", "temp", "accel", "marker"]
"""

_HEAD = """\
# Sentio's configuration. Every key is optional; what is commented shows the default or an example.
# Check it with: sentio config check

subjects = ["player"]              # a pseudonym for each person that is served

[sidecar]
# host = "127.0.0.1"               # only this machine is served
# state_port = 28700               # state and events
# control_port = 28701             # requests
# rate_hz = 60                     # most frames a second
# token = ""                       # what clients must show, if anything
# raw = []                         # streams to publish as they are, for example ["*/eeg"]

# Nothing is read from a sensor before it is agreed to here or by the person in the game.
# Purposes: "adapt" (live estimates), "record" (features), "record_raw" (raw samples).
[consent]
# camera = ["adapt"]
# microphone = ["adapt"]
# eeg = ["adapt", "record"]
body = ["adapt"]

# Everything that can be read; `sentio devices` lists what is there.
"""

_TAIL = """\
[recording]
# folder = "recordings"
# start = false
# expire_days = 0                  # a recording's date in its manifest; 0 is for ever
# delete_expired = false           # at the start; otherwise: sentio recordings prune

# [[output]]
# type = "osc"                     # the affect vector for music and stage software
# port = 9000
# rate_hz = 20

[models]
# gpu = false
# own = []
# face_hz = 10
# budget_ms = 100
"""


def fresh(kinds: Iterable[SourceKind]) -> str:
    """Return a commented configuration file to start from.

    Args:
        kinds: The kinds of source to show. The first is active, the others are commented: it
            should need no device.
    """
    first, *others = kinds
    commented = [_table(kind, "# ") for kind in others]
    return "\n".join([_HEAD + _table(first, ""), *commented, _TAIL])


def _table(kind: SourceKind, mark: str) -> str:
    needs = f"; needs: pip install 'sentio-affect[{kind.extra}]'" if kind.extra else ""
    lines = ["[[source]]", f'type = "{kind.name}"', *kind.example.splitlines()]
    return "".join(
        [f"# {kind.title}: {kind.description}{needs}\n", *(f"{mark}{line}\n" for line in lines)]
    )
