"""`sentio listen`: show the messages that a client receives."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from math import inf, isfinite
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sentio_bridge.cli.connection import (
    CONTROL,
    STATE,
    StateEndpoint,
    Token,
    configured,
    endpoint_of,
)
from sentio_bridge.cli.exits import FAILED, cli_errors

if TYPE_CHECKING:
    from sentio_bridge.core.outgoing import Outgoing
    from sentio_bridge.outputs.live_view import LiveView
    from sentio_bridge.transport.client import Subscription

SILENCE = 3.0
"""Seconds without a message until its probable reason is shown."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("listen")(listen)


def listen(
    endpoint: StateEndpoint = None,
    topic: Annotated[list[str] | None, typer.Option(help="Topic prefix; repeatable.")] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print one JSON object per line, with the keys of the protocol."
        ),
    ] = False,
    duration: Annotated[float | None, typer.Option(help="Stop after this many seconds.")] = None,
    count: Annotated[int | None, typer.Option(min=0, help="Stop after this many messages.")] = None,
    control: Annotated[
        str,
        typer.Option(
            "--control",
            "--control-port",
            metavar="ENDPOINT",
            help="Control endpoint of the sidecar, or its port, for the keys of the view.",
        ),
    ] = "",
    token: Token = "",
) -> None:
    """Show the messages that a sidecar publishes.

    Ends with code 1 if none has arrived until the stated duration.
    """
    with cli_errors():
        if endpoint is None:
            place = configured(token)
            endpoint, control, token = place.state, control or place.control, place.token
        elif endpoint == STATE:
            control = control or CONTROL
        _listen(
            endpoint,
            topic or [],
            as_json,
            duration,
            count,
            token,
            endpoint_of(control) if control else "",
        )


def _listen(
    endpoint: str,
    topics: list[str],
    as_json: bool,
    duration: float | None,
    count: int | None,
    token: str,
    control: str,
) -> None:
    from sentio_bridge.outputs.live_view import LiveView
    from sentio_bridge.transport.client import Subscription

    prefixes = [topic.encode() for topic in topics] or [b""]
    view = None if as_json else LiveView()
    with (
        Subscription(endpoint, prefixes, token or None, backlog=as_json) as sub,
        _closing(view),
        _keys(view, control, token),
    ):
        for message in islice(_received(sub, endpoint, topics, duration), count):
            _show(message, view)


def _received(
    sub: Subscription, endpoint: str, topics: list[str], duration: float | None
) -> Iterator[bytes]:
    """Yield messages until Ctrl-C or the end; report once that none has arrived.

    Raises:
        Exit: None has arrived until the end.
    """
    from rich.console import Console

    from sentio_sensors import MonotonicClock

    clock = MonotonicClock()
    begin = clock.now()
    end = begin + duration if duration is not None else inf
    report_at = min(begin + SILENCE, end)
    silent = True
    while clock.now() < end:
        try:
            message = sub.receive(min(0.5, max(0.0, end - clock.now())))
        except KeyboardInterrupt:
            return
        if message is not None:
            report_at, silent = inf, False
            yield message
        elif clock.now() >= report_at:
            report_at = inf
            Console(stderr=True).print(_silence(endpoint, topics, refused=sub.refused))
    if silent:
        raise typer.Exit(FAILED)


def _show(message: bytes, view: LiveView | None) -> None:
    """Show a message in the view, or print it as JSON.

    Raises:
        BrokenPipeError: What reads the view has ended.
    """
    from rich.console import Console

    from sentio_bridge.errors import WireError

    try:
        shown = displayable(message) if view is not None else []
        line = json.dumps(as_object(message)) if view is None else ""
    except WireError as error:  # of a newer or faulty sender: the others are of use
        Console(stderr=True).print(f"a message is left out: {error}", markup=False)
        return
    if view is None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
        return
    view.publish(shown)
    if view.broken:
        raise BrokenPipeError


def _silence(endpoint: str, topics: list[str], *, refused: bool) -> str:
    """Return why no message has arrived."""
    if refused:
        return (
            f"the sidecar at {endpoint} refuses the token; run this as the user who started it, "
            "or use --token"
        )
    if topics:
        return f"no message of {', '.join(topics)} from {endpoint} yet"
    return f"no message from {endpoint} yet; start a sidecar with: sentio run --demo"


def _keys(view: LiveView | None, control: str, token: str) -> AbstractContextManager[None]:
    """Return a context in which the keys of the view act."""
    from functools import partial

    from sentio_bridge.cli.live_keys import pressed_keys
    from sentio_bridge.transport.client import Requester

    if view is None or not control:
        return nullcontext()
    return pressed_keys(view, partial(Requester, control, token or None))


@contextmanager
def _closing(view: LiveView | None) -> Iterator[None]:
    try:
        yield
    finally:
        if view is not None:
            view.close()


def displayable(message: bytes) -> list[Outgoing]:
    """Return a received message for the live view, if the view shows its kind."""
    from sentio_bridge.core.outgoing import DetailMessage, HealthMessage
    from sentio_bridge.protocol import bodies, codec

    kind, subject, body = codec.split_message(message)
    if kind == "detail":
        return [DetailMessage(subject, bodies.detail_of(codec.decode_map(body)))]
    if kind == "health":
        return [HealthMessage(bodies.health_of(codec.decode_map(body)))]
    return []


def as_object(message: bytes) -> dict[str, Any]:
    """Return a message's topic and fields as JSON has them.

    Numbers are lists, with null for what is not finite; ``a`` is a pair of age (s) and confidence
    for each entry, null where unknown; other binary values are hexadecimal.
    """
    import numpy as np

    from sentio_bridge.protocol import codec

    kind, key, body = codec.split_message(message)
    value = codec.decode_map(body)
    for name, form in (("x", "<f4"), ("t", "<f8")):
        if isinstance(value.get(name), bytes):
            value[name] = np.frombuffer(value[name], form).tolist()
    if kind == "affect" and isinstance(value.get("a"), bytes):
        block = value["a"]
        rows = [block[i : i + 3] for i in range(0, len(block) - 2, 3)]
        value["a"] = [
            [_known(int.from_bytes(row[:2], "little"), 65535, 100), _known(row[2], 255, 254)]
            for row in rows
        ]
    return {"topic": f"{kind}/{key}" if key else kind, **_plain(value)}


def _known(number: int, unknown: int, one: int) -> float | None:
    return None if number == unknown else number / one


def _plain(value: Any) -> Any:
    """Return a value without what JSON does not have."""
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    return None if isinstance(value, float) and not isfinite(value) else value
