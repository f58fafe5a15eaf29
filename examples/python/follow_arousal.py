"""Print one value over time (while `sentio run --demo` is running).

python examples/python/follow_arousal.py
"""

from sentio_bridge.client import Subscription, decode_affect

ENTRY = "arousal_level"
MIN_CONFIDENCE = 0.02  # of the entry; below it a game must not adapt

with Subscription("tcp://127.0.0.1:28700", [b"affect/"]) as sub:
    while (message := sub.receive(timeout=5.0)) is not None:
        frame = decode_affect(message)
        value, deviation = frame.get(ENTRY), frame.get(f"{ENTRY}_sd")
        if value is None or (frame.confidence_of(ENTRY) or 0.0) < MIN_CONFIDENCE:
            print(f"{frame.state.label}: unknown", flush=True)
        else:
            print(f"{frame.state.label}: {ENTRY} {value:.2f} +- {deviation:.2f}", flush=True)
    if sub.refused:
        raise SystemExit("the sidecar refuses the token: run this as the user who started it")
    raise SystemExit("no message for 5 s: start a sidecar with: sentio run --demo")
