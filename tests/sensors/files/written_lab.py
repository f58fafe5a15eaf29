"""Files of laboratory recorders, cards, caps and headbands, of simulated signals."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from tests.sensors.files.written import START, lines, table

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


def e4_server(path: Path, mark: str = " ", decimal: str = ".") -> Path:
    """Write 10 s of a streaming server: BVP 64 Hz, ACC 32 Hz, GSR and TEMP 4 Hz."""
    rows: list[tuple[float, str, list[float]]] = []
    for word, rate, value in (("Bvp", 64, [31.5]), ("Acc", 32, [0.0, -2.0, 64.0]),
                              ("Gsr", 4, [3.125]), ("Temperature", 4, [35.75])):  # fmt: skip
        rows += [(START + i / rate, word, value) for i in range(10 * rate)]
    for beat in range(1, 12):
        rows += [(START + 0.8 * beat, "Ibi", [0.8]), (START + 0.8 * beat, "Hr", [75.0])]
    rows += [(START + 4.5, "Tag", []), (START + 5.0, "Battery", [0.8])]
    text = ["R device_connect OK", "R device_subscribe bvp OK"]
    for at, word, values in sorted(rows, key=lambda row: row[0]):
        cells = [f"{number:.3f}".replace(".", decimal) for number in (at, *values)]
        text.append(mark.join([f"E4_{word}", *cells]))
    return lines(path, text, end="\r\n")


def muse_player(path: Path, mark: str = ", ", person: str = "/muse", packed: int = 4) -> Path:
    """Write 10 s: EEG 220 Hz in packets, ACC 50 Hz in mg, and other messages."""
    rows: list[tuple[float, str]] = [
        (0.0, f"{person}/version{mark}{{'build': '7.8'}}"),
        (0.0, f'{person}/config{mark}{{"preset": "14", "eeg_channel_layout": "TP9 Fp1 Fp2 TP10"}}'),
    ]
    for i in range(2200):
        at = i // packed * packed / 220
        values = [f"{800 + i % 7:.3f}", "801.5", "802.0", "803.25"]
        rows.append((at, mark.join([f"{person}/eeg", *values])))
    rows += [(i / 50, mark.join([f"{person}/acc", "3.9", "-7.8", "992.1"])) for i in range(500)]
    rows += [
        (i / 10, mark.join([f"{person}/elements/alpha_absolute", "0.1", "nan", "0.2", "0.3"]))
        for i in range(100)
    ]
    rows.append((3.5, mark.join([f"{person}/annotation", "eyes closed", "Plain String", "", "0"])))
    rows.sort(key=lambda row: row[0])
    return lines(path, [f"{START + at:.6f}{mark}{text}" for at, text in rows])


NIC_INFO = """Step Details
\tStep name: Baseline
\tStartDate (firstEEGtimestamp): {start}
\tDevice class: ENOBIO 8
\tSoftware's version: NIC v2.0.11

EEG Settings

\tTotal number of channels: {count}
\tNumber of EEG channels: {count}
\tEEG sampling rate: 500 Samples/second
\tEffective EEG sampling rate: 499.9 Samples/second
\tEEG units: nV
\tEEG montage:
{montage}
\tAccelerometer data: {state}
\tAccelerometer units: mm/s^2

Trigger information:
\tCode\tDescription
\t1\tEyes open
\t22\tEyes closed
"""


def nic_easy(
    path: Path, *, accelerated: bool = True, info: bool = True, rows: int = 2000, pause: int = 1000
) -> Path:
    """Write 8 channels at 500 Hz in nV, codes, and a pause (ms) after row 1000."""
    text = []
    for i in range(rows):
        channels = [1000 * c + i % 9 for c in range(8)]
        axes = [12, -30, 9807] if accelerated else []
        code = {100: 1, 700: 22, 1500: 7}.get(i, 0)
        stamp = round(START * 1000) + 2 * i + (pause if i >= 1000 else 0)
        text.append("\t".join(map(str, [*channels, *axes, code, stamp])))
    if info:
        names = ("P7", "P4", "Cz", "Pz", "P3", "P8", "ECG", "O2")
        montage = "\n".join(f"\t\tChannel {i + 1}: {name}" for i, name in enumerate(names))
        about = NIC_INFO.format(
            start=round(START * 1000), count=8, montage=montage,
            state="ON" if accelerated else "OFF",
        )  # fmt: skip
        path.with_suffix(".info").write_text(about, encoding="utf-8")
    return lines(path, text)
