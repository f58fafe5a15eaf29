"""The layout keeps its order, covers the vocabulary, and frames hold age and confidence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sentio_bridge import LAYOUT, AffectFrame, State
from sentio_bridge.protocol.entries import ENTRIES
from sentio_bridge.protocol.frame import APPRAISALS, MASK_ENTRIES, pack, pack_evidence
from sentio_models import AFFECT, EMOTIONS, INDICES, MODALITIES, PHYSIOLOGY

ROOT = Path(__file__).parents[3]
V1_0 = tuple((ROOT / "tests/vectors/layout_v1_0.txt").read_text().split())


def frame(values: dict[str, float]) -> AffectFrame:
    mask, vector = pack(values)
    return AffectFrame("player", 1, 2, None, 3.0, State.OK, mask, vector)


def test_the_layout_begins_with_the_one_of_version_1_0() -> None:
    assert len(V1_0) == MASK_ENTRIES == 60
    assert LAYOUT[:MASK_ENTRIES] == V1_0


def test_every_entry_has_its_own_name_and_a_meaning() -> None:
    assert len(set(LAYOUT)) == len(LAYOUT)
    assert all(name.isidentifier() and name.islower() for name in LAYOUT)
    assert all(meaning.endswith(".") for _, meaning in ENTRIES)


def test_the_layout_covers_the_vocabulary() -> None:
    expected = {
        *AFFECT, *(f"{name}_sd" for name in AFFECT), *(f"mood_{name}" for name in AFFECT),
        *(f"p_{name}" for name in EMOTIONS), "entropy",
        *INDICES, *(f"{name}_sd" for name in INDICES), *PHYSIOLOGY, *APPRAISALS, "confidence",
        *(f"{name}_{part}" for name in MODALITIES for part in ("weight", "quality", "age")),
    }  # fmt: skip
    assert expected <= set(LAYOUT)


def test_the_protocols_table_names_every_entry_in_its_place() -> None:
    text = (ROOT / "bridge/PROTOCOL.md").read_text()
    table = text.split("| index | names | range |")[1].split("\n\n")[0]
    assert "`<modality>_weight` `<modality>_quality` `<modality>_age` for" in table
    table = table.replace("`<modality>_weight` `<modality>_quality` `<modality>_age` for ", "")
    places: list[str] = []
    for row in table.splitlines()[2:]:
        index, names, _ = (cell.strip() for cell in row.strip("|").split("|"))
        first, _, last = index.partition("-")
        found = [name.strip("`") for name in names.split()]
        if int(first) == 36:
            parts = ("weight", "quality", "age")
            found = [f"{name}_{part}" for name in found for part in parts]
        assert (int(first), int(last or first)) == (len(places), len(places) + len(found) - 1)
        places += found
    assert tuple(places) == LAYOUT


def test_age_and_confidence_are_none_where_nothing_is_said() -> None:
    bare = frame({"valence": 0.5})
    assert bare.age_of("valence") is None
    assert bare.confidence_of("valence") is None


def test_age_and_confidence_need_a_known_entry() -> None:
    mask, vector = pack({"valence": 0.5, "arousal": 0.0})
    ages = pack_evidence({"valence": 2.5, "stress": 1.0})
    got = AffectFrame("player", 1, 2, None, 3.0, State.OK, mask, vector, ages, ages)
    assert got.age_of("valence") == got.confidence_of("valence") == 2.5
    assert got.age_of("arousal") is None  # known, but its age is not
    assert got.age_of("stress") is None  # not known at all
    with pytest.raises(KeyError):
        got.age_of("sress")


def test_only_names_of_the_layout_are_packed() -> None:
    with pytest.raises(KeyError):
        pack_evidence({"sress": 1.0})
    assert np.isnan(pack_evidence({})).all()
