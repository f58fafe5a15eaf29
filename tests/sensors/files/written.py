"""Files as other programs write them, of simulated signals."""

from __future__ import annotations

import datetime
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np

START = 1_700_000_000.0
DAY = datetime.datetime(2024, 3, 9, 23, 59, 58)


def pulse(times: np.ndarray, rate: float = 66.0) -> np.ndarray:
    """Return a pulse of ``rate`` beats a minute, 0..1."""
    phase = times * rate / 60 % 1
    return np.exp(-(((phase - 0.25) / 0.08) ** 2))


def lines(path: Path, rows: Iterable[str], encoding: str = "utf-8", end: str = "\n") -> Path:
    path.write_bytes((end.join(rows) + end).encode(encoding))
    return path


def table(
    path: Path, names: str, columns: Iterable[Iterable[object]], encoding: str = "utf-8"
) -> Path:
    """Write a table; the delimiter is that of the header."""
    delimiter = ";" if ";" in names else "\t" if "\t" in names else ","
    rows = (delimiter.join(str(cell) for cell in row) for row in zip(*columns, strict=True))
    return lines(path, [names, *rows], encoding)


def e4(folder: Path) -> Path:
    """Write a 10 s E4 session: BVP, EDA, TEMP, ACC, beats and tags.

    BVP has 64 Hz, EDA and TEMP 4 Hz, ACC 32 Hz.
    """
    folder.mkdir()
    t = np.arange(640) / 64

    def one(name: str, rate: float, rows: Iterable[str], columns: int = 1) -> None:
        head = [", ".join([f"{START:.6f}"] * columns), ", ".join([f"{rate:.6f}"] * columns)]
        lines(folder / f"{name}.csv", [*head, *rows])

    one("BVP", 64, (f"{40 * v:.2f}" for v in pulse(t)))
    one("EDA", 4, (f"{1 + i / 100:.6f}" for i in range(40)))
    one("TEMP", 4, ["32.50"] * 40)
    one("ACC", 32, ["0,0,64"] * 320, 3)
    one("HR", 1, ["66.00"] * 5)
    lines(
        folder / "IBI.csv",
        [f"{START:.6f}, IBI", *(f"{1 + 0.9 * i:.6f},0.900000" for i in range(9))],
    )
    lines(folder / "tags.csv", [f"{START + 3.5:.2f}", f"{START + 7.25:.2f}"])
    (folder / "info.txt").write_text("Session files: IBI.csv, ACC.csv\n")
    return folder


def e4_zip(path: Path, folder: Path, inside: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, inside + file.name)
    return path


def e4_npz(path: Path) -> Path:
    np.savez(
        path, BVP=pulse(np.arange(640) / 64), BVP_fs=64, BVP_t0=START, EDA=np.ones((40, 1)),
        EDA_fs=4.0, EDA_t0=START, ACC=np.tile([0, 0, 64], (320, 1)), ACC_fs=32, ACC_t0=START,
        tags=np.array([START + 2]),
    )  # fmt: skip
    return path


EMBRACE_SCHEMA = {
    "type": "record", "name": "Raw", "fields": [
        {"name": "deviceSn", "type": "string"},
        {"name": "rawData", "type": {"type": "record", "name": "Data", "fields": [
            {"name": "accelerometer", "type": {"type": "record", "name": "Acc", "fields": [
                {"name": "timestampStart", "type": "long"},
                {"name": "samplingFrequency", "type": "float"},
                {"name": "imuParams", "type": {"type": "record", "name": "Imu", "fields": [
                    {"name": n, "type": "int"}
                    for n in ("physicalMin", "physicalMax", "digitalMin", "digitalMax")]}},
                *({"name": a, "type": {"type": "array", "items": "int"}} for a in "xyz")]}},
            *({"name": name, "type": {"type": "record", "name": name.title(), "fields": [
                {"name": "timestampStart", "type": "long"},
                {"name": "samplingFrequency", "type": "float"},
                {"name": "values", "type": {"type": "array", "items": "float"}}]}}
              for name in ("eda", "temperature", "bvp")),
            {"name": "tags", "type": {"type": "record", "name": "Tags", "fields": [
                {"name": "tagsTimeMicros", "type": {"type": "array", "items": "long"}}]}},
            {"name": "systolicPeaks", "type": {"type": "record", "name": "Peaks", "fields": [
                {"name": "peaksTimeNanos", "type": {"type": "array", "items": "long"}}]}},
        ]}},
    ],
}  # fmt: skip


