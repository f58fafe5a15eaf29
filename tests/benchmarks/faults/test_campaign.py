"""Faults are injected into a real sidecar, and a row that misbehaves fails."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from benchmarks.faults import campaign, page
from benchmarks.faults.plan import Group, Row, load

QUICK = [row for group in load() for row in group.rows if row.quick]


def row_of(**changes: object) -> Row:
    made = {"row": "x", "fault": "a fault", "expected": "nothing", **changes}
    return msgspec.convert(made, Row)


@pytest.mark.parametrize("row", QUICK, ids=lambda row: row.row)
def test_quick_faults_behave_as_expected(row: Row) -> None:
    result = campaign.drive(row)
    assert result.outcome != "FAIL", (result.why, result.measured)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "row", [r for g in load() for r in g.rows if not r.quick], ids=lambda row: row.row
)
def test_every_other_fault_behaves_as_expected(row: Row) -> None:
    result = campaign.drive(row)
    assert result.outcome != "FAIL", (result.why, result.measured)


def test_row_fails_if_the_condition_is_not_met_in_time() -> None:
    step = {"until": {"status": "detail.modalities.body.state", "in": ["gold"], "within": 0.1}}
    result = campaign.drive(row_of(steps=[step]))
    assert result.outcome == "FAIL"
    assert "detail.modalities.body.state is" in result.why


def test_row_fails_if_the_sidecar_ends() -> None:
    step = {"signal": {"process": "sidecar", "name": "KILL"}}
    result = campaign.drive(row_of(steps=[step]))
    assert (result.outcome, result.why) == ("FAIL", "the sidecar ended with code -9")


def test_row_without_its_package_is_omitted_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(campaign.PACKAGES, "lsl", "no_such_package")
    result = campaign.drive(row_of(needs=["lsl"], steps=[{"wait": {"seconds": 0}}]))
    assert (result.outcome, result.why) == ("not driven", "needs the package no_such_package")


def test_page_counts_and_explains(tmp_path: Path) -> None:
    rows = [row_of(row="1", not_driven="needs a laptop"), row_of(row="2"), row_of(row="3")]
    results = [
        campaign.Result(rows[0], "not driven", "needs a laptop"),
        campaign.Result(rows[1], "pass", "", {"back_s": 0.5, "pause_s": 0.1, "growth_mb": 1.0}),
        campaign.Result(rows[2], "FAIL", "3 frames are missing"),
    ]
    about = {"date": "2026-01-01", "commit": "abc", "seed": 1, "cores": 2, "load": 0.5}
    text = page.write([Group(group="Cameras", rows=rows)], results, about)
    assert "**1 of 2 driven faults" in text
    assert "| back s 0.5 | 0.1 s, 1.0 MB | pass |" in text
    assert "| needs a laptop |  | not driven |" in text
    assert "- **3**, a fault: 3 frames are missing." in text
