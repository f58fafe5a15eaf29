"""Heart rates and beat intervals that a strap or a watch measured itself."""

from __future__ import annotations

import numpy as np

from sentio_models.modalities.body.beats import FASTEST, SLOWEST, clean_intervals
from sentio_models.modalities.body.heart import RECENT, Heart
from sentio_models.modalities.body.signals import column
from sentio_models.window import Signal

QUALITY = 0.8
"""Quality of a rate without its beats: good, never as high as that of a clear pulse."""

LEAST = 3
"""Readings within ``RECENT`` from which the rate is given."""


def counted(signal: Signal) -> Heart | None:
    """Read beats a minute, one reading a sample, at any pace of the sensor.

    Returns:
        None while there are fewer than three readings; quality 0 with ``not_worn`` where the
        newest is not the rate of a heart (straps send 0 without contact), with ``gap`` where too
        few are recent. Nothing is known of single beats, so that variability stays unknown.
    """
    values = np.asarray(signal.values, np.float64)[:, 0]
    believed = np.isfinite(values) & (values >= SLOWEST) & (values <= FASTEST)
    if len(values) < LEAST:
        return None
    recent = believed & (signal.offsets > -RECENT)
    reasons: tuple[str, ...] = ()
    if not believed[-1]:
        reasons = ("not_worn",)
    elif recent.sum() < LEAST:
        reasons = ("gap",)
    now = float(values[recent].mean()) if recent.any() else 60.0
    usual = float(values[believed].mean()) if believed.any() else 60.0
    empty = np.empty(0)
    quality = 0.0 if reasons else QUALITY
    return Heart(usual, now, quality, reasons, empty, empty, empty, np.nan, np.nan)


def intervals(signal: Signal, seconds: float = 60.0) -> Heart | None:
    """Read beat intervals, one a sample, in seconds or milliseconds.

    Returns:
        None while there are fewer than three; quality 0 with ``gap`` where the newest is older
        than 5 s. Their variability is known, the wave's size and shape are not.
    """
    values, offsets = column(signal)
    lengths = np.where(values > 10.0, values / 1000.0, values)[offsets > -seconds]
    if len(lengths) < LEAST:
        return None
    # Straps send several at a time: the times are those of the beats, not of the messages.
    beats = np.concatenate([[0.0], np.cumsum(lengths)])
    beats += float(offsets[-1]) - beats[-1]
    kept, ends, clean = clean_intervals(beats)
    if len(kept) < LEAST:
        return None
    recent = kept[ends > -RECENT]
    reasons = ("gap",) if offsets[-1] < -0.5 * RECENT or not len(recent) else ()
    quality = 0.0 if reasons else QUALITY * float(clean.mean())
    now = 60 / float(recent.mean()) if len(recent) else 60 / float(kept.mean())
    usual = 60 / float(kept.mean())
    return Heart(usual, now, quality, reasons, beats, kept, ends, np.nan, np.nan)
