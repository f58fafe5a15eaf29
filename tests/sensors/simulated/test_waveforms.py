"""Tests that simulated signals are plausible and follow the scenario."""

from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from sentio_sensors.simulated import BLENDSHAPES, ELECTRODES, HEAD_POSE, SimulateSettings
from sentio_sensors.simulated.body import Body, simulate_body
from sentio_sensors.simulated.streams import Track, tracks
from sentio_sensors.stream import Role

SETTINGS = SimulateSettings(roles=tuple(Role), seed=7, scenario="stress-test")
REST, STRESS = slice(15, 40), slice(55, 85)


@pytest.fixture(scope="module")
def all_tracks() -> dict[Role, Track]:
    return {track.spec.role: track for track in tracks(SETTINGS)}


@pytest.fixture(scope="module")
def body() -> Body:
    return simulate_body(SETTINGS.script(), SETTINGS.seed)


def part(track: Track, seconds: slice) -> NDArray[np.float32]:
    return track.values(seconds.start * track.rate, (seconds.stop - seconds.start) * track.rate)


def band(x: NDArray[np.float32], rate: int, low: float, high: float) -> float:
    from scipy import signal

    f, p = signal.welch(x, rate, nperseg=2 * rate)
    return float(p[(f >= low) & (f < high)].sum())


@pytest.mark.parametrize("seed", range(6))
def test_heart_rate_and_variability_are_plausible(seed: int) -> None:
    body = simulate_body(SETTINGS.script(), seed)
    beats = body.beat.events()
    intervals = np.diff(beats)
    rest = intervals[(beats[1:] > REST.start) & (beats[1:] < REST.stop)]
    stress = intervals[(beats[1:] > STRESS.start) & (beats[1:] < STRESS.stop)]
    assert 50 < 60 / rest.mean() < 75
    assert 8 < 60 / stress.mean() - 60 / rest.mean() < 40

    def rmssd(x: NDArray[np.float64]) -> float:
        return 1000 * float(np.sqrt(np.mean(np.diff(x) ** 2)))

    assert 27 < rmssd(rest) < 85
    assert rmssd(stress) < 0.75 * rmssd(rest)


def test_strap_rate_equals_simulated_heart_rate(all_tracks: dict[Role, Track], body: Body) -> None:
    rates = part(all_tracks[Role.HEART_RATE], REST)[:, 0]
    beats = body.beat.events()
    intervals = np.diff(beats[(beats > REST.start) & (beats < REST.stop)])
    assert rates.mean() == pytest.approx(60 / intervals.mean(), abs=1.5)
    assert (rates == np.round(rates)).all()


def test_heart_rate_rises_during_inspiration(body: Body) -> None:
    beats = body.beat.events()
    interval, at = np.diff(beats), beats[1:]
    breath = np.mod(body.breath.at(at), 1)
    rest = (at > REST.start) & (at < REST.stop)
    assert interval[rest & (breath < 0.5)].mean() < interval[rest & (breath >= 0.5)].mean()


def test_r_peaks_and_pulses_match_the_beats(
    all_tracks: dict[Role, Track], body: Body, signal: ModuleType
) -> None:
    beats = body.beat.events()
    ecg = all_tracks[Role.ECG]
    peaks, _ = signal.find_peaks(ecg.values(0, 125 * 250)[:, 0], height=600, distance=80)
    assert len(peaks) == pytest.approx(len(beats), abs=1)
    # Beat 0 is at the edge, where no peak can be found.
    assert np.abs(peaks[:20] / 250 - beats[1:21]).max() < 0.005
    ppg = all_tracks[Role.PPG].values(0, 125 * 64)[:, 0]
    feet, _ = signal.find_peaks(ppg, prominence=25)
    assert len(feet) == pytest.approx(len(beats), abs=2)


def test_pulse_has_a_dicrotic_notch(all_tracks: dict[Role, Track], signal: ModuleType) -> None:
    ppg = part(all_tracks[Role.PPG], REST)[:, 0]
    systolic, _ = signal.find_peaks(ppg, prominence=25)
    every, _ = signal.find_peaks(ppg, prominence=3)
    assert len(every) > 1.8 * len(systolic)


