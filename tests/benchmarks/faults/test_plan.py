"""The plans of the fault campaign are complete and can be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.faults.campaign import STEPS
from benchmarks.faults.plan import load
from sentio_bridge.errors import BridgeError

GROUPS = load()
ROWS = [row for group in GROUPS for row in group.rows]


def test_every_row_of_the_fault_table_is_driven_or_has_a_reason() -> None:
    numbers = {row.row for row in ROWS}
    assert {str(number) for number in range(1, 39)} <= numbers
    assert all(row.steps or len(row.not_driven) > 20 for row in ROWS)


def test_outputs_and_jobs_have_rows() -> None:
    assert any(group.group == "Outputs and jobs" and len(group.rows) >= 5 for group in GROUPS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.row)
def test_every_step_exists(row: object) -> None:
    for step in [*row.before, *row.steps]:  # type: ignore[attr-defined]
        assert set(step) <= set(STEPS), step


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("group: a\nrows: [{row: '1', fault: x, expected: y}]", "needs steps or not_driven"),
        ("group: a\nrows: [{row: 1, fault: x, expected: y}]", "not a fault plan"),
        ("group: a\nrows: [{row: '1', fault: x, expected: y, later: 1}]", "not a fault plan"),
        ("group: [", "not a fault plan"),
    ],
)
def test_faulty_plan_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "plan.yaml").write_text(text)
    with pytest.raises(BridgeError, match=problem):
        load(tmp_path)


def test_row_that_exists_twice_is_refused(tmp_path: Path) -> None:
    row = "{row: '1', fault: x, expected: y, not_driven: z}"
    (tmp_path / "plan.yaml").write_text(f"group: a\nrows: [{row}, {row}]")
    with pytest.raises(BridgeError, match="exists twice"):
        load(tmp_path)
