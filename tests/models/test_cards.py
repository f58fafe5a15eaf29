"""Tests that shipped models are small and have complete manifests and cards."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sentio_models.runtime.manifest import WEIGHTS, load

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in WEIGHTS.glob("*.onnx"))
CARDS = sorted((ROOT / "models/cards").glob("*.md"))
MIB = 1024 * 1024


def test_sizes_are_below_the_limits() -> None:
    size = {name: (WEIGHTS / f"{name}.onnx").stat().st_size for name in NAMES}
    assert sum(size.values()) <= 12 * MIB
    assert sum(size[f"face_{part}"] for part in ("crop", "landmarks", "blendshapes")) <= 4 * MIB
    assert size["text"] <= 6 * MIB
    assert {path.stem for path in WEIGHTS.glob("*.toml")} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_manifest_is_complete(name: str) -> None:
    manifest, _ = load(name)  # and the hash holds
    assert manifest.opset >= 11
    assert manifest.licence
    assert manifest.trained_on
    assert manifest.preprocessing
    assert (ROOT / manifest.card).is_file()
    for tensor in (*manifest.inputs, *manifest.outputs):
        assert tensor.shape
        assert tensor.unit, f"{name}: {tensor.name} has no unit"


@pytest.mark.parametrize("card", CARDS, ids=lambda path: path.stem)
def test_card_has_all_sections(card: Path) -> None:
    text = card.read_text(encoding="utf-8")
    for part in ("What may be claimed", "What may not", "## Known failures", "## Licence"):
        assert part in text, f"{card.name} lacks {part!r}"
    for part in ("## What not to do with it", "cannot be judged for lack of data"):
        assert part in text, f"{card.name} lacks {part!r}"
    assert f"| by group (`sentio eval {card.stem} --by GROUP`)" in text
    for word in ("ECE", "ecall", "interval", "sentio eval"):
        assert word in text, f"{card.name} lacks {word!r}"
    assert len(re.findall(r"\.\d+ \(\.\d+ to \.\d+\)", text)) >= 3
    for picture in re.findall(r"\]\(([^)]*\.png)\)", text):
        assert (card.parent / picture).is_file(), f"{card.name}: {picture} is not there"
