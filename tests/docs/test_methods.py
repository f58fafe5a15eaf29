"""The methods page covers every entry of the affect vector."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sentio_bridge.affect import changes, expressions, frustration, levels
from sentio_bridge.affect.fusion import heart_trend, shared_errors
from sentio_bridge.affect.personal import calibration, resting_expression
from sentio_bridge.affect.startle import body_alone, detector, sudden
from sentio_bridge.protocol.entries import ENTRIES
from sentio_models.modalities.body import (
    beats,
    breath_tracker,
    estimator,
    heart_evidence,
    heart_tracker,
    motion,
    movement,
    phasic,
    sigh,
    signals,
    skin,
    temperature,
)
from sentio_models.modalities.eeg import artefact
from sentio_models.modalities.eeg import estimator as eeg
from sentio_models.modalities.voice import activity, frames

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/methods.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name, _ in ENTRIES])
def test_every_entry_is_on_the_page(name: str) -> None:
    assert re.search(rf"`{name}`", PAGE), f"describe {name} in docs/methods.md"


@pytest.mark.parametrize(
    "heading", ["Conventions", "What a paper should state", "How to cite", "Sources"]
)
def test_a_reviewers_questions_have_a_section(heading: str) -> None:
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    assert len(section) > 200


def test_every_source_that_is_named_is_listed() -> None:
    text, _, sources = PAGE.partition("## Sources\n")
    cited = re.findall(r"([A-Z][a-z]+)(?: et al\.| & [A-Z][a-z]+)? (?:19|20)\d\d", text)
    assert len(cited) > 20
    assert {name for name in cited if name not in sources} == set()


CONSTANTS = [
    ("errors of two sensors as correlated by 0.15", shared_errors.ALIKE, 0.15),
    ("over 240 rates from 28 to 230", heart_tracker.STATES, 240),
    ("from 28 to 230", (heart_tracker.LOWEST, heart_tracker.HIGHEST), (28, 230)),
    ("-1.8 ln(1 - share)", heart_tracker.SPECTRUM_WEIGHT, 1.8),
    ("half of that at its double", heart_tracker.HARMONIC, 0.5),
    ("in the newest 8 s, with a taper", heart_evidence.SPAN, 8),
    ("newest 4 s, at least three intervals", heart_evidence.COUNTED_SECONDS, 4),
    ("under 9 % of the rate", heart_tracker.WIDEST, 0.09),
    ("(likeness over .38, averaged over 1.5 s)", heart_tracker.REPEATS, 0.38),
    ("averaged over 1.5 s", heart_tracker.SETTLES, 1.5),
    ("holds over 12 % of the energy", heart_tracker.FITS, 0.12),
    ("A second under 12 % of the usual size", heart_evidence.FAINT, 0.12),
    ("whose slope is under 3 % complexes", heart_evidence.MAINS, 0.03),
    ("a strap's value ends after 3 s", heart_evidence.STALE, 3),
    ("Root of 1.1 squared + (0.4 of that half width) squared + (1.4 s times",
     (heart_tracker.LEAST_SD, heart_tracker.WIDTH_SD, heart_tracker.TURN_SD), (1.1, 0.4, 1.4)),
    ("30 squared times .4 % (under 85) to 4 % (over 110)", heart_tracker.STEPS,
     ((85, 110), (0.004, 0.04), 30)),
    ("quality is at most .75", heart_tracker.UNWATCHED, 0.75),
    ("else with a deviation of 2 %", heart_tracker.STRAP, 0.02),
    ("by ridge regression (0.6)", movement.RIDGE, 0.6),
    ("1 + a / 0.05 g", movement.HALVES, 0.05),
    ("from 0.06 to 0.35 g", (motion.CALM, motion.SHAKEN), (0.06, 0.35)),
    ("ECG 5 to 24 Hz", beats.QRS_BAND, (5, 24)),
    ("humps of QRS energy over a quarter", beats.SMALL, 0.25),
    ("follows within 0.36 s at less than half", beats.T_WAVE, 0.36),
    ("have one after 0.31 s", beats.LATE_T_WAVE, 0.31),
    ("stand out by 10 %", beats.EARLY, 0.1),
    ("at least 12, at quality .35", estimator.VARIABLE, 0.35),
    ("Gaps of up to 0.35 s", signals.MAX_GAP, 0.35),
    ("The first four columns", heart_evidence.COLUMNS, 4),
    ("Windows end every 0.5 s", estimator.HOP, 0.5),
    ("of 12 to 60 s", (breath_tracker.LEAST, breath_tracker.LONGEST), (12, 60)),
    ("96 rates from 3.5 to 34", (breath_tracker.STATES, breath_tracker.SLOWEST,
     breath_tracker.FASTEST), (96, 3.5, 34)),
    ("newest 12 s (or 2 breaths) and 20 s (or 3 breaths)", breath_tracker.BANKS,
     ((12, 2), (20, 3))),
    ("a rate 1.6 times slower", breath_tracker.SLOPE, 1.6),
    (".04 per root second", breath_tracker.DRIFT, 0.04),
    ("begins with .01 and ends with .02 a second", (breath_tracker.FOUND, breath_tracker.LOST),
     (0.01, 0.02)),
    ("probability over .95 and half the width is under 13 %",
     (breath_tracker.PRESENT, breath_tracker.WIDEST), (0.95, 0.13)),
    ("0.1 + 2.2 of the half width, and .29 for each beat a minute",
     (breath_tracker.LEAST_SD, breath_tracker.WIDTH_SD, breath_tracker.HEART_SD),
     (0.1, 2.2, 0.29)),
    ("in the newest 10 s; 0.1 + 4.3 of the half width where no heart is known",
     (breath_tracker.CHANGED, breath_tracker.LEAST_SD, breath_tracker.ALONE_WIDTH_SD),
     (10, 0.1, 4.3)),
    ("Under 0.05 uS the sensor is not worn, over 100 uS", (skin.DRY, skin.WETTEST), (0.05, 100)),
    ("a rise of 0.03 uS and more", skin.LEAST_RESPONSE, 0.03),
    ("exceeds 1.4 times", skin.COUNTABLE, 1.4),
    ("newest 30 s at 4 Hz after cvxEDA", (phasic.SECONDS, phasic.RATE_HZ), (30, 4)),
    ("40 steps of FISTA", phasic.ITERATIONS, 40),
    ("responses of 0.75 and 2 s", (phasic.RISE, phasic.DECAY), (0.75, 2)),
    ("on knots 5 s apart", phasic.KNOTS, 5),
    ("(seven times the noise) and half a second on", (phasic.CLEAR, phasic.YOUNG), (7, 0.5)),
    ("24 to 42 degrees", (temperature.COLDEST, temperature.WARMEST), (24, 42)),
    ("Blinks over 60 uV", artefact.BLINK, 60),
    ("flat (under 0.3 uV)", artefact.FLAT, 0.3),
    ("loose (over 150 uV)", artefact.LOOSE, 150),
    ("jumps by 120 uV", artefact.JUMP, 120),
    ("of 0.5 and ends it at 1", artefact.MUSCLE, (0.5, 1)),
    ("Under a sampling rate of 64 Hz", eeg.SLOWEST_HZ, 64),
    ("frames of 40 ms every 10 ms", (frames.LENGTH, frames.HOP), (0.04, 0.01)),
    ("pitch from 65 to 600 Hz", (frames.LOW_HZ, frames.HIGH_HZ), (65, 600)),
    ("40 mel bands from 60 to 7,600 Hz", (frames.MELS, frames.MEL_LOW, frames.MEL_HIGH),
     (40, 60, 7600)),
    ("6 dB (periodic frames, harmonicity over 0.45) or 12 dB",
     (activity.ABOVE_DB, activity.HARMONIC, activity.FAR_ABOVE_DB), (6, 0.45, 12)),
    ("histogram of 50 bins", levels.BINS, 50),
    ("time constant of 30 minutes; a prior of the population counts as 40 s and at least 5 %",
     (levels.MEMORY, levels.PRIOR, levels.LEAST_PRIOR), (1800, 40, 0.05)),
    ("up to 15 minutes", levels.MOST_KEPT, 900),
    ("beyond 2.25 spreads; threshold .75 spread seconds", (changes.SLACK, changes.THRESHOLD),
     (2.25, 0.75)),
    ("2.2 times the mean absolute distance from a 3 s average (times 1.25, cut at 3.5)",
     (changes.SPREADS_OF_NOISE, changes.SMOOTH, changes.FROM_MEAN, changes.LARGEST),
     (2.2, 3, 1.25, 3.5)),
    ("speed (2 beats/min in a second) decays over 10 s, and of two oscillations of 2 beats/min "
     "that stay regular for 20 s, at the breathing rate (0.25 Hz until it is known) and at 0.1 Hz; "
     "the trend is given 2 s ahead",
     (heart_trend.SPEED, heart_trend.SPEED_LIFE, heart_trend.SWING, heart_trend.SWING_LIFE,
      heart_trend.BREATH_HZ, heart_trend.PRESSURE_HZ, heart_trend.AHEAD),
     (2, 10, 2, 20, 0.25, 0.1, 2)),
    ("at least .015 to .08 by dimension",
     (min(changes.SPREADS.values()), max(changes.SPREADS.values())), (0.015, 0.08)),
    ("(mean over 60 s)", expressions.USUAL, 60),
    ("share of .35 for each line and a half life of 180 s",
     (frustration.LINE_SHARE, frustration.HALF_LIFE), (0.35, 180)),
    ("begins at .55 after three frustrated lines, ends at .3",
     (frustration.BEGINS, frustration.LEAST_LINES, frustration.ENDS), (0.55, 3, 0.3)),
    ("rise by .25 within .6 s", (sudden.RISE, sudden.QUICK), (0.25, 0.6)),
    ("turns at over 40 degrees/s, or jolts at over 3", (sudden.TURN, sudden.JOLT), (40, 3)),
    ("a skin response over 0.08 microsiemens, dated 1.7 s back",
     (sudden.RESPONSE, sudden.SKIN_DELAY), (0.08, 1.7)),
    ("gains over 5 beats/min in 3 s, dated 2.2 s back", (sudden.BEATS, sudden.HEART_DELAY),
     (5, 2.2)),
    ("-5.55 + 1.05 ln(.05 + microsiemens) + .46 rise + .65 return",
     (body_alone.BIAS, body_alone.SKIN, body_alone.RISE, body_alone.RETURN),
     (-5.55, 1.05, 0.46, 0.65)),
    ("from a probability of .5, at once from .9, else after .4 s",
     (detector.REPORTED, detector.CLEAR, detector.WAIT), (0.5, 0.9, 0.4)),
    ("by .3 of a usual swing", sigh.TURN, 0.3),
    ("a prior of 1 in 40", sigh.PRIOR, 1 / 40),
    ("(over .7 of a usual breath: four times the odds, none: half)",
     (sigh.PAUSE, sigh.PAUSED, sigh.NOT_PAUSED), (0.7, 4, 0.5)),
    ("rest of 20 to 120 s", (calibration.SHORTEST, calibration.LONGEST), (20, 120)),
    ("(neutral .65, each other .05)", resting_expression.GENERAL["neutral"], 0.65),
    ("divided out, by at most 3", resting_expression.MOST, 3),
    ("by at most 0.4 % a second", resting_expression.RATE, 0.004),
    ("n / (n + 5)", resting_expression.TRUST, 5),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "found", "stated"), CONSTANTS)
def test_a_number_on_the_page_is_the_one_of_the_code(
    phrase: str, found: object, stated: object
) -> None:
    assert phrase in PAGE
    assert found == stated