def embrace_plus(path: Path, start: float = START) -> Path:
    """Write ten seconds of an EmbracePlus: BVP and ACC 64 Hz, EDA 4 Hz, TEMP 1 Hz."""
    import fastavro

    micros = int(start * 1e6)

    def signal(rate: float, values: list[float]) -> dict[str, object]:
        return {"timestampStart": micros, "samplingFrequency": rate, "values": values}

    limits = {"physicalMin": -16, "physicalMax": 16, "digitalMin": -32768, "digitalMax": 32767}
    acc = {"x": [0] * 640, "y": [0] * 640, "z": [2048] * 640}
    data = {
        "accelerometer": {"timestampStart": micros, "samplingFrequency": 64.0, "imuParams": limits,
                          **acc},
        "eda": signal(4.0, [0.5 + i / 100 for i in range(40)]),
        "temperature": signal(1.0, [31.5] * 10),
        "bvp": signal(64.0, (30 * pulse(np.arange(640) / 64)).tolist()),
        "tags": {"tagsTimeMicros": [micros + 4_000_000]},
        "systolicPeaks": {"peaksTimeNanos": [int((start + 0.8 * i) * 1e9) for i in range(12)]},
    }  # fmt: skip
    with path.open("wb") as file:
        fastavro.writer(file, EMBRACE_SCHEMA, [{"deviceSn": "3YK", "rawData": data}], "deflate")
    return path


def openbci_5(path: Path, rate: float = 250.0, stated: float = 250.0, seconds: float = 4) -> Path:
    t = np.arange(int(rate * seconds)) / rate
    head = [
        "%OpenBCI Raw EXG Data", "%Number of channels = 8", f"%Sample Rate = {stated:g} Hz",
        "%Board = OpenBCI_GUI$BoardCytonSerial",
        "Sample Index, " + ", ".join(f"EXG Channel {i}" for i in range(8)) + ", "
        + ", ".join(f"Accel Channel {i}" for i in range(3))
        + ", Not Used, Timestamp, Marker Channel, Timestamp (Formatted)",
    ]  # fmt: skip
    rows = []
    for i, at in enumerate(t):
        eeg = ", ".join(f"{10 * np.sin(2 * np.pi * 10 * at + c):.5f}" for c in range(8))
        stamp = (DAY + datetime.timedelta(seconds=float(at))).isoformat(" ", "milliseconds")
        mark = "3.0" if i == 500 else "0.0"
        rows.append(f"{i % 256}.0, {eeg}, 0.0, 0.0, 1.0, 0.0, {START + at:.6f}, {mark}, {stamp}")
    return lines(path, [*head, *rows])


def openbci_4(path: Path) -> Path:
    head = [
        "%OpenBCI Raw EEG Data", "%Number of channels = 4", "%Sample Rate = 200.0 Hz",
        "%First Column = SampleIndex", "%Last Column = Timestamp", "%Other Columns = EEG, Accel",
    ]  # fmt: skip
    rows = []
    for i in range(600):
        clock = (DAY + datetime.timedelta(seconds=i / 200)).time().isoformat("milliseconds")
        rows.append(f"{i % 200}, {i}.5, 2.0, 3.0, 4.0, 0.0, 0.0, 1.0, {clock}, "
                    f"{round((START + i / 200) * 1000)}")  # fmt: skip
    return lines(path, [*head, *rows])


def brainflow(path: Path, board: str, block: int, seconds: float = 3, step: float = 1.0) -> Path:
    """Write a block of a board; row ``r`` holds ``r + sample number / 1000``."""
    from brainflow.board_shim import BoardShim

    from sentio_sensors.brainflow.boards import binding, board_number

    d = BoardShim.get_board_descr(board_number(binding(), board), block)
    count = int(d["sampling_rate"] * seconds)
    data = np.arange(d["num_rows"])[:, None] + np.arange(count) / 1000
    data[d["timestamp_channel"]] = START + step * np.arange(count) / d["sampling_rate"]
    np.savetxt(path, data.T, fmt="%.6f", delimiter="\t")
    return path


