"""All commands on invalid files: an error message, no traceback, bounded memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import typer
from tests.memory import peak_memory
from tests.recording.test_data_file import EDA, T
from tests.recording.test_data_file import xdf as written
from typer.testing import CliRunner

from sentio_bridge.cli import inspect, replay
from sentio_bridge.cli import recording as commands
from sentio_recording.xdf import chunks as xdf
from sentio_recording.xdf.headers import StreamInfo, header_xml
from sentio_sensors import Channel

AMP = StreamInfo("amp", "EEG", (Channel("Fz", "uV"), Channel("Cz", "uV")), 100.0, "float32", "a")
EVIL = StreamInfo(
    "../../x/\n<b>", "EEG", (Channel("a/../b", "uV"), Channel("a/../b", "")), 0.0, "float32", ""
)
BEGIN = b"XDF:" + xdf.chunk(xdf.Tag.FILE_HEADER, b"<info><version>1.0</version></info>")
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><info>&b;</info>'


def header(number: int, info: StreamInfo = AMP, xml: bytes = b"") -> bytes:
    return xdf.chunk(2, number.to_bytes(4, "little") + (xml or header_xml(info, 0.0, "u")))


def samples(number: int, *times: float) -> bytes:
    layout = xdf.sample_type(np.dtype("<f4"), 2)
    values = np.ones((len(times), 2), np.float32)
    return xdf.numeric_samples(number, layout, np.array(times), values)


GOOD = header(2) + samples(2, 1.0, 1.01, 1.02)

BAD = {
    "empty": b"",
    "of another kind": b"RIFF" + bytes(500),
    "magic alone": b"XDF:",
    "header alone": BEGIN + header(1),
    "length of 2^63": BEGIN + b"\x08" + (2**63).to_bytes(8, "little") + b"\x03\0"
    + xdf.boundary() + GOOD,
    "count of 2^60": BEGIN + xdf.chunk(3, b"\2\0\0\0\x08" + (2**60).to_bytes(8, "little"))
    + xdf.boundary() + GOOD,
    "bad XML": BEGIN + header(1, xml=b"<info><nam") + xdf.boundary() + GOOD,
    "XML bomb": BEGIN + header(1, xml=BOMB) + xdf.boundary() + GOOD,
    "unknown tag": BEGIN + xdf.chunk(99, bytes(50)) + GOOD,
    "no header": BEGIN + samples(7, 1.0) + xdf.boundary() + GOOD,
    "two headers": BEGIN + header(2) + header(2, EVIL) + samples(2, 1.0),
    "NaN stamps": BEGIN + GOOD + samples(2, np.nan, np.inf, -np.inf),
    "clock jumps": BEGIN + GOOD + samples(2, 1e9, 1e9 + 1) + samples(2, 5.0),
    "clock beyond all": BEGIN + GOOD + samples(2, 1e12, 1e308, -1e308),
    "evil names": BEGIN + header(1, EVIL) + samples(1, 1.0, 2.0),
}  # fmt: skip

NOTHING_TO_READ = {"empty", "of another kind"}


def sentio(*arguments: object) -> tuple[int, str]:
    app = typer.Typer()
    commands.register(app)
    replay.register(app)
    inspect.register(app)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def every_command(target: Path, out: Path) -> tuple[int, str]:
    """Read a file by all commands; return what ``inspect`` gives."""
    found = sentio("inspect", target)
    sentio("inspect", target, "--html", out.with_suffix(".html"))
    sentio("verify", target)
    for form in ("csv", "parquet", "bids", "mcap", "edf", "frames"):
        sentio("export", target, "--to", form, "--out", out / f"a.{form}")
    sentio("replay", target, "--speed", "max", "--port", 0, "--control-port", 0)
    sentio("analyze", target, "--out", out / "analysed")
    return found


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All modules are loaded: their memory is not that of a file."""
    folder = tmp_path_factory.mktemp("good")
    good = written(folder / "good.xdf", (EDA, T, np.full((40, 1), 2.5, np.float32)))
    every_command(good, folder / "out")


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("kind", BAD)
def test_invalid_file_is_read_partially_or_reported(tmp_path: Path, kind: str) -> None:
    folder = list(BAD).index(kind) % 2 == 0
    target = tmp_path / ("rec" if folder else "rec.xdf")
    if folder:
        target.mkdir()
    (target / "data.xdf" if folder else target).write_bytes(BAD[kind])
    out = tmp_path / "out"
    with peak_memory() as peak:
        inspected, output = every_command(target, out)
    assert peak.bytes < 60_000_000
    if kind in NOTHING_TO_READ:
        assert inspected == 1
        assert "byte 0: starts with" in output
        return
    assert inspected == 0
    if BAD[kind].endswith(GOOD):
        assert " 3 " in next(line for line in output.splitlines() if line.startswith("amp"))
    if kind in ("length of 2^63", "count of 2^60", "bad XML", "XML bomb", "no header"):
        assert f"byte {len(BEGIN)}: " in output
    escaped = [path for path in tmp_path.parent.rglob("*x*<b>*") if tmp_path not in path.parents]
    assert escaped == []
    sentio("repair", target)
    repaired = target if folder else tmp_path / "rec.repaired.xdf"
    if repaired.exists():
        assert sentio("verify", repaired)[0] == 0
