"""Files of laboratory recorders, cards and muse-lsl, of simulated signals."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from tests.sensors.files.written import START, table

N = 600
STEP = 1 / 200

FOOT = ["%Total time mS:", "00005F53", "%min Write time uS:", "0000012B", "%Over:", "00000000"]


def labchart(
    day: str = "4.3749500000000000e+04", form: str = "StartOfBlock", start: float = 0.0,
    titles: str = "ECG\tGSR\tFinger Pulse", comments: dict[int, str] | None = None,
    timed: bool = True, units: bool = True, rows: int = N,
) -> list[str]:  # fmt: skip
    """Return the lines of one block at 200 Hz."""
    head = [
        "Interval=\t0.005 s", f"ExcelDateTime=\t{day}\t10/11/19 12:00:00.000000",
        f"TimeFormat=\t{form}", "DateFormat=\t", f"ChannelTitle=\t{titles}",
        "Range=\t2.000 mV\t40.0 uS\t10.000 V",
        *(["UnitName=\tmV\t*\t*", "TopValue=\t*\t*\t*"] if units else []),
    ]  # fmt: skip
    body = []
    for i in range(rows):
        at = start + i * STEP
        clock = f"{int(at // 3600)}:{int(at // 60 % 60):02d}:{at % 60:07.4f}"
        cells = [clock if form == "TimeOfDay" else f"{at:g}"] if timed else []
        cells += [f"{np.sin(i / 9):.4f}", f"{2 + i * 0.01:.3f}", "NaN" if i < 50 else "0.25"]
        body.append("\t".join(cells + ([comments[i]] if comments and i in comments else [])))
    return head + body


def acq(
    interval: str = "5 msec/sample", unit: str = "min", step: float = STEP / 60,
    counts: bool = True, slow: str = "", mark: str = "\t", rows: int = N,
) -> list[str]:  # fmt: skip
    """Return the lines of an export at 200 Hz with a trigger of 5 V."""
    names = [unit, "CH1", "CH2", "CH7", "CH8"][not unit :]
    text = ["C:\\data\\p1.acq", interval, "4 channels", "EDA, Y, PPGED-R", "microsiemens",
            "ECG - ECG100C", "mV", "SKT - SKT100C", "Deg F", "Digital (STP Input 0)", "Volts",
            mark.join(names) + mark]  # fmt: skip
    if counts:
        text.append(mark.join([""] * bool(unit) + [str(N)] * 4) + mark)
    for i in range(rows):
        eda = f"{2 + i * 0.01:.3f}"
        if slow == "sparse" and i % 8:
            eda = ""
        elif slow == "packed":
            eda = f"{2 + i * 0.08:.3f}" if i < N // 8 else ""
        cells = [f"{i * step:.8f}"] * bool(unit)
        cells += [eda, f"{np.sin(i / 9):.4f}", "91.4", "5" if 200 <= i < 300 else "0"]
        text.append(mark.join(cells) + mark)
    return text


def row(number: int, values: Iterable[int], axes: Iterable[int] = ()) -> str:
    cells = [f"{number % 256:02X}", *(f"{v % (1 << 24):06X}" for v in values)]
    return ",".join([*cells, *(f"{a % (1 << 16):04X}" for a in axes)])


def signal(channels: int, count: int) -> np.ndarray:
    return np.random.default_rng(channels).integers(-(1 << 23), 1 << 23, (count, channels))


def card(
    path: Path, values: np.ndarray, start: int = 7280, numbers: Iterable[int] | None = None
) -> Path:
    """Write one stream, with the accelerometer in every fifth line, as the card does."""
    numbers = range(len(values)) if numbers is None else list(numbers)
    rows = [
        row(n, v, (3, -8, 8192) if n % 5 == 3 else ()) for n, v in zip(numbers, values, strict=True)
    ]
    path.write_text("\n".join(["%START AT", f"{start:08X}", *rows, *FOOT]) + "\n")
    return path


def muse_lsl(path: Path, count: int = 1024) -> Path:
    """Write EEG as ``muselsl record`` does, at 256 Hz."""
    stamps = [f"{x:.3f}" for x in START + np.arange(count) / 256]
    values = [f"{n / 10:.2f}" for n in range(count)]
    header = "timestamps,TP9,AF7,AF8,TP10,Right AUX"
    return table(path, header, [stamps, values, values, values, values, values])
