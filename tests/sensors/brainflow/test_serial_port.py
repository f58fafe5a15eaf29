"""Tests of missing and forbidden serial ports."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sentio_sensors import AbsentError
from sentio_sensors.brainflow.serial_port import check


def test_missing_port_lists_existing_ports(tmp_path: Path) -> None:
    with pytest.raises(AbsentError, match="found: none"):
        check(str(tmp_path / "ttyUSB7"), tmp_path)
    (tmp_path / "ttyACM1").touch()
    with pytest.raises(AbsentError, match="ttyACM1") as caught:
        check(str(tmp_path / "ttyUSB7"), tmp_path)
    assert "serial_port" in caught.value.fix


def test_forbidden_port_names_the_required_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = tmp_path / "ttyUSB0"
    port.touch(mode=0o000)
    if os.access(port, os.R_OK):  # root may access everything
        monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(AbsentError, match="no permission") as caught:
        check(str(port), tmp_path)
    assert "dialout" in caught.value.fix


def test_accessible_port_or_other_name_passes(tmp_path: Path) -> None:
    port = tmp_path / "ttyUSB0"
    port.touch()
    check(str(port), tmp_path)
    check("COM3", tmp_path)
