"""HTML reports of sessions and profiles; no I/O, no clock."""

from sentio_bridge.report.data import Adaptation, Marker, SessionData, session_from_frames
from sentio_bridge.report.page import render
from sentio_bridge.report.person import render_profile

__all__ = ["Adaptation", "Marker", "SessionData", "session_from_frames", "render", "render_profile"]
