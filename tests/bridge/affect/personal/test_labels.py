"""Labels keep the features of their moment, as long as consent holds."""

from __future__ import annotations

from sentio_bridge.affect.subject_model import SubjectModel
from sentio_models import Estimate


def test_labels_keep_fresh_features_and_forget_withdrawn_ones():
    person = SubjectModel("ana")
    estimate = Estimate("body", quality=1.0, features={"heart_rate": 80.0})
    person.estimate(estimate, 10.0, 10.0)
    person.label("arousal", 0.5, 11.0, 11.0)
    person.label("arousal", 0.5, 60.0, 60.0)
    kept = [dict(m.features) for m in person.labels.moments]
    assert kept == [{"body": {"heart_rate": 80.0}}, {}]
    person.modality_state("body", "withdrawn", (), "", 61.0)
    assert all("body" not in m.features for m in person.labels.moments)
