"""Tests of an engine's changes in the report: values, causes, authors."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from sentio_bridge.report import Adaptation, render, session_from_frames
from sentio_bridge.report.adaptations import MOST_AUTHORED
from sentio_bridge.report.recorded import adaptations
from sentio_bridge.report.svg import Axes


def event(kind: str, name: str, time: float, subject: str = "ana", **data: object):
    body = {"subject": subject, "kind": kind, "name": name, "time": time, "data": data}
    return time, json.dumps(body)


EVENTS = [
    event("adaptation", "demand", 1.0, value=0.4, why="build-up, arousal_level 0.30 for 0.60"),
    event("adaptation", "fog", 2.0, value=0.2, asked=0.9, why="rail slew"),
    event("adaptation", "fog", 2.5, subject="ben", value=0.7, why="following stress_level"),
    event("frozen", "frozen", 3.0, reason="dizzy", by="therapist"),
    event("frozen", "unfrozen", 7.5, reason=""),
    event("override", "values", 8.0, values={"stress": 0.5}, by="<b>Eve</b>", seconds=60),
    event("override", "values", 9.0, values={"stress": None}),
    (10.0, "not json"),
    (11.0, json.dumps({"kind": "adaptation"})),
]


def test_changes_of_one_person_are_read_with_cause_author_and_duration() -> None:
    found = adaptations(EVENTS, "ana")
    assert [(c.what, c.by) for c in found] == [
        ("demand", ""),
        ("fog", ""),
        ("freeze", "therapist"),
        ("freeze", "a client"),
        ("override of stress", "<b>Eve</b>"),
        ("override of stress", "a client"),
    ]
    assert found[1].asked == 0.9
    assert np.isnan(found[0].asked)
    assert found[3].seconds == 4.5
    assert found[4].seconds == 60


def test_the_page_shows_limits_causes_and_authors() -> None:
    frames = [(float(t), {"valence": 0.1, "arousal": 0.2}) for t in range(12)]
    page = render(session_from_frames("ana", frames, adaptations=adaptations(EVENTS, "ana")))
    for text in ("Adaptation", "rail slew", "dizzy", "4.5 s", "60.0 s", "&lt;b&gt;Eve&lt;/b&gt;"):
        assert text in page
    assert "<b>Eve" not in page
    assert "fog over time" in page
    assert "requested before limits" in page


def test_a_page_without_adaptations_and_one_with_many_overrides() -> None:
    frames = [(float(t), {"valence": 0.1}) for t in range(3)]
    assert "Adaptation" not in render(session_from_frames("ana", frames))
    many = [Adaptation("freeze", float(t), 1.0, "menu", by="op") for t in range(MOST_AUTHORED + 5)]
    assert "5 more are in the recording" in render(
        session_from_frames("ana", frames, adaptations=many)
    )


def test_a_change_without_a_number_is_listed_and_not_drawn() -> None:
    none = [Adaptation("music", 1.0, float("nan"), "muted")]
    frames = [(float(t), {"valence": 0.1}) for t in range(3)]
    page = render(session_from_frames("ana", frames, adaptations=none))
    assert "muted" in page


@pytest.mark.parametrize(
    ("seconds", "released", "until"), [(3.0, None, 5.0), (60.0, 6.0, 6.0), (None, None, 11.0)]
)
def test_the_line_of_an_override_ends_with_it(
    seconds: float | None, released: float | None, until: float
) -> None:
    events = [event("override", "values", 2.0, values={"stress": 0.5}, seconds=seconds)]
    if released is not None:
        events.append(event("override", "values", released, values={"stress": None}))
    frames = [(float(t), {"arousal": 0.1}) for t in range(12)]
    page = render(session_from_frames("ana", frames, adaptations=adaptations(events, "ana")))
    plot = page[page.index("override of stress over time") :]
    drawn = re.search(r'class="line body" d="([^"]+)"', plot)
    assert drawn is not None
    across = [float(x) for x in re.findall(r"[ML]([\d.]+) ", drawn[1])]
    axes = Axes(0.0, 11.0, 0.0, 1.0, 90)
    assert (across[0], across[-1]) == pytest.approx((axes.x(2.0), axes.x(until)), abs=0.1)
