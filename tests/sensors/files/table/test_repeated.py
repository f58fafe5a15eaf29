"""Headers between the rows, rows in no order, and quotes that are never closed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.packages import require
from tests.sensors.files.written import lines

from sentio_sensors import FormatError
from sentio_sensors.files import FileContent
from sentio_sensors.files.reader import read

require("pandas")

HEAD, N = "time,ECG,EDA", 400
ROWS = [f"{i / 64:.6f},{i},{2 + i / 1000:.3f}" for i in range(N)]


def check(content: FileContent) -> None:
    found = {s.kind: s for s in content.streams}
    assert {k: (s.rate_hz, len(s.times)) for k, s in found.items()} == {
        "ECG": (64, N), "EDA": (64, N),
    }  # fmt: skip
    assert found["ECG"].values[:, 0] == pytest.approx(np.arange(N))
    assert found["EDA"].values[:, 0] == pytest.approx(2 + np.arange(N) / 1000)


@pytest.mark.parametrize("every", [10, 25, 200, 399])
def test_repeated_headers_are_not_rows(tmp_path: Path, every: int) -> None:
    text = [
        line for i, row in enumerate(ROWS) for line in ([HEAD, row] if i % every == 0 else [row])
    ]
    content = read(lines(tmp_path / "a.csv", text))
    check(content)
    assert content.notes == []


def test_a_header_in_another_order_counts_for_the_rows_below_it(tmp_path: Path) -> None:
    swapped = [",".join((t, b, a)) for t, a, b in (row.split(",") for row in ROWS)]
    text = [HEAD, *ROWS[:150], "time,EDA,ECG", *swapped[150:300], HEAD, *ROWS[300:]]
    check(read(lines(tmp_path / "a.csv", text)))


def test_a_header_of_another_table_is_refused(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.csv", [HEAD, *ROWS[:150], "time,ECG,TEMP", *ROWS[150:]])
    with pytest.raises(FormatError, match="row 151 is another header: time, ECG, TEMP.*csplit"):
        read(path)


def test_rows_in_no_order_are_sorted(tmp_path: Path) -> None:
    order = np.random.default_rng(0).permutation(N)
    content = read(lines(tmp_path / "a.csv", [HEAD, *(ROWS[i] for i in order)]))
    check(content)
    assert content.notes == ["rows are in no order of time: they are sorted"]


def test_a_quote_that_is_never_closed_loses_no_other_row(tmp_path: Path) -> None:
    text = [f"{HEAD},note", *(row + (',"oops' if i == 50 else ",") for i, row in enumerate(ROWS))]
    check(read(lines(tmp_path / "a.csv", text)))


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"", "a.csv: it is empty"),
        ("b.csv", b"\xef\xbb\xbf\n\n", "b.csv: it is empty"),
        ("c.csv", b"\xef\xbb\xbftime,ECG\n", r"has a header \(time,ECG\) and no rows"),
        ("d.zip", b"PK\x03\x04time,ECG\n0,1\n1,2\n", "ZIP archive that is cut.*zip -FF"),
    ],
)
def test_a_file_without_rows_is_described(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FormatError, match=message):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("minus", "space"), [("\u2212", ""), ("-", "\u00a0"), ("\u2013", "\u202f")]
)
def test_numbers_as_typesetters_write_them(tmp_path: Path, minus: str, space: str) -> None:
    text = [f"{i / 64:.6f};{minus}1{space}{i:03d}" for i in range(N)]
    content = read(lines(tmp_path / "a.csv", ["time;ECG", *text]))
    assert content.streams[0].values[:, 0] == pytest.approx(-1000 - np.arange(N))
