"""Tests of the face training: learning, resuming and export."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sentio_research.fitting.calibrate import calibrate, softmax

torch = pytest.importorskip("torch")
face_net: Any = pytest.importorskip("sentio_research.fitting.face_net")


def toy(count: int = 64) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bright and dark halves: two classes that a network learns fast."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, count)
    images = rng.integers(0, 60, (count, 48, 48))
    images[labels == 0, :24] += 150
    images[labels == 1, 24:] += 150
    matrices = np.tile(np.eye(2, 3), (count, 1, 1))
    return images.astype(np.uint8), matrices, np.eye(8, dtype=np.float32)[labels]


RECIPE = face_net.Recipe(cycles=((16, 4, 0.1),), batch=16, repeats=(0,) * 8)


@pytest.fixture(scope="module")
def trained() -> tuple[Any, list[dict[str, Any]]]:
    states: list[dict[str, Any]] = []
    import copy

    torch.set_num_threads(1)
    net = face_net.fit(
        *toy(), RECIPE, epoch_done=lambda _e, _l, state: states.append(copy.deepcopy(state))
    )
    return net, states


def test_network_learns(trained: tuple[Any, Any]) -> None:
    images, _, targets = toy()
    small = images.reshape(-1, 16, 3, 16, 3).mean((2, 4)).astype(np.float32)
    guess = face_net.logits_of(trained[0], small).argmax(1)
    assert (guess == targets.argmax(1)).mean() > 0.9


def test_resumed_run_gives_the_same_weights(trained: tuple[Any, Any]) -> None:
    net, states = trained
    again = face_net.fit(*toy(), RECIPE, resume=states[1])
    for first, second in zip(net.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(first, second)


def test_exported_file_equals_the_fitted_network(trained: tuple[Any, Any]) -> None:
    export: Any = pytest.importorskip("sentio_research.fitting.torch_export")
    import warnings

    import onnxruntime

    net = export.Calibrated(face_net.Mirrored(trained[0]), np.arange(8) / 10, 1.5).eval()
    probe = 255 * torch.rand(1, 1, 24, 24)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        blob = export.to_onnx(net, (probe,), ["crop"], ["probabilities"], half=True)
    (got,) = onnxruntime.InferenceSession(blob).run(None, {"crop": probe.numpy()})
    (mirror,) = onnxruntime.InferenceSession(blob).run(None, {"crop": probe.flip(3).numpy()})
    with torch.no_grad():
        np.testing.assert_allclose(got, net(probe).numpy(), atol=2e-3)
    np.testing.assert_allclose(got, mirror, atol=1e-5)
    assert len(blob) < 2.2e6


def test_calibration_finds_the_temperature() -> None:
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 4))
    truth = np.array([rng.choice(4, p=p) for p in softmax(logits)])
    fitted = calibrate(3 * logits, truth, np.ones(4))
    assert fitted.temperature == pytest.approx(3, rel=0.1)
    np.testing.assert_allclose(fitted.probabilities(3 * logits).sum(1), 1)


def test_rare_classes_are_improved_without_losing_accuracy() -> None:
    rng = np.random.default_rng(0)
    prior = np.array([0.97, 0.03])
    truth = rng.choice(2, 5000, p=prior)
    logits = np.eye(2)[truth] * 2 + rng.normal(0, 1, (5000, 2)) + np.log(prior)
    fitted = calibrate(logits, truth, prior)
    assert fitted.strength > 0
    before = logits.argmax(1)
    after = fitted.probabilities(logits).argmax(1)
    assert (after == truth).mean() >= (before == truth).mean() - 0.0051
    assert (after[truth == 1] == 1).mean() > (before[truth == 1] == 1).mean()
