"""Load a recording into pandas and MNE.

python examples/analyse_recording.py examples/recordings/simulated
"""

from __future__ import annotations

import sys
from pathlib import Path

import mne
import numpy as np
import pandas as pd

from sentio_recording.absent_frames import absent_frames
from sentio_recording.recording import Recording
from sentio_recording.tracks import tracks


def affect(recording: Recording) -> pd.DataFrame:
    """Return the affect vector over time; unknown entries are NaN."""
    number = next(n for n, info in recording.streams.items() if info.kind == "Affect")
    times, values = recording.samples(number)
    labels = [channel.label for channel in recording.streams[number].channels]
    index = pd.Index(times, name="time")
    return pd.DataFrame(values, index, labels).dropna(axis=1, how="all")


def eeg(recording: Recording) -> mne.io.RawArray | None:
    """Return the EEG, with the game's markers as annotations; None without EEG."""
    track = next((t for t in tracks(recording) if t.spec.role == "eeg"), None)
    if track is None:
        return None
    labels = [channel.label for channel in track.spec.channels]
    info = mne.create_info(labels, track.spec.rate_hz, "eeg")
    raw = mne.io.RawArray(track.values.T.astype(float) * 1e-6, info, verbose="error")
    markers = [(t, name) for t, name in recording.texts("markers") if t >= track.times[0]]
    onsets = [t - track.times[0] for t, _ in markers]
    raw.set_annotations(mne.Annotations(onsets, 0.0, [name for _, name in markers]))
    return raw


def main(path: Path) -> None:
    with Recording(path) as recording:
        frames = affect(recording)
        raw = eeg(recording)
        for sentence in absent_frames(recording):
            print(sentence)
    known = [name for name in ("valence", "arousal", "stress") if name in frames]
    print(frames[known].describe() if known else "no affect was known")
    if raw is None:
        print("no EEG in it")
        return
    spectrum = raw.compute_psd(fmin=1, fmax=40, verbose="error")
    power, frequencies = spectrum.get_data(return_freqs=True)
    alpha = power[:, (frequencies >= 8) & (frequencies < 13)].mean()
    print(f"EEG {raw.times[-1]:.1f} s, alpha {10 * np.log10(alpha * 1e12):.1f} dB(uV^2/Hz)")
    for onset, name in zip(raw.annotations.onset, raw.annotations.description, strict=True):
        print(f"marker {name} at {onset:.3f} s")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("state the recording: python examples/analyse_recording.py RECORDING")
    main(Path(sys.argv[1]))
