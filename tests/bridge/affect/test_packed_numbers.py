"""Packed numbers are a mapping like the one they were made of."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentio_bridge.affect.packed_numbers import PackedNumbers

features = st.dictionaries(st.text(max_size=8), st.floats(allow_nan=False), max_size=30)


@given(features)
def test_packed_numbers_equal_their_origin(given_features: dict[str, float]) -> None:
    packed = PackedNumbers(given_features)
    assert packed == given_features
    assert list(packed.items()) == list(given_features.items())
    assert len(packed) == len(given_features)
    assert pickle.loads(pickle.dumps(packed)) == given_features  # made here


def test_unknown_name_is_a_key_error() -> None:
    packed = PackedNumbers({"a": 1.0})
    assert packed.get("b") is None
    with pytest.raises(KeyError, match="b"):
        packed["b"]


def test_names_are_shared_if_they_are_the_same() -> None:
    first = PackedNumbers({"a": 1.0, "b": 2.0})
    assert PackedNumbers({"a": 3.0, "b": 4.0}, first.names).names is first.names
    other = PackedNumbers({"b": 4.0, "a": 3.0}, first.names)
    assert (other.names, other["a"]) == (("b", "a"), 3.0)
