"""Layout of the affect vector, and age and confidence of frames."""

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


def test_layout_starts_with_that_of_version_1_0() -> None:
    assert len(V1_0) == MASK_ENTRIES == 60
    assert LAYOUT[:MASK_ENTRIES] == V1_0


def test_every_entry_has_a_unique_name_and_a_description() -> None:
    assert len(set(LAYOUT)) == len(LAYOUT)
    assert all(name.isidentifier() and name.islower() for name in LAYOUT)
    assert all(meaning.endswith(".") for _, meaning in ENTRIES)


def test_layout_covers_the_vocabulary() -> None:
    expected = {
        *AFFECT, *(f"{name}_sd" for name in AFFECT), *(f"mood_{name}" for name in AFFECT),
        *(f"p_{name}" for name in EMOTIONS), "entropy",
        *INDICES, *(f"{name}_sd" for name in INDICES), *PHYSIOLOGY, *APPRAISALS, "confidence",
        *(f"{name}_{part}" for name in MODALITIES for part in ("weight", "quality", "age")),
    }  # fmt: skip
    assert expected <= set(LAYOUT)


def test_table_in_the_protocol_lists_every_entry_in_order() -> None:
    text = (ROOT / "bridge/PROTOCOL.md").read_text()
    table = text.split("| index | names | range |")[1].split("\n\n")[0]
    assert "`<modality>_weight` `<modality>_quality` `<modality>_age` for" in table
    table = table.replace("`<modality>_weight` `<modality>_quality` `<modality>_age` for ", "")
    listed: list[str] = []
    for row in table.splitlines()[2:]:
        index, names, _ = (cell.strip() for cell in row.strip("|").split("|"))
        first, _, last = index.partition("-")
        row_names = [name.strip("`") for name in names.split()]
        if int(first) == 36:
            parts = ("weight", "quality", "age")
            row_names = [f"{name}_{part}" for name in row_names for part in parts]
        assert (int(first), int(last or first)) == (len(listed), len(listed) + len(row_names) - 1)
        listed += row_names
    assert tuple(listed) == LAYOUT


def test_age_and_confidence_are_none_by_default() -> None:
    bare = frame({"valence": 0.5})
    assert bare.age_of("valence") is None
    assert bare.confidence_of("valence") is None


def test_age_and_confidence_need_a_known_entry() -> None:
    mask, vector = pack({"valence": 0.5, "arousal": 0.0})
    ages = pack_evidence({"valence": 2.5, "stress": 1.0})
    got = AffectFrame("player", 1, 2, None, 3.0, State.OK, mask, vector, ages, ages)
    assert got.age_of("valence") == got.confidence_of("valence") == 2.5
    assert got.age_of("arousal") is None  # known without an age
    assert got.age_of("stress") is None  # unknown entry
    with pytest.warns(UserWarning, match="did you mean 'stress'"):
        assert got.age_of("sress") is None


def test_unknown_names_are_not_packed() -> None:
    with pytest.raises(KeyError):
        pack_evidence({"sress": 1.0})
    assert np.isnan(pack_evidence({})).all()


@pytest.mark.parametrize("read", [AffectFrame.get, AffectFrame.age_of, AffectFrame.confidence_of])
def test_an_unknown_name_gets_a_warning_with_the_nearest(read) -> None:  # type: ignore[no-untyped-def]
    known = frame({"arousal": 0.5})
    with pytest.warns(UserWarning, match="no entry 'arousel'; did you mean 'arousal'") as caught:
        assert read(known, "arousel") is None
    assert caught[0].filename == __file__  # where the name was used
    with pytest.warns(UserWarning, match="no entry 'qqqq'$"):
        assert read(known, "qqqq") is None
