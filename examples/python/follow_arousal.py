"""Follow one value: python examples/python/follow_arousal.py (with `sentio run --demo` running)."""

from sentio_bridge.client import Subscription, decode_affect

ENOUGH = 0.1  # below this confidence the game stays as it is

with Subscription("tcp://127.0.0.1:28700", [b"affect/"]) as sub:
    while (message := sub.receive(timeout=5.0)) is not None:
        frame = decode_affect(message)
        arousal, deviation = frame.get("arousal"), frame.get("arousal_sd")
        if arousal is None or (frame.get("confidence") or 0.0) < ENOUGH:
            print(f"{frame.state.label}: unknown")
        else:
            print(f"{frame.state.label}: arousal {arousal:+.2f} +- {deviation:.2f}")
