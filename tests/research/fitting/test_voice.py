import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("onnx")

import torch

from sentio_models.errors import ModelMissingError
from sentio_models.modalities.voice.statistics import NAMES
from sentio_models.runtime.onnx_session import OnnxSession
from sentio_research.data.voice import CLASSES, Voices, read, vary
from sentio_research.fitting.voice import (
    LAUGHTER,
    Rows,
    export,
    fit,
    left_out,
    predict,
    spreads,
    temperature,
    unseen_logits,
)
from sentio_research.fitting.voice_expert import Recipe, Targets, fit_expert


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def corpora(people=3, each=4, seed=0):
    """Recordings with statistics around a point for each category, shifted by person."""
    rng = np.random.default_rng(seed)
    labels, speakers, corpus, values = [], [], [], []
    for name, categories in (("emodb", "WTN"), ("bursts", ("amusement", "relief", "disgust"))):
        for person in range(people):
            for k, category in enumerate(categories):
                for _ in range(each):
                    labels.append(category)
                    speakers.append(f"{name}{person}")
                    corpus.append(name)
                    centre = np.zeros(len(NAMES))
                    centre[10 * k : 10 * k + 10] = 3.0
                    centre[100:110] = 3.0 * (name == "bursts")
                    values.append(centre + 0.5 * person + rng.standard_normal(len(NAMES)))
    voices = Voices([], np.array(labels), np.array(speakers), np.array(corpus))
    count = len(labels)
    return voices, Rows(np.array(values), np.arange(count), np.ones(count, np.bool_))


def test_expert_separates_the_classes():
    voices, rows = corpora()
    here = voices.corpus == "emodb"
    targets = Targets(
        voices.emotion[here], len(CLASSES), voices.arousal[here][:, None], np.ones(here.sum())
    )
    expert = fit_expert(rows.values[here], targets, Recipe(0.002, 1e-3, landmarks=30), 0)
    with torch.no_grad():
        outputs = expert(torch.from_numpy(rows.values[here].astype(np.float32))).numpy()
    assert (outputs[:, : len(CLASSES)].argmax(axis=1) == voices.emotion[here]).mean() > 0.95
    assert ((outputs[:, -1] > 0) == (voices.arousal[here] > 0.5)).mean() > 0.95


def test_left_out_people_are_in_exactly_one_fold():
    voices, rows = corpora()
    folds = left_out(rows, voices)
    unseen = np.array([fold.unseen for fold in folds])
    assert (unseen.sum(axis=0) == 1).all()
    for fold in folds:
        assert not set(voices.speakers[fold.unseen]) & set(voices.speakers[~fold.unseen])
    outputs = unseen_logits(folds, rows, len(voices.labels))
    speech = voices.corpus == "emodb"
    guess = outputs[speech][:, : len(CLASSES)].argmax(axis=1)
    assert (guess == voices.emotion[speech]).mean() > 0.8
    laughs = voices.labels == "amusement"
    assert outputs[laughs, LAUGHTER].mean() > outputs[~laughs, LAUGHTER].mean() + 1
    assert all(0.25 < sd < 0.8 for sd in spreads(outputs, voices).values())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch's own exporter
def test_exported_file_equals_the_fitted_network(tmp_path):
    voices, rows = corpora()
    net = fit(rows, voices, np.ones(len(voices.labels), np.bool_))
    net.temperature = 1.3
    export(net, tmp_path, {"arousal": 0.4, "valence": 0.5}, "made up")
    session = OnnxSession.shipped("voice", tmp_path)
    for values in rows.values[:5].astype(np.float32):
        with torch.no_grad():
            wanted = net(torch.from_numpy(values[None]))
        got = session.run({"statistics": values[None]})
        for name, tensor in zip(got, wanted, strict=True):
            assert np.abs(got[name] - tensor.numpy()).max() < 2e-3
        assert got["emotions"].sum() == pytest.approx(1, abs=1e-4)


def test_equal_seeds_give_equal_networks():
    voices, rows = corpora()
    every = np.ones(len(voices.labels), np.bool_)
    assert np.array_equal(
        predict(fit(rows, voices, every, 3), rows.values),
        predict(fit(rows, voices, every, 3), rows.values),
    )


def test_temperature_corrects_overconfidence():
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((4000, 4))
    shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    truth = np.array([rng.choice(4, p=p) for p in shares], np.int64)
    assert temperature(3 * logits, truth) == pytest.approx(3, rel=0.1)


def test_augmented_sounds_are_valid():
    rng = np.random.default_rng(0)
    sound = (0.1 * rng.standard_normal(16000)).astype(np.float32)
    for _ in range(40):
        other = vary(sound, rng)
        assert np.isfinite(other).all()
        assert np.abs(other).max() <= 1
        assert 0.4 < len(other) / len(sound) < 1.2


def test_missing_data_error_names_the_path(tmp_path):
    with pytest.raises(ModelMissingError, match="voice_emodb"):
        read(tmp_path)