def mind_monitor(path: Path, rate: float = 256.0) -> Path:
    head = (
        "TimeStamp,Delta_TP9,RAW_TP9,RAW_AF7,RAW_AF8,RAW_TP10,AUX_RIGHT,Accelerometer_X,"
        "Accelerometer_Y,Accelerometer_Z,Gyro_X,HeadBandOn,HSI_TP9,Battery,Elements"
    )
    rows = []
    for i in range(int(rate * 4)):
        stamp = (DAY + datetime.timedelta(seconds=i / rate)).isoformat(" ", "milliseconds")
        rows.append(f"{stamp},0.4,{800 + i % 7},801,802,803,850,0.0,0.0,1.0,2.2,1,1.0,75.00,")
        if i in (100, 300):
            rows.append(
                f"{stamp},,,,,,,,,,,,,,/muse/elements/{'blink' if i < 200 else 'jaw_clench'}"
            )
    return lines(path, [head, *rows], end="\r\n")


def shimmer(path: Path, delimiter: str = ",") -> Path:
    names = ["Shimmer_7E12_Timestamp_Unix_CAL", "Shimmer_7E12_Accel_LN_X_CAL",
             "Shimmer_7E12_Accel_LN_Y_CAL", "Shimmer_7E12_Accel_LN_Z_CAL",
             "Shimmer_7E12_GSR_Skin_Conductance_CAL", "Shimmer_7E12_GSR_Skin_Resistance_CAL",
             "Shimmer_7E12_PPG_A13_CAL", "Shimmer_7E12_GSR_RAW"]  # fmt: skip
    units = ["ms", "m/(s^2)", "m/(s^2)", "m/(s^2)", "uS", "kOhms", "mV", "no_units"]
    rows = [
        [f"{(START + i / 128) * 1000:.4f}", "0.0", "0.0", "9.80665", f"{3 + i / 1000:.4f}",
         f"{1000 / (3 + i / 1000):.3f}", f"{1500 + 20 * pulse(np.array(i / 128)):.3f}", "512"]
        for i in range(512)
    ]  # fmt: skip
    text = [f'"sep={delimiter}"', *(delimiter.join(r) + delimiter for r in (names, units, *rows))]
    return lines(path, text)


def polar(path: Path, kind: str) -> Path:
    """Write ECG, ACC or RR of Polar Sensor Logger with jittered stamps.

    The rates are 130 Hz and 50 Hz; the phone stamps on arrival.
    """
    rng = np.random.default_rng(3)
    rate, head = {
        "ecg": (130.0, "timestamp [ms];ecg [uV]"),
        "acc": (50.0, "timestamp [ms];X [mg];Y [mg];Z [mg]"),
        "rr": (1.25, "RR-interval [ms]"),
    }[kind]
    rows = []
    for i in range(round(rate * 8)):
        at = i / rate
        phone = DAY + datetime.timedelta(seconds=float(at + rng.uniform(0, 0.05)))
        stamp = phone.isoformat(timespec="milliseconds")
        values = {"ecg": f"{at * 1000:.3f};{i % 100 - 50}", "acc": f"{at * 1000:.3f};3;-4;1000",
                  "rr": "800"}[kind]  # fmt: skip
        sensor = "" if kind == "rr" else f"{772_000_000_000_000_000 + round(at * 1e9)};"
        rows.append(f"{stamp};{sensor}{values}")
    sensor = "" if kind == "rr" else "sensor timestamp [ns];"
    return lines(path, [f"Phone timestamp;{sensor}{head}", *rows])


def emotibit(path: Path, tag: str = "PI") -> Path:
    head = "LocalTimestamp,EmotiBitTimestamp,PacketNumber,DataLength,TypeTag,ProtocolVersion,"
    rows = [
        f"{START + i // 3 * 0.12:.6f},{9000 + i // 3 * 120:.3f},{i // 3},3,{tag},1,100,{1000 + i}"
        for i in range(240)
    ]
    return lines(path, [f"{head}DataReliability,{tag}", *rows])


