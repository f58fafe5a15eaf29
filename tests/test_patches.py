"""Tests of the fixture that replaces attributes while threads run."""

from __future__ import annotations

import weakref

import pytest


class Owner:
    """Class with a method to replace."""

    def method(self) -> None:
        """Do nothing."""


def test_what_a_patch_placed_outlives_its_replacement(monkeypatch: pytest.MonkeyPatch) -> None:
    original = Owner.method

    def placed(_: Owner) -> None:
        """Do nothing else."""

    alive = weakref.ref(placed)
    monkeypatch.setattr(Owner, "method", placed)
    del placed
    monkeypatch.undo()
    assert Owner.method is original
    assert alive() is not None
