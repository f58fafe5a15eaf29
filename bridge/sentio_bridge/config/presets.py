"""The configurations that come with Sentio, as text: the demo and a fresh file to edit."""

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

FRESH = """\
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
[[source]]
type = "simulate"
roles = ["ppg", "eda", "accel"]

# [[source]]
# type = "camera"
# device = "0"

# [[source]]
# type = "microphone"

# [[source]]
# type = "brainflow"
# board = "synthetic"

# [[source]]
# type = "lsl"
# stream_type = "EEG"

[recording]
# folder = "recordings"
# start = false
# expire_days = 0                  # a recording's date in its manifest; 0 is for ever
# delete_expired = false           # at the start; otherwise: sentio recordings prune

[models]
# gpu = false
# own = []
# face_hz = 10
# budget_ms = 100
"""
