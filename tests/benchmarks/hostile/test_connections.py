"""Test of hostile connections: a running sidecar loses no frame and keeps nothing."""

from __future__ import annotations

from benchmarks.hostile import connections


def test_hostile_connections_leak_nothing() -> None:
    """120 connections of two programs; 2,000 of eight are in docs/benchmarks.md."""
    measured = connections.run(120, programs=2, hold=1.0)
    assert measured["opened"] == 120, measured
    assert measured["met"], measured
    assert "malformed" in measured["named"], measured
