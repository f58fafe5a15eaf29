"""Optional packages of a test module."""

from __future__ import annotations

from importlib.util import find_spec

import pytest


def require(*names: str) -> None:
    """Skip the module that is collected where a package is missing.

    Unlike ``pytest.importorskip`` it imports none: each worker collects every module, and few of
    them run its tests.
    """
    for name in names:
        if find_spec(name) is None:
            pytest.skip(f"could not import {name!r}", allow_module_level=True)
