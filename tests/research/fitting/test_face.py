"""Tests of the face training: learning, resuming, exporting, continuing."""

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


RECIPE = face_net.Recipe(
    cycles=((16, 4, 0.1),), batch=16, repeats=(0,) * 8, adjustment=0.0, average=0.5
)


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


def test_fit_goes_on_from_an_exported_file(trained: tuple[Any, Any]) -> None:
    export: Any = pytest.importorskip("sentio_research.fitting.torch_export")
    face_restore: Any = pytest.importorskip("sentio_research.fitting.face_restore")
    import warnings

    net = trained[0]
    final = export.Calibrated(face_net.Mirrored(net), np.zeros(8), 1.0).eval()
    crops = 255 * torch.rand(64, 1, 16, 16)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        blob = export.to_onnx(final, (crops[:1],), ["crop"], ["probabilities"], half=True)
    again = face_restore.restore(blob, crops)
    with torch.no_grad():
        torch.testing.assert_close(again(crops), net(crops), atol=0.03, rtol=0.03)
    norm = again.features[0][1]
    assert float(norm.running_var.min()) > 0
    assert not torch.allclose(norm.running_mean, torch.zeros_like(norm.running_mean))


@pytest.mark.parametrize("side", [16, 40, 48])
def test_augmented_crops_are_pictures_and_repeatable(side: int) -> None:
    face_augment: Any = pytest.importorskip("sentio_research.fitting.face_augment")
    images = torch.from_numpy(toy(40)[0])[:, None].float()
    matrices = torch.from_numpy(toy(40)[1].astype(np.float32))

    def run(shifts: Any) -> Any:
        chance = torch.Generator().manual_seed(3)
        return face_augment.augment(images, matrices, side, chance, shifts)

    every = face_augment.Shifts(*[1.0] * 9)
    for shifts in (every, face_augment.Shifts(*[0.0] * 9), face_augment.Shifts()):
        x = run(shifts)
        assert x.shape == (40, 1, side, side)
        assert float(x.min()) >= 0
        assert float(x.max()) <= 255
        assert torch.isfinite(x).all()
        assert torch.equal(x, run(shifts))


def test_prototypes_are_balanced_and_one_sided_contempt() -> None:
    face_prototypes: Any = pytest.importorskip("sentio_research.fitting.face_prototypes")
    from sentio_models.estimate import EMOTIONS
    from sentio_models.modalities.face.landmarks import BLENDSHAPES

    shapes, labels = face_prototypes.draw(800, np.random.default_rng(0))
    np.testing.assert_allclose(labels.sum(1), 1, atol=1e-6)
    assert 0 <= shapes.min() <= shapes.max() <= 1
    assert (np.bincount(labels.argmax(1), minlength=8)[1:] > 60).all()
    contempt = shapes[labels[:, EMOTIONS.index("contempt")] > 0.7]
    left, right = (BLENDSHAPES.index(f"mouthDimple{side}") for side in ("Left", "Right"))
    assert (np.minimum(contempt[:, left], contempt[:, right]) < 0.05).all()
    assert (np.maximum(contempt[:, left], contempt[:, right]) > 0.3).all()


def test_blendshape_network_learns_prototypes_beside_data() -> None:
    blendshape_net: Any = pytest.importorskip("sentio_research.fitting.blendshape_net")
    face_prototypes: Any = pytest.importorskip("sentio_research.fitting.face_prototypes")
    rng = np.random.default_rng(0)
    data = rng.uniform(0, 0.2, (512, 52)).astype(np.float32)
    votes = np.tile(np.eye(8, dtype=np.float32)[0] * 0.9 + 0.0125, (512, 1))
    net = blendshape_net.fit(data, votes, drawn=0.5, epochs=25, batch=128, seed=1)
    shapes, labels = face_prototypes.draw(400, np.random.default_rng(9))
    with torch.no_grad():
        guess = net(torch.from_numpy(shapes), torch.ones(400, 52)).argmax(1).numpy()
    clear = labels.max(1) > 0.8
    assert (guess == labels.argmax(1))[clear].mean() > 0.6


