"""Print one value over time (while `sentio run --demo` is running).

python examples/python/follow_arousal.py
"""

from sentio_bridge.client import Subscription, decode_affect

MIN_CONFIDENCE = 0.1  # below it the game must not adapt

with Subscription("tcp://127.0.0.1:28700", [b"affect/"]) as sub:
    while (message := sub.receive(timeout=5.0)) is not None:
        frame = decode_affect(message)
        arousal, deviation = frame.get("arousal"), frame.get("arousal_sd")
        if arousal is None or (frame.get("confidence") or 0.0) < MIN_CONFIDENCE:
            print(f"{frame.state.label}: unknown")
        else:
            print(f"{frame.state.label}: arousal {arousal:+.2f} +- {deviation:.2f}")
    if sub.refused:
        raise SystemExit("the sidecar refuses the token: run this as the user who started it")
    raise SystemExit("no message for 5 s: start a sidecar with: sentio run --demo")
