"""Send a marker to the sidecar, and print the responses to it.

python examples/python/mark_events.py (while `sentio run --demo` is running)
"""

import time

from sentio_bridge.client import BridgeError, Requester, Subscription, decode_map, split_message

try:
    with (
        Requester("tcp://127.0.0.1:28701") as sidecar,
        Subscription("tcp://127.0.0.1:28700", [b"affect/", b"event/"]) as messages,
    ):
        messages.receive(timeout=20.0)  # the first frame: from here on no event is missed
        sidecar.call("marker", name="boss_spawned", data={"level": 3})
        end = time.monotonic() + 20.0
        while time.monotonic() < end and (message := messages.receive(timeout=5.0)):
            kind, _, body = split_message(message)
            if kind != "event":
                continue
            event = decode_map(body)
            data = event["data"]
            if event["kind"].endswith("response"):  # it also has the change of each signal
                data = {key: data[key] for key in ("detected", "score", "reliability", "reasons")}
            print(f"{event['kind']}: {event['name']} {data}")
            if event["kind"] == "response":
                break
except BridgeError as error:  # no sidecar, or it refuses: the text says what to do
    raise SystemExit(str(error)) from None
