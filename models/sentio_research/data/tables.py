"""CSV tables of labelled data, with their columns checked."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from sentio_models.errors import ModelMissingError, ModelRefusedError


def read_table(data: str, path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    """Read the rows of a CSV table, without the spaces around its cells.

    Args:
        data: Name of the data, for messages.
        path: The table.
        columns: Columns that every row must have.

    Raises:
        ModelMissingError: There is no such file.
        ModelRefusedError: A column is missing, or a row is too short.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            found = [name.strip() for name in reader.fieldnames or ()]
            reader.fieldnames = found
            rows = list(reader)
    except FileNotFoundError:
        raise ModelMissingError(
            f"{data}: {path} does not exist", "set --data to the folder of labelled data"
        ) from None
    missing = [name for name in columns if name not in found]
    if missing:
        has = ", ".join(found) or "none"
        raise ModelRefusedError(
            f"{data}: {path} lacks the columns {', '.join(missing)}; it has {has}",
            "use the table of the published data, or your own data (docs/evaluation.md)",
        )
    for number, row in enumerate(rows, 1):
        if any(row[name] is None for name in columns):
            raise ModelRefusedError(f"{data}: {path}: row {number} has too few cells", "")
    return [{name: row[name].strip() for name in found if row[name] is not None} for row in rows]
