"""Plans of faults: YAML files of rows with devices, settings and steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from sentio_bridge.errors import BridgeError

PLANS = Path(__file__).with_name("plans")
"""Folder of the plans; each file is a group of rows."""


class Device(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A process beside the sidecar.

    Attributes:
        module: Name below ``benchmarks.faults``.
        arguments: Its arguments; ``$`` names are replaced as in ``config``.
        started: Whether it starts before the sidecar.
    """

    module: str
    arguments: list[str] = []
    started: bool = True


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One fault.

    Attributes:
        row: Number in the fault table; numbers above 38 are our own.
        fault: The fault, in a few words.
        expected: What must happen.
        quick: Whether it belongs to the quick subset.
        needs: What the machine must have: ``root``, ``lsl``, ``brainflow``, ``camera``,
            ``microphone``, ``onnx``; the row is omitted by name without it.
        not_driven: Why the row cannot be driven here; it then has no steps.
        devices: Processes beside the sidecar, by name.
        config: Configuration (TOML); ``$folder``, ``$name.url`` and so on are replaced.
        companion: Whether a simulated body runs too, whose frames must go on.
        hindered: Arguments of ``benchmarks.faults.hindered``, a sidecar with a hindered system.
        pause: Longest time between two frames that the listener may see, seconds.
        gaps: Whether frames may be missing (a restart, a stopped process).
        memory: Growth of memory that is allowed, MB.
        defects: Caught defects that are expected.
        before: Steps before the sidecar starts.
        steps: Each a map of one verb to its arguments.
    """

    row: str
    fault: str
    expected: str
    quick: bool = False
    needs: list[str] = []
    not_driven: str = ""
    devices: dict[str, Device] = {}
    config: str = ""
    companion: bool = True
    hindered: list[str] = []
    pause: float = 1.6
    gaps: bool = False
    memory: float = 50.0
    defects: int = 0
    before: list[dict[str, dict[str, Any] | None]] = []
    steps: list[dict[str, dict[str, Any] | None]] = []


class Group(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file.

    Attributes:
        group: Heading.
        rows: Faults in the order in which they are driven.
    """

    group: str
    rows: list[Row]


def load(folder: Path = PLANS) -> list[Group]:
    """Return the groups of a folder.

    Raises:
        BridgeError: A file is not a plan, or two rows have the same number.
    """
    groups = []
    seen: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        try:
            group = msgspec.yaml.decode(path.read_bytes(), type=Group)
        except (msgspec.DecodeError, msgspec.ValidationError) as error:
            raise BridgeError(f"{path.name} is not a fault plan: {error}") from None
        for row in group.rows:
            if row.row in seen:
                raise BridgeError(f"{path.name}: row {row.row} exists twice")
            if bool(row.steps) == bool(row.not_driven):
                raise BridgeError(f"{path.name}: row {row.row} needs steps or not_driven")
            seen.add(row.row)
        groups.append(group)
    return groups
