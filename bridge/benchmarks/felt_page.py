"""Writes docs/felt.md and its plot; needs ``pip install 'sentio-affect[report]'``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks import felt_sections
from benchmarks.felt_figures import MUST
from benchmarks.felt_intervals import with_gap
from benchmarks.felt_plots import legend
from benchmarks.felt_run import Felt

BLUE, RED = "#2f6f9f", "#b5432e"

_HEAD = """# What a player feels, and how soon

Written by `python -m benchmarks.felt --page docs/felt.md` (figures: `sentio bench --suite felt`). \
Simulated people of seeds 21 to 24 play the demonstration and a shuffled script for 300 s each, \
two of them rest for 600 s without a repetition, all through the real estimators and the hub. \
What can be fitted was fitted on seeds 11 to 14. A simulator moves face, voice, heart, skin and \
EEG with one script, more regularly than people do: these figures measure what the way from \
sensor to game adds or loses, not how well people can be read. For real people see below, \
[fusion.md](fusion.md) and [models.md](models.md).

![the demonstration against its truth](images/felt_demo.png)

*known*: share of the frames after 20 s. *lag*: seconds, by cross-correlation. *63 %*: median \
seconds from half of a scripted change (which takes six) until the entry has gone 63 % of its \
own. *used*: 2nd to 98th percentile. *error/sd*: root mean square of the error in deviations, 1 \
where a deviation is as large as the errors are. *holds*: how often the truth lies within one and \
within 1.96 deviations; for levels the truth's rank in its own range so far.
"""

_TAIL = """
## Levels or absolute values
Bind to `*_level` where a game should react to this player: it moves over most of 0..1 within two \
minutes, whatever their face or heart is like. Use the absolute entries where people are compared, \
recorded or explained. A level is a rank: half an hour of excitement becomes the new usual, and a \
player who only rests stays near the middle.

## What cannot be felt
- Dominance has no sensor here. Flow, boredom, frustration and anxiety need the game's markers or \
input statistics to be more than other names for valence and arousal ([appraisal](appraisal.md)).
- Valence from the body or from EEG: unknown. Arousal from a face alone follows weakly.
- Stress without a face knows activation alone: joy and stress look alike to a heart.
- A session that begins under load takes it for calm at first: the level is then about .02 of AUC \
worse. A profile, or half a minute of calibration, avoids that.
- A skin or heart answers seconds late; no filter makes it sooner.
- A gasp: no signal here shows it apart from a word, a yawn or a deep breath, so there is no event \
for it.
"""


_PLAYED = """
## Real people: a wristband played
Empatica E4 recordings through the estimator and the hub, causally, body alone \
(`python -m benchmarks.felt --data DIR`). Stress-Predict: every eighth labelled person; \
CogWear: 35 sessions of 24 people, in the recorded order and with load first; each with a head \
that was refitted without the person. \
AUC within a session, load against rest, of the entry's mean over the newest seconds, averaged, \
with the 95 % interval over sessions; *time* is the AUC of the seconds since the start.

| data | entry | 5 s | 15 s | 60 s | known |
|---|---|---|---|---|---|
"""


_SWINGS = """
![four people with a wristband, rest and load](images/felt_e4.png)