def test_skin_responses_have_their_shape_and_follow_stress(
    all_tracks: dict[Role, Track], body: Body
) -> None:
    def rate(seconds: slice) -> float:
        active = (body.responses > seconds.start) & (body.responses < seconds.stop)
        return 60 * active.sum() / (seconds.stop - seconds.start)

    assert rate(REST) < 6 < rate(STRESS) < 25
    eda = all_tracks[Role.EDA]
    assert part(eda, slice(0, 125)).min() > 1.0
    assert part(eda, STRESS)[-40:].mean() > part(eda, REST)[-40:].mean() + 0.5


def test_eeg_has_background_alpha_and_blinks(
    all_tracks: dict[Role, Track],
) -> None:
    eeg = all_tracks[Role.EEG]
    rest, stress = part(eeg, REST), part(eeg, STRESS)
    back, front = ELECTRODES.index("O1"), ELECTRODES.index("F3")
    assert band(rest[:, back], 250, 8, 12) > 3 * band(rest[:, back], 250, 12, 16)
    assert band(rest[:, back], 250, 8, 12) > 1.5 * band(stress[:, back], 250, 8, 12)
    assert band(rest[:, back], 250, 2, 4) > 3 * band(rest[:, back], 250, 32, 34)
    assert 5 < rest[:, back].std() < 30
    assert rest[:, front].max() > 50 > 20 > -rest[:, back].min() / 3

    def engagement(x: NDArray[np.float32]) -> float:
        x = x[:, 3]
        return band(x, 250, 13, 30) / (band(x, 250, 4, 8) + band(x, 250, 8, 13))

    assert engagement(stress) > 1.3 * engagement(rest)


def test_breathing_temperature_and_gravity_are_plausible(
    all_tracks: dict[Role, Track], signal: ModuleType
) -> None:
    resp = part(all_tracks[Role.RESP], STRESS)[:, 0]
    breaths, _ = signal.find_peaks(resp, prominence=0.4)
    assert 14 < len(breaths) * 2 < 24  # 30 s of stress
    temp = all_tracks[Role.TEMP].values(0, 4 * 125)
    assert 30 < temp.min() < temp.max() < 36
    accel = all_tracks[Role.ACCEL].values(0, 32 * 125)
    assert np.median(np.linalg.norm(accel, axis=1)) == pytest.approx(1.0, abs=0.05)


def test_voice_has_pauses_and_rises_with_stress(all_tracks: dict[Role, Track]) -> None:
    audio = all_tracks[Role.AUDIO]

    def loudness(seconds: slice) -> NDArray[np.float64]:
        x = part(audio, seconds)[:, 0].reshape(-1, 400)
        return 20 * np.log10(np.sqrt((x.astype(np.float64) ** 2).mean(axis=1)))

    rest, stress = loudness(REST), loudness(STRESS)
    assert 0.1 < (rest > -45).mean() < 0.6
    assert np.percentile(stress, 95) > np.percentile(rest, 95) + 5
    assert np.abs(part(audio, slice(0, 20))).max() < 1


def test_face_has_landmarker_names_and_smiles_in_joy() -> None:
    settings = SimulateSettings(roles=(Role.FACE,), scenario="joy")
    (track,) = tracks(settings)
    assert tuple(c.label for c in track.spec.channels) == BLENDSHAPES + HEAD_POSE
    assert len(BLENDSHAPES) == len(set(BLENDSHAPES)) == 52
    x = track.values(0, 40 * 30)
    assert 0 <= x[:, :52].min() <= x[:, :52].max() <= 1
    assert x[:, BLENDSHAPES.index("mouthSmileLeft")].mean() > 0.3
    assert x[:, BLENDSHAPES.index("mouthFrownLeft")].mean() < 0.05
    assert x[:, BLENDSHAPES.index("eyeBlinkLeft")].max() > 0.6


def test_video_is_rgb_and_always_changes(all_tracks: dict[Role, Track]) -> None:
    frames = all_tracks[Role.VIDEO].values(30, 2)
    assert frames.shape == (2, 120, 160, 3)
    assert frames.dtype == np.uint8
    assert (frames[0] != frames[1]).any()


def test_seeds_give_different_people() -> None:
    one, other = (
        tracks(SimulateSettings(roles=(Role.PPG,), seed=seed))[0].values(0, 640) for seed in (1, 2)
    )
    assert np.abs(one - other).max() > 10
