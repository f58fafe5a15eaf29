"""The running sidecar: sources, workers, hub and sockets, wired together."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import sentio_sensors
from sentio_bridge.affect.subject_model import SubjectModel
from sentio_bridge.config.loader import Config, Source
from sentio_bridge.control.dispatcher import Dispatcher
from sentio_bridge.control.input_handlers import InputHandlers
from sentio_bridge.control.profile_handlers import ProfileHandlers
from sentio_bridge.control.session_handlers import SessionHandlers
from sentio_bridge.core.consent import ConsentLedger
from sentio_bridge.core.frame_pacer import FramePacer
from sentio_bridge.core.subject_state import SubjectState
from sentio_bridge.pipeline.estimator_pool import EstimatorPool, kinds
from sentio_bridge.pipeline.messages import (
    MarkerReceived,
    Measured,
    ModelProblem,
    PipelineMessage,
    RecordingEnded,
    SensorChanged,
)
from sentio_bridge.pipeline.serial_queue import SerialQueue
from sentio_bridge.pipeline.source_factory import build, split
from sentio_bridge.pipeline.source_runner import SourceRunner
from sentio_bridge.pipeline.text_worker import TextWorker, load_text_model
from sentio_bridge.profiles.store import ProfileStore
from sentio_bridge.protocol import codec
from sentio_bridge.protocol.vocabulary import MODALITY_OF
from sentio_bridge.recording.handlers import RecordingHandlers
from sentio_bridge.recording.model_hashes import hashes
from sentio_bridge.recording.recorded_hub import RecordedHub
from sentio_bridge.recording.session_recorder import SessionRecorder
from sentio_bridge.replay.handlers import ReplayControl, ReplayHandlers
from sentio_bridge.server.health import Health
from sentio_bridge.transport.server import ServerSockets
from sentio_models import Norm
from sentio_models.runtime.guarded_estimator import Budget
from sentio_recording.replay_source import ReplaySource
from sentio_sensors import Chunk, Clock, StreamSpec

HEALTH_PERIOD = 1.0
"""Seconds between two health messages."""

UNSEEN = 1024
"""Messages that may wait for the live view."""


class Sidecar:
    """Runs a configuration until it is told to stop.

    One thread at a time uses the hub, and none waits for another: the thread that posts an
    estimate also fuses it and sends the frame (``SerialQueue``). The thread of ``run`` sends
    frames that are due because time has passed, answers requests and reports health.

    Args:
        config: What to run.
        clock: The LSL-domain clock that everything is stamped and paced with.
        sockets: Bound sockets; this object closes them.
    """

    def __init__(self, config: Config, clock: Clock, sockets: ServerSockets) -> None:
        self._config = config
        self._clock = clock
        self._sockets = sockets
        self._origin = clock.now()
        self._messages: SerialQueue[PipelineMessage] = SerialQueue(self._carry)
        self._failure: Exception | None = None
        self._asleep_until = 0.0
        self._unseen: deque[bytes] = deque(maxlen=UNSEEN)
        self._shown = False
        self._brought: list[tuple[str, StreamSpec, Chunk]] = []
        subjects = {subject: self._subject_state(subject) for subject in config.subjects}
        epoch = secrets.randbits(31)
        self._session = SessionRecorder(
            config.recording,
            clock,
            {subject: subject_state.consent for subject, subject_state in subjects.items()},
            configuration=config.text,
            epoch=epoch,
            on_end=self._recording_ended,
            profiles=lambda: {
                subject: profile
                for subject, subject_state in subjects.items()
                if (profile := subject_state.person.profile) is not None
            },
            models=partial(hashes, config.models),
        )
        self.hub = RecordedHub(epoch, subjects, self._session)
        self._players: dict[str, ReplayControl] = {}
        known = kinds(config.models)
        budget = Budget(seconds=config.models.budget_ms / 1000.0)
        self._estimators = {
            subject: EstimatorPool(
                subject,
                known,
                clock=clock,
                budget=budget,
                post=self._messages.post,
                observe=self._session.consumed,
                raw=config.sidecar.raw,
            )
            for subject in config.subjects
        }
        self._feeds = [self._feed(part) for source in config.sources for part in split(source)]
        self._lines = TextWorker(
            partial(load_text_model, encoder=config.models.text_encoder), self._messages.post
        )
        self.health = Health(
            self.hub,
            self._feeds,
            self._estimators.values(),
            clock.now(),
            lambda: {"messages": self._messages.drops, "text": self._lines.drops},
        )
        operations = SessionHandlers(
            self.hub,
            consent_changed=self._consent_changed,
            health=self.health.body,
            state_endpoint=sockets.state_endpoint,
        )
        store = ProfileStore(Path(config.profiles) if config.profiles else None)
        self._people = ProfileHandlers(self.hub, store, self._personalise)
        inputs = InputHandlers(
            self.hub,
            self._lines,
            lambda subject, sensor, spec: self._estimators[subject].open(sensor, spec),
            lambda subject, spec, chunk: self._brought.append((subject, spec, chunk)),
        )
        parts = (
            operations,
            self._people,
            inputs,
            RecordingHandlers(self.hub, self._session),
            ReplayHandlers(self._players),
        )
        handlers = {op: h for part in parts for op, h in part.handlers().items()}
        self._control = Dispatcher(handlers, config.sidecar.token or None, self._carried_out)
        self._health_due = 0.0

    def run(self, stop: threading.Event, on_message: Callable[[bytes], None] | None = None) -> None:
        """Serve until ``stop`` is set; then close every source, thread and socket.

        Args:
            stop: Set it, then call ``wake``.
            on_message: Sees every message that is published (the live view).
        """
        self._shown = on_message is not None
        try:
            with self._messages.exclusive():
                self._people.begin()
                if self._config.recording.start:
                    self._session.start()
                self._tell_recording()  # before the first frame: nobody is recorded unawares
                for feed in self._feeds:
                    feed.update()
            while not stop.is_set():
                with self._messages.exclusive():
                    self._step(self._clock.now())
                    self._asleep_until = min(self.hub.deadline(), self._health_due)
                # What engines sent in is estimated where sources' samples are: outside the hub.
                brought, self._brought = self._brought, []
                for subject, spec, chunk in brought:
                    self._estimators[subject].offer(spec, chunk)
                self._show(on_message)
                if self._failure is not None:
                    raise self._failure
                self._sockets.wait(min(1.0, self._asleep_until - self._clock.now()))
            self._show(on_message)
        finally:
            self.close()

    def wake(self) -> None:
        """Make ``run`` look at its stop event now."""
        self._sockets.wake()

    def close(self) -> None:
        """Close every source, thread and socket."""
        for feed in self._feeds:
            feed.stop()
        for estimators in self._estimators.values():
            estimators.stop()
        self._lines.close()
        with self._messages.exclusive():
            self._people.end()
            self._session.stop()
        self._sockets.close()

    def _carry(self, posted: list[PipelineMessage]) -> None:
        """Bring what was posted to the wire; on the thread that posted it."""
        try:
            now = self._clock.now()
            self._publish(self._take_in(posted, now), now)
        except Exception as error:  # ours, not the source's whose thread this is
            self._failure = error
            self._sockets.wake()
        if self.hub.deadline() < self._asleep_until:
            self._asleep_until = self.hub.deadline()
            self._sockets.wake()

    def _step(self, now: float) -> None:
        """Bring what was posted, asked or became due to the wire."""
        messages = self._take_in(self._messages.take(), now)
        for envelope, body in self._sockets.requests():
            with self.hub.carrying_out():
                reply = self._control.handle(body, envelope[0], now)
            self._sockets.reply(envelope, reply)
        for subscribed, prefix in self._sockets.subscriptions():
            if self.health.subscription(subscribed):
                messages.extend(self.hub.last(prefix))
        if now >= self._health_due:
            self._health_due = now + HEALTH_PERIOD
            self._tell_recording()
            health = self.health.body(now)
            self._session.counted(health, now)
            message = codec.encode_map("health", "", health)
            self.hub.remember(codec.topic("health"), message)
            messages.append(message)
        self._publish(messages, now)

    def _take_in(self, posted: list[PipelineMessage], now: float) -> list[bytes]:
        messages: list[bytes] = []
        for news in posted:
            self._handle(news, now, messages)
        return messages

    def _publish(self, messages: list[bytes], now: float) -> None:
        """Send ``messages`` and what is due; frames before what takes longer to make."""
        self._people.tick(now)
        now = self._clock.now()
        messages.extend(self.hub.due(now))
        self._send(messages)
        details = self.hub.details(now)
        if details:
            self._send(details)

    def _send(self, messages: Sequence[bytes]) -> None:
        self._sockets.publish(*messages)
        if self._shown:
            self._unseen.extend(messages)

    def _show(self, on_message: Callable[[bytes], None] | None) -> None:
        """Let ``on_message`` see what was published, while others go on publishing."""
        while on_message is not None and self._unseen:
            on_message(self._unseen.popleft())

    def _recording_ended(self, reason: str) -> None:
        """Take the news from the thread that writes, which has no part in the hub."""
        self._messages.put(RecordingEnded(reason))
        self._sockets.wake()

    def _handle(self, news: PipelineMessage, now: float, messages: list[bytes]) -> None:
        if isinstance(news, Measured):
            self._session.measured(news, now)
            self.hub.measure(news.subject, news.estimate, news.captured, now, news.worker)
        elif isinstance(news, SensorChanged):
            for sensor in news.sensors:
                self.hub.sensor(news.subject, sensor, news.source, news.status, now)
        elif isinstance(news, ModelProblem):
            self.hub.model(news.subject, news.modality, news.state, news.reason, news.fix, now)
        elif isinstance(news, MarkerReceived):
            self.hub.marker(news.subject, news.name, news.time, {}, now)
        elif isinstance(news, RecordingEnded):
            self._tell_recording()
            for subject in self.hub.subjects:
                self.hub.event(subject, "recording", "ended", now, {"reason": news.reason})
        else:
            messages.append(news.message())

    def _subject_state(self, subject: str) -> SubjectState:
        consent = ConsentLedger()
        for sensor, purposes in self._config.consent.items():
            consent.grant(sensor, purposes, "config", self._clock.now())
        person = SubjectModel(subject, self._config.fusion)
        return SubjectState(person, consent, FramePacer(self._config.sidecar.rate_hz))

    def _feed(self, source: Source) -> SourceRunner:
        return SourceRunner(
            source.name,
            source.sensors,
            lambda: self._build(source),
            self.hub.subjects[source.subject].consent,
            self._estimators[source.subject],
            clock=self._clock,
            post=self._messages.post,
            longest_wait=source.kind.longest_wait,
        )

    def _build(self, source: Source) -> sentio_sensors.Source:
        """Make a source; a recording that plays is remembered, so that clients can steer it."""
        made = build(source, self._clock, self._origin)
        if isinstance(made, ReplaySource):
            self._players[source.name] = made
        return made

    def _tell_recording(self) -> None:
        body = self._session.body()
        for subject_state in self.hub.subjects.values():
            subject_state.recording = body

    def _carried_out(self, request: Mapping[str, Any], now: float) -> None:
        self.hub.carried_out(request, now)

    def _personalise(self, subject: str, norms: Mapping[str, Mapping[str, Norm]]) -> None:
        self._estimators[subject].personalise(norms)

    def _consent_changed(self, subject: str, sensor: str) -> None:
        """Close or open what a consent covers; the hub has said so."""
        if not self.hub.subjects[subject].consent.allows(sensor):
            self._estimators[subject].forget(MODALITY_OF[sensor])
            if sensor == "text":
                self._lines.forget(subject)
        for feed in self._feeds:
            if feed.subject == subject and sensor in feed.sensors:
                feed.update()