The first four sessions of CogWear, not chosen. A level of a body alone swings by up to half of \
its range at rest: with breathing a quarter less than the heart rate itself would move it, and \
with the waves of ten seconds and more of blood pressure, which are too irregular in people to be \
taken out. Where a game paces over minutes, average it over 15 s or more; where it reacts at once, \
use [change events](methods.md) or other sensors with it.
"""


def gaps(found: dict[str, tuple[list[Felt], list[Felt]]]) -> dict[str, Any]:
    """Return the coverage of what a face moves, with the gap of people."""
    return {
        title: {name: with_gap(found[sensors][0], name) for name in ("valence", "stress")}
        for sensors, title in (
            ("all", "all sensors"),
            ("face", "face alone"),
            ("artefacts", "all sensors with artefacts"),
        )
    }


def played_section(figures: Any) -> str:
    """Return the section of played recordings (``felt_played.figures``)."""
    parts = [_PLAYED]
    for data, rows in figures.items():
        for name in ("arousal_level", "stress_level", "arousal", "stress"):
            cells = [_interval(rows[name][f"auc_{over}_s"]) for over in (5, 15, 60)]
            known = f"{100 * rows[name]['known']:.0f} %"
            parts.append(f"| {data} | `{name}` | " + " | ".join([*cells, known]) + " |\n")
        parts.append(f"| {data} | *time* | {_interval(rows['time']['auc_5_s'])} | | | |\n")
    parts.append(_SWINGS)
    parts.append("\n| onsets | entry | below the person's own median | crossed it in 15 s |\n")
    parts.append("|---|---|---|---|\n")
    for data, rows in figures.items():
        for name in ("arousal_level", "stress_level"):
            onsets = rows["onsets"][name]
            if count := onsets["onsets_from_below"]:
                crossed = f"{100 * onsets['crossed']:.0f} %"
                parts.append(f"| {data} | `{name}` | {count} | {crossed} |\n")
    return "".join(parts)


def _interval(figure: dict[str, float]) -> str:
    return f"{figure['value']:.2f} ({figure['low']:.2f} to {figure['high']:.2f})"


def write(
    page: Path,
    found: dict[str, tuple[list[Felt], list[Felt]]],
    table: Any,
    moments: Any,
    played: Any = None,
    clips: Any = None,
) -> None:
    """Write the page, and ``felt_demo.png`` into ``images`` beside it.

    Args:
        page: The page.
        found: Courses of the simulated people (``felt.gathered``).
        table: Their figures.
        moments: Figures of startles and sighs (``felt_moments.run``).
        played: Figures of played recordings (``felt_played.figures``); None leaves them out.
        clips: Figures of photos and voices (``felt_clips.figures``); None leaves them out.
    """
    parts = [_HEAD, felt_sections.by_dimension(table)]
    for sensors, rows in table.items():
        parts.append(f"\n## {_TITLES[sensors]}\n")
        parts.append("| entry | known | r | lag | 63 % | used | mean error | error/sd | holds |\n")
        parts.append("|---|---|---|---|---|---|---|---|---|\n")
        for name, row in rows["entries"].items():
            cells = (
                f"{100 * row['known']:.0f} %",
                _number(row, "r", 2),
                _number(row, "lag", 1),
                _number(row, "step_63", 1),
                _number(row, "used", 2),
                _number(row, "mae", 2),
                _number(row, "error_in_sd", 2),
                f"{_number(row, 'holds_68', 2)}, {_number(row, 'holds_95', 2)}",
            )
            parts.append(f"| `{name}` | " + " | ".join(cells) + " |\n")
        moved = rows["changes"]
        parts.append(
            f"\nChange events: {100 * moved['found']:.0f} % of the steps of what is known here "
            f"found within 8 s; {_false(moved)}"
            f"{moved['extra_in_5_minutes']} more in 5 minutes of scenes. {_by_dimension(moved)}\n"
        )
        if rows["rest_used"]:
            used = ", ".join(f"`{n}` {v:.2f}" for n, v in rows["rest_used"].items())
            parts.append(f"Of 0..1 in ten minutes of rest: {used}.\n")
    parts.append(felt_sections.moments(moments))
    if clips is not None:
        parts.append(felt_sections.clips(clips))
    if played is not None:
        parts.append(played_section(played))
    parts.append(felt_sections.intervals(gaps(found)))
    parts.append(_TAIL)
    page.write_text("".join(parts))
    _draw(page.parent / "images" / "felt_demo.png", found["all"][0][0])


_TITLES = {
    "all": "All sensors",
    "body": "Body alone",
    "face": "Face alone",
    "voice": "Voice alone",
    "eeg": "EEG alone",
    "artefacts": "All sensors with artefacts, the demonstration",
}


def _false(moved: dict[str, Any]) -> str:
    false = moved["false_in_5_minutes"]
    return "" if false is None else f"{false} false ones in 5 minutes of rest, "


def _by_dimension(moved: dict[str, Any]) -> str:
    """Return how many steps of each dimension were found, and how many show at all."""
    counts = ", ".join(
        f"`{name}` {moved[name]['found']} of {moved[name]['steps']}"
        for name in MUST
        if name in moved
    )
    return (
        f"Found: {counts}. In {100 * moved['shown']:.0f} % of the steps the entry itself goes a "
        f"tenth of the way in that time; of these {100 * moved['found_of_shown']:.0f} % are found."
    )


def _number(row: dict[str, float], key: str, digits: int) -> str:
    value = row.get(key)
    return "" if value is None or value != value else f"{value:.{digits}f}"


def _draw(path: Path, one: Felt) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    plt.rcParams.update({"axes.spines.top": False, "axes.spines.right": False, "font.size": 9})
    names = ("arousal", "valence", "stress", "arousal_level", "stress_level", "heart_rate")
    figure, rows = plt.subplots(len(names), 1, figsize=(8, 9), sharex=True, layout="constrained")
    for axes, name in zip(rows, names, strict=True):
        value, deviation = one.values[name], one.values[f"{name}_sd"]
        axes.fill_between(
            one.times, value - deviation, value + deviation, color=BLUE, alpha=0.2, lw=0
        )
        axes.plot(one.times, value, color=BLUE, lw=1.5, label="in the frames")
        if name in one.truth:
            axes.plot(one.times, one.truth[name], color=RED, lw=1.2, label="truth")
        for at, dimension, _ in one.changes:
            if dimension == name:
                axes.axvline(at, color="#8a8a8a", lw=0.8)
        axes.set(ylabel=name.replace("_", " "))
    for at, title in one.session.scenario().boundaries(0.0, float(one.times[-1])):
        rows[0].annotate(title, (at + 1, 1.02), xycoords=("data", "axes fraction"))
    legend(figure, rows[0])
    rows[-1].set(xlabel="seconds; grey lines are change events")
    figure.savefig(path, dpi=110)
    plt.close(figure)
