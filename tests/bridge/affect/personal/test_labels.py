"""Labels keep the features of their moment, as long as consent holds."""

from __future__ import annotations

import tracemalloc

from sentio_bridge.affect.personal.labels import MOST_LABELS, LabelBook
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


def test_label_takes_little_memory_and_keeps_exact_numbers():
    book = LabelBook()
    numbers = {f"feature_{n}": n / 7.0 for n in range(150)}
    tracemalloc.start()
    try:
        for second in range(MOST_LABELS + 10):
            fresh = {name: value + second for name, value in numbers.items()}
            book.take(Estimate("voice", quality=1.0, features=fresh), float(second))
            book.label("arousal", 0.5, float(second), 0.1)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(book) == MOST_LABELS
    assert used < MOST_LABELS * 2000
    newest = book.moments[-1].features["voice"]
    assert newest == fresh
    assert list(newest) == list(fresh)
    assert book.moments[-2].features["voice"].names is newest.names
