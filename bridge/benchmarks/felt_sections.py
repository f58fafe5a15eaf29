"""Sections of docs/felt.md beside the tables of simulated people: text of figures."""

from __future__ import annotations

from typing import Any

_SENSORS = {"all": "all", "body": "body", "face": "face", "voice": "voice", "eeg": "EEG"}

_CANNOT = {
    "valence": "body, EEG; a voice hardly",
    "arousal": "a face alone follows weakly",
    "stress": "without a face joy and stress look alike",
    "engagement": "without EEG, or the game's input, unknown",
    "relaxation": "a body or voice alone hardly leaves its middle",
    "heart_rate": "without a sensor of the heart",
    "breathing_rate": "sooner than a breath and a half",
}
"""What cannot be felt, by entry."""

LEAST = 0.3
"""Correlation with the truth below which an entry does not follow."""


def by_dimension(table: Any) -> str:
    """Return what follows each dimension, and how soon, by the sensors that are there.

    Args:
        table: Figures of simulated people (``felt.figures``).
    """
    parts = [
        "\n## For each dimension: what can be felt how soon\n",
        "*r*, and seconds until 63 % of a change (for rates the lag), of simulated people, from "
        "the tables below; *no*: known, but it does not follow; -: unknown.\n\n",
        "| dimension | " + " | ".join(_SENSORS.values()) + " | cannot be felt |\n",
        "|---" * (len(_SENSORS) + 2) + "|\n",
    ]
    for name, cannot in _CANNOT.items():
        cells = [_cell(table[sensors]["entries"].get(name)) for sensors in _SENSORS]
        parts.append(f"| `{name}` | " + " | ".join([*cells, cannot]) + " |\n")
    parts.append(
        "\n`focus` needs EEG and follows in half a minute. Dominance has no sensor. Flow, boredom, "
        "frustration and anxiety need the game ([appraisal](appraisal.md)).\n"
        "\nMoments come as events: a startle in 0.7 s from a face, in 0.9 s from a cry, in 3 s "
        "from head and body, in ten seconds from heart and skin alone; a sigh in 1.6 s from a "
        "belt, and not without one; laughter in half a second from a voice. A change of a "
        "dimension that lasts comes as `change`, mostly within 8 s of its beginning.\n"
    )
    return "".join(parts)


def _cell(row: dict[str, float] | None) -> str:
    if row is None or "r" not in row:
        return "-"
    if row["r"] < LEAST:
        return "no"
    soon = row.get("step_63", float("nan"))
    soon = row["lag"] if soon != soon else soon
    return f"{row['r']:.2f}, {soon:.1f} s"


def moments(figures: Any) -> str:
    """Return the section of startles and sighs (``felt_moments.run``)."""
    parts = [
        "\n## Startles and sighs\n",
        "Simulated people of seeds 21 to 24 in the demonstration's scenes, with startles and sighs "
        "at random (`python -m benchmarks.felt_moments`); a camera's ten images a second. "
        "*delay*: from what startles to the event, median and ninth tenth; for a sigh from the "
        "beginning of the breath. *stated*: mean probability, and the share of events that were "
        "right.\n\n",
        "| sensors | found | delay | false in 5 minutes | stated, right |\n|---|---|---|---|---|\n",
    ]
    for name, row in figures["startle"].items():
        parts.append(f"| startle: {name} | {_moment(row)} |\n")
    parts.append(f"| sigh: belt | {_moment(figures['sigh'])} |\n")
    parts.append(
        "\nIn the sessions above, where nothing startles anybody, all sensors report none in 20 "
        "minutes of rest and 5 in 40 minutes of scenes.\n"
        "\nWithout a face a startle shows later or less often. A voice shows it where the player "
        "cries out, held and louder than their own loud syllables; gasps are not found. In a body "
        "a startle looks like a spontaneous skin response at first: only a heart that has risen "
        "and returned distinguishes them, so that the event comes ten seconds late and suits a "
        "director's pacing, not an effect at once. Real people, none of whom was startled on "
        "purpose: a body gives 0.05 and 0.09 false ones in 5 minutes of rest, 0.13 and 0.30 under "
        "load (CogWear and Stress-Predict, 36 hours), the voices of actors in changing emotions "
        "none in 10 minutes (EmoDB, nEMO), and 1 in 10 with game music under them. After a marker "
        "the "
        "[response](responses.md) has more. A sigh needs a respiration belt: the "
        "same detector finds none of 15 in the baseline of a wrist's pulse, and 2 in its "
        "accelerometer, with 3 false ones in 5 minutes. No recording of real startles was at "
        "hand.\n"
    )
    return "".join(parts)


