"""Configurations as text: the demo, a camera alone, and a commented start."""

from __future__ import annotations

from collections.abc import Iterable

from sentio_sensors.source_kind import SourceKind

DEMO = """\
# Configuration of `sentio run --demo`: all sensors are simulated.
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

WEBCAM = """\
# Configuration of `sentio run --webcam`: the first camera, and nothing else. It is not opened
# before the person has agreed: in the game, or by `sentio consent grant camera`.
subjects = ["player"]

[[source]]
type = "camera"
device = "0"
"""

_HEAD = """\
# Sentio configuration. Every key is optional; commented lines show the default or an example.
# Check it with: sentio config check

subjects = ["player"]              # a pseudonym for each person

[sidecar]
# host = "127.0.0.1"               # only clients on this machine
# state_port = 28700               # state and events
# control_port = 28701             # requests
# rate_hz = 60                     # maximum frames per second
# token = ""                       # of operators; empty: a new one that this user's clients find
# game_may = []                    # further requests of games, for example ["record"]
# raw = []                         # raw streams to publish, for example ["*/eeg"]

# [[client]]                       # a further token: "listener", "game" or "operator"
# role = "listener"
# token = ""                       # at least 16 characters

# No sensor is read without consent, given here or by the person in the game.
# Purposes: "adapt" (live estimates for the game), "exercise", "research", "record" (features),
# "record_raw" (raw samples), "personal_model" (kept models of the person), "share".
# This is a grant of this file's date: a person's later withdrawal counts.
[consent]
# camera = ["adapt"]
# microphone = ["adapt"]
# eeg = ["adapt", "record"]
body = ["adapt"]

# All source types; `sentio devices` lists the available devices.
"""

_TAIL = """\
[recording]
# folder = "recordings"
# start = false
# expire_days = 0                  # days until a recording expires; 0: never
# delete_expired = false           # at start; otherwise use: sentio recordings prune
# encrypt = "keyring"              # or "passphrase", or age recipients; [profiles] has it too

[privacy]
# folder = ""                      # receipts and audit; empty: in the user's data folder
# exports = "exports"              # where sentio data export writes
# consent_days = 0                 # days until a consent ends; 0: never
# text = "game"                    # consent text: game, study or clinic; language = "en" or "de"
# children = { player = "parent-1" }  # guardian of each subject that is a child

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


def starter(kinds: Iterable[SourceKind]) -> str:
    """Return a commented configuration file as a starting point.

    Args:
        kinds: The source types to show. The first is active and should need no device; the
            others are commented.
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
