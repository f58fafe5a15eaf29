"""Startles from face, head, voice, heart and skin."""

from sentio_bridge.affect.startle.detector import Startle, StartleDetector

__all__ = ["Startle", "StartleDetector"]