def _moment(row: dict[str, Any]) -> str:
    delay = "" if row["delay"] is None else f"{row['delay']:.1f} s, {row['delay_90']:.1f} s"
    stated = "" if row["right"] is None else f"{row['probability']:.2f}, {row['right']:.2f}"
    found = f"{100 * row['found']:.0f} % of {row['true']}"
    return f"{found} | {delay} | {row['false_in_5_minutes']} | {stated}"


def clips(figures: Any) -> str:
    """Return the section of played photos and voices (``felt_clips.figures``)."""
    parts = [
        "\n## Real people: photos and voice clips played\n",
        "Labelled photos of other people, one a second, ten of one expression after another, "
        "through the landmarker; clips of nine Polish actors (nEMO), some ten seconds of one "
        "emotion after another, each actor a session (`python -m benchmarks.felt_clips --data "
        "DIR`). Nothing was trained or chosen with either. Truth is the mean rating of the "
        "label's word: what was shown, not what was felt. *lag*: seconds at which r is highest, "
        "and that r. *holds*: as above.\n\n",
        "![photos and a voice against their labels](images/felt_clips.png)\n\n",
        "| clips | entry | known | r | lag, r | holds |\n|---|---|---|---|---|---|\n",
    ]
    for kind, rows in figures.items():
        for name, row in rows.items():
            held = f"{row['holds_68']:.2f}, {row['holds_95']:.2f}" if "holds_68" in row else ""
            parts.append(
                f"| {kind} | `{name}` | {100 * row['known']:.0f} % | {row['r']:.2f} | "
                f"{row['lag']:.1f}, {row['r_at_lag']:.2f} | {held} |\n"
            )
    parts.append(
        "\nA photo's valence and arousal are followed within two seconds; the arousal of a "
        "simulated face follows less well, because the simulator shows little of it. Actors in a "
        "language that the voice was not trained on move its arousal with the label, not far, and "
        "its valence hardly. A voice is relative to the person's own: four of six emotions of "
        "these actors are loud, so that its interval misses their mean.\n"
    )
    return "".join(parts)


def intervals(gap: Any) -> str:
    """Return the section of intervals (``felt_page.gaps``)."""
    rows = "".join(
        f"| `{name}`, simulated, {sensors}, with that gap | {row['holds_68']:.2f}, "
        f"{row['holds_95']:.2f}; error/sd {row['error_in_sd']:.2f} |\n"
        for sensors, entries in gap.items()
        for name, row in entries.items()
    )
    return f"""
## Do the intervals hold
Goal: .63 to .73 within one deviation and .92 to .98 within 1.96. In the tables above intervals \
of `valence` and `engagement` hold more, because a simulator shows exactly what its script says. A \
deviation that is fitted to that would be too small for people: of a face it contains how \
differently people rate the word that fits it (.3) and a gap between shown and felt (.2). With \
this gap in the truth, another one in each scene, valence holds what it should; so do real faces. \
Stress is exactly 0 in much of the time, and the interval around a small mean holds 0 whatever its \
width is, so that more than .73 hold; *error/sd* says whether it is too wide \
([decision](decisions/0088-judge-deviations-by-the-size-of-errors.md)). That of `breathing_rate` \
grows with what the heart has just done, since breathing is followed two breaths late \
([decision](decisions/0091-let-the-heart-widen-the-breathing-rate.md)). That of `heart_rate` was \
fitted to the rate of the moment, from 2.5 s before to 2.5 s after: of that it holds .69 \
([card](../models/cards/body.md)); against the newest 5 s, as in the tables here, .85.

| entry and truth | holds |
|---|---|
{rows}\
| `valence` of a face, FER+ test, 3,562 faces, one rater's rating | 0.71, 0.96 |
| the same with the gap to what is felt | 0.66, 0.94 |
| `arousal` of a face, the same two | 0.75, 0.97; 0.69, 0.94 |
| either, against the mean of up to ten raters (what is shown on average) | 0.97, 1.00; 0.99, 1.00 |
| `stress`, Stress-Predict, 17 people held out ([fusion](fusion.md)) | 0.64, 0.97 |
| `focus`, EEGMAT, rest or work as 0 or 1, both orders | 0.66, 0.97 |
| `engagement`, `relaxation`, EEGMAT, the same labels | 0.13, 0.55; 0.09, 0.61 |
| `heart_rate`, Stress-Predict, 29 people, the device's own beats of 8 s | 0.72 |

`engagement` and `relaxation` are published indices of EEG on a scale from 0 to 1, with a set \
deviation of .25: no labels of how engaged somebody was are at hand, and a label of 0 or 1 is \
further than an index ever goes. Their intervals are those of the index, not of a label. (FER+: \
`python -m sentio_research.evaluation.face_intervals`; simulated: `benchmarks/felt_intervals.py`.)
"""
