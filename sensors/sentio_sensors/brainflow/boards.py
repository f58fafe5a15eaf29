"""Boards that BrainFlow describes; the only module that imports brainflow."""

from __future__ import annotations

import difflib
import warnings
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from sentio_sensors.brainflow.channels import streams_of
from sentio_sensors.errors import AbsentError, FormatError
from sentio_sensors.stream import Role, StreamSpec


@dataclass(frozen=True, slots=True)
class Block:
    """Layout of one data block (preset) of a board in BrainFlow's files.

    Attributes:
        name: ``default``, ``auxiliary`` or ``ancillary``.
        rows: Number of columns of a file.
        time_row: Column of the time, Unix seconds.
        rate_hz: Nominal rate.
        streams: Each stream with its columns.
    """

    name: str
    rows: int
    time_row: int
    rate_hz: float
    streams: list[tuple[StreamSpec, NDArray[np.intp]]]


def blocks_of(board: str | int) -> list[Block]:
    """Return the data blocks of a board.

    Raises:
        AbsentError: brainflow is missing or has no such board.
        FormatError: The installed brainflow does not describe the board.
    """
    shim = binding()
    number = board_number(shim, board)
    names = {int(p.value): p.name.removesuffix("_PRESET").lower() for p in shim.BrainFlowPresets}
    try:
        presets = sorted(shim.BoardShim.get_board_presets(number))
        described = [(p, shim.BoardShim.get_board_descr(number, p)) for p in presets]
    except shim.BrainFlowError as error:
        raise FormatError(
            f"BrainFlow does not describe board {board}: {error}",
            "list the boards with: sentio devices --all",
        ) from None
    return [
        Block(
            names.get(preset, str(preset)),
            int(d["num_rows"]),
            int(d["timestamp_channel"]),
            float(d["sampling_rate"]),
            [(s.spec, s.rows) for s in streams_of(d) if s.spec.role is not Role.OTHER],
        )
        for preset, d in described
    ]


def boards_with(rows: int) -> list[str]:
    """Return the names of boards that write files of this many columns.

    Raises:
        AbsentError: brainflow is not installed.
    """
    shim = binding()
    found = []
    for board in shim.BoardIds:
        try:
            presets = shim.BoardShim.get_board_presets(board.value)
            sizes = [
                shim.BoardShim.get_board_descr(board.value, p).get("num_rows") for p in presets
            ]
        except shim.BrainFlowError:
            continue
        if rows in sizes:
            found.append(board.name.removesuffix("_BOARD").lower())
    return found


def binding() -> ModuleType:
    """Import brainflow.

    Raises:
        AbsentError: It is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it imports pkg_resources, which warns
            from brainflow import board_shim

            board_shim.BoardShim.disable_board_logger()
    except ImportError as error:
        raise AbsentError(
            f"brainflow is not installed ({error})", "pip install 'sentio-affect[eeg]'"
        ) from None
    return board_shim  # type: ignore[no-any-return]


def board_number(shim: ModuleType, board: str | int) -> int:
    """Return BrainFlow's number of a board.

    Raises:
        AbsentError: BrainFlow has no board of that name.
    """
    if isinstance(board, int) or board.lstrip("-").isdigit():
        return int(board)
    names = {b.name: int(b.value) for b in shim.BoardIds}
    wanted = board.strip().upper().replace(" ", "_").replace("-", "_").removesuffix("_BOARD")
    for name in (wanted, f"{wanted}_BOARD"):
        if name in names:
            return names[name]
    short = {name.removesuffix("_BOARD").lower(): name for name in names}
    near = difflib.get_close_matches(wanted.lower(), short, 1)
    raise AbsentError(
        f"BrainFlow has no board {board!r}",
        f"did you mean {near[0]!r}?" if near else "list them with: sentio devices --all",
    )


def boards() -> list[str]:
    """Return the names of all boards that the installed BrainFlow supports.

    Raises:
        AbsentError: It is not installed.
    """
    shim = binding()
    skip = {"NO_BOARD"}
    return sorted(
        b.name.removesuffix("_BOARD").lower() for b in shim.BoardIds if b.name not in skip
    )
