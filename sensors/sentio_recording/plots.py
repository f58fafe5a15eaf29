"""Plot a recording as PNG or HTML page; imports matplotlib when called."""

from __future__ import annotations

import base64
import io
import warnings
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentio_recording.page import Image, Section, Table, Text, render
from sentio_recording.recording import Recording
from sentio_recording.stamps import times_of
from sentio_recording.summary import STRETCHES, Summary
from sentio_sensors.errors import AbsentError

POINTS = 2000
"""Points drawn of a channel: more than the pixels of a screen."""

MAX_CHANNELS = 8
"""Limit of channels drawn of a stream."""

MAX_LISTED = 500
"""Limit of markers and damages listed in a page."""

MAX_NAMES = 25
"""Number of marker names that fit next to each other."""

MAX_LABEL = 24
"""Characters of a name that are drawn."""

Envelope = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]
"""Times, and minimum and maximum at each."""

_ORDER = ("Affect", "EEG", "ECG", "PPG", "EDA", "RESP", "TEMP", "ACCEL", "FACE", "Audio")
_SHOWN = ("valence", "arousal", "dominance", "stress", "engagement", "confidence")


def picture(recording: Recording, summary: Summary) -> bytes:
    """Draw all numeric streams with gaps, low quality and markers; return a PNG.

    Raises:
        AbsentError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        fix = "pip install 'sentio-affect[recording]'"
        raise AbsentError("matplotlib is not installed", fix) from None
    shown = sorted(
        (
            s
            for s in summary.streams
            if s.samples
            and recording.streams[s.number].format != "string"
            and s.kind not in ("AffectMeta", "AffectEvidence", "VideoFrame", "AudioBlock")
        ),
        key=lambda s: _ORDER.index(s.kind) if s.kind in _ORDER else len(_ORDER),
    )
    rows = max(1, len(shown) + bool(summary.modalities))
    figure = Figure(figsize=(12, 1.0 + 1.5 * rows), layout="constrained")
    axes = figure.subplots(rows, 1, sharex=True, squeeze=False)[:, 0]
    if summary.modalities:
        _qualities(axes[-1], summary)
    for axis, stream in zip(axes, shown, strict=False):
        info = recording.streams[stream.number]
        whole = recording.whole(stream.number)
        times, values = times_of(recording, stream.number, whole) - summary.first, whole.values
        labels = [c.label for c in info.channels]
        shown_labels = [_label(label) for label in labels]
        wanted = [labels.index(n) for n in _SHOWN if n in labels] if stream.kind == "Affect" else []
        for column in wanted or range(min(len(labels), MAX_CHANNELS)):
            at, low, high = _broken(_envelope(times, values[:, column].astype(float)), stream.gaps)
            (line,) = axis.plot(at, high, lw=0.7, label=shown_labels[column])
            axis.fill_between(at, low, high, color=line.get_color(), lw=0)
        axis.set_ylabel(f"{_label(stream.name)}\n{_label(info.channels[0].unit)}", fontsize=7)
        axis.tick_params(labelsize=7)
        if len(labels) <= MAX_CHANNELS or wanted:
            axis.legend(fontsize=6, loc="upper right", ncols=4)
        _marks(axis, stream.gaps, stream.quality, summary.markers)
    named = -inf
    for moment, name in summary.markers:
        if moment - named >= summary.seconds / MAX_NAMES:  # labels in between would overlap
            named = moment
            place = (moment, 1.02)
            coordinates = ("data", "axes fraction")
            axes[0].annotate(_label(name), place, xycoords=coordinates, fontsize=7, rotation=20)
    axes[-1].set_xlabel("seconds into the recording (grey: gap, red: low quality, dotted: marker)")
    drawn = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # characters that the font lacks are drawn as boxes
        figure.savefig(drawn, format="png", dpi=110)
    return drawn.getvalue()


def _label(text: str) -> str:
    """Return a name from a file as plain text: matplotlib reads ``$`` as mathematics."""
    line = "".join(c if c.isprintable() else " " for c in text[:MAX_LABEL])
    return line.replace("$", r"\$").lstrip("_")


def page(recording: Recording, summary: Summary) -> str:
    """Return one HTML page with the picture, the table of streams and the markers."""
    image = base64.b64encode(picture(recording, summary)).decode()
    head = ("stream", "type", "channels", "samples", "nominal Hz", "measured Hz", "gaps", "lost")
    rows = [
        (s.name, s.kind, s.channels, s.samples, f"{s.nominal_hz:g}",
         f"{s.rate_hz:.3f}" if s.rate_hz or s.nominal_hz else "",
         len(s.gaps), s.lost)
        for s in summary.streams
    ]  # fmt: skip
    markers = [(f"{time:.3f}", name) for time, name in summary.markers[:MAX_LISTED]]
    damages = [(offset, why) for offset, why in summary.damages[:MAX_LISTED]]
    dropped = sum(summary.dropped.values())
    ended = summary.ending or "not properly"
    return render(
        Path(summary.path).name,
        f"{summary.seconds:.1f} s · ended: {ended} · dropped: {dropped} samples",
        [
            Section("Over time", [Image(image, "All streams over time")]),
            Section("Streams", [Table(head, rows, numeric=True)]),
            Section("Markers", [Table(("seconds", "marker"), markers)] if markers else []),
            Section("Damage", [Table(("byte", "what"), damages) if damages else Text("None.")]),
        ],
    )


def _qualities(axis: Any, summary: Summary) -> None:
    """Draw the quality of each modality."""
    at = np.linspace(0, summary.seconds, STRETCHES + 1)
    for m in summary.modalities:
        known = np.array([np.nan if q is None else q for q in m.quality])
        label = (
            m.name if len({o.subject for o in summary.modalities}) == 1 else f"{m.subject} {m.name}"
        )
        axis.step(at, np.append(known, known[-1]), where="post", lw=1.2, label=label)
    axis.set_ylim(-0.05, 1.05)
    axis.set_ylabel("quality of\nmodalities", fontsize=7)
    axis.tick_params(labelsize=7)
    axis.legend(fontsize=6, loc="lower right", ncols=4)


def _envelope(times: NDArray[np.float64], values: NDArray[np.float64]) -> Envelope:
    """Return minimum and maximum in each of ``POINTS`` equal parts."""
    if len(times) <= POINTS:
        return times, values, values
    edges = np.linspace(0, len(times), POINTS + 1).astype(int)[:-1]
    low = np.fmin.reduceat(values, edges)  # unknown only where all of a part is
    high = np.fmax.reduceat(values, edges)
    return times[edges], low, high


def _broken(whole: Envelope, gaps: list[tuple[float, float]]) -> Envelope:
    """Interrupt the line during gaps."""
    at, low, high = whole
    places = np.searchsorted(at, [end for _, end in gaps])
    return (
        np.insert(at, places, [start for start, _ in gaps]),
        np.insert(low, places, np.nan),
        np.insert(high, places, np.nan),
    )


def _marks(
    axis: Any,
    gaps: list[tuple[float, float]],
    quality: list[tuple[float, float]],
    markers: list[tuple[float, str]],
) -> None:
    for start, end in gaps[:200]:
        axis.axvspan(start, end, color="0.85")
    for at, value in quality[:2000]:
        axis.axvline(at, color="tab:red", alpha=0.3 * (1 - value) + 0.02, lw=1)
    for at, _ in markers[:200]:
        axis.axvline(at, color="k", ls=":", lw=0.7)
