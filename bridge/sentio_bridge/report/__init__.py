"""A session as a page that opens in any browser; no I/O, no clock."""

from sentio_bridge.report.data import Marker, SessionData, gathered
from sentio_bridge.report.page import render
from sentio_bridge.report.person import render_profile

__all__ = ["Marker", "SessionData", "gathered", "render", "render_profile"]
