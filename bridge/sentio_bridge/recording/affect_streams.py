"""Convert affect frames to recorded streams and back, exactly; no I/O, no clock.

One stream contains the affect vector as columns for plotting (NaN is unknown), one the numbers
that float32 cannot represent, one the ages and confidences of the frames that have them.
"""

from __future__ import annotations

from math import isnan

import numpy as np
from numpy.typing import NDArray

from sentio_bridge.protocol.frame import LAYOUT, AffectFrame, State
from sentio_recording.xdf.headers import StreamInfo
from sentio_sensors import Channel

VECTOR, META, EVIDENCE = "affect", "affect-meta", "affect-evidence"
"""Names of the streams, followed by ``/`` and the subject."""

_META = ("captured", "state", "seq", "epoch")


def infos(subject: str) -> tuple[StreamInfo, ...]:
    """Return the descriptions of a subject's three streams."""
    return (
        StreamInfo(
            f"{VECTOR}/{subject}",
            "Affect",
            tuple(Channel(name, "1") for name in LAYOUT),
            0.0,
            "float32",
            f"{VECTOR}/{subject}",
            {"subject": subject},
        ),
        StreamInfo(
            f"{META}/{subject}",
            "AffectMeta",
            tuple(Channel(name, "s" if name == "captured" else "1") for name in _META),
            0.0,
            "double64",
            f"{META}/{subject}",
            {"subject": subject},
        ),
        StreamInfo(
            f"{EVIDENCE}/{subject}",
            "AffectEvidence",
            (
                *(Channel(f"{name}:age", "s") for name in LAYOUT),
                *(Channel(f"{name}:confidence", "1") for name in LAYOUT),
            ),
            0.0,
            "float32",
            f"{EVIDENCE}/{subject}",
            {"subject": subject},
        ),
    )


def rows(frame: AffectFrame) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return a frame's two rows, shapes ``(1, entries)`` and ``(1, 4)``."""
    known = np.array([bool(frame.mask >> i & 1) for i in range(len(LAYOUT))])
    vector = np.where(known, frame.vector, np.float32("nan")).astype(np.float32)
    captured = float("nan") if frame.captured is None else frame.captured
    meta = np.array([[captured, int(frame.state), frame.seq, frame.epoch]])
    return vector[None, :], meta


def evidence_row(frame: AffectFrame) -> NDArray[np.float32] | None:
    """Return a frame's ages and confidences, shape ``(1, 2 x entries)``, or None."""
    if frame.age is None or frame.confidence is None:
        return None
    return np.concatenate([frame.age, frame.confidence])[None, :].astype(np.float32)


def frame(
    subject: str,
    sent: float,
    vector: NDArray[np.float32],
    meta: NDArray[np.float64],
    evidence: NDArray[np.float32] | None = None,
) -> AffectFrame:
    """Return the frame of one row of each stream; the inverse of ``rows``."""
    known = ~np.isnan(vector)
    mask = sum(1 << i for i in np.flatnonzero(known).tolist())
    captured = float(meta[0])
    return AffectFrame(
        subject,
        int(meta[3]),
        int(meta[2]),
        None if isnan(captured) else captured,
        sent,
        State(int(meta[1])),
        mask,
        np.where(known, vector, np.float32(0)).astype(np.float32),
        None if evidence is None else evidence[: len(vector)],
        None if evidence is None else evidence[len(vector) :],
    )
