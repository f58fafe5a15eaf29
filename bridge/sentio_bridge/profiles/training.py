"""Personal models from all labels of a person: which were made, which refused and why; no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sentio_bridge.affect.personal.model import LabelledMoment, PersonalError, train
from sentio_bridge.affect.personal.profile import PersonalModel
from sentio_bridge.profiles.onnx_heads import export


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one modality and dimension.

    Attributes:
        modality: Whose features.
        dimension: What was labelled.
        labels: How many of them had such features.
        model: The personal model, or None where it was refused.
        reason: Why it was refused; empty where it was not.
        fix: What a person can do about it.
    """

    modality: str
    dimension: str
    labels: int
    model: PersonalModel | None = None
    reason: str = ""
    fix: str = ""

    def body(self) -> dict[str, Any]:
        """Return it as PROTOCOL.md has it."""
        return {
            "modality": self.modality,
            "dimension": self.dimension,
            "labels": self.labels,
            "accepted": self.model is not None,
            "gain": None if self.model is None else self.model.gain,
            "gain_low": None if self.model is None else self.model.gain_low,
            "reason": self.reason,
            "fix": self.fix,
        }


def train_all(moments: Sequence[LabelledMoment]) -> list[Outcome]:
    """Train a head for every modality and dimension that labels were kept of.

    Args:
        moments: The person's labelled moments.

    Raises:
        PersonalError: Nothing was labelled while a modality had features.
    """
    pairs = sorted({(modality, m.name) for m in moments for modality in m.features})
    if not pairs:
        raise PersonalError(
            "there are no labels with features of the same moment",
            "label moments while sensors run: send 'label' requests from the engine",
        )
    outcomes = []
    for modality, dimension in pairs:
        count = sum(m.name == dimension and bool(m.features.get(modality)) for m in moments)
        try:
            model = export(train(moments, modality, dimension))
        except PersonalError as error:
            outcomes.append(
                Outcome(modality, dimension, count, reason=error.what, fix=error.fix or "")
            )
        else:
            outcomes.append(Outcome(modality, dimension, count, model))
    return outcomes


def together(before: Sequence[PersonalModel], outcomes: Sequence[Outcome]) -> list[PersonalModel]:
    """Return the profile's models: new ones in place of older ones of the same kind."""
    made = {(o.modality, o.dimension): o.model for o in outcomes if o.model is not None}
    kept = [m for m in before if (m.modality, m.dimension) not in made]
    return [*kept, *made.values()]
