"""HTML report: well formed, self-contained, escaped, and explicit about gaps."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from benchmarks.offline_session import live
from sentio_bridge.affect.event_responses import ResponseAnalyzer
from sentio_bridge.affect.mood import Mood, SessionSummary
from sentio_bridge.affect.personal.profile import Baseline, Profile
from sentio_bridge.cli.report import register
from sentio_bridge.report import Marker, SessionData, render, render_profile, session_from_frames
from sentio_bridge.report.svg import LEFT, POINTS, RIGHT, WIDTH, Axes, clock, nice, tag, thin


def simulated(seconds=900, seed=0, **more):
    """Simulate a session with responses to a boss, and a gap of the camera."""
    rng = np.random.default_rng(seed)
    analyzer, mood, frames, responses = ResponseAnalyzer(), Mood(), [], []
    markers = [Marker("boss_spawned" if i % 2 else "level_up", 200.0 + 45 * i) for i in range(14)]
    markers = [m for m in markers if m.time < seconds - 20]
    waiting = list(markers)
    for time in np.arange(0.0, seconds, 0.5):
        rises = [
            np.exp(-(time - m.time - 3) / 15)
            for m in markers
            if m.name == "boss_spawned" and time > m.time + 3
        ]
        arousal = float(-0.2 + 0.3 * np.sin(time / 200) + 0.6 * sum(rises) + rng.normal(0, 0.04))
        values = {
            "valence": float(0.3 * np.cos(time / 260) + rng.normal(0, 0.03)),
            "valence_sd": 0.22, "arousal": arousal, "arousal_sd": 0.16, "stress": 0.3,
            "heart_rate": 74 + 9 * arousal + float(rng.normal(0, 0.8)),
            "scl": 4 + 0.5 * sum(rises) + float(rng.normal(0, 0.01)),
            "body_quality": 0.9, "body_age": 0.4, "body_weight": 0.4,
            "flow": 0.5 + 0.3 * float(np.sin(time / 90)), "boredom": 0.2,
        }  # fmt: skip
        if not 300 < time < 420:
            values |= {"dominance": 0.2, "dominance_sd": 0.3, "face_quality": 0.7}
            values |= {"face_age": 0.1, "face_weight": 0.3}
        while waiting and waiting[0].time <= time:
            analyzer.marker(waiting[0].name, waiting.pop(0).time)
        for name, entry in (
            ("arousal", "arousal"),
            ("heart_rate_now", "heart_rate"),
            ("scl", "scl"),
        ):
            analyzer.feature(name, float(time), values[entry])
        mood.update(float(time), values)
        frames.append((float(time), values | mood.values()))
        responses += analyzer.poll(float(time))
    return session_from_frames("player", frames, markers=markers, responses=responses, **more)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page():
    return render(simulated())


def test_page_is_well_formed_and_self_contained(page):
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in tags.seen}
    assert not re.search(r"https?://|@import|url\(", page)
    for svg in re.findall(r"<svg.*?</svg>", page, re.S):
        ElementTree.fromstring(svg)
    assert "nan" not in re.sub(r"[a-z]*nan[a-z]+", "", page)


def test_page_contains_the_events_of_the_session(page):
    text = re.sub(r"<[^>]+>", " ", page)
    for part in ("boss_spawned", "raised arousal", "Limits", "mood", "peaked", "15:00"[:2]):
        assert part in text
    assert 'class="marker answered"' in page


def test_modality_without_estimates_is_shown_as_absent():
    silent = {"voice_quality": 0.0, "voice_weight": 0.0}
    frames = [
        (float(t), {"valence": 0.1, "face_quality": 0.8, "face_age": 0.1, **silent})
        for t in range(60)
    ]
    page = render(session_from_frames("player", frames))
    assert "<td>voice</td><td>0%</td>" in page
    assert "<td>face</td><td>100%</td>" in page


def test_same_session_gives_the_same_bytes():
    assert render(simulated(300)) == render(simulated(300))


def test_names_and_notes_are_escaped():
    session = simulated(260, title="<script>alert(1)</script>", notes=["a < b & c"])
    evil = SessionData(
        '"><img src=x>',
        session.times,
        session.values,
        [Marker("<b onload=x>", 100.0)],
        title=session.title,
        notes=session.notes,
    )
    values = render(evil)
    assert "<script" not in values
    assert "<img" not in values
    assert "<b onload" not in values
    assert "a &lt; b &amp; c" in values


@pytest.mark.parametrize("count", [0, 1, 2])
def test_empty_or_short_session_makes_a_page(count):
    frames = [(float(i), {"valence": 0.1}) for i in range(count)]
    assert "No affect was known" in render(session_from_frames("nobody", frames)) or count > 1


def test_gap_interrupts_the_line():
    axes = Axes(0, 10, -1, 1)
    values = np.array([0.0, 0.1, np.nan, 0.2, 0.3])
    path = axes.line(np.arange(5.0), values, "line")
    assert path.count("M") == 2


def test_steady_quality_is_one_bar_without_gaps_between_frames():
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.uniform(0.005, 0.05, 2000))
    values = {"valence": 0.1, "face_quality": 1.0, "face_age": 0.1}
    frames = [(float(t), values if t < 30 else {"valence": 0.1}) for t in times]
    text = render(session_from_frames("player", frames))
    bars = re.findall(r'<rect class="quality" x="([\d.]+)" y="4" width="([\d.]+)"', text)
    assert len(bars) == 1
    share = 30 / float(times[-1] - times[0])
    assert float(bars[0][1]) == pytest.approx(share * (WIDTH - LEFT - RIGHT), abs=3)


def test_day_of_frames_is_reduced_to_few_points():
    times = np.arange(0.0, 86_400.0, 0.25)
    times_thinned, values = thin(times, np.sin(times / 1000))
    assert len(times_thinned) == POINTS
    assert np.isfinite(values).all()
    assert np.abs(values).max() <= 1


def test_session_is_compared_with_earlier_ones():
    old = [
        SessionSummary(seconds=600.0, mean={"valence": v}, sd={}, zones={}, recovery=20.0)
        for v in (-0.9, -0.8, -0.85)
    ]
    values = render(simulated(300, sessions=old))
    assert "Valence was higher than in most of the 3 sessions before" in values


def test_times_are_formatted():
    assert [clock(s) for s in (0, 61.9, 3725)] == ["0:00", "1:01", "1:02:05"]
    assert all(2 <= len(nice(s)) <= 60 for s in (5, 60, 900, 7200, 86_400 * 3))


def test_profile_makes_a_page():
    baseline = Baseline(mean=62.0, sd=4.0, weight=20.0, low=55.0, high=70.0)
    profile = Profile(subject="<p1>", blocks=["rest"], baselines={"body": {"heart_rate": baseline}})
    page = render_profile("anna", profile)
    assert "heart_rate" in page
    assert "55 to 70" in page
    assert "&lt;p1&gt;" in page
    assert "sentio calibrate" in render_profile("empty", Profile(subject="p2"))


def test_command_reports_on_a_recording_and_names_mistakes(tmp_path):
    _, folder = live(tmp_path, "demo", 6, 8.0, '["adapt", "record"]')
    app = typer.Typer()
    app.command("other")(lambda: None)
    register(app)
    page = tmp_path / "page.html"
    result = CliRunner().invoke(app, ["report", str(folder), "--out", str(page)])
    assert result.exit_code == 0, result.output
    text = page.read_text(encoding="utf-8")
    assert "Affect over time" in text
    assert "1 marker<" in text
    other = CliRunner().invoke(app, ["report", str(folder), "--subject", "ben"])
    assert other.exit_code == 1
    assert "it contains player" in other.output
    none = CliRunner().invoke(app, ["report", str(tmp_path / "none")])
    assert none.exit_code == 1, none.output


def test_element_escapes_text_and_attributes():
    assert tag("text", "<b>", tag("title", "a & b"), class_='"x', x=1.25, text_anchor="end") == (
        '<text class="&#34;x" x="1.2" text-anchor="end">&lt;b&gt;<title>a &amp; b</title></text>'
    )
