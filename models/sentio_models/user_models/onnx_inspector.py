"""Inspect an ONNX file without running it.

A user's model is inspected before the runtime loads it. A small parser reads only the protobuf
fields that decide whether it may be loaded (onnx/onnx.proto, versions 1.20 and before), and checks
every length against the available bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sentio_models.errors import ModelRefusedError

OWN_DOMAINS = frozenset({"", "ai.onnx", "ai.onnx.ml"})
"""Operator domains of every onnxruntime; any other domain needs foreign native code."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits of a user's model.

    Attributes:
        bytes: Largest file; the largest shipped one has 2 MB.
        nodes: Largest number of operators.
        oldest: Lowest opset; below, operators have other definitions.
        newest: Highest opset that the oldest supported onnxruntime (1.20) runs.
    """

    bytes: int = 64 * 1024 * 1024
    nodes: int = 5000
    oldest: int = 11
    newest: int = 21


RULES = Rules()


@dataclass(slots=True)
class OnnxFacts:
    """Facts of a file.

    Attributes:
        opsets: Version by operator domain.
        operators: Names of the operators.
        domains: Domains of the nodes.
        nodes: Number of operators.
        nested: Operators that contain graphs (If, Loop, Scan).
        external: Number of tensors whose data is in other files.
        functions: Number of functions in the file.
    """

    opsets: dict[str, int] = field(default_factory=dict)
    operators: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    nodes: int = 0
    nested: set[str] = field(default_factory=set)
    external: int = 0
    functions: int = 0


def inspect(blob: bytes, rules: Rules = RULES) -> OnnxFacts:
    """Read a model's facts and check them against the rules.

    Args:
        blob: The file's bytes.
        rules: Limits.

    Raises:
        ModelRefusedError: It is not an ONNX file, or breaks a rule.
    """
    if len(blob) > rules.bytes:
        raise ModelRefusedError(f"the model has {len(blob)} bytes, the limit is {rules.bytes}")
    facts = OnnxFacts()
    try:
        _model(memoryview(blob), facts)
    except (IndexError, ValueError, RecursionError) as error:
        raise ModelRefusedError(f"this is not an ONNX file: {error}") from None
    opset = facts.opsets.get("", facts.opsets.get("ai.onnx"))
    foreign = (facts.domains | set(facts.opsets)) - OWN_DOMAINS
    if opset is None or facts.nodes == 0:
        raise ModelRefusedError("this is not an ONNX file: it has no operators or no opset")
    if not rules.oldest <= opset <= rules.newest:
        raise ModelRefusedError(
            f"the model has opset {opset}, expected {rules.oldest} to {rules.newest}",
            "export it again with opset_version=17",
        )
    if foreign & facts.domains or facts.functions:
        raise ModelRefusedError(
            f"the model uses custom operators or functions ({', '.join(sorted(foreign)) or 'own'})",
            "export it with standard operators only",
        )
    if facts.external:
        raise ModelRefusedError(
            f"{facts.external} tensors are stored in other files",
            "save the model with its data included (external_data=False)",
        )
    if facts.nested:
        raise ModelRefusedError(
            f"the model contains graphs within {', '.join(sorted(facts.nested))}",
            "export it without control flow, so that its time is bounded",
        )
    if facts.nodes > rules.nodes:
        raise ModelRefusedError(f"the model has {facts.nodes} operators, limit {rules.nodes}")
    return facts


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number is longer than 64 bits")


def fields(data: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Yield the fields of a protobuf message.

    Yields:
        The field's number, its value if it is a whole number, and its bytes if it has any.

    Raises:
        IndexError: The message is truncated.
        ValueError: It is not a message.
    """
    at, end = 0, len(data)
    while at < end:
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        value, body = 0, data[:0]
        if kind == 0:
            value, at = _varint(data, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        elif kind == 2:
            length, at = _varint(data, at)
            body = data[at : at + length]
            at += length
        else:
            raise ValueError(f"field {number} has the unknown kind {kind}")
        if at > end or number == 0:
            raise ValueError("a field is truncated")
        yield number, value, body


def _text(data: memoryview) -> str:
    return bytes(data[:256]).decode("utf-8", "replace")


def _model(data: memoryview, facts: OnnxFacts) -> None:
    for number, _, body in fields(data):
        if number == 7:
            _graph(body, facts)
        elif number == 8:
            domain, version = "", 0
            for inner, value, name in fields(body):
                domain = _text(name) if inner == 1 else domain
                version = value if inner == 2 else version
            facts.opsets[domain] = version
        elif number == 25:
            facts.functions += 1


def _graph(data: memoryview, facts: OnnxFacts) -> None:
    for number, _, body in fields(data):
        if number == 1:
            _node(body, facts)
        elif number == 5:
            _tensor(body, facts)
        elif number == 15:  # sparse: values and indices are tensors
            for inner, _, part in fields(body):
                if inner in (1, 2):
                    _tensor(part, facts)


def _node(data: memoryview, facts: OnnxFacts) -> None:
    facts.nodes += 1
    operator, holds_graph = "", False
    for number, _, body in fields(data):
        if number == 4:
            operator = _text(body)
        elif number == 7:
            facts.domains.add(_text(body))
        elif number == 5:
            holds_graph |= _attribute(body, facts)
    facts.operators.add(operator)
    if holds_graph:
        facts.nested.add(operator)


def _attribute(data: memoryview, facts: OnnxFacts) -> bool:
    holds_graph = False
    for number, _, body in fields(data):
        if number in (5, 10):
            _tensor(body, facts)
        elif number in (6, 11):
            holds_graph = True
    return holds_graph


def _tensor(data: memoryview, facts: OnnxFacts) -> None:
    for number, value, _ in fields(data):
        if number == 13 or (number == 14 and value == 1):
            facts.external += 1
            return
