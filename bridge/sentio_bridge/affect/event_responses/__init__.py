"""What a person's body, face and voice did after each marker; no I/O, no clock."""

from sentio_bridge.affect.event_responses.analyzer import (
    ResponseAnalyzer,
    ResponseSettings,
    aggregates,
)
from sentio_bridge.affect.event_responses.measures import SLOW
from sentio_bridge.affect.event_responses.response import Change, Response
from sentio_bridge.affect.event_responses.summary import Aggregate, Summary

__all__ = [
    "SLOW",
    "Aggregate",
    "Change",
    "Response",
    "ResponseAnalyzer",
    "ResponseSettings",
    "Summary",
    "aggregates",
]
