"""Checks of `sentio self-test`: one for each modality and device library."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sentio_models import Estimate, Estimator
    from sentio_sensors import Chunk, Role, StreamSpec

SECONDS = 40.0
"""Seconds of simulated input that an estimator gets at most."""

Check = Callable[[], str]
"""Checks one part; returns a few words about the result, or raises an exception."""


class IncompleteError(Exception):
    """A part that loads but gives no estimate."""


def _face() -> str:
    import numpy as np

    from sentio_bridge.cli.drawn_face import drawn_face
    from sentio_models.modalities.face import FaceEstimator
    from sentio_models.window import Signal, Window

    estimator = FaceEstimator()
    try:
        image = drawn_face()[None]
        signal = Signal(image, np.zeros(1), 15.0, ())
        return _words(estimator.estimate(Window({"video": signal})))
    finally:
        estimator.close()


def _expression() -> str:
    from sentio_models.modalities.face import BlendshapeEstimator
    from sentio_sensors import Role

    return _simulated(lambda: BlendshapeEstimator("headset"), Role.FACE)


def _voice() -> str:
    from sentio_models.modalities.voice import VoiceEstimator
    from sentio_sensors import Role

    return _simulated(VoiceEstimator, Role.AUDIO)


def _speech_detector() -> str:
    import numpy as np

    from sentio_models.modalities.voice.speech_detector import BLOCK, SpeechDetector

    return f"silence is speech with {SpeechDetector()(np.zeros(BLOCK, np.float32)):.2f}"


def _body() -> str:
    from sentio_models.modalities.body import BodyEstimator
    from sentio_sensors import Role

    return _simulated(BodyEstimator, Role.PPG, Role.EDA, Role.RESP, Role.TEMP, Role.ACCEL)


def _eeg() -> str:
    from sentio_models.modalities.eeg import EegEstimator
    from sentio_sensors import Role

    return _simulated(EegEstimator, Role.EEG)


def _text() -> str:
    from sentio_bridge.pipeline.text_worker import load_text_model

    return _words(load_text_model()("That was great, thank you so much!"))


def _camera() -> str:
    from sentio_bridge.cli.drawn_face import drawn_face
    from sentio_sensors.camera.codec import Converter, load

    av = load()
    image = drawn_face()
    picture = Converter(max_side=160).rgb(av.VideoFrame.from_ndarray(image))
    if abs(float(picture.mean()) - float(image.mean())) > 2.0:
        raise IncompleteError("a picture is not converted correctly")
    return f"PyAV {av.__version__}, {len(av.codecs_available)} codecs"


def _microphone() -> str:
    import numpy as np

    from sentio_sensors.microphone import portaudio
    from sentio_sensors.microphone.resample import Resampler

    samples, _ = Resampler(48000, 16000).push(np.zeros(48000, np.float32))
    if not len(samples):
        raise IncompleteError("the resampler gives no samples")
    return str(portaudio.load().get_portaudio_version()[1]).split(",")[0]


def _sound_files() -> str:
    import soundfile

    return str(soundfile.__libsndfile_version__)


def _boards() -> str:
    from sentio_sensors.brainflow.boards import boards

    return f"{len(boards())} boards"


def _brainflow_classifiers() -> str:
    from sentio_models.modalities.eeg.second_opinion import SecondOpinion

    opinion = SecondOpinion()
    opinion.close()
    return "mindfulness and restfulness"


def _lsl() -> str:
    from sentio_sensors.lsl.binding import load_pylsl

    return f"liblsl {load_pylsl().library_version()}"


def _bluetooth() -> str:
    from sentio_sensors.ble_heart.radio import load_bleak

    return str(load_bleak().BleakScanner.__name__)


def _sidecar() -> str:
    """Import all that a start needs, which no part below does."""
    from sentio_bridge.server.sidecar import Sidecar

    return Sidecar.__name__


CHECKS: dict[str, Check] = {
    "sidecar": _sidecar,
    "face": _face,
    "expression": _expression,
    "voice": _voice,
    "speech detector": _speech_detector,
    "body": _body,
    "eeg": _eeg,
    "text": _text,
    "camera": _camera,
    "microphone": _microphone,
    "sound files": _sound_files,
    "boards": _boards,
    "board classifiers": _brainflow_classifiers,
    "lsl": _lsl,
    "bluetooth": _bluetooth,
}
"""All parts, in order of output."""


def _simulated(make: Callable[[], Estimator], *roles: Role) -> str:
    """Feed a simulated person's samples to an estimator until it gives an estimate."""
    from sentio_bridge.pipeline.estimator_pipeline import EstimatorPipeline

    pipeline = EstimatorPipeline(make())
    best = None
    try:
        for item in _samples(roles):
            due = pipeline.apply(item)
            if due is not None and due[0].readings:
                if best is None or due[0].quality > best.quality:
                    best = due[0]
                if best.quality > 0.5:
                    break
    finally:
        pipeline.close()
    if best is None:
        raise IncompleteError(f"no estimate from {SECONDS:g} s of simulated samples")
    return _words(best)


def _samples(roles: Sequence[Role]) -> Iterator[StreamSpec | Chunk]:
    """Yield a simulated person's streams and samples, without waiting."""
    from sentio_sensors import ManualClock
    from sentio_sensors.simulated.settings import SimulateSettings
    from sentio_sensors.simulated.source import SimulatedSource

    clock = ManualClock()
    source = SimulatedSource(SimulateSettings(roles=tuple(roles), seed=7), clock)
    yield from source.open()
    end = clock.now() + SECONDS
    while clock.now() < end:
        yield from source.read(1.0)


def _words(estimate: Estimate) -> str:
    if not estimate.readings:
        raise IncompleteError(f"no estimate: {', '.join(estimate.reasons) or 'no reason given'}")
    name, reading = next(iter(estimate.readings.items()))
    return f"{name} {reading.mean:+.2f}, quality {estimate.quality:.2f}"
