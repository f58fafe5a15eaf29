"""What the text networks are fitted with: exported as computed, drawn as counted."""

from __future__ import annotations

import gzip
from pathlib import Path

import msgspec
import numpy as np
import pytest

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.text.features import BUCKETS, WORDS, feed, places, read
from sentio_models.runtime.manifest import Tensor
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.fitting import text as fitting
from sentio_research.fitting import text_chat as chat
from sentio_research.fitting import text_language as language
from sentio_research.fitting.shipping import ship
from sentio_research.fitting.text_export import OPSET, Network, to_onnx

LINES = ["not bad at all, gg", "this is a horrible map :(", "i love it 😡", "zzz", "no fun"]
MOODS = {"bad": -2.5, "love": 3.2, "horrible": -2.5, "angry": -2.3, "good": 1.9, "fun": 2.3}


@pytest.fixture(scope="module")
def network() -> Network:
    rng = np.random.default_rng(0)

    def part(count: int) -> tuple[np.ndarray, np.ndarray]:
        return rng.normal(0, 0.5, (BUCKETS, count)), rng.normal(0, 0.2, count)

    weights, offsets = part(len(chat.OUTPUTS))
    dense_weights = rng.normal(0, 0.3, (2 * 28 + chat.MOODS, len(chat.OUTPUTS)))
    met = np.zeros(WORDS, np.uint8)
    met[places(["this", "bad"])] = 1
    table = chat.word_table(met, MOODS)
    rarity = rng.integers(20, 200, BUCKETS).astype(np.uint8)
    return Network(
        part(28), part(7), chat.Heads(weights, dense_weights, offsets), rarity, table, 1.0
    )


def test_the_exported_network_computes_what_was_fitted(network: Network, tmp_path: Path) -> None:
    names = {"numbers": [1, -1], "amounts": [1, -1], "places": [1, -1], "words": [1, -1]}
    outputs = {"labels": 7, "emotions": 8, "affect": 3, "anger": 3, "seen": -1}
    ship(
        tmp_path,
        "text",
        to_onnx(network),
        modality="text",
        opset=OPSET,
        inputs=[Tensor(n, s, "-") for n, s in {**names, "turns": [1, -1]}.items()],
        outputs=[Tensor(n, [1, k], "-") for n, k in outputs.items()],
        constants={},
        trained_on="nothing",
        preprocessing="features",
        card="none",
    )
    session = OnnxSession.shipped("text", tmp_path)
    rarity = network.rarity * fitting.RARITY_STEP
    inputs = chat.inputs_of(LINES, rarity, network.fine, network.words)
    wanted = network.later.output(inputs)
    gate = fitting.sigmoid(wanted[:, 4])
    valence = (1 - gate) * wanted[:, 0] + gate * wanted[:, 3]
    for row, line in enumerate(LINES):
        outputs = session.run(feed(read(line)))
        assert outputs["affect"][0, 0] == pytest.approx(valence[row], abs=0.05)
        assert outputs["affect"][0, 1:] == pytest.approx(wanted[row, 1:3], abs=0.05)
        assert outputs["anger"][0] == pytest.approx(fitting.sigmoid(wanted[row, 5:]), abs=0.05)
        assert outputs["emotions"][0].sum() == pytest.approx(1, abs=1e-4)


def test_table_separates_words_with_a_valence_from_known_words(network: Network) -> None:
    def pair(word: str) -> list[int]:
        return network.words[places([word])].tolist()

    assert pair("this") == [1, 1]
    assert pair("love") == [96, 96]
    assert 0 in pair("unmet")


def test_moods_turn_where_a_word_is_negated(network: Network) -> None:
    found = chat.moods(["bad", "not bad", "gg", "😡"], network.words)
    total, up, down, turned_up, turned_down, most_up, most_down = found.T
    assert (total > 0).tolist() == [False, True, True, False]
    assert turned_up.nonzero()[0].tolist() == [1]
    assert not turned_down.any()
    assert (down > 0).tolist() == [True, False, False, True]
    assert (up > 0).tolist() == [False, True, True, False]
    assert np.abs([most_up, most_down]).max() <= 1


def test_a_teacher_takes_noise_out_of_ratings() -> None:
    rng = np.random.default_rng(0)
    encoding = rng.normal(size=(400, 20))
    truth = encoding[:, :3] * 0.3
    noisy = truth + rng.normal(0, 0.3, truth.shape)
    mixed = chat.smoothed(noisy, encoding)
    assert np.abs(mixed - truth).mean() < 0.85 * np.abs(noisy - truth).mean()


def test_lines_are_drawn_by_frequency(tmp_path: Path) -> None:
    bins = [{"format": "cB", "version": 1}, ["often"], *[[]] * 99, ["rare", "3d"]]
    packed = gzip.compress(msgspec.msgpack.encode(bins))
    (tmp_path / "small_xx.msgpack.gz").write_bytes(packed)
    words, shares = language.word_frequencies(tmp_path, "xx")
    assert words == ["often", "rare"]
    assert shares == pytest.approx([1.0, 0.1])
    drawn = " ".join(language.draw((words, shares), 300, np.random.default_rng(0))).split()
    assert drawn.count("often") / drawn.count("rare") == pytest.approx(10**0.8, rel=0.3)
    with pytest.raises(ModelMissingError, match="'yy'"):
        language.word_frequencies(tmp_path, "yy")


def test_accents_and_borrowed_words_vary() -> None:
    own, other = (["été"], np.ones(1)), (["game"], np.ones(1))
    drawn = " ".join(language.draw(own, 200, np.random.default_rng(0), other)).split()
    assert {"été", "ete", "game"} <= set(drawn)
    assert drawn.count("game") < 0.2 * len(drawn)


def test_a_gate_that_is_fitted_separates_two_languages() -> None:
    english = ["the green house", "we play the game", "where is the key"] * 10
    other = ["das grüne haus", "wir spielen das spiel", "wo bleibt der schlüssel"] * 10
    truth = np.repeat([True, False], [30, 30])
    weights, offset = language.fit(language.matrix([*english, *other]), truth, 100.0)
    scores = language.matrix(["the key", "der schlüssel"]) @ weights + offset
    assert scores[0] > 0 > scores[1]


def test_verbs_get_the_forms_that_a_list_lacks() -> None:
    moods = {"confuse": -1.0, "confusing": -0.9, "good": 2.0, "crash": -1.7, "crashed": -1.7}
    found = chat.inflected(moods)
    assert found["confuses"] == found["confused"] == -1.0
    assert found["crashes"] == found["crashing"] == -1.7
    assert found["confusing"] == -0.9
    assert "goods" not in found
    assert moods.keys() <= found.keys()


def test_valence_of_emotions_uses_lines_with_one_label() -> None:
    from sentio_models.modalities.text.estimator import TextEstimator
    from sentio_research.fitting.text_agreement import valence_of_emotions

    lines = ["i love this game", "thank you all", "i hate this game", "i love and hate it", ""]
    labels = np.array([[1, 0], [1, 0], [0, 1], [1, 1], [0, 1]], np.float64)
    found = valence_of_emotions(TextEstimator().read, lines, labels, ("joy", "anger"))
    assert found["joy"][0] > 0.2
    assert found["joy"][1] > 0
    assert found["anger"][0] < -0.2
    assert found["anger"][1] == 0
