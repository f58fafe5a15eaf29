"""Time limit of waits that end at once unless something is wrong."""

from __future__ import annotations

import os

DEADLINE = float(os.environ.get("SENTIO_TEST_DEADLINE", "60"))
"""Seconds, enough for a busy machine. Runs without a defence, which wait for what never comes,
set a shorter one."""