def emotibit_raw(path: Path) -> Path:
    rows = ["8990,0,1,UN,1,100,press start"]
    for i in range(80):
        rows.append(f"{9000 + i * 120},{2 * i},3,PG,1,100,{3 * i},{3 * i + 1},{3 * i + 2}")
        rows.append(f"{9000 + i * 133.333:.0f},{2 * i + 1},2,EA,1,100,0.{i:03d},0.{i:03d}")
        rows.append(f"{9000 + i * 120},{2 * i},1,GX,1,100,5")
    return lines(path, [*rows, "17000,300,3,PG,1,100,99"])


def opensignals(path: Path) -> Path:
    about = {"20:16:02": {
        "sensor": ["ECG", "EDA", "ACC", "LUX"], "device name": "20:16:02",
        "column": ["nSeq", "I1", "I2", "O1", "O2", "A1", "A2", "A3", "A4"], "sync interval": 2,
        "time": "10:11:12.0", "date": "2024-3-9", "sampling rate": 100,
        "label": ["A1", "A2", "A3", "A4"], "resolution": [4, 1, 1, 1, 1, 10, 10, 10, 6],
        "channels": [1, 2, 3, 4], "device": "bitalino_rev"}}  # fmt: skip
    head = ["# OpenSignals Text File Format. Version 1", f"# {json.dumps(about)}", "# EndOfHeader"]
    # Packets 200 to 202 are lost.
    numbers = [n for n in range(500) if n not in (200, 201, 202)]
    rows = [f"{n % 16}\t1\t1\t0\t0\t{512 + n % 3}\t400\t312\t9\t" for n in numbers]
    return lines(path, head + rows)


def edf(path: Path, bdf: bool = False) -> Path:
    import edfio

    t = np.arange(2560) / 256
    one = edfio.BdfSignal if bdf else edfio.EdfSignal
    # The range of 16 bits over 200 uV: steps of 0.003 uV.
    signals = [
        one(50 * np.sin(2 * np.pi * 10 * t), 256, label="EEG Fz-Ref", physical_dimension="uV",
            physical_range=(-100, 100)),
        one(20 * np.cos(2 * np.pi * 6 * t), 256, label="EEG Cz-Ref", physical_dimension="uV",
            physical_range=(-100, 100)),
        one(np.linspace(1, 2, 40), 4, label="EDA", physical_dimension="uS",
            physical_range=(0, 10)),
        one(np.linspace(0, 1, 2560), 256, label="EOG left", physical_dimension="uV",
            physical_range=(-100, 100)),
    ]  # fmt: skip
    whole = edfio.Bdf if bdf else edfio.Edf
    extra = {"annotations": [edfio.EdfAnnotation(2.5, None, "go")]}
    whole(signals, recording=edfio.Recording(startdate=datetime.date(2024, 3, 9)),
          starttime=datetime.time(10, 0, 0), **extra).write(path)  # fmt: skip
    return path


def brainvision(folder: Path, name: str = "cap") -> Path:
    """Write EEG, EOG and ECG at 500 Hz in BrainVision, and a marker at 1 s."""
    t = np.arange(2000) / 500
    data = np.stack([30 * np.sin(2 * np.pi * 10 * t), 100 * np.sin(t), 500 * pulse(t)], 1)
    (data / 0.1).round().astype("<i2").tofile(folder / f"{name}.eeg")
    header = f"""Brain Vision Data Exchange Header File Version 1.0
; simulated
[Common Infos]
Codepage=UTF-8
DataFile={name}.eeg
MarkerFile={name}.vmrk
DataFormat=BINARY
DataOrientation=MULTIPLEXED
NumberOfChannels=3
SamplingInterval=2000
[Binary Infos]
BinaryFormat=INT_16
[Channel Infos]
Ch1=Fz,,0.1,µV
Ch2=VEOG,,0.1,µV
Ch3=ECG,,0.1,µV
"""
    markers = f"""Brain Vision Data Exchange Marker File, Version 1.0
[Common Infos]
Codepage=UTF-8
DataFile={name}.eeg
[Marker Infos]
Mk1=New Segment,,1,1,0,20240309100000000000
Mk2=Stimulus,S  7,501,1,0
"""
    (folder / f"{name}.vhdr").write_text(header, encoding="utf-8")
    (folder / f"{name}.vmrk").write_text(markers, encoding="utf-8")
    return folder / f"{name}.vhdr"
