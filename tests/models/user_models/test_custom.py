"""Tests that faulty user models are refused with a reason before they run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentio_models.errors import ModelFailedError, ModelMissingError, ModelRefusedError
from sentio_models.estimate import EMOTIONS, Estimate
from sentio_models.estimator import Needs, Norm
from sentio_models.user_models.custom import check, open_custom
from sentio_models.user_models.onnx_inspector import Rules, inspect
from sentio_models.window import Signal, Window

onnx = pytest.importorskip("onnx")
helper, proto = onnx.helper, onnx.TensorProto

Make = Callable[..., Path]


def graph_of(
    nodes: list[Any], weights: dict[str, np.ndarray], inp: list[int], out: list[int]
) -> Any:
    return helper.make_graph(
        nodes,
        "own",
        [helper.make_tensor_value_info("x", proto.FLOAT, inp)],
        [helper.make_tensor_value_info("y", proto.FLOAT, out)],
        [onnx.numpy_helper.from_array(w, n) for n, w in weights.items()],
    )


def model_of(graph: Any, opset: int = 17, domains: tuple[str, ...] = ("",)) -> bytes:
    imports = [helper.make_opsetid(d, opset if d == "" else 1) for d in domains]
    return bytes(helper.make_model(graph, opset_imports=imports, ir_version=9).SerializeToString())


def linear(weights: np.ndarray, opset: int = 17) -> bytes:
    nodes = [helper.make_node("MatMul", ["x", "w"], ["y"])]
    rows, columns = weights.shape
    return model_of(
        graph_of(nodes, {"w": weights.astype(np.float32)}, [1, rows], [1, columns]), opset
    )


FINE = linear(np.array([[0.5], [0.5]]))


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(blob: bytes = FINE, **changes: Any) -> Path:
        facts: dict[str, Any] = {
            "modality": '"body"',
            "preprocessing": '"features:body"',
            "inp": "[1, 2]",
            "features": '["scl", "heart_rate"]',
            "out": "[1, 1]",
            "labels": '["arousal"]',
            "constants": "",
            "sha256": hashlib.sha256(blob).hexdigest(),
        } | changes
        (tmp_path / "own.onnx").write_bytes(blob)
        path = tmp_path / "own.toml"
        path.write_text(
            f'name = "own"\nmodality = {facts["modality"]}\nsha256 = "{facts["sha256"]}"\n'
            f"opset = 17\npreprocessing = {facts['preprocessing']}\n"
            f'[[inputs]]\nname = "x"\nshape = {facts["inp"]}\nlabels = {facts["features"]}\n'
            f'[[outputs]]\nname = "y"\nshape = {facts["out"]}\nlabels = {facts["labels"]}\n'
            f"[constants]\n{facts['constants']}\n"
        )
        return path

    return write


class Body:
    """Stand-in of a shipped estimator, to test the protocol."""

    modality = "body"
    needs = Needs(frozenset({"eda"}), 10.0, 1.0)
    features: Mapping[str, float] = {"scl": 0.4, "heart_rate": 0.2}
    baseline: Mapping[str, Norm] | None = None

    def estimate(self, window: Window) -> Estimate:
        return Estimate("body", quality=0.7, reasons=("motion",), features=self.features)

    def personalise(self, baseline: Mapping[str, Norm]) -> None:
        self.baseline = baseline


def test_features_are_mapped_by_name_to_readings(make: Make) -> None:
    body = Body()
    model = open_custom(make(constants="sd = 0.2"), features=lambda _: body)
    estimate = model.estimate(Window({}))
    assert estimate.readings["arousal"].mean == pytest.approx(0.3)
    assert estimate.readings["arousal"].variance == pytest.approx(0.04)
    assert (estimate.quality, estimate.reasons) == (0.7, ("motion",))
    assert model.needs == body.needs
    model.personalise({})
    assert body.baseline == {}
    body.features = {"scl": 1.0}
    assert model.estimate(Window({})).reasons == ("motion", "features_missing")


def test_model_spread_is_used_and_values_are_clipped(make: Make) -> None:
    blob = linear(np.array([[9.0, 0.5, 3.0], [9.0, 0.5, 3.0]]))
    path = make(blob, out="[1, 3]", labels='["arousal", "arousal_sd", "tension"]')
    estimate = open_custom(path, features=lambda _: Body()).estimate(Window({}))
    assert estimate.readings["arousal"].mean == 1.0
    assert estimate.readings["arousal"].variance == pytest.approx(0.09)
    assert estimate.features == {"tension": pytest.approx(1.8)}


def test_emotions_must_be_probabilities(make: Make) -> None:
    labels = str(list(EMOTIONS)).replace("'", '"')
    blob = linear(np.ones((2, 8)))
    model = open_custom(make(blob, out="[1, 8]", labels=labels), features=lambda _: Body())
    with pytest.raises(ModelFailedError, match="probabilities"):
        model.estimate(Window({}))


def test_raw_samples_are_selected_by_name_and_resampled(make: Make) -> None:
    nodes = [helper.make_node("ReduceMean", ["x"], ["y"], axes=[1, 2], keepdims=0)]
    blob = model_of(graph_of(nodes, {}, [1, 1, 50], [1]))
    path = make(
        blob,
        modality='"eeg"',
        preprocessing='"samples:eeg"',
        inp="[1, 1, 50]",
        features='["Pz"]',
        out="[1]",
        labels='["level"]',
        constants="rate_hz = 50.0",
    )
    model = open_custom(path)
    assert model.needs.seconds == 1.0
    times = np.arange(-127, 1) / 100
    values = np.stack([np.full(128, 9.0), np.full(128, 3.0)], 1).astype(np.float32)
    signal = Signal(values, times, 100.0, ("Cz", "PZ"), 0.6, ("mains",))
    estimate = model.estimate(Window({"eeg": signal}))
    assert estimate.features["level"] == pytest.approx(3.0)
    assert (estimate.quality, estimate.reasons) == (0.6, ("mains",))
    short = Signal(values[-20:], times[-20:], 100.0, ("Cz", "PZ"))
    assert model.estimate(Window({"eeg": short})).reasons == ("warming",)
    other = Signal(values, times, 100.0, ("Cz", "Fz"))
    assert model.estimate(Window({"eeg": other})).reasons == ("channels_missing",)
    values[3] = np.nan
    assert model.estimate(Window({"eeg": signal})).reasons == ("not_finite", "mains")
    assert model.estimate(Window({})).reasons == ("no_signal",)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"modality": '"smell"'}, "modality is 'smell'"),
        ({"labels": '["a", "b"]'}, "every entry needs one"),
        ({"inp": "[-1, 2]"}, "fixed sizes"),
        ({"inp": "[1, 99999999]"}, "fixed sizes"),
        ({"inp": "[1, 3]", "features": '["a", "b", "c"]'}, "shape"),
        ({"labels": '["neutral"]'}, "all eight or none"),
        ({"sha256": "0" * 64}, "SHA-256"),
        ({"constants": "sd = -1"}, "sd"),
        ({"modality": "3"}, "Expected `str`"),
    ],
)
def test_inconsistent_manifest_is_refused(make: Make, changes: dict[str, str], words: str) -> None:
    with pytest.raises(ModelRefusedError, match=words):
        check(make(**changes))


@pytest.mark.parametrize("preprocessing", ["", "features:smell", "samples:smell", "pixels"])
def test_unknown_front_end_is_refused(make: Make, preprocessing: str) -> None:
    with pytest.raises(ModelRefusedError, match="expected one of|preprocessing is"):
        open_custom(make(preprocessing=f'"{preprocessing}"'), features=lambda _: Body())


def test_missing_files_are_reported(tmp_path: Path, make: Make) -> None:
    with pytest.raises(ModelMissingError, match=r"own\.toml"):
        check(tmp_path / "own.toml")
    (path := make()).with_suffix(".onnx").unlink()
    with pytest.raises(ModelMissingError, match=r"own\.onnx"):
        check(path)


def identity(**attributes: Any) -> Any:
    return helper.make_node("Identity", ["x"], ["y"], **attributes)


def external() -> bytes:
    model = onnx.load_from_string(FINE)
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = proto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
    return bytes(model.SerializeToString())


def nested() -> bytes:
    inner = helper.make_graph(
        [helper.make_node("Identity", ["x"], ["z"])],
        "inner",
        [],
        [helper.make_tensor_value_info("z", proto.FLOAT, [1, 2])],
    )
    nodes = [helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)]
    return model_of(graph_of(nodes, {"c": np.array(True)}, [1, 2], [1, 2]))


def local_function() -> bytes:
    model = onnx.load_from_string(FINE)
    model.functions.append(
        helper.make_function("own", "f", ["a"], ["b"], [], [helper.make_opsetid("", 17)])
    )
    return bytes(model.SerializeToString())


@pytest.mark.parametrize(
    ("blob", "words"),
    [
        (b"", "not an ONNX file"),
        (b"\x89PNG" * 100, "not an ONNX file"),
        (FINE[: len(FINE) // 2], "not an ONNX file"),
        (linear(np.ones((2, 1)), opset=8), "opset 8"),
        (linear(np.ones((2, 1)), opset=30), "opset 30"),
        (
            model_of(
                graph_of([identity(domain="com.evil")], {}, [1, 2], [1, 2]),
                domains=("", "com.evil"),
            ),
            "com.evil",
        ),
        (external(), "other files"),
        (nested(), "within If"),
        (local_function(), "functions"),
    ],
)
def test_file_that_breaks_a_rule_is_refused(blob: bytes, words: str) -> None:
    with pytest.raises(ModelRefusedError, match=words):
        inspect(blob)


def test_size_and_operator_limits_are_enforced() -> None:
    assert inspect(FINE).operators == {"MatMul"}
    with pytest.raises(ModelRefusedError, match="limit is 10"):
        inspect(FINE, Rules(bytes=10))
    with pytest.raises(ModelRefusedError, match="limit 0"):
        inspect(FINE, Rules(nodes=0))


@settings(max_examples=100)
@given(st.binary(max_size=300), st.integers(0, len(FINE)), st.integers(0, 40))
def test_arbitrary_bytes_are_refused_or_read(noise: bytes, at: int, cut: int) -> None:
    for blob in (noise, FINE[:at] + noise + FINE[at + cut :]):
        try:
            inspect(blob)
        except ModelRefusedError as error:
            assert error.what  # noqa: PT017 - either outcome is fine, a reason is not optional


def test_nan_on_a_probe_is_refused(make: Make) -> None:
    nodes = [
        helper.make_node("Log", ["x"], ["l"]),
        helper.make_node("MatMul", ["l", "w"], ["y"]),
    ]
    blob = model_of(graph_of(nodes, {"w": np.ones((2, 1), np.float32)}, [1, 2], [1, 1]))
    with pytest.raises(ModelRefusedError, match="not finite"):
        check(make(blob))


def test_random_model_is_refused(make: Make) -> None:
    nodes = [
        helper.make_node("RandomNormalLike", ["x"], ["r"]),
        helper.make_node("MatMul", ["r", "w"], ["y"]),
    ]
    blob = model_of(graph_of(nodes, {"w": np.ones((2, 1), np.float32)}, [1, 2], [1, 1]))
    with pytest.raises(ModelRefusedError, match="differs between two runs"):
        check(make(blob))


def test_endless_model_is_ended(make: Make) -> None:
    with pytest.raises(ModelRefusedError, match="took more than"):
        check(make(), seconds=0.01)


def test_model_that_needs_too_much_memory_is_refused(make: Make) -> None:
    nodes = [
        helper.make_node("Expand", ["x", "s"], ["e"]),
        helper.make_node("ReduceMean", ["e"], ["y"], axes=[0, 2], keepdims=0),
    ]
    weights = {"s": np.array([200_000, 1, 20_000], np.int64)}
    blob = model_of(graph_of(nodes, weights, [1, 1, 1], [1]))
    path = make(blob, inp="[1, 1, 1]", features="[]", out="[1]")
    with pytest.raises(ModelRefusedError):
        check(path)


def test_example_model_runs(tmp_path: Path) -> None:
    import runpy

    example = Path(__file__).parents[3] / "examples" / "own_model" / "make_model.py"
    made = runpy.run_path(str(example))["make"](tmp_path)
    manifest, probed = check(made)
    assert manifest.name == "engaged_look"
    assert probed.milliseconds > 0