def mesh(count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Faces of 478 symmetric points; the second class opens the mouth."""
    rng = np.random.default_rng(0)
    half = rng.uniform([1, -15, -3], [15, 15, 3], (239, 3))
    base = np.concatenate([half, half * [-1, 1, 1]])
    labels = rng.integers(0, 2, count)
    points = np.tile(base, (count, 1, 1)) + rng.normal(0, 0.8, (count, 478, 3))
    points[labels == 1, :, 1] += np.where(base[:, 1] > 8, 4.0, 0.0)
    blendshapes = rng.uniform(0, 0.1, (count, 52))
    return (
        points.astype(np.float32),
        blendshapes.astype(np.float32),
        np.eye(8, dtype=np.float32)[labels],
    )


def test_landmark_network_learns_and_is_mirror_symmetric() -> None:
    landmark_net: Any = pytest.importorskip("sentio_research.fitting.landmark_net")
    points, blendshapes, targets = mesh(256)
    net = landmark_net.fit(
        points, blendshapes, targets, repeats=(0,) * 8, adjustment=0.0, epochs=20, batch=32
    )
    both = landmark_net.BothSides([net]).eval()
    p, b = torch.from_numpy(points), torch.from_numpy(blendshapes)
    with torch.no_grad():
        logits, mirrored = both(p, b), both(*net.mirrored(p, b))
    assert (logits.argmax(1).numpy() == targets.argmax(1)).mean() > 0.95
    torch.testing.assert_close(logits, mirrored, atol=1e-4, rtol=1e-3)


def test_mesh_without_symmetry_is_refused() -> None:
    landmark_net: Any = pytest.importorskip("sentio_research.fitting.landmark_net")
    lopsided = np.random.default_rng(0).uniform(1, 20, (478, 3))
    with pytest.raises(ValueError, match="mirror"):
        landmark_net.mirrored_points(lopsided)


def rows(count: int, seed: int, sharp: float) -> Any:
    from sentio_research.fitting.face_calibration import Rows

    rng = np.random.default_rng(seed)
    prior = np.array([0.5, 0.3, 0.1, 0.05, 0.03, 0.01, 0.005, 0.005])
    truth = rng.choice(8, count, p=prior)
    log = np.log(prior) - np.log(prior).mean()
    crop = sharp * np.eye(8)[truth] + rng.normal(0, 1.2, (count, 8)) + log
    landmarks = 1.5 * np.eye(8)[truth] + rng.normal(0, 1.2, (count, 8)) + log
    found = rng.random(count) < 0.9
    return Rows(crop, landmarks * found[:, None], found, truth), log


def test_pool_gains_recall_within_the_kept_accuracy() -> None:
    from sentio_research.fitting.face_calibration import Pool, choose
    from sentio_research.metrics import accuracy, uar

    (plain, log), (shifted, _) = rows(6000, 0, 3.0), rows(6000, 1, 2.5)
    pool = choose(plain, shifted, log, keep=0.01)
    assert pool.evenness > 0
    assert pool.weight > 0
    raw = Pool(0.0, 0.0, 1.0).probabilities(plain, log).argmax(1)
    chosen = pool.probabilities(plain, log).argmax(1)
    assert accuracy(plain.truth, chosen) > accuracy(plain.truth, raw) - 0.01
    assert uar(plain.truth, chosen) > uar(plain.truth, raw) + 0.02
    even = pool.probabilities(plain, log) / np.exp(pool.left(log))
    full = Pool(pool.weight, 1.0, pool.temperature).probabilities(plain, log)
    np.testing.assert_allclose(even / even.sum(1, keepdims=True), full, rtol=1e-6)


def test_weights_by_class_start_at_the_pool_and_raise_the_recall_of_rare_classes() -> None:
    """Two files of probabilities, joined by ``fuse``, equal the fitted logits.

    Harder faces among those of the calibration lower all probabilities alike.
    """
    from sentio_models.modalities.face.fuse import fuse
    from sentio_research.fitting import face_weights
    from sentio_research.fitting.face_calibration import Pool
    from sentio_research.metrics import accuracy, uar

    (plain, log), (shifted, _) = rows(3000, 2, 3.0), rows(3000, 3, 2.5)
    pool, heat = Pool(0.3, 0.2, 0.83), 0.9
    outputs = [face_weights.Outputs.of(some, pool, heat, log) for some in (plain, shifted)]
    weights = face_weights.fit_weights(*outputs, pool, heat)
    hard = face_weights.Outputs.of(rows(3000, 4, 1.0)[0], pool, heat, log)
    softer = face_weights.calibrated(weights, [*outputs, hard])
    weights = face_weights.calibrated(weights, outputs)
    assert np.ptp(softer.crop / weights.crop) < 1e-9
    assert softer.crop[0] < 0.95 * weights.crop[0]
    before, after = pool.probabilities(plain, log), softmax(outputs[0].logits(weights))
    assert uar(plain.truth, after.argmax(1)) > uar(plain.truth, before.argmax(1)) + 0.01
    assert accuracy(plain.truth, after.argmax(1)) > accuracy(plain.truth, before.argmax(1)) - 0.02
    by_crop = softmax((plain.crop - pool.evenness * log) / heat)
    by_landmarks = softmax(plain.landmarks - pool.evenness * log)
    joined = fuse(by_crop, by_landmarks, weights)
    np.testing.assert_allclose(joined[plain.found], after[plain.found], atol=1e-4)


def test_recipe_shifts_each_cycle_as_configured() -> None:
    recipe = face_net.Recipe(cycles=((16, 2, 0.1), (16, 1, 0.1), (16, 1, 0.1)), shifted=(1.0, 0.5))
    often = [recipe.shifts(epoch).sharpened for epoch in range(4)]
    assert often == pytest.approx([0.3, 0.3, 0.15, 0.3])
