"""Source for boards of BrainFlow."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from types import ModuleType
from typing import Annotated, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from sentio_sensors.brainflow import serial_port
from sentio_sensors.brainflow.boards import binding, board_number
from sentio_sensors.brainflow.channels import BoardStream, streams_of
from sentio_sensors.channel_roles import Choices
from sentio_sensors.clock import Clock
from sentio_sensors.errors import AbsentError, DisconnectedError, FormatError
from sentio_sensors.runtime.dejitter import Dejitter
from sentio_sensors.runtime.rate_remark import RateRemark
from sentio_sensors.source import EndOfSource
from sentio_sensors.stream import Chunk, Role, Stamps, StreamSpec

logger = logging.getLogger(__name__)

POLL = 0.004
"""Polling period of the driver's buffer, seconds. 1 ms saves 1.4 ms and costs 10 % of a core."""

BUFFER = 4500
"""Capacity of the driver's buffer, packages: some 18 s at 250 Hz, far more than is left in it."""

FILE_END = 1.5
"""Seconds without data that mark the end of a played file: the driver does not report it."""

_BOARDS_IN_USE: set[tuple[int, str]] = set()
_IN_USE_LOCK = threading.Lock()
# The driver is one per process and counts sessions by board and parameters. A second BoardShim
# of the same key fails, and its garbage collection then ends the first one's session, so two
# must never be created: this set mirrors the driver's state in this process.


class BrainflowSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a board, named as in BrainFlow's documentation.

    Attributes:
        board: Name (``synthetic``, ``cyton``, ``muse_2``) or number.
        roles: A list of the roles to read (default: all), or a table of roles by pattern of
            channel labels, as for LSL (``{N8P = "ecg"}``).
        units: Unit by pattern of channel labels; BrainFlow states none, so that its own are
            assumed: microvolts, degrees Celsius, g.
        ignore: Patterns of the labels of channels that are left out.
        serial_port: As BrainFlowInputParams.
        mac_address: Likewise.
        ip_address: Likewise.
        ip_port: Likewise.
        serial_number: Likewise.
        other_info: Likewise.
        file: Recording for the playback board.
        master_board: Board that made the recording or feeds the streaming board.
        timeout: Search time for the device, seconds; 0 uses the driver's default.
        loop: Repeat the file.
    """

    board: str | int
    roles: tuple[Role, ...] | dict[str, Role] = ()
    units: dict[str, str] = {}
    ignore: tuple[str, ...] = ()
    serial_port: str = ""
    mac_address: str = ""
    ip_address: str = ""
    ip_port: Annotated[int, msgspec.Meta(ge=0, le=65535)] = 0
    serial_number: str = ""
    other_info: str = ""
    file: str = ""
    master_board: str | int | None = None
    timeout: Annotated[int, msgspec.Meta(ge=0, le=600)] = 0
    loop: bool = False


@dataclass(slots=True)
class _Preset:
    """One data block (preset) of a board: its rows and streams."""

    number: int
    time_row: int
    count_row: int | None
    streams: list[BoardStream]
    dejitter: Dejitter
    rate: RateRemark
    count: float | None = field(default=None)


class BrainflowSource:
    """Source of one board, with a stream for each role of each data block.

    Args:
        settings: Which board.
        clock: Gives the time stamps.
    """

    def __init__(self, settings: BrainflowSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._board: Any = None
        self._key: tuple[int, str] | None = None
        self._presets: list[_Preset] = []
        self._quiet_since = 0.0

    def open(self) -> Sequence[StreamSpec]:
        """Connect to the board and start its stream.

        Raises:
            AbsentError: brainflow is missing, the board is unknown, in use or not responding.
            FormatError: The board has no channel of the requested roles.
        """
        shim = binding()
        board_id = board_number(shim, self._settings.board)
        if self._settings.serial_port:
            serial_port.check(self._settings.serial_port)
        params = self._params(shim)
        key = (board_id, params.to_json())
        with _IN_USE_LOCK:
            if key in _BOARDS_IN_USE:
                raise AbsentError(
                    f"board {self._settings.board} is read by another source already",
                    "configure each board only once",
                )
            _BOARDS_IN_USE.add(key)
        self._key = key
        try:
            self._board = shim.BoardShim(board_id, params)
            self._board.prepare_session()
            if self._settings.file and self._settings.loop:
                self._board.config_board("loopback_true")
            self._presets = list(self._describe(shim, self._board.get_board_id()))
            self._board.start_stream(BUFFER)
        except shim.BrainFlowError as error:
            self.close()
            raise AbsentError(
                f"board {self._settings.board} does not respond: {error}",
                "check that it is switched on, connected, and not in use",
            ) from None
        except FormatError:
            self.close()
            raise
        self._quiet_since = self._clock.now()
        return [stream.spec for preset in self._presets for stream in preset.streams]

    def read(self, timeout: float) -> Sequence[Chunk]:
        """Wait for packages and return one chunk for each stream.

        Raises:
            DisconnectedError: The driver failed.
            EndOfSource: A played file has ended.
        """
        if self._board is None:
            raise DisconnectedError("the board was not opened", "call open first")
        shim = binding()
        end = self._clock.now() + timeout
        while True:
            try:
                chunks = [chunk for preset in self._presets for chunk in self._take(preset)]
            except shim.BrainFlowError as error:
                raise DisconnectedError(f"board {self._settings.board}: {error}") from None
            now = self._clock.now()
            if chunks:
                self._quiet_since = now
                return chunks
            if self._settings.file and now - self._quiet_since > FILE_END:
                raise EndOfSource
            if now >= end:
                return []
            self._clock.sleep(POLL)

    def close(self) -> None:
        """End the session and release the board."""
        board, self._board = self._board, None
        if board is not None:
            for end in (board.stop_stream, board.release_session):
                try:
                    end()
                except Exception:  # a board that is gone cannot be stopped
                    logger.debug("a board was not given back", exc_info=True)
        if self._key is not None:
            with _IN_USE_LOCK:
                _BOARDS_IN_USE.discard(self._key)
            self._key = None

    def _take(self, preset: _Preset) -> Iterator[Chunk]:
        if not self._board.get_board_data_count(preset.number):
            return
        data = self._board.get_board_data(preset=preset.number)
        if not data.shape[1]:
            return
        # The driver stamps with the wall clock on arrival. The offset is measured at each read,
        # so that a step of that clock shifts one chunk instead of the rest of the session.
        arrived = self._clock.now()
        offset = arrived - time.time()
        original = data[preset.time_row].copy()
        times = preset.dejitter.straighten(original + offset)
        stamps = Stamps(original, offset, arrived, preset.rate.of(preset.dejitter))
        lost = self._lost(preset, data)
        for stream in preset.streams:
            yield Chunk(stream.spec.id, times, stream.values(data), lost=lost, stamps=stamps)

    @staticmethod
    def _lost(preset: _Preset, data: NDArray[np.float64]) -> int:
        """Count the missing packages from the package counter."""
        if preset.count_row is None:
            return 0
        counts = data[preset.count_row]
        before = counts[0] - 1 if preset.count is None else preset.count
        preset.count = float(counts[-1])
        steps = np.diff(np.r_[before, counts])
        ahead = steps[steps > 1] - 1
        # The wrap-around value differs between boards: after a decrease, only the packages from
        # 0 to the new count are certain to be missing.
        wrapped = counts[np.flatnonzero(steps < 0)]
        return int(ahead.sum() + wrapped.sum())

    def _params(self, shim: ModuleType) -> Any:
        params = shim.BrainFlowInputParams()
        for name in (
            "serial_port",
            "mac_address",
            "ip_address",
            "ip_port",
            "serial_number",
            "other_info",
            "file",
            "timeout",
        ):
            setattr(params, name, getattr(self._settings, name))
        if self._settings.master_board is not None:
            params.master_board = board_number(shim, self._settings.master_board)
        return params

    def _describe(self, shim: ModuleType, board_id: int) -> Iterator[_Preset]:
        chosen = self._settings.roles
        table = chosen if isinstance(chosen, dict) else {}
        wanted = () if isinstance(chosen, dict) else chosen
        choices = Choices(table, self._settings.units, self._settings.ignore)
        seen: set[Role] = set()
        for number in sorted(shim.BoardShim.get_board_presets(board_id)):
            description = shim.BoardShim.get_board_descr(board_id, number)
            streams = [
                stream.of_block(number) if stream.spec.role in seen else stream
                for stream in streams_of(description, wanted, choices)
                if stream.spec.role not in seen or stream.spec.role is Role.OTHER
            ]
            if streams:
                seen |= {stream.spec.role for stream in streams}
                rate = float(description["sampling_rate"])
                yield _Preset(
                    number,
                    description["timestamp_channel"],
                    description.get("package_num_channel"),
                    streams,
                    Dejitter(rate),
                    RateRemark(rate),
                )
        if not seen - {Role.OTHER} and Role.OTHER not in wanted:
            raise FormatError(
                f"board {self._settings.board} has no channel of role "
                f"{', '.join(wanted) or 'that is supported'}",
                "omit roles to read all that it has",
            )
