"""Outputs to other machines receive only what is shared."""

from __future__ import annotations

from collections.abc import Sequence

from sentio_bridge.core.outgoing import FrameMessage, HealthMessage, Outgoing
from sentio_bridge.outputs.osc import OscOutput, OscSettings
from sentio_bridge.outputs.shared_only import SharedOnly


class Kept:
    def __init__(self) -> None:
        self.messages: list[Outgoing] = []
        self.is_closed = False

    def publish(self, messages: Sequence[Outgoing]) -> None:
        self.messages += messages

    def close(self) -> None:
        self.is_closed = True


def frame(subject: str) -> FrameMessage:
    message = FrameMessage.__new__(FrameMessage)
    message.key = subject
    return message


def test_messages_of_persons_who_do_not_share_are_left_out() -> None:
    kept, health = Kept(), HealthMessage.__new__(HealthMessage)
    output = SharedOnly(kept, lambda subject: subject == "anna")
    anna, bert = frame("anna"), frame("bert")
    output.publish([bert])
    output.publish([anna, bert, health])
    assert kept.messages == [anna, health]
    output.close()
    assert kept.is_closed


def test_receiver_on_this_machine_is_known() -> None:
    for host, leaves in (("127.0.0.1", False), ("localhost", False), ("192.0.2.7", True)):
        output = OscOutput(OscSettings(host=host))
        assert output.leaves_machine is leaves
        output.close()
